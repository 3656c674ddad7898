"""The dashboard's widget: messages by status, and the latest mailings with their counts."""

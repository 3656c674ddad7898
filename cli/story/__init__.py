"""The story of one mailing, message or client: every line that any function logged about it."""

"""What the nouns are: client, mailing, message, and what travels between the functions."""

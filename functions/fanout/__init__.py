"""The fan-out: whatever a mailing needs beyond single messages, one command at a time."""

"""What `carillon doctor` looks at. Nothing here sends a message, and only a recount writes."""

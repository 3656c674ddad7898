"""One module for each group of commands: read the options, call, show."""

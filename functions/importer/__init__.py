"""The importer: reads uploaded files and brings their clients into the directory."""

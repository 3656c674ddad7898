"""The HTTP API: requests in, use cases called, documents or problems out."""

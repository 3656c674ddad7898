"""Hostile requests by the thousand: Schemathesis, and the API function behind a socket for it."""

"""What a token has to permit, by what is done with it: reading is one thing, changing another.

API Gateway holds each route to its scope; here they are told to those who ask for tokens.
"""

from collections.abc import Mapping

READ = "carillon/read"
WRITE = "carillon/write"

SCOPES: Mapping[str, str] = {
    READ: "look at clients, mailings, messages and statistics",
    WRITE: "change clients and mailings, and so send messages",
}


def scope_of(method: str) -> str:
    """The scope that a request with this method needs."""
    return READ if method == "GET" else WRITE

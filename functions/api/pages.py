"""Pages of messages: each is shown under two addresses, and a cursor of one fits the other."""

from carillon.models.message import MessageStatus
from carillon.usecases.messages import MessageLookup
from functions.api import views
from functions.api.cursors import Seal


def messages_of_client(
    lookup: MessageLookup, client_id: str, *, limit: int, cursor: str | None
) -> views.MessagePage:
    """A page of a client's messages."""
    seal = Seal("messages of client", (client_id,))
    page = lookup.of_client(client_id, limit=limit, cursor=seal.open(cursor))
    items = [views.Message.of(message) for message in page.items]
    return views.MessagePage(items=items, next_cursor=seal.close(page.cursor))


def messages_of_mailing(
    lookup: MessageLookup,
    mailing_id: str,
    *,
    status: MessageStatus | None,
    limit: int,
    cursor: str | None,
) -> views.MessagePage:
    """A page of a mailing's messages."""
    seal = Seal("messages of mailing", (mailing_id, status))
    page = lookup.of_mailing(mailing_id, status=status, limit=limit, cursor=seal.open(cursor))
    items = [views.Message.of(message) for message in page.items]
    return views.MessagePage(items=items, next_cursor=seal.close(page.cursor))

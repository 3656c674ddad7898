"""Look up messages: one, a mailing's, a client's."""

from dataclasses import dataclass

from carillon.concern import learned
from carillon.errors import NotFound
from carillon.models.message import Message, MessageStatus, split_message_id
from carillon.ports import Mailings, Messages, Page
from carillon.usecases.mailings import shown_mailing


@dataclass(frozen=True, slots=True)
class MessageLookup:
    """What an operator sees of messages; those of a deleted mailing are hidden with it."""

    mailings: Mailings
    messages: Messages

    def get(self, message_id: str) -> Message:
        """One message as last written; `NotFound`."""
        key = split_message_id(message_id)
        message = self.messages.get(*key) if key is not None else None
        if message is None:
            raise NotFound("there is no message with this id")
        learned(message_id=message.id, client_id=message.client_id)
        shown_mailing(self.mailings, message.mailing_id)
        return message

    def of_mailing(
        self, mailing_id: str, *, status: MessageStatus | None, limit: int, cursor: str | None
    ) -> Page[Message]:
        """A mailing's messages in no particular order; `NotFound` without the mailing."""
        shown_mailing(self.mailings, mailing_id)
        return self.messages.page(mailing_id, status=status, limit=limit, cursor=cursor)

    def of_client(self, client_id: str, *, limit: int, cursor: str | None) -> Page[Message]:
        """A client's messages, newest mailing first; looks at `limit` mailings.

        A message's key is made of mailing and client, so no index over clients is needed: the
        client's possible messages are fetched by key for a page of mailings.
        """
        page = self.mailings.page(status=None, limit=limit, cursor=cursor)
        keys = [(mailing.id, client_id) for mailing in page.items]
        found = self.messages.get_many(keys)
        return Page(items=[found[key] for key in keys if key in found], cursor=page.cursor)

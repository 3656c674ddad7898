"""Messages: one text to one client, and what became of it."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from carillon.errors import Invalid
from carillon.usecases.messages import MessageLookup
from functions.api import parameters, views
from functions.api.answers import found
from functions.api.endpoint import API, endpoint
from functions.api.ids import known_shape
from functions.api.pages import messages_of_client, messages_of_mailing

_TAG = "Messages"
_ALL = f"{API}/messages"


@dataclass(frozen=True, slots=True)
class MessageRoutes:
    """Requests about messages."""

    messages: MessageLookup

    @endpoint(
        "GET",
        _ALL,
        operation_id="listMessages",
        tag=_TAG,
        answer="A page of messages",
        problems=(400, 404, 422),
    )
    def page(
        self,
        mailing_id: Annotated[str | None, Query(description="messages of this mailing")] = None,
        client_id: Annotated[str | None, Query(description="messages to this client")] = None,
        status: parameters.MessageStatusFilter = None,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[views.MessagePage]:
        """List the messages of a mailing or of a client.

        Exactly one of `mailing_id` and `client_id` is needed; `status` goes with `mailing_id`. The
        messages of a client are listed newest mailing first, also after the client was deleted;
        `limit` then counts the mailings looked at. A page may be short or empty while `next_cursor`
        is not null.
        """
        if mailing_id is not None and client_id is not None:
            raise Invalid("client_id", "cannot be combined with mailing_id")
        if mailing_id is not None:
            mailing = known_shape(mailing_id)
            return found(
                messages_of_mailing(
                    self.messages, mailing, status=status, limit=limit, cursor=cursor
                )
            )
        if client_id is None:
            raise Invalid("mailing_id", "is required, or client_id")
        if status is not None:
            raise Invalid("status", "goes with mailing_id only")
        client = known_shape(client_id)
        return found(messages_of_client(self.messages, client, limit=limit, cursor=cursor))

    @endpoint(
        "GET",
        f"{_ALL}/<message_id>",
        operation_id="getMessage",
        tag=_TAG,
        answer="The message",
        problems=(404, 422),
    )
    def read(self, message_id: parameters.MessageId) -> Response[views.Message]:
        """Look up a message."""
        message = self.messages.get(known_shape(message_id))
        return found(views.Message.of(message))

"""Clients: the people whom a mailing may reach."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from carillon.models.client import Client, ClientDraft, ClientPatch
from carillon.ports import Caller
from carillon.usecases.clients import Clients
from carillon.usecases.messages import MessageLookup
from functions.api import parameters, views
from functions.api.answers import created, found, gone, versioned
from functions.api.cursors import Seal
from functions.api.endpoint import API, endpoint
from functions.api.idempotency import creation_of
from functions.api.ids import known_shape
from functions.api.pages import messages_of_client

_TAG = "Clients"
_ALL = f"{API}/clients"
_ONE = f"{_ALL}/<client_id>"


@dataclass(frozen=True, slots=True)
class ClientRoutes:
    """Requests about clients."""

    clients: Clients
    messages: MessageLookup
    caller: Caller

    @endpoint(
        "POST",
        _ALL,
        operation_id="createClient",
        tag=_TAG,
        answer="The new client",
        status=201,
        headers=("Location", "ETag"),
        problems=(400, 409, 413, 415, 422),
    )
    def create(
        self,
        draft: Annotated[ClientDraft, Body()],
        idempotency_key: parameters.IdempotencyKey = None,
    ) -> Response[Client]:
        """Add a client.

        A phone number belongs to one client at a time. The operator code is taken from the number
        when it is left out; it need not agree with the number.
        """
        creation = creation_of(
            idempotency_key,
            operation="createClient",
            draft=draft,
            caller=self.caller.subject(),
        )
        client = self.clients.create(draft, creation)
        return created(client, client.version, location=f"{_ALL}/{client.id}")

    @endpoint(
        "GET",
        _ALL,
        operation_id="listClients",
        tag=_TAG,
        answer="A page of clients",
        problems=(400, 422),
    )
    def page(
        self,
        phone: parameters.PhoneFilter = None,
        operator_code: parameters.OperatorCodeFilter = None,
        tag: parameters.TagFilter = None,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[views.ClientPage]:
        """List clients.

        In no particular order; a client must meet every filter that is given. By `phone` the list
        sees the last write, otherwise it follows within a second. A page may be short or empty
        while `next_cursor` is not null.
        """
        seal = Seal("clients", (phone, operator_code, tag))
        page = self.clients.page(
            phone=phone,
            operator_code=operator_code,
            tag=tag,
            limit=limit,
            cursor=seal.open(cursor),
        )
        return found(views.ClientPage(items=list(page.items), next_cursor=seal.close(page.cursor)))

    @endpoint(
        "GET",
        _ONE,
        operation_id="getClient",
        tag=_TAG,
        answer="The client",
        headers=("ETag",),
        problems=(404, 422),
    )
    def read(self, client_id: parameters.ClientId) -> Response[Client]:
        """Look up a client."""
        client = self.clients.get(known_shape(client_id))
        return versioned(client, client.version)

    @endpoint(
        "PATCH",
        _ONE,
        operation_id="changeClient",
        tag=_TAG,
        answer="The client as it is now",
        headers=("ETag",),
        problems=(400, 404, 409, 412, 413, 415, 422),
    )
    def change(
        self,
        client_id: parameters.ClientId,
        patch: Annotated[ClientPatch, Body()],
        if_match: parameters.IfMatch = None,
    ) -> Response[Client]:
        """Change a client.

        What is left out stays. A new phone brings its own operator code unless one is given with
        it; `operator_code: null` takes the code from the phone.
        """
        version = parameters.expected_version(if_match)
        client = self.clients.change(known_shape(client_id), patch, version)
        return versioned(client, client.version)

    @endpoint(
        "DELETE",
        _ONE,
        operation_id="deleteClient",
        tag=_TAG,
        answer="The client is gone",
        status=204,
        problems=(400, 404, 409, 412, 422),
    )
    def remove(
        self, client_id: parameters.ClientId, if_match: parameters.IfMatch = None
    ) -> Response[None]:
        """Delete a client.

        Frees the phone number at once. Messages that are still pending for this client end as
        `cancelled` with the reason `client_deleted`.
        """
        version = parameters.expected_version(if_match)
        self.clients.remove(known_shape(client_id), version)
        return gone()

    @endpoint(
        "GET",
        f"{_ONE}/messages",
        operation_id="listMessagesOfClient",
        tag=_TAG,
        answer="A page of messages",
        problems=(400, 404, 422),
    )
    def page_of_messages(
        self,
        client_id: parameters.ClientId,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[views.MessagePage]:
        """List a client's messages.

        Newest mailing first. `limit` counts the mailings looked at, so a page may be short or empty
        while `next_cursor` is not null.
        """
        client = self.clients.get(known_shape(client_id))
        return found(messages_of_client(self.messages, client.id, limit=limit, cursor=cursor))

"""Mailings: what is to be sent, to whom and when."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from carillon.models.mailing import MailingDraft, MailingPatch
from carillon.ports import Caller
from carillon.usecases.mailings import MailingDesk
from carillon.usecases.messages import MessageLookup
from carillon.usecases.statistics import StatisticsReport
from functions.api import parameters, views
from functions.api.answers import created, found, gone, versioned
from functions.api.cursors import Seal
from functions.api.endpoint import API, endpoint
from functions.api.idempotency import creation_of
from functions.api.ids import known_shape
from functions.api.pages import messages_of_mailing

_TAG = "Mailings"
_ALL = f"{API}/mailings"
_ONE = f"{_ALL}/<mailing_id>"


@dataclass(frozen=True, slots=True)
class MailingRoutes:
    """Requests about mailings."""

    mailings: MailingDesk
    messages: MessageLookup
    statistics: StatisticsReport
    caller: Caller

    @endpoint(
        "POST",
        _ALL,
        operation_id="createMailing",
        tag=_TAG,
        answer="The new mailing",
        status=201,
        headers=("Location", "ETag"),
        problems=(400, 409, 413, 415, 422),
    )
    def create(
        self,
        draft: Annotated[MailingDraft, Body()],
        idempotency_key: parameters.IdempotencyKey = None,
    ) -> Response[views.Mailing]:
        """Plan a mailing.

        It starts by itself at `starts_at`; a start in the past means now. Nothing is handed to the
        gateway at or after `ends_at`, which must be after `starts_at` and in the future. It goes to
        the clients that match the filter when it starts: those whose operator code is in
        `operator_codes` (or that list is empty) and who have one of the `tags` (or that list is
        empty). With a `time_window` each client is written to only within these hours of their own
        clock.
        """
        creation = creation_of(
            idempotency_key,
            operation="createMailing",
            draft=draft,
            caller=self.caller.subject(),
        )
        mailing = self.mailings.create(draft, creation)
        location = f"{_ALL}/{mailing.id}"
        return created(views.Mailing.of(mailing), mailing.version, location=location)

    @endpoint(
        "GET",
        _ALL,
        operation_id="listMailings",
        tag=_TAG,
        answer="A page of mailings",
        problems=(400, 422),
    )
    def page(
        self,
        status: parameters.MailingStatusFilter = None,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[views.MailingPage]:
        """List mailings, newest first.

        The list follows a change within a second. A page may be short or empty while `next_cursor`
        is not null.
        """
        seal = Seal("mailings", (status,))
        page = self.mailings.page(status=status, limit=limit, cursor=seal.open(cursor))
        items = [views.Mailing.of(mailing) for mailing in page.items]
        return found(views.MailingPage(items=items, next_cursor=seal.close(page.cursor)))

    @endpoint(
        "GET",
        _ONE,
        operation_id="getMailing",
        tag=_TAG,
        answer="The mailing",
        headers=("ETag",),
        problems=(404, 422),
    )
    def read(self, mailing_id: parameters.MailingId) -> Response[views.Mailing]:
        """Look up a mailing."""
        mailing = self.mailings.get(known_shape(mailing_id))
        return versioned(views.Mailing.of(mailing), mailing.version)

    @endpoint(
        "PATCH",
        _ONE,
        operation_id="changeMailing",
        tag=_TAG,
        answer="The mailing as it is now",
        headers=("ETag",),
        problems=(400, 404, 409, 412, 413, 415, 422),
    )
    def change(
        self,
        mailing_id: parameters.MailingId,
        patch: Annotated[MailingPatch, Body()],
        if_match: parameters.IfMatch = None,
    ) -> Response[views.Mailing]:
        """Change a mailing.

        What is left out stays; `time_window: null` takes the window away. Before the start
        everything can be changed; while it is running or paused `ends_at`, `text` and `time_window`
        (for what is not yet sent); afterwards nothing: 409.
        """
        version = parameters.expected_version(if_match)
        mailing = self.mailings.change(known_shape(mailing_id), patch, version)
        return versioned(views.Mailing.of(mailing), mailing.version)

    @endpoint(
        "DELETE",
        _ONE,
        operation_id="deleteMailing",
        tag=_TAG,
        answer="The mailing is gone",
        status=204,
        problems=(400, 404, 409, 412, 422),
    )
    def remove(
        self, mailing_id: parameters.MailingId, if_match: parameters.IfMatch = None
    ) -> Response[None]:
        """Delete a mailing.

        It is stopped and hidden at once; its messages are removed in the background.
        """
        version = parameters.expected_version(if_match)
        self.mailings.remove(known_shape(mailing_id), version)
        return gone()

    @endpoint(
        "GET",
        f"{_ONE}/stats",
        operation_id="getMailingStatistics",
        tag="Statistics",
        answer="Counts, attempts and timeline",
        problems=(404, 422),
    )
    def read_statistics(
        self, mailing_id: parameters.MailingId
    ) -> Response[views.MailingStatistics]:
        """Count one mailing's messages.

        By status, zeros included; `total` is what was selected so far. The timeline has, for each
        minute in which something happened, the moves into each status and the retries.
        """
        mailing, statistics = self.statistics.of_mailing(known_shape(mailing_id))
        return found(views.MailingStatistics.of(mailing, statistics))

    @endpoint(
        "GET",
        f"{_ONE}/messages",
        operation_id="listMessagesOfMailing",
        tag=_TAG,
        answer="A page of messages",
        problems=(400, 404, 422),
    )
    def page_of_messages(
        self,
        mailing_id: parameters.MailingId,
        status: parameters.MessageStatusFilter = None,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[views.MessagePage]:
        """List a mailing's messages.

        In no particular order. A page may be short or empty while `next_cursor` is not null.
        """
        page = messages_of_mailing(
            self.messages, known_shape(mailing_id), status=status, limit=limit, cursor=cursor
        )
        return found(page)

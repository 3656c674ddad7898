"""Mailings by hand: start, pause, resume, cancel, send again."""

from dataclasses import dataclass
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import AfterValidator, BeforeValidator, Field

from carillon.models.base import Model, without_repeats
from carillon.models.message import MessageStatus
from carillon.policy.actions import Action
from carillon.usecases.mailings import MailingDesk
from functions.api import parameters, views
from functions.api.answers import accepted, versioned
from functions.api.endpoint import API, endpoint
from functions.api.ids import known_shape

_TAG = "Mailings"
_ONE = f"{API}/mailings/<mailing_id>"
_PROBLEMS = (400, 404, 409, 412, 413, 415, 422)


def _at_least_one(statuses: tuple[str, ...]) -> tuple[str, ...]:
    if not statuses:
        raise ValueError("must name at least one status")
    return statuses


class Resend(Model):
    """Which messages are to be sent again."""

    statuses: Annotated[
        tuple[Literal["failed", "unknown"], ...],
        Field(
            description="messages with one of these are sent again",
            json_schema_extra={"minItems": 1},
        ),
        BeforeValidator(without_repeats),
        AfterValidator(_at_least_one),
    ]


@dataclass(frozen=True, slots=True)
class ActionRoutes:
    """Requests to do something with a mailing."""

    mailings: MailingDesk

    @endpoint(
        "POST",
        f"{_ONE}/start",
        operation_id="startMailing",
        tag=_TAG,
        answer="The mailing as it is now",
        headers=("ETag",),
        problems=_PROBLEMS,
    )
    def start(
        self, mailing_id: parameters.MailingId, if_match: parameters.IfMatch = None
    ) -> Response[views.Mailing]:
        """Start a mailing now.

        Sets `starts_at` to now; it runs within seconds. Only a scheduled mailing whose end lies
        ahead can be started: anything else is a 409.
        """
        return self._act(mailing_id, Action.START, if_match)

    @endpoint(
        "POST",
        f"{_ONE}/pause",
        operation_id="pauseMailing",
        tag=_TAG,
        answer="The mailing as it is now",
        headers=("ETag",),
        problems=_PROBLEMS,
    )
    def pause(
        self, mailing_id: parameters.MailingId, if_match: parameters.IfMatch = None
    ) -> Response[views.Mailing]:
        """Pause a mailing.

        No call of the gateway begins later than 5 seconds after the answer; those under way go on
        to their end. Only a running mailing before its end can be paused: anything else is a 409.
        A paused mailing still ends at `ends_at`.
        """
        return self._act(mailing_id, Action.PAUSE, if_match)

    @endpoint(
        "POST",
        f"{_ONE}/resume",
        operation_id="resumeMailing",
        tag=_TAG,
        answer="The mailing as it is now",
        headers=("ETag",),
        problems=_PROBLEMS,
    )
    def resume(
        self, mailing_id: parameters.MailingId, if_match: parameters.IfMatch = None
    ) -> Response[views.Mailing]:
        """Go on with a paused mailing.

        Sends what is still pending, by the text, hours and end as they are now. Only a paused
        mailing before its end can be resumed: anything else is a 409.
        """
        return self._act(mailing_id, Action.RESUME, if_match)

    @endpoint(
        "POST",
        f"{_ONE}/cancel",
        operation_id="cancelMailing",
        tag=_TAG,
        answer="The mailing as it is now",
        headers=("ETag",),
        problems=_PROBLEMS,
    )
    def cancel(
        self, mailing_id: parameters.MailingId, if_match: parameters.IfMatch = None
    ) -> Response[views.Mailing]:
        """Stop a mailing for good.

        No call of the gateway begins later than 5 seconds after the answer. What is pending ends as
        `cancelled`, or as `unknown` where an attempt's outcome is not known. Only a scheduled,
        running or paused mailing before its end can be cancelled: anything else is a 409.
        """
        return self._act(mailing_id, Action.CANCEL, if_match)

    @endpoint(
        "POST",
        f"{_ONE}/resend",
        operation_id="resendMailing",
        tag=_TAG,
        answer="The mailing as it is now",
        status=202,
        headers=("ETag",),
        problems=_PROBLEMS,
    )
    def resend(
        self,
        mailing_id: parameters.MailingId,
        order: Annotated[Resend, Body()],
        if_match: parameters.IfMatch = None,
    ) -> Response[views.Mailing]:
        """Send messages again.

        Those that are `failed` or `unknown`, as `statuses` says, go back to `pending` in the
        background and are sent under the same gateway id, so that a gateway which remembers ids
        delivers none of them twice. Each is moved once per request, however often the request's
        work is repeated. A finished mailing runs again. Only a running, paused or finished mailing
        before its end can be resent: anything else is a 409.
        """
        version = parameters.expected_version(if_match)
        statuses = [MessageStatus(each) for each in order.statuses]
        mailing = self.mailings.resend(known_shape(mailing_id), statuses, version)
        return accepted(views.Mailing.of(mailing), version=mailing.version)

    def _act(
        self, mailing_id: str, action: Action, if_match: str | None
    ) -> Response[views.Mailing]:
        version = parameters.expected_version(if_match)
        mailing = self.mailings.act(known_shape(mailing_id), action, version)
        return versioned(views.Mailing.of(mailing), mailing.version)

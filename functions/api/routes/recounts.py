"""Recounts: a mailing's counters compared with its messages."""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from carillon.usecases.mailings import MailingDesk
from functions.api import parameters, views
from functions.api.answers import accepted, found
from functions.api.endpoint import API, endpoint
from functions.api.ids import known_number, known_shape

_TAG = "Statistics"
_ONE = f"{API}/mailings/<mailing_id>"


@dataclass(frozen=True, slots=True)
class RecountRoutes:
    """Requests for a recount, and for what came of it."""

    mailings: MailingDesk

    @endpoint(
        "POST",
        f"{_ONE}/recount",
        operation_id="recountMailing",
        tag=_TAG,
        answer="The recount that was begun, or the one that is under way",
        status=202,
        headers=("Location",),
        problems=(400, 404, 409, 413, 415, 422),
    )
    def begin(self, mailing_id: parameters.MailingId) -> Response[views.Recount]:
        """Compare a mailing's counts with its messages, and repair them.

        Works in the background and in any state, also while messages are being sent. `Location` is
        where to see how it goes and what the counts were wrong by.
        """
        recount = self.mailings.recount(known_shape(mailing_id))
        location = f"{API}/mailings/{recount.mailing_id}/recounts/{recount.number}"
        return accepted(views.Recount.of(recount), location=location)

    @endpoint(
        "GET",
        f"{_ONE}/recounts/<number>",
        operation_id="getRecount",
        tag=_TAG,
        answer="The recount",
        problems=(404, 422),
    )
    def read(
        self, mailing_id: parameters.MailingId, number: parameters.RecountNumber
    ) -> Response[views.Recount]:
        """Look up a recount."""
        recount = self.mailings.get_recount(known_shape(mailing_id), known_number(number))
        return found(views.Recount.of(recount))

"""Trials: a mailing's text to one phone, to see it arrive."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from carillon.models.trial import TrialDraft
from carillon.ports import Caller
from carillon.usecases.trials import TrialDesk
from functions.api import gateway_views, parameters
from functions.api.answers import accepted, found
from functions.api.endpoint import API, endpoint
from functions.api.idempotency import creation_of
from functions.api.ids import known_shape

_TAG = "Mailings"
_ONE = f"{API}/mailings/<mailing_id>"


@dataclass(frozen=True, slots=True)
class TrialRoutes:
    """Requests for a trial, and for what came of it."""

    trials: TrialDesk
    caller: Caller

    @endpoint(
        "POST",
        f"{_ONE}/test",
        operation_id="testMailing",
        tag=_TAG,
        answer="The test that was asked for",
        status=202,
        headers=("Location",),
        problems=(400, 404, 409, 413, 415, 422),
    )
    def ask(
        self,
        mailing_id: parameters.MailingId,
        draft: Annotated[TrialDraft, Body()],
        idempotency_key: parameters.IdempotencyKey = None,
    ) -> Response[gateway_views.TestSend]:
        """Send a mailing's text to one phone, now.

        In any state of the mailing, at any hour, and outside its counts. The gateway is called once
        or, when that could not begin within 5 minutes, not at all; press again to try again. What
        came of it is at `Location` for a day.
        """
        mailing_id = known_shape(mailing_id)
        creation = creation_of(
            idempotency_key,
            operation=f"testMailing {mailing_id}",
            draft=draft,
            caller=self.caller.subject(),
        )
        trial = self.trials.ask(mailing_id, draft, creation)
        location = f"{API}/mailings/{mailing_id}/tests/{trial.id}"
        return accepted(gateway_views.TestSend.of(trial), location=location)

    @endpoint(
        "GET",
        f"{_ONE}/tests/<test_id>",
        operation_id="getTestSend",
        tag=_TAG,
        answer="The test",
        problems=(404, 422),
    )
    def read(
        self, mailing_id: parameters.MailingId, test_id: parameters.TestId
    ) -> Response[gateway_views.TestSend]:
        """Look up what came of a test."""
        trial = self.trials.get(known_shape(mailing_id), known_shape(test_id))
        return found(gateway_views.TestSend.of(trial))

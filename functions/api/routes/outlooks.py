"""Looks ahead: whom a mailing would reach, what a filter may name, when local hours open."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from carillon.models.preview import PreviewDraft
from carillon.usecases.foreseeing import Foreseeing
from carillon.usecases.previewing import Previewing
from carillon.usecases.suggesting import Suggesting
from functions.api import page_views, parameters
from functions.api.answers import found
from functions.api.cursors import Seal
from functions.api.endpoint import API, endpoint
from functions.api.ids import known_shape

_MAILINGS = "Mailings"


@dataclass(frozen=True, slots=True)
class OutlookRoutes:
    """Requests of somebody who describes a mailing, or waits for one."""

    previews: Previewing
    suggestions: Suggesting
    openings: Foreseeing

    @endpoint(
        "POST",
        f"{API}/mailings/preview",
        operation_id="previewMailing",
        tag=_MAILINGS,
        answer="Whom it would reach",
        problems=(400, 413, 415, 422),
    )
    def preview(
        self, draft: Annotated[PreviewDraft, Body()]
    ) -> Response[page_views.MailingPreview]:
        """Preview a mailing.

        Nothing is made. Only the filter is needed; what is given besides must be as it is for a
        mailing. The directory is read for about 3 seconds at most, eventually consistent: where
        that does not suffice, `exact` is false and the numbers of recipients are lower bounds, so
        there are at least so many. For each time zone the answer tells the local time of the start
        and when its clients may first be written to: at the start where their hours are open then,
        or null if not before the end.
        """
        return found(page_views.MailingPreview.of(self.previews.preview(draft)))

    @endpoint(
        "GET",
        f"{API}/clients/suggestions",
        operation_id="suggestFilters",
        tag="Clients",
        answer="Tags and operator codes that clients have",
    )
    def suggest(self) -> Response[page_views.Suggestions]:
        """Suggest tags and operator codes.

        The most frequent first, of each at most 1,000. They come from a look at the directory that
        takes about 3 seconds at most and is remembered for a minute.
        """
        return found(page_views.Suggestions.of(self.suggestions.suggest()))

    @endpoint(
        "GET",
        f"{API}/mailings/<mailing_id>/waves",
        operation_id="listWavesOfMailing",
        tag=_MAILINGS,
        answer="A page of openings",
        problems=(400, 404, 422),
    )
    def waves(
        self,
        mailing_id: parameters.MailingId,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[page_views.OpeningPage]:
        """List the openings to come.

        When local hours open next for messages that wait for them, earliest first; none for a
        mailing that keeps no hours or is over. A page may be short or empty while `next_cursor` is
        not null.
        """
        mailing = known_shape(mailing_id)
        seal = Seal("waves", (mailing,))
        page = self.openings.openings_of(mailing, limit=limit, cursor=seal.open(cursor))
        view = page_views.OpeningPage.of(list(page.items), next_cursor=seal.close(page.cursor))
        return found(view)

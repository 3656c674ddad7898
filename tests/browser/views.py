"""The admin page's views, for what is asked of each of them. A new view gets its line here."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.signing_in import show
from tests.e2e.operator import Operator, in_s


@dataclass(frozen=True)
class View:
    """A view: `address` gives its hash, and may make what it shows; `ready` says when it is."""

    name: str
    address: Callable[[Operator], str]
    ready: Callable[[Page], None]

    def open(self, page: Page, operator: Operator) -> None:
        """Go there, and wait until it shows what it is to show."""
        show(page, self.address(operator))
        self.ready(page)


def _a_mailing(operator: Operator) -> str:
    operator.mail(starts_at=in_s(3000), ends_at=in_s(3600), text="Seen by everybody")
    return "#/mailings"


VIEWS = (
    View(
        "mailings",
        _a_mailing,
        lambda page: expect(page.get_by_text("Seen by everybody").first).to_be_visible(),
    ),
    View("nowhere", lambda _: "#/nowhere", lambda page: expect(page.locator("h1")).to_be_visible()),
)

"""The admin page's views, for what is asked of each of them. A new view gets its line here."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from local.gateway import Behaviour, Control, Mood
from tests.browser.signing_in import show
from tests.e2e import importing
from tests.e2e.operator import Operator, in_s, until


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


def _with_clients(operator: Operator) -> None:
    if not operator.get(f"/clients?tag={operator.tag}")["items"]:
        operator.add_clients(72_000, 4)


def _one_planned(operator: Operator) -> str:
    _with_clients(operator)
    mailing = operator.mail(starts_at=in_s(3000), ends_at=in_s(3600), text="One of many")
    return f"#/mailings/{mailing['id']}"


def _one_with_failures(operator: Operator) -> str:
    """Made once for all who look: a message that the stand-in refused is still refused later."""
    text = "Some went wrong"
    known = [each for each in operator.get("/mailings")["items"] if each["text"] == text]
    if not known:
        _with_clients(operator)
        with Control(operator.gateway_url) as gateway:
            gateway.behave(Behaviour(shares={Mood.HTTP_400: 0.5}, seed=1))
            known = [operator.mail(ends_at=in_s(3000), text=text)]
            operator.wait_for(known[0], "finished", limit_s=20)
            gateway.behave(Behaviour())
    return f"#/mailings/{known[0]['id']}"


def _one_message(operator: Operator) -> str:
    address = _one_with_failures(operator)
    messages = operator.get(f"/mailings/{address.split('/')[-1]}/messages")["items"]
    return f"{address}?message={messages[0]['id']}"


def _an_edit(operator: Operator) -> str:
    window = {"start": "21:00", "end": "09:00"}
    mailing = operator.mail(starts_at=in_s(3000), ends_at=in_s(3600), time_window=window)
    return f"#/mailings/{mailing['id']}/edit"


def _previewed(page: Page) -> None:
    preview = page.get_by_role("region", name=re.compile("Whom it reaches|Кто получит"))
    expect(preview.locator(".figure")).to_be_visible()


def _overview(operator: Operator) -> str:
    _a_mailing(operator)
    return "#/"


def _someone(operator: Operator) -> str:
    """A client's id; the client is made once, and written to."""
    known = operator.get("/clients?phone=79008000000")["items"]
    if not known:
        known = operator.add_clients(8_000_000, 1)
        operator.mail(ends_at=in_s(3600), text="To one person")
    return str(known[0]["id"])


def _all_clients(operator: Operator) -> str:
    _someone(operator)
    until(lambda: operator.get("/clients?limit=1")["items"], bool, limit_s=5)
    return "#/clients?add=yes"


def _an_import(operator: Operator) -> str:
    content = "phone,timezone,tags\n79018000000,UTC,seen\n7901,UTC,\n"
    done = importing.run(operator, content.encode(), limit_s=30)
    return f"#/clients/import/{done.view['id']}"


VIEWS = (
    View("overview", _overview, lambda page: expect(page.locator(".health")).to_be_visible()),
    View("new mailing", lambda _: "#/mailings/new", _previewed),
    View("edited mailing", _an_edit, _previewed),
    View(
        "mailings",
        _a_mailing,
        lambda page: expect(page.get_by_text("Seen by everybody").first).to_be_visible(),
    ),
    View(
        "mailing-planned",
        _one_planned,
        lambda page: expect(page.locator(".audience tbody tr")).not_to_have_count(0),
    ),
    View(
        "mailing-over",
        _one_with_failures,
        lambda page: expect(page.locator(".messages tbody tr")).to_have_count(4),
    ),
    View(
        "message",
        _one_message,
        lambda page: expect(page.locator("dialog .mailing-facts")).to_be_visible(),
    ),
    View(
        "clients",
        _all_clients,
        lambda page: expect(page.get_by_role("row").nth(1)).to_be_visible(),
    ),
    View(
        "client",
        lambda operator: f"#/clients/{_someone(operator)}",
        lambda page: expect(page.get_by_role("link", name="To one person").first).to_be_visible(),
    ),
    View(
        "import",
        lambda _: "#/clients/import",
        lambda page: expect(page.locator(".drop")).to_be_visible(),
    ),
    View(
        "imported",
        _an_import,
        lambda page: expect(page.locator("[data-phase=finished]")).to_be_visible(),
    ),
    View("nowhere", lambda _: "#/nowhere", lambda page: expect(page.locator("h1")).to_be_visible()),
)

"""The overview tells what is going on, and a part that fails leaves the others."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, Route, expect

from local.stack import LocalStack
from tests.browser.signing_in import show
from tests.e2e.operator import Operator, in_s, until

HOURS = timedelta(hours=2)


def test_it_shows_mailings_and_how_the_gateway_does(signed_in: Page, stack: LocalStack) -> None:
    operator = Operator(stack, "overview")
    operator.add_clients(9_300_000, 1)
    # Half a day behind: this one's hours are closed, and keep the mailing running.
    operator.add_clients(9_300_001, 1, timezone="Pacific/Honolulu")
    now = in_s(0).astimezone(ZoneInfo("Europe/Moscow"))
    window = {"start": f"{now - HOURS:%H}:00", "end": f"{now + HOURS:%H}:00"}
    ends_at = in_s(86_400)
    running = operator.mail(ends_at=ends_at, time_window=window, text="On its way already")
    operator.mail(starts_at=in_s(600), ends_at=in_s(3600), text="The very next one")
    until(lambda: operator.counts(running), lambda seen: "sent" in seen, limit_s=30)

    show(signed_in, "#/")

    gateway = signed_in.get_by_role("region", name="Gateway")
    expect(gateway.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile(r"Calls per minute in the last hour: \d+ in all")
    )
    expect(gateway).to_contain_text(re.compile(r"half within [\d.]+ m?s, 95 % within"))
    expect(gateway).to_contain_text(re.compile("Working well|Troubled|Down"))
    going_on = signed_in.get_by_role("region", name="Going on now")
    expect(going_on).to_contain_text("On its way already")
    expect(going_on).to_contain_text("1 of 2")
    expect(signed_in.get_by_role("region", name="Coming up")).to_contain_text("The very next one")
    expect(signed_in.get_by_role("region", name="All messages")).to_contain_text("Sent")
    queues = signed_in.get_by_role("region", name="Queues")
    expect(queues.get_by_role("row", name=re.compile("Messages to send"))).to_be_visible()


def test_a_call_that_fails_blanks_its_own_panel_alone(signed_in: Page) -> None:
    def fail(route: Route) -> None:
        # Broken, and yet with a status that the browser does not complain of on the console.
        route.fulfill(status=200, content_type="application/json", body="{")

    signed_in.route("**/api/v1/queues", fail)
    show(signed_in, "#/")

    queues = signed_in.get_by_role("region", name="Queues")
    expect(queues.get_by_role("alert")).to_be_visible()
    expect(signed_in.get_by_role("region", name="Gateway")).to_contain_text("Calls, last hour")
    signed_in.unroute("**/api/v1/queues")
    queues.get_by_role("button", name="Try again").click()
    expect(queues.get_by_role("row", name=re.compile("Messages to send"))).to_be_visible()

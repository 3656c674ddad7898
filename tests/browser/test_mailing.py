"""One mailing as an operator watches it: by itself, never by reloading the page."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from local.gateway import Behaviour, Control, Mood
from local.stack import LocalStack
from tests.browser.signing_in import show, sign_in
from tests.e2e.operator import Operator, in_s

PHONE = {"width": 360, "height": 740}
FOLLOWS_MS = 20_000
"""A mailing of a few messages is over within seconds, and the page looks every two."""


@pytest.fixture
def gateway(stack: LocalStack) -> Iterator[Control]:
    """The stand-in, which is well again afterwards: others share it."""
    with Control(stack.gateway_url) as control:
        yield control
        control.behave(Behaviour())


@pytest.fixture(scope="module")
def operator(stack: LocalStack) -> Operator:
    """With eight clients, for all mailings of these tests."""
    operator = Operator(stack, "live")
    operator.add_clients(71_000, 8)
    return operator


def test_a_mailing_is_watched_paused_resumed_and_seen_to_finish(
    signed_in: Page, operator: Operator
) -> None:
    opening = datetime.now(ZoneInfo("Europe/Moscow")) + timedelta(hours=3)
    hours = {"start": f"{opening:%H:%M}", "end": f"{opening + timedelta(hours=1):%H:%M}"}
    mailing = operator.mail(starts_at=in_s(3600), ends_at=in_s(5 * 3600), time_window=hours)
    _open(signed_in, mailing)
    expect(_sentence(signed_in)).to_contain_text("Planned for 8 people: starts in 1 hour")

    _press(signed_in, "Start now")
    question = signed_in.get_by_role("dialog")
    expect(question).to_contain_text("This touches 8 people.")
    question.get_by_role("button", name="Start now").click()
    expect(question).to_be_hidden()
    expect(_news(signed_in)).to_contain_text("The mailing is starting.")
    waits = "Waits for local hours: 8 messages, next opening"
    expect(_sentence(signed_in)).to_contain_text(waits, timeout=FOLLOWS_MS)
    expect(_count(signed_in, "Pending")).to_have_text("8")
    expect(signed_in.get_by_role("listitem").filter(has_text="Local hours open")).to_have_count(1)

    _press(signed_in, "Pause")
    expect(_sentence(signed_in)).to_contain_text("Paused: nothing is sent, 8 messages wait.")
    _press(signed_in, "Resume")
    expect(_sentence(signed_in)).to_contain_text(waits)
    assert operator.call("PATCH", f"/mailings/{mailing['id']}", {"time_window": None}).ok

    expect(_sentence(signed_in)).to_have_text("Finished: all 8 sent.", timeout=FOLLOWS_MS)
    expect(_count(signed_in, "Sent")).to_have_text("8")
    expect(signed_in.get_by_role("img", name="Sent: 8")).to_be_visible()
    expect(signed_in.locator(".chart canvas")).to_be_visible()
    for action in ("Start now", "Pause", "Resume", "Edit", "Cancel mailing", "Send again"):
        expect(_button(signed_in, action)).to_have_count(0)


@pytest.mark.long
def test_the_counts_are_checked(signed_in: Page, operator: Operator) -> None:
    mailing = operator.mail(ends_at=in_s(3000))
    operator.wait_for(mailing, "finished", limit_s=20)
    _open(signed_in, mailing)
    signed_in.get_by_role("button", name="Check the counts").click()
    expect(signed_in.get_by_text("Exact: 8 messages.")).to_be_visible(timeout=FOLLOWS_MS)


def test_an_outage_is_told_in_words_and_so_is_its_end(
    signed_in: Page, operator: Operator, gateway: Control
) -> None:
    gateway.behave(Behaviour(shares={Mood.HTTP_500: 1}))
    mailing = operator.mail(ends_at=in_s(3000))

    _open(signed_in, mailing)

    expect(_sentence(signed_in)).to_contain_text(
        "The gateway takes nothing: 8 messages wait and are tried again until", timeout=FOLLOWS_MS
    )
    gateway.behave(Behaviour())  # they are tried again a few seconds from now
    # What went well a minute ago, for other tests, makes it only troubled.
    trouble = re.compile("The gateway is out of order|Many calls of the gateway fail")
    banner = signed_in.get_by_role("status").filter(has_text=trouble)
    expect(banner).to_contain_text("The gateway has an error of its own.")
    errors = signed_in.get_by_role("region", name="What went wrong")
    expect(errors.get_by_role("listitem")).to_contain_text(re.compile(r"HTTP 500.*8$", re.S))
    expect(_sentence(signed_in)).to_have_text("Finished: all 8 sent.", timeout=2 * FOLLOWS_MS)
    expect(banner).to_have_count(0)
    expect(errors).to_be_hidden()


def test_refused_ones_are_looked_into_taken_away_and_sent_again(
    signed_in: Page, operator: Operator, gateway: Control, tmp_path: Path
) -> None:
    gateway.behave(Behaviour(shares={Mood.HTTP_400: 0.5}, seed=5))
    mailing = operator.mail(ends_at=in_s(3000))
    operator.wait_for(mailing, "finished", limit_s=20)
    failed = [each for each in operator.messages(mailing) if each["status"] == "failed"]
    assert 0 < len(failed) < 8, "another seed, please"

    _open(signed_in, mailing)
    signed_in.get_by_text(f"Failed {len(failed)}", exact=True).click()
    rows = signed_in.get_by_role("row").filter(has_text="The gateway refused the message")
    expect(rows).to_have_count(len(failed))
    one = failed[0]
    signed_in.get_by_role(
        "link", name=f"Details of the message to client {one['client_id']}"
    ).click()
    detail = signed_in.get_by_role("dialog", name="Message")
    expect(detail).to_contain_text(one["gateway_id"])
    expect(detail).to_contain_text(re.compile("HTTP 400"))
    expect(detail.get_by_role("link", name=re.compile(r"^\+7 900 007"))).to_be_visible()
    expect(signed_in).to_have_url(re.compile(f"status=failed&message={one['id']}$"))
    signed_in.keyboard.press("Escape")
    expect(detail).to_be_hidden()

    with signed_in.expect_download() as download:
        signed_in.get_by_role("button", name="Download CSV").click()
    download.value.save_as(tmp_path / "failed.csv")
    assert download.value.suggested_filename == f"messages-{mailing['id']}-failed.csv"
    table = (tmp_path / "failed.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(table)))
    assert {each["message_id"] for each in lines} == {each["id"] for each in failed}
    assert {each["last_error"] for each in lines} == {one["last_error"]}

    gateway.behave(Behaviour())
    _press(signed_in, "Send again")
    question = signed_in.get_by_role("dialog")
    people = "1 person" if len(failed) == 1 else f"{len(failed)} people"
    expect(question).to_contain_text(f"This touches {people}.")
    question.get_by_role("button", name="Send again").click()
    expect(_sentence(signed_in)).to_have_text("Finished: all 8 sent.", timeout=FOLLOWS_MS)
    expect(signed_in.get_by_text("No messages of this status")).to_be_visible(timeout=FOLLOWS_MS)


def test_a_cancellation_says_whom_it_touches_and_a_state_that_was_overtaken_is_told(
    window: BrowserContext, stack: LocalStack, operator: Operator
) -> None:
    page = window.new_page()  # the console tells of the refusals, as it should
    mailing = _planned(operator)
    sign_in(page, stack, f"#/mailings/{mailing['id']}")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # Playwright's own TypedDict
    _press(page, "Start now")
    assert operator.call("POST", f"/mailings/{mailing['id']}/pause").status_code == 409
    question = page.get_by_role("dialog")
    assert operator.call("PATCH", f"/mailings/{mailing['id']}", {"text": "Another"}).ok
    question.get_by_role("button", name="Start now").click()
    expect(question).to_be_hidden()
    expect(_news(page)).to_contain_text("Changed meanwhile")
    expect(page.get_by_text("Another", exact=True)).to_be_visible()

    _press(page, "Cancel mailing")
    expect(question).to_contain_text("This touches 8 people.")
    question.get_by_role("button", name="Cancel mailing").click()
    expect(_sentence(page)).to_have_text("Cancelled: nothing was sent.")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0

    _press(page, "Delete")
    question.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile("#/mailings$"))
    show(page, f"#/mailings/{mailing['id']}")
    expect(page.get_by_text("This mailing is not there")).to_be_visible()
    page.close()


def _planned(operator: Operator) -> Any:
    return operator.mail(starts_at=in_s(3600), ends_at=in_s(7200))


def _open(page: Page, mailing: Any) -> None:
    show(page, f"#/mailings/{mailing['id']}")
    expect(page.locator(".happening")).to_be_visible()


def _sentence(page: Page) -> Locator:
    return page.locator(".happening .sentence")


def _count(page: Page, status: str) -> Locator:
    return page.locator(".tile", has_text=status).locator("dd")


def _button(page: Page, name: str) -> Locator:
    return page.locator(".actions").get_by_role("button", name=name)


def _press(page: Page, name: str) -> None:
    _button(page, name).click()


def _news(page: Page) -> Locator:
    return page.locator(".notices")

"""A mailing is written, previewed, edited and tried out on the page."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from local.gateway.control import Control
from local.stack import LocalStack
from tests.browser.signing_in import show
from tests.e2e.operator import Operator, in_s

TEST_PHONE = 79995550001
HOUR_S = 3600


def test_a_mailing_is_created_once_its_preview_was_seen(signed_in: Page, stack: LocalStack) -> None:
    operator = Operator(stack, "form-new")
    operator.add_clients(9_100_000, 2)
    operator.add_clients(9_100_010, 1, timezone="Asia/Vladivostok")
    _begin(signed_in)

    signed_in.get_by_label("Text").fill("“Sale” — come and see us")
    expect(signed_in.get_by_text("“ ” and — make it UCS-2")).to_be_visible()
    _choose(signed_in, "Tags", operator.tag)
    preview = signed_in.get_by_role("region", name="Whom it reaches")
    expect(preview).to_contain_text("3 clients")
    expect(preview).to_contain_text("1 SMS part each")
    expect(preview.get_by_role("row", name=re.compile("Moscow"))).to_contain_text("2")
    expect(preview.get_by_role("row", name=re.compile("Vladivostok"))).to_contain_text("1")
    signed_in.get_by_text("At a set time").click()
    signed_in.get_by_label("Date and time of the start").fill(_wall(60 * 24))
    signed_in.get_by_role("button", name="the day after 21:00").click()
    signed_in.get_by_role("button", name="Schedule", exact=True).click()

    expect(signed_in).to_have_url(re.compile(r"#/mailings/[a-z0-9]{16}$"))
    made = operator.get(f"/mailings/{signed_in.url.rpartition('/')[2]}")
    assert made["text"] == "“Sale” — come and see us"
    assert made["filter"] == {"operator_codes": [], "tags": [operator.tag]}
    assert made["status"] == "scheduled"
    show(signed_in, "#/mailings/new")
    expect(signed_in.get_by_label("Text")).to_have_value("")


def test_what_starts_now_is_asked_about_with_its_number_of_people(
    signed_in: Page, stack: LocalStack
) -> None:
    operator = Operator(stack, "form-now")
    operator.add_clients(9_200_000, 1)
    _begin(signed_in)
    signed_in.get_by_label("Text").fill("Starts at once")
    _choose(signed_in, "Tags", operator.tag)
    expect(signed_in.get_by_role("region", name="Whom it reaches")).to_contain_text("1 client")

    signed_in.get_by_role("button", name="Send now…").click()
    dialog = signed_in.get_by_role("dialog", name="Send to 1 person now?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(signed_in.get_by_label("Text")).to_have_value("Starts at once")
    signed_in.get_by_role("button", name="Send now…").click()
    dialog.get_by_role("button", name="Send now", exact=True).click()

    expect(signed_in).to_have_url(re.compile(r"#/mailings/[a-z0-9]{16}$"))
    made = operator.get(f"/mailings/{signed_in.url.rpartition('/')[2]}")
    assert made["starts_at"] == made["created_at"], "at once, whatever the operator's clock says"


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(signed_in: Page) -> None:
    _begin(signed_in)

    signed_in.get_by_role("button", name="Send now…").click()
    text = signed_in.get_by_label("Text")
    expect(text).to_be_focused()
    expect(text).to_have_accessible_description(re.compile("Write a text"))
    text.fill("Hello")
    expect(text).not_to_have_attribute("aria-invalid", "true")
    codes = signed_in.get_by_label("Operator codes", exact=False).first
    codes.fill("90")
    codes.press("Enter")
    expect(codes).to_have_accessible_description(re.compile("“90” is no operator code"))
    end = signed_in.get_by_label("End", exact=True)
    end.fill("2020-01-01T10:00")
    expect(end).to_have_accessible_description(re.compile("has passed"))
    signed_in.get_by_text("Only within certain hours").click()
    signed_in.get_by_label("From", exact=True).fill("21:00")
    signed_in.get_by_label("To", exact=True).fill("09:00")
    expect(signed_in.get_by_text("from 21:00 to 09:00 the next day")).to_be_visible()

    show(signed_in, "#/mailings")
    show(signed_in, "#/mailings/new")
    expect(text).to_have_value("Hello")
    expect(signed_in.get_by_text("“90” is no operator code")).to_be_visible()
    signed_in.get_by_role("button", name="Discard what I typed").click()
    expect(text).to_have_value("")


def test_an_edit_that_was_overtaken_keeps_what_was_typed(
    signed_in: Page, stack: LocalStack
) -> None:
    operator = Operator(stack, "form-edit")
    mailing = operator.mail(starts_at=in_s(3000), ends_at=in_s(9000), text="As it was")
    show(signed_in, f"#/mailings/{mailing['id']}/edit")
    text = signed_in.get_by_label("Text")
    expect(text).to_have_value("As it was")
    save = signed_in.get_by_role("button", name="Save changes")
    expect(save).to_be_disabled()

    text.fill("Mine")
    window = {"time_window": {"start": "00:00", "end": "23:00"}}
    assert operator.call("PATCH", f"/mailings/{mailing['id']}", window).ok
    save.click()
    banner = signed_in.get_by_role("alert").filter(has_text="Somebody else has changed")
    expect(banner).to_contain_text("00:00–23:00")
    banner.get_by_role("button").click()
    expect(text).to_have_value("Mine")
    save.click()

    expect(signed_in).to_have_url(re.compile(rf"#/mailings/{mailing['id']}$"))
    assert operator.mailing(mailing)["text"] == "Mine"
    assert operator.mailing(mailing)["time_window"] == window["time_window"]


def test_while_it_runs_only_some_fields_are_there_and_afterwards_none(
    signed_in: Page, stack: LocalStack
) -> None:
    operator = Operator(stack, "form-running")
    operator.add_clients(9_400_000, 1)
    later = in_s(3 * HOUR_S).astimezone(ZoneInfo("Europe/Moscow"))
    window = {"start": f"{later:%H}:00", "end": f"{later:%H}:59"}
    mailing = operator.mail(ends_at=in_s(6 * HOUR_S), time_window=window)
    operator.wait_for(mailing, "running", limit_s=15)
    show(signed_in, f"#/mailings/{mailing['id']}/edit")

    expect(signed_in.get_by_text("It is running")).to_be_visible()
    expect(signed_in.get_by_label("Text")).to_have_value("Hello")
    expect(signed_in.get_by_label("Tags", exact=False)).to_have_count(0)

    assert operator.call("POST", f"/mailings/{mailing['id']}/cancel").ok
    show(signed_in, "#/mailings")
    show(signed_in, f"#/mailings/{mailing['id']}/edit")
    expect(signed_in.get_by_text("Nothing about it can be changed any more")).to_be_visible()


def test_a_test_reaches_the_gateway(signed_in: Page, stack: LocalStack) -> None:
    operator = Operator(stack, "form-test")
    mailing = operator.mail(starts_at=in_s(3000), ends_at=in_s(9000), text="Seen by me first")
    show(signed_in, f"#/mailings/{mailing['id']}/edit")
    phone = signed_in.get_by_label("Phone number")
    send = signed_in.get_by_role("button", name="Send the test")

    phone.fill("12")
    send.click()
    expect(phone).to_have_accessible_description(re.compile("7 and ten digits"))
    phone.fill("+7 (999) 555-00-01")
    send.click()

    expect(signed_in.get_by_text("The gateway took it at")).to_be_visible()
    with Control(stack.gateway_url) as gateway:
        calls = [each for each in gateway.calls() if each.phone == TEST_PHONE]
    assert [(each.text, each.accepted) for each in calls] == [("Seen by me first", True)]


def _begin(page: Page) -> None:
    """A new mailing's form, without what another test may have left there."""
    page.evaluate("sessionStorage.clear()")
    show(page, "#/mailings/new")


def _choose(page: Page, label: str, value: str) -> None:
    """Type into a field of chips, and take it."""
    field = page.get_by_role("combobox", name=re.compile(label))
    field.fill(value)
    field.press("Enter")


def _wall(minutes: int) -> str:
    """What a date-time field takes: a local time so many minutes from now."""
    local = datetime.now(UTC).astimezone() + timedelta(minutes=minutes)
    return local.strftime("%Y-%m-%dT%H:%M")

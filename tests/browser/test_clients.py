"""Clients in the admin page: found, added, changed, deleted, exported."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from local.stack import LocalStack
from tests.browser.signing_in import show, sign_in
from tests.e2e.operator import Operator, in_s, until


@pytest.fixture(scope="module")
def operator(stack: LocalStack) -> Operator:
    return Operator(stack, "directory")


@pytest.fixture
def refused(window: BrowserContext, stack: LocalStack) -> Iterator[Page]:
    """A page whose console tells of refused requests, as it should."""
    page = window.new_page()
    sign_in(page, stack, "#/clients")
    yield page
    page.close()


def test_a_client_is_found_by_phone_in_any_shape(signed_in: Page, operator: Operator) -> None:
    operator.add_clients(8_100_000, 2)
    show(signed_in, "#/clients")

    search = signed_in.get_by_role("searchbox", name="Phone number")
    search.fill("8 (900) 810-00-01")

    expect(signed_in.get_by_text("Searched for +7 900 810-00-01")).to_be_visible()
    expect(_rows(signed_in)).to_have_count(1)
    expect(_rows(signed_in)).to_contain_text("+7 900 810-00-01")
    expect(signed_in).to_have_url(re.compile(r"phone=79008100001$"))
    search.fill("8 900 810")
    search.blur()
    expect(signed_in.get_by_text("A whole number is needed")).to_be_visible()
    search.fill("+79998100001")
    expect(signed_in.get_by_text("Nobody has the number +7 999 810-00-01")).to_be_visible()


def test_clients_are_filtered_by_tag_and_exported(
    signed_in: Page, stack: LocalStack, tmp_path: Path
) -> None:
    tag = 'вип "север"'
    expected = {each["phone"] for each in Operator(stack, tag).add_clients(8_200_000, 3)}
    show(signed_in, "#/clients")

    field = signed_in.get_by_role("combobox", name="Tag")
    field.fill(tag)
    field.press("Enter")

    expect(_rows(signed_in)).to_have_count(len(expected))
    expect(signed_in).to_have_url(re.compile("tag="))
    expect(_rows(signed_in).first).to_contain_text(re.compile(r"Europe/Moscow\s*\d\d:\d\d"))
    with signed_in.expect_download() as download:
        signed_in.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "clients.csv")
    with (tmp_path / "clients.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {each["phone"] for each in rows} == expected
    assert {each["tags"] for each in rows} == {tag}
    signed_in.get_by_role("button", name="Clear all").click()
    expect(signed_in).to_have_url(re.compile("#/clients$"))


def test_a_client_is_added_changed_and_deleted(signed_in: Page, operator: Operator) -> None:
    show(signed_in, "#/clients")
    signed_in.get_by_role("button", name="Add client").click()
    form = signed_in.get_by_role("region", name="New client")
    expect(form.get_by_label("Phone")).to_be_focused()
    form.get_by_label("Phone").fill("8 900 83")
    form.get_by_label("Operator code").focus()
    expect(form.get_by_text("This is no whole number")).to_be_visible()
    form.get_by_label("Phone").fill("8 (900) 830-00-00")
    expect(form.get_by_text("Kept as +7 900 830-00-00")).to_be_visible()
    expect(form.get_by_text("Left empty, it is 900")).to_be_visible()
    _choose_zone(form, "vladiv", "Asia/Vladivostok")
    form.get_by_label("Tags").fill("added-here")
    form.get_by_role("button", name="Add", exact=True).click()

    expect(signed_in.get_by_text("+7 900 830-00-00 is added")).to_be_visible()
    expect(_rows(signed_in).filter(has_text="+7 900 830-00-00")).to_be_visible()
    client = operator.get("/clients?phone=79008300000")["items"][0]
    assert client["timezone"] == "Asia/Vladivostok"
    assert (client["operator_code"], client["tags"]) == ("900", ["added-here"])

    show(signed_in, f"#/clients/{client['id']}")
    signed_in.get_by_role("button", name="Edit").click()
    signed_in.get_by_label("Operator code").fill("91")
    signed_in.get_by_role("button", name="Save").click()
    expect(signed_in.get_by_text("Three digits, such as 900.")).to_be_visible()
    expect(signed_in.get_by_label("Operator code")).to_be_focused()
    signed_in.get_by_label("Operator code").fill("916")
    signed_in.get_by_role("button", name="Save").click()
    expect(signed_in.get_by_role("definition").filter(has_text="916")).to_be_visible()

    signed_in.get_by_role("button", name="Delete").click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog).to_contain_text("will be cancelled")
    dialog.get_by_role("button", name="Delete").click()
    expect(signed_in.get_by_role("heading", name="Clients")).to_be_visible()
    assert operator.call("GET", f"/clients/{client['id']}").status_code == 404


def test_a_clients_messages_lead_to_their_mailing(signed_in: Page, stack: LocalStack) -> None:
    operator = Operator(stack, "messages-of-one")
    client = operator.add_clients(8_400_000, 1)[0]
    mailing = operator.mail(ends_at=in_s(3600), text="Good morning")
    until(
        lambda: operator.get(f"/clients/{client['id']}/messages")["items"],
        lambda messages: [each["status"] for each in messages] == ["sent"],
        limit_s=20,
    )
    show(signed_in, f"#/clients/{client['id']}")

    row = signed_in.get_by_role("row", name=re.compile("Good morning"))
    expect(row).to_contain_text("Sent")
    expect(row).to_contain_text("1 attempt")
    message = quote(f"{mailing['id']}-{client['id']}")
    expect(row.get_by_role("link")).to_have_attribute(
        "href", f"#/mailings/{mailing['id']}?message={message}"
    )


def test_nothing_typed_is_lost_to_whoever_was_quicker(refused: Page, operator: Operator) -> None:
    client, other = operator.add_clients(8_500_000, 2)
    show(refused, f"#/clients/{client['id']}")
    refused.get_by_role("button", name="Edit").click()
    refused.get_by_label("Operator code").fill("916")
    assert operator.call("PATCH", f"/clients/{client['id']}", {"timezone": "Asia/Omsk"}).ok

    refused.get_by_role("button", name="Save").click()
    told = refused.get_by_role("alert").filter(has_text="Somebody else has changed this client")
    expect(told).to_contain_text("Time zone: Europe/Moscow → Asia/Omsk")
    expect(refused.get_by_label("Operator code")).to_have_value("916")
    expect(refused.get_by_label("Time zone")).to_have_value("Asia/Omsk")
    refused.get_by_role("button", name="Save").click()
    expect(refused.get_by_role("definition").filter(has_text="916")).to_be_visible()

    refused.get_by_role("button", name="Edit").click()
    refused.get_by_label("Phone").fill(other["phone"])
    refused.get_by_role("button", name="Save").click()
    expect(refused.get_by_text("Another client has this number.")).to_be_visible()
    refused.get_by_role("link", name="Open that client").click()
    expect(refused).to_have_url(re.compile(f"#/clients/{other['id']}$"))


def _rows(page: Page) -> Locator:
    return (
        page.get_by_role("table", name="Clients")
        .get_by_role("row")
        .filter(has=page.get_by_role("rowheader"))
    )


def _choose_zone(form: Locator, typed: str, zone: str) -> None:
    field = form.get_by_label("Time zone")
    field.fill(typed)
    expect(form.get_by_role("option", name=zone)).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(zone)

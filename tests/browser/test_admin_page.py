"""The admin page's frame: signing in and out, finding one's way, what it weighs, what guards it."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from local.stack import LocalStack
from tests.browser.signing_in import show, sign_in, type_credentials
from tests.e2e.operator import Operator, in_s

FIRST_LOAD_BYTES_MAX = 150_000


def test_an_operator_signs_in_where_he_was_led_and_sees_the_mailings(
    page: Page, stack: LocalStack
) -> None:
    Operator(stack, "list").mail(starts_at=in_s(3000), ends_at=in_s(3600), text="Coffee is on us")

    sign_in(page, stack, "#/mailings?status=scheduled")

    expect(page).to_have_title("Mailings · Carillon")
    expect(page).to_have_url(re.compile(r"/#/mailings\?status=scheduled$"))
    row = page.get_by_role("row", name=re.compile("Coffee is on us")).first
    expect(row).to_contain_text("Scheduled")
    assert page.evaluate("window.refusals") == []
    assert page.evaluate("[...Array(localStorage.length).keys()].length") == 0
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "eyJ" not in kept, "no token is kept anywhere"


def test_signing_out_forgets_all_and_waits_for_a_hand(page: Page, stack: LocalStack) -> None:
    sign_in(page, stack)
    page.evaluate("sessionStorage.setItem('carillon.draft.x', '{}')")

    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert "draft" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Sign in").click()
    type_credentials(page, stack)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_filter_and_the_way_back(signed_in: Page, stack: LocalStack) -> None:
    operator = Operator(stack, "filter")
    mailing = operator.mail(starts_at=in_s(3000), ends_at=in_s(3600), text="Never sent")
    assert operator.call("POST", f"/mailings/{mailing['id']}/cancel").ok

    signed_in.get_by_text("Cancelled", exact=True).first.click()
    expect(signed_in.get_by_role("row", name=re.compile("Never sent")).first).to_be_visible()
    signed_in.get_by_text("Paused", exact=True).first.click()
    expect(signed_in.get_by_text("No mailing has this status")).to_be_visible()
    show(signed_in, "#/nowhere")
    expect(signed_in.get_by_role("heading", name="There is no such page")).to_be_focused()
    signed_in.go_back()
    expect(signed_in).to_have_url(re.compile(r"status=paused$"))


def test_the_keyboard_goes_straight_to_the_content(signed_in: Page) -> None:
    expect(signed_in.get_by_role("heading", name="Mailings")).to_be_visible()
    signed_in.get_by_role("link", name="Carillon").focus()
    signed_in.keyboard.press("Shift+Tab")
    expect(signed_in.get_by_role("link", name="Skip to content")).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("main")).to_be_focused()
    expect(signed_in).to_have_url(re.compile("#/mailings$"))


def test_an_ended_session_is_told_over_the_view_and_a_new_one_goes_on_there(
    window: BrowserContext, stack: LocalStack
) -> None:
    page = window.new_page()  # the console tells the refusals, as it should
    sign_in(page, stack, "#/mailings?status=scheduled")
    page.route("**/api/v1/**", lambda route: _answer(route, 401, '{"message":"Unauthorized"}'))
    page.route("**/auth/token", lambda route: _answer(route, 400, '{"error":"invalid_grant"}'))

    banner = page.get_by_role("alert").filter(has_text="Your session has ended")
    expect(banner).to_be_visible()
    expect(page.get_by_role("heading", name="Mailings")).to_be_visible()
    page.unroute_all()
    banner.get_by_role("button", name="Sign in again").click()
    type_credentials(page, stack)
    expect(page.get_by_role("table")).to_be_visible()
    expect(page).to_have_url(re.compile("status=scheduled$"))
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["offline", "503"])
def test_trouble_is_told_and_passes(
    window: BrowserContext, stack: LocalStack, trouble: str
) -> None:
    page = window.new_page()
    page.route("**/auth/config", lambda route: _trouble(route, trouble))
    page.goto("/#/mailings")
    expect(page.get_by_role("heading", name="Signing in did not work")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    type_credentials(page, stack)
    expect(page.get_by_role("table")).to_be_visible()

    page.route("**/api/v1/**", lambda route: _trouble(route, trouble))
    words = "No connection" if trouble == "offline" else "Not available right now"
    expect(page.get_by_text(words)).to_be_visible()  # above the list, which stays
    expect(page.get_by_role("table")).to_be_visible()
    show(page, "#/mailings?status=running")
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_hidden()
    page.close()


def test_a_view_that_breaks_takes_no_other_with_it(
    window: BrowserContext, stack: LocalStack
) -> None:
    page = window.new_page()  # the console names the mistake
    sign_in(page, stack)
    page.route("**/api/v1/queues", lambda route: _answer(route, 200, "{}"))
    show(page, "#/")
    expect(page.get_by_role("heading", name="Something went wrong here")).to_be_visible()
    page.get_by_role("link", name="Mailings").click()
    expect(page.get_by_role("table")).to_be_visible()
    page.close()


def test_a_file_that_fails_to_come_is_asked_for_again(
    window: BrowserContext, stack: LocalStack
) -> None:
    page = window.new_page()
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            _answer(route, 503, "{}")

    page.route("**/words.js", refuse_once)
    sign_in(page, stack)
    assert refused
    assert page.evaluate("sessionStorage.getItem('carillon.reloads')") is None
    page.close()


def test_the_first_load_is_light_and_comes_compressed(
    window: BrowserContext, stack: LocalStack
) -> None:
    """All that crosses the wire until the list is there, with headers, sign-in page and API."""
    Operator(stack, "light").mail(starts_at=in_s(3000), ends_at=in_s(3600), text="Weighed")
    assert window.browser is not None
    fresh = window.browser.new_context(base_url=stack.browser_url)  # with nothing in its cache
    page = fresh.new_page()
    wire = fresh.new_cdp_session(page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    wire.send("Network.enable")
    sign_in(page, stack)
    expect(page.get_by_role("table")).to_be_visible()
    print(f"first load: {sum(sizes)} bytes in {len(sizes)} answers")  # `pytest -s` shows it
    assert len(sizes) > 20
    assert sum(sizes) < FIRST_LOAD_BYTES_MAX
    fresh.close()


def _trouble(route: Route, trouble: str) -> None:
    if trouble == "offline":
        route.abort("internetdisconnected")
    else:
        _answer(route, 503, "{}")


def _answer(route: Route, status: int, body: str) -> None:
    route.fulfill(status=status, content_type="application/json", body=body)

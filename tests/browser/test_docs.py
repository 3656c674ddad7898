"""Swagger UI at `/docs`: a newcomer reads the API, signs in and tries it out, and it is the
real one.

Nothing is typed but the credentials that `make run` prints: what the page offers is executed as it
stands.
"""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from functions.api.headers import PAGE_POLICY
from functions.api.openapi import FILE
from local.stack import LocalStack
from tests.e2e.operator import Operator

DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_page_lists_every_operation_within_the_strict_policy(page: Page) -> None:
    documented = {
        f"{method.upper()} {path} {operation['summary']}"
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }

    answer = page.goto("/docs")

    assert answer is not None
    assert answer.header_value("content-security-policy") == PAGE_POLICY
    expect(page).to_have_title("Carillon API")
    operations = page.locator(".opblock-summary-control")
    expect(operations).to_have_count(len(documented))
    assert {_plain(each) for each in operations.all()} == documented
    for method in ("get", "post", "patch", "delete"):
        operation = page.locator(f".opblock-{method}").first
        operation.locator(".opblock-summary-control").click()
        expect(operation.locator(".opblock-body .responses-wrapper")).to_be_visible()
    page.locator(".models-control, .models button").first.click()
    assert page.evaluate("window.refusals") == []


def test_who_signs_in_at_the_second_try_reads_and_adds_clients(
    page: Page, stack: LocalStack
) -> None:
    _sign_in(page, stack, first_try="not my password")

    status, found = _try_out(page, "Clients", "listClients")
    assert status == "200"
    assert found.keys() == {"items", "next_cursor"}

    status, client = _try_out(page, "Clients", "createClient")
    body = DOCUMENT["paths"]["/api/v1/clients"]["post"]["requestBody"]
    assert status == "201"
    assert client.items() >= body["content"]["application/json"]["example"].items()
    assert Operator(stack, "docs").get(f"/clients/{client['id']}") == client


def _sign_in(page: Page, stack: LocalStack, *, first_try: str) -> None:
    """Authorize with all that is preselected, on the sign-in page, as the local operator."""
    assert stack.operator is not None
    page.goto("/docs")
    page.locator(".auth-wrapper .authorize").click()
    dialog = page.locator(".modal-ux .auth-container", has_text="signIn")
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Apply given OAuth2 credentials").click()
    sign_in = opened.value
    for password in (first_try, stack.operator.password):
        sign_in.get_by_label("Username").fill(stack.operator.email)
        sign_in.get_by_label("Password").fill(password)
        sign_in.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_text("Logout")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()


def test_the_browser_runs_nothing_that_was_slipped_in(window: BrowserContext) -> None:
    page = window.new_page()  # the browser complains here, as it should
    page.goto("/docs")
    refused = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation", event => resolve(
                event.effectiveDirective
            ));
            const script = document.createElement("script");
            script.textContent = "window.slippedIn = true";
            document.body.append(script);
        })"""
    )
    assert refused == "script-src-elem"
    assert page.evaluate("window.slippedIn") is None
    page.close()


def _try_out(page: Page, tag: str, operation_id: str) -> tuple[str, Any]:
    """Open an operation, press Execute, and read the status and the JSON body off the page."""
    operation = page.locator(f"#operations-{tag}-{operation_id}")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    expect(answer).to_have_count(1)
    body = answer.locator("code").text_content()
    return answer.locator(".response-col_status").inner_text().strip(), json.loads(body or "")


def _plain(operation: Locator) -> str:
    """An operation's line as it reads; Swagger UI puts invisible places to break into paths."""
    return " ".join(operation.inner_text().replace("\u200b", "").split())

"""Swagger UI at the front door: a newcomer reads the API and tries it out, and it is the real one.

Nothing is typed: what the page offers is executed as it stands.
"""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from functions.api.headers import PAGE_POLICY
from functions.api.openapi import FILE
from local.stack import LocalStack
from tests.e2e.operator import Operator

DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_front_door_leads_to_a_page_that_lists_every_operation(page: Page) -> None:
    documented = {
        f"{method.upper()} {path} {operation['summary']}"
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }

    page.goto("/")

    expect(page).to_have_url("/docs")
    expect(page).to_have_title("Carillon API")
    operations = page.locator(".opblock-summary-control")
    expect(operations).to_have_count(len(documented))
    assert {_plain(each) for each in operations.all()} == documented


def test_the_list_of_clients_is_read(page: Page) -> None:
    status, body = _try_out(page, "Clients", "listClients")

    assert status == "200"
    assert body.keys() == {"items", "next_cursor"}


def test_the_client_of_the_example_is_added(page: Page, stack: LocalStack) -> None:
    status, client = _try_out(page, "Clients", "createClient")

    body = DOCUMENT["paths"]["/api/v1/clients"]["post"]["requestBody"]
    assert status == "201"
    assert client.items() >= body["content"]["application/json"]["example"].items()
    assert Operator(stack.api_url, "docs").get(f"/clients/{client['id']}") == client


def test_each_part_of_the_page_keeps_to_the_strict_policy(page: Page) -> None:
    answer = page.goto("/docs")
    assert answer is not None
    assert answer.header_value("content-security-policy") == PAGE_POLICY

    for method in ("get", "post", "patch", "delete"):
        operation = page.locator(f".opblock-{method}").first
        operation.locator(".opblock-summary-control").click()
        expect(operation.locator(".opblock-body .responses-wrapper")).to_be_visible()
    page.locator(".models-control, .models button").first.click()
    assert page.evaluate("window.refusals") == []


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
    page.goto("/docs")
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

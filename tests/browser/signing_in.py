"""The way through the provider's page, as the local operator."""

from playwright.sync_api import Page, expect

from local.stack import LocalStack


def sign_in(page: Page, stack: LocalStack, fragment: str = "#/mailings") -> None:
    """Open the admin page at this address, and type the credentials that `make run` prints."""
    page.goto(f"/{fragment}")
    type_credentials(page, stack)
    expect(page.locator("h1")).to_be_visible()


def type_credentials(page: Page, stack: LocalStack) -> None:
    """On the provider's page."""
    assert stack.operator is not None
    page.get_by_label("Username").fill(stack.operator.email)
    page.get_by_label("Password").fill(stack.operator.password)
    page.get_by_role("button", name="Sign in").click()


def show(page: Page, fragment: str) -> None:
    """Go to a view of the admin page without loading it anew."""
    page.evaluate("fragment => { location.hash = fragment }", fragment)

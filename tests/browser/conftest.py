"""A browser that looks at the deployed stack, and complains of what a person would not see."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

from local.stack import LocalStack
from tests.browser.chromium import CHROMIUM

# Besides these, Playwright itself starts it headless, without a sandbox unless told otherwise, and
# without its background traffic: updates, sync, the first run's greetings.
FLAGS = ("--disable-gpu", "--disable-quic")
# The first request of a page may start a function, on a busy machine.
WAIT_LIMIT_MS = 15_000
# What the page's content policy refused; browsers also complain of it on the console.
NOTE_REFUSALS = """
window.refusals = [];
document.addEventListener("securitypolicyviolation", event => {
    window.refusals.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@pytest.fixture(scope="module")
def window(stack: LocalStack) -> Iterator[BrowserContext]:
    """A browser's window, whose cache the module's pages share.

    Not for the whole session: Playwright keeps an event loop running on the worker's thread, and
    other tests there want to run their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to sandbox what root starts
            args=FLAGS,
        )
        window = browser.new_context(base_url=stack.browser_url)
        window.set_default_timeout(WAIT_LIMIT_MS)
        yield window
        browser.close()


@pytest.fixture
def page(window: BrowserContext, stack: LocalStack) -> Iterator[Page]:
    """A page that has to keep to its own origin and to a clean console until the test ends.

    The windows that it opens stay there, too: it is where the local sign-in page is, whose console
    is not ours.
    """
    page = window.new_page()
    requests: list[str] = []
    complaints: list[str] = []

    def heed(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"console: {message.text}")

    page.add_init_script(NOTE_REFUSALS)

    def watch(each: Page) -> None:
        each.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
        each.on("request", lambda request: requests.append(request.url))

    page.on("console", heed)
    watch(page)
    page.on("popup", watch)
    yield page
    page.close()
    assert not [url for url in requests if not url.startswith(f"{stack.browser_url}/")]
    assert not complaints

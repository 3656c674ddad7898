"""A browser that looks at the deployed stack, and complains of what a person would not see."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from local.stack import LocalStack
from tests.browser.chromium import CHROMIUM
from tests.browser.signing_in import sign_in

# Besides these, Playwright itself starts it headless, without a sandbox unless told otherwise, and
# without its background traffic: updates, sync, the first run's greetings.
FLAGS = ("--disable-gpu", "--disable-quic")
# The first request of a page may start a function, on a busy machine.
WAIT_LIMIT_MS = 20_000
# What the page's content policy refused; browsers also complain of it on the console.
NOTE_REFUSALS = """
window.refusals = [];
document.addEventListener("securitypolicyviolation", event => {
    window.refusals.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""
HOME = "#/mailings"
# A browser notes each answer that says no. These are part of a form's life, and views show them.
ANSWERED = re.compile(r"responded with a status of (?:409|412|422) ")
# The paths of the local sign-in page, whose console is not ours.
PROVIDERS_PATHS = ("/login", "/oauth2/")


@dataclass
class Watch:
    """What a page asked for, and what it complained of."""

    stack: LocalStack
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Also the windows that it opens: Swagger UI has the sign-in page in one."""
        page.add_init_script(NOTE_REFUSALS)
        page.on("console", self._heed)
        self._follow(page)
        page.on("popup", self._follow)

    def finds_nothing(self) -> None:
        """All stayed on the page's own origin, but for uploads, and the console is clean."""
        bucket = f"{self.stack.emulator_url}/{self.stack.outputs['UploadsBucket']}"
        places = (f"{self.stack.browser_url}/", f"{bucket}/")
        assert not [url for url in self.requests if not url.startswith(places)]
        assert not self.complaints

    def _heed(self, message: ConsoleMessage) -> None:
        path = urlsplit(message.page.url).path if message.page else ""
        if message.type not in ("error", "warning") or ANSWERED.search(message.text):
            return
        if not path.startswith(PROVIDERS_PATHS):
            self.complaints.append(f"console: {message.text}")

    def _follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Started once for all tests here.

    Not for the whole session: Playwright keeps an event loop running on the worker's thread, and
    other tests there want to run their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to sandbox what root starts
            args=FLAGS,
        )
        expect.set_options(timeout=WAIT_LIMIT_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(chromium: Browser, stack: LocalStack) -> Iterator[BrowserContext]:
    """A window, whose cache the module's pages share; each has cookies and a storage of its own."""
    window = chromium.new_context(base_url=stack.browser_url, locale="en-GB")
    window.set_default_timeout(WAIT_LIMIT_MS)
    yield window
    window.close()


@pytest.fixture
def page(window: BrowserContext, stack: LocalStack) -> Iterator[Page]:
    """A page that has to keep to its own origin and to a clean console until the test ends."""
    page, watch = window.new_page(), Watch(stack)
    watch.follow(page)
    yield page
    page.close()
    watch.finds_nothing()


@pytest.fixture(scope="module")
def _admin_page(window: BrowserContext, stack: LocalStack) -> Iterator[tuple[Page, Watch]]:
    page, watch = window.new_page(), Watch(stack)
    watch.follow(page)
    sign_in(page, stack, HOME)
    yield page, watch
    page.close()


@pytest.fixture
def signed_in(_admin_page: tuple[Page, Watch]) -> Iterator[Page]:
    """The admin page, signed in once for the module and kept to the same as `page`.

    Each test begins at the list of mailings. It must not reload the page or sign out: the tokens
    live in the page's memory. Go elsewhere by the hash, as `show` does.
    """
    page, watch = _admin_page
    page.evaluate("hash => { location.hash = hash }", HOME)
    yield page
    page.emulate_media(color_scheme="light")
    watch.finds_nothing()

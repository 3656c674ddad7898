"""What holds for each view, in both themes and both languages."""

import pytest
from playwright.sync_api import Page

from local.stack import LocalStack
from tests.browser.accessibility import violations
from tests.browser.views import VIEWS, View
from tests.e2e.operator import Operator

LANGUAGES = {"en": "English", "ru": "Русский"}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1180, "height": 800}


@pytest.mark.parametrize(
    ("theme", "language"),
    [
        ("light", "en"),
        ("dark", "ru"),
        pytest.param("light", "ru", marks=pytest.mark.long),
        pytest.param("dark", "en", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("view", VIEWS, ids=[each.name for each in VIEWS])
def test_everybody_can_use_it(
    signed_in: Page, stack: LocalStack, view: View, theme: str, language: str
) -> None:
    signed_in.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    speak(signed_in, language)

    view.open(signed_in, Operator(stack, "views"))
    assert signed_in.locator("html").get_attribute("lang") == language
    assert violations(signed_in) == []

    signed_in.set_viewport_size(PHONE)  # type: ignore[arg-type]  # Playwright's own TypedDict
    overhang = signed_in.evaluate("document.documentElement.scrollWidth - innerWidth")
    signed_in.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert overhang == 0, "a phone would scroll to the side"


def speak(page: Page, language: str) -> None:
    """Choose a language by hand."""
    page.locator(".menu > summary").click()
    page.get_by_text(LANGUAGES[language]).click()
    page.keyboard.press("Escape")

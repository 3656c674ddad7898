"""What holds for each view, in both themes and both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from local.stack import LocalStack
from tests.browser.accessibility import violations
from tests.browser.views import VIEWS, View
from tests.e2e.operator import Operator

LANGUAGES = {"en": "English", "ru": "Русский"}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1180, "height": 800}


def _forms() -> Iterator[Any]:
    """Each view in both languages, the second time for the long tests, by turns."""
    for number, view in enumerate(VIEWS):
        for turn, language in enumerate(("en", "ru")):
            is_long = (number + turn) % 2 == 1
            marks = [pytest.mark.long] if is_long else []
            yield pytest.param(view, language, marks=marks, id=f"{view.name}-{language}")


@pytest.mark.parametrize(("view", "language"), [*_forms()])
def test_everybody_can_use_it(
    signed_in: Page, stack: LocalStack, view: View, language: str
) -> None:
    speak(signed_in, language)
    view.open(signed_in, Operator(stack, "views"))
    assert signed_in.locator("html").get_attribute("lang") == language
    assert violations(signed_in) == []
    signed_in.emulate_media(color_scheme="dark")
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

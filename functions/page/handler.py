"""Lambda entry: a browser's request → the page or one of its files.

Without Powertools, whose import would take longer than all the rest: nothing is worth a line of
log here that API Gateway's own does not hold.
"""

from typing import Any

from functions.page.answers import Page
from functions.page.files import BUILT, Files
from functions.page.settings import PageSettings

_settings = PageSettings.from_env()
_page = Page(Files.read_from(BUILT), uploads_origin=_settings.uploads_origin or None)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one request of API Gateway (payload format 2.0)."""
    return _page.answer(event)

"""axe-core in the page: what it finds against WCAG 2.2 AA, as one line for each element.

Playwright runs it beside the page's own scripts, so the page's policy stays as it is.
"""

from functools import cache

from playwright.sync_api import Page

from local.places import PROJECT_ROOT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#axe-core-tags"""

_STILL = """document.getAnimations()
    .filter(each => each.effect.getComputedTiming().endTime !== Infinity)
    .forEach(each => each.finish())"""

_RUN = """async tags => {
    const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
    return found.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target.join(" ")} (${node.failureSummary})`
    ));
}"""


@cache
def _axe() -> str:
    return (PROJECT_ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """All that axe finds in the page as it stands; what moves is put at its end."""
    page.evaluate(_STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, TAGS)
    return found

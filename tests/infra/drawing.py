"""The dashboard of a template, read, and drawn as a picture for the documents.

    python -m tests.infra.drawing

writes docs/images/dashboard.png and prints the table of measures for docs/operations.md. Values are
made up; what is drawn, and where, is the template's own.
"""

import json
import math
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import cycle
from pathlib import Path
from typing import Any

from carillon.models.measures import CATALOGUE
from tests.infra.template import Template, text

PICTURE = Path(__file__).parents[2] / "docs/images/dashboard.png"
CELL_PX = 50
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f")


@dataclass(frozen=True)
class Drawn:
    """A metric on a widget."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    stat: str
    options: tuple[tuple[str, Any], ...]


def widgets(template: Template) -> list[dict[str, Any]]:
    """Of the one dashboard, with references written as `{logical id}`."""
    [dashboard] = template.of_type("AWS::CloudWatch::Dashboard").values()
    found: list[dict[str, Any]] = json.loads(text(dashboard["DashboardBody"]))["widgets"]
    return found


def metrics(widget: dict[str, Any]) -> Iterator[Drawn]:
    """Those that a widget shows or reckons with."""
    for line in widget["properties"].get("metrics", []):
        if len(line) > 1:
            namespace, name, *dimensions, options = line
            pairs = tuple(zip(dimensions[::2], dimensions[1::2], strict=True))
            yield Drawn(namespace, name, pairs, options["stat"], tuple(options.items()))


def expressions(widget: dict[str, Any]) -> Iterator[str]:
    """Its metric math."""
    for line in widget["properties"].get("metrics", []):
        if len(line) == 1:
            yield line[0]["expression"]


def table_of_measures() -> str:
    """All that is measured, for the documents."""
    rows = [
        f"| `{each.name}` | {each.service} | {each.unit} | {each.tells} |" for each in CATALOGUE
    ]
    head = ["| metric | `service` | unit | tells |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def as_html(template: Template) -> str:
    """A page of its own that shows every widget in its place."""
    found = widgets(template)
    height = max(each["y"] + each["height"] for each in found) * CELL_PX
    boxes = "".join(_box(each, random.Random(number)) for number, each in enumerate(found))
    style = (
        "body{margin:0;background:#f2f3f3;font:11px sans-serif;color:#16191f}"
        ".w{position:absolute;box-sizing:border-box;padding:6px;border:3px solid #f2f3f3;"
        "background:#fff;overflow:hidden}.t{background:none}h1{font-size:19px;margin:4px 0}"
        "b{display:block;margin-bottom:4px;white-space:nowrap}.k{font-size:9px}"
        ".a{display:inline-block;margin:3px;padding:6px 8px;border-left:5px solid #1d8102;"
        "background:#f2f8f0}table{border-collapse:collapse;font-size:11px}"
        "td,th{padding:3px 9px;border-bottom:1px solid #ddd;text-align:right}"
    )
    width = 24 * CELL_PX
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style>"
        f"<div style='position:relative;width:{width}px;height:{height}px'>{boxes}</div>"
    )


def _box(widget: dict[str, Any], chance: random.Random) -> str:
    place = {"left": "x", "top": "y", "width": "width", "height": "height"}
    css = ";".join(f"{side}:{widget[of] * CELL_PX}px" for side, of in place.items())
    properties = widget["properties"]
    title = f"<b>{escape(properties.get('title', ''))}</b>"
    match widget["type"]:
        case "text":
            head, _, below = properties["markdown"].removeprefix("# ").partition("\n")
            return f"<div class='w t' style='{css}'><h1>{escape(head)}</h1>{escape(below)}</div>"
        case "alarm":
            names = [each.split("Alarms")[-1][:-8].split(".")[0] for each in properties["alarms"]]
            content = "".join(f"<span class=a>{escape(_plain(each))}</span>" for each in names)
        case "custom":
            content = _made_up_counts()
        case _:
            content = _graph(widget, chance)
    return f"<div class=w style='{css}'>{title}{content}</div>"


def _plain(name: str) -> str:
    return name.rstrip("0123456789ABCDEF") or name


def _graph(widget: dict[str, Any], chance: random.Random) -> str:
    labels = [
        line[0]["label"] if len(line) == 1 else line[-1].get("label", line[1])
        for line in widget["properties"]["metrics"]
        if line[-1].get("visible", True)
    ]
    width, height = widget["width"] * CELL_PX - 30, widget["height"] * CELL_PX - 90
    lines = []
    for number, _ in enumerate(labels):
        low, phase = height * (0.15 + 0.7 * chance.random()), chance.random() * 6
        points = " ".join(
            f"{x},{low + 9 * math.sin(x / 17 + phase) + 4 * chance.random():.0f}"
            for x in range(0, width, 6)
        )
        colour = COLOURS[number % len(COLOURS)]
        lines.append(f"<polyline points='{points}' fill=none stroke='{colour}'/>")
    keys = " ".join(
        f"<span class=k style='color:{colour}'>&#9632; {escape(each)}</span>"
        for each, colour in zip(labels, cycle(COLOURS), strict=False)
    )
    return f"<svg width={width} height={height}>{''.join(lines)}</svg><br>{keys}"


def _made_up_counts() -> str:
    from carillon.models.mailing import MailingStatus
    from carillon.models.statistics import Counts
    from functions.widget.drawing import draw
    from tests.fakes.samples import a_mailing

    running = a_mailing(2, status=MailingStatus.RUNNING)
    finished = a_mailing(1, status=MailingStatus.FINISHED)
    counts = {
        running.id: Counts(total=48_210, pending=20_004, sent=28_100, failed=106),
        finished.id: Counts(total=9_000, sent=8_954, failed=31, unknown=2, expired=13),
    }
    overall = Counts(total=57_210, pending=20_004, sent=37_054, failed=137, unknown=2, expired=13)
    return draw(overall, [running, finished], counts, page_url="https://mailings.example.com/")


def _draw() -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser.chromium import CHROMIUM
    from tests.infra.template import synthesize

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        template = synthesize(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": 24 * CELL_PX, "height": 800})
        page.set_content(as_html(template))
        page.screenshot(path=PICTURE, full_page=True)
        browser.close()
    print(table_of_measures())


if __name__ == "__main__":
    _draw()

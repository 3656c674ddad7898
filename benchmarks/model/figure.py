"""The figure of docs/scale.md: messages delivered over time, as SVG that fits light and dark pages.

Two panels, a million and ten million; in each the defaults and what is advised, with the limit that
holds each stretch up. Colours are classes, so the page's scheme decides about them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from benchmarks.model.course import Course, Moment
from benchmarks.model.flow import RAMP, SENDERS, SLICES, START
from benchmarks.model.study import DEPLOYMENTS, Study
from benchmarks.model.walls import MESSAGES, SPREAD
from benchmarks.model.words import count, duration

_WIDTH: Final = 960
_HEIGHT: Final = 440
_TOP: Final = 138
_BOTTOM: Final = 396
_PANEL_WIDTH: Final = 396
_LEFTS: Final = (66, 536)
_ROOM: Final = 1.06
"""Of the longest run, what the time's axis shows."""

_TICK_STEPS_S: Final = (60, 120, 300, 600, 900, 1_200, 1_800, 3_600)
_TICKS_MAX: Final = 6

_SHORT: Final = {
    SPREAD: "fullest partition",
    MESSAGES: "table's writes",
    SENDERS: "the senders",
    SLICES: "fan-out's slices",
}
_UNTOLD: Final = frozenset({START, RAMP})
_WRITES: Final = frozenset({SPREAD, MESSAGES})
_LETTER: Final = 6.3
"""About as wide as a letter of the small words is."""
_LINE: Final = 15.0
_HIGHER: Final = 40.0
_TOLD: Final = 0.12
"""Of a mailing's time: shorter stretches have no room for their words."""

_STYLE: Final = """
  .paper { fill: #ffffff; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #3d4852; }
  .title { font-size: 17px; font-weight: 600; fill: #14202b; }
  .panel { font-size: 14px; font-weight: 600; fill: #14202b; }
  .quiet { font-size: 12px; fill: #66727e; }
  .grid { stroke: #dfe4e8; stroke-width: 1; }
  .axis { stroke: #9aa5b0; stroke-width: 1; }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
  .default { stroke: #c2571a; }
  .tuned { stroke: #0b7285; }
  .dot.default, .words.default { fill: #b14a12; stroke: none; }
  .dot.tuned, .words.tuned { fill: #0b6475; stroke: none; }
  .words { font-weight: 600; }
  .turn { fill: #ffffff; stroke-width: 2; }
  .halo { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; }
    text { fill: #c3ccd5; }
    .title, .panel { fill: #f0f4f8; }
    .quiet { fill: #98a4b0; }
    .grid { stroke: #262d36; }
    .axis { stroke: #5c6773; }
    .default { stroke: #f08c4a; }
    .tuned { stroke: #3bc9db; }
    .dot.default, .words.default { fill: #ffa56b; }
    .dot.tuned, .words.tuned { fill: #66d9e8; }
    .turn { fill: #0d1117; }
    .halo { stroke: #0d1117; }
  }
"""


@dataclass(frozen=True, slots=True)
class _Panel:
    """Where a number of messages at a time is drawn."""

    left: float
    recipients: int
    longest_s: float

    def x(self, at: float) -> float:
        return self.left + _PANEL_WIDTH * at / self.longest_s

    def y(self, sent: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * sent / self.recipients


def draw(study: Study, sizes: Sequence[int] = (1_000_000, 10_000_000)) -> str:
    """The whole SVG, at a gateway without a limit of its own."""
    runs = {
        size: {name: study.scenario(size, each).run() for name, each in DEPLOYMENTS.items()}
        for size in sizes
    }
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' role="img" aria-labelledby="title about">',
        '<title id="title">Messages delivered over time, by the model</title>',
        f'<desc id="about">{escape(_about(runs))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{_HEIGHT}" rx="10"/>',
        _text(24, 38, "A mailing on AWS, from its start to its last answer", "title"),
        *_legend(24, 66),
    ]
    for left, (size, courses) in zip(_LEFTS, runs.items(), strict=True):
        parts += _panel(left, size, courses)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _about(runs: Mapping[int, Mapping[str, Course]]) -> str:
    told = [
        f"{count(size)} messages with {name} settings take {duration(course.last_s)}"
        for size, courses in runs.items()
        for name, course in courses.items()
    ]
    return "; ".join(told) + "."


def _legend(x: float, y: float) -> Iterator[str]:
    for name, words, at in (
        ("default", "settings as they come", x),
        ("tuned", "settings as advised", x + 196),
    ):
        yield f'<line class="line {name}" x1="{at}" y1="{y - 4}" x2="{at + 22}" y2="{y - 4}"/>'
        yield _text(at + 30, y, words)
    yield _text(_WIDTH - 24, y, "the gateway answers in 200 ms and takes all", "quiet", "end")


def _panel(left: float, size: int, courses: Mapping[str, Course]) -> Iterator[str]:
    longest_s = max(course.last_s for course in courses.values()) * _ROOM
    panel = _Panel(left, size, longest_s)
    yield _text(left, _TOP - 40, f"{count(size)} recipients", "panel")
    yield from _grid(panel)
    for name, course in courses.items():
        yield from _curve(panel, name, course)


def _grid(panel: _Panel) -> Iterator[str]:
    right = panel.left + _PANEL_WIDTH
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = panel.y(part * panel.recipients)
        kind = "axis" if part == 0 else "grid"
        yield f'<line class="{kind}" x1="{panel.left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
        yield _text(panel.left - 8, y + 4, _short_count(part * panel.recipients), "quiet", "end")
    step = next(each for each in _TICK_STEPS_S if panel.longest_s / each <= _TICKS_MAX)
    at = 0
    while at <= panel.longest_s:
        words = "0" if at == 0 else duration(at) if at < 7_200 else f"{at / 3600:g} h"
        yield _text(panel.x(at), _BOTTOM + 20, words, "quiet", "middle")
        at += step


def _curve(panel: _Panel, name: str, course: Course) -> Iterator[str]:
    points = [f"{panel.x(each.at):.1f},{panel.y(each.sent):.1f}" for each in _thinned(course)]
    yield f'<polyline class="line {name}" points="{" ".join(points)}"/>'
    for begin, middle, words in _stretches(course):
        x, y = panel.x(begin.at), panel.y(begin.sent)
        yield f'<circle class="turn {name}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        yield _beside(panel, name, course, middle, words)
    x, y = panel.x(course.last_s), panel.y(panel.recipients)
    yield f'<circle class="dot {name}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    yield _text(x, y - 12, duration(course.last_s), f"words {name}", "middle")


def _beside(panel: _Panel, name: str, course: Course, at: Moment, words: str) -> str:
    """Above the steeper curve, below the other: there is room on both sides of the pair.

    Left of the curve the words go up, and into two lines, where they would leave the panel.
    """
    if name == "default":
        return _text(panel.x(at.at) + 10, panel.y(at.sent) + 13, words, "quiet halo")
    low = panel.y(at.sent)
    higher = next((each for each in course.moments if panel.y(each.sent) < low - _HIGHER), at)
    for place, lines in ((at, [words]), (higher, [words]), (higher, words.split(" ", 1))):
        x, y = panel.x(place.at) - 9, panel.y(place.sent) - 2
        if x - _LETTER * max(map(len, lines)) > panel.left:
            return "".join(
                _text(x, y - _LINE * back, line, "quiet halo", "end")
                for back, line in enumerate(reversed(lines))
            )
    return ""


def _thinned(course: Course) -> Iterator[Moment]:
    """As many points as can be seen: one for each pixel and a half."""
    step_s = 1.5 * course.last_s / _PANEL_WIDTH
    next_s = 0.0
    for moment in course.moments:
        if moment.at > course.last_s:
            return
        if moment.at >= next_s or moment.sent >= course.recipients:
            yield moment
            next_s = moment.at + step_s


def _stretches(course: Course) -> Iterator[tuple[Moment, Moment, str]]:
    """Begin and middle of each stretch that one limit held up, and which; short ones are untold.

    Where writes hold it up, a stretch also ends with the last insertion: from there on all writes
    are senders'.
    """
    found: list[tuple[tuple[str, bool], list[Moment]]] = []
    for moment in course.moments:
        if moment.at > course.last_s:
            break
        name = moment.limited_by
        key = name, name in _WRITES and moment.made >= course.recipients
        if not found or found[-1][0] != key:
            found.append((key, []))
        found[-1][1].append(moment)
    told = ""
    for (name, inserted), stretch in found:
        begin, end = stretch[0], stretch[-1]
        if name in _UNTOLD or end.at - begin.at < course.last_s * _TOLD:
            continue
        at = (begin.at + end.at) / 2
        middle = min(stretch, key=lambda each: abs(each.at - at))
        yield begin, middle, "all inserted" if inserted and name == told else _SHORT.get(name, name)
        told = name


def _short_count(number: float) -> str:
    if number == 0:
        return "0"
    return f"{number / 1e6:g} M" if number >= 1e6 else f"{number / 1e3:g} k"


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )

"""What might arrive in a queue or a stream and is not quite ours, drawn by Hypothesis.

Among it are a phone and a text, so that a test can look for them where they must not be.
"""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from carillon.adapters.mailing_items import mailing_item
from carillon.adapters.message_items import message_item
from carillon.models.commands import Doorbell
from carillon.models.mailing import TimeWindow
from tests.fakes.samples import a_mailing, a_message
from tests.fakes.system import SOME_MOMENT

PHONE = "79165550123"
TEXT = "Your table is laid, Ivan Petrovich"
FOREIGN = "m0000666"
"""The mailing of every near miss: it does not exist, and its neighbours' does."""

LOGGED = ("client_id", "correlation_id", "created_by", "updated_by", "version", "rev")
"""What lines hold of an item as it stands there: ids and numbers that we give, never a phone."""

Json = dict[str, Any]

NUMBERS = (-1, 0, 2**31, 2**63, -(2**63) - 1, 10**38, 10**4000, 0.5, -0.0, 1e308)
TEXTS = (
    *("", " ", "\x00", "\ud800", "\udfff tail", "‮", "é" * 3000, "👋", "null", "NaN"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+23:59"),
    *("2026-11-21T10:00:00", "2026-02-30T10:00:00Z", "slice#000", "../../etc/passwd", PHONE, TEXT),
)
atoms = st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.sampled_from(TEXTS) | st.text()
values = st.recursive(
    atoms | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)

_AT = "2026-11-21T10:00:00.000Z"
COMMANDS: tuple[Json, ...] = (
    {"kind": "tick"},
    {"kind": "listen"},
    {"kind": "advance", "mailing_id": FOREIGN, "at": _AT},
    {"kind": "slice", "mailing_id": FOREIGN, "number": 1},
    {"kind": "release", "mailing_id": FOREIGN, "at": _AT, "rev": 3},
    {"kind": "revise", "mailing_id": FOREIGN, "number": 1, "cursor": "c"},
    {"kind": "close", "mailing_id": FOREIGN, "number": 1, "cursor": "c", "revisions": 0},
    {"kind": "recount", "mailing_id": FOREIGN, "number": 1, "rev": 2, "messages": 5},
    {"kind": "purge", "mailing_id": FOREIGN, "number": 1},
)
IMPORTS: tuple[Json, ...] = (
    {"kind": "import", "import_id": FOREIGN},
    {"Records": [{"s3": {"object": {"key": f"imports/{FOREIGN}.csv"}}}]},
    {"Records": [{"s3": {"object": {"key": "imports%2F" + TEXT.replace(" ", "+")}}}]},
    {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"},
)
DOORBELLS: tuple[Json, ...] = (
    {"mailing_id": FOREIGN, "client_id": "c0000666"},
    {"mailing_id": FOREIGN, "client_id": "c0000001", "fresh_at": _AT},
    {"mailing_id": FOREIGN, "test_id": "t0000666"},
    json.loads(
        Doorbell(mailing_id=FOREIGN, client_id="c0000002", fresh_at=SOME_MOMENT).model_dump_json()
    ),
)

_deep = st.integers(1, 20_000).flatmap(
    lambda depth: st.sampled_from(
        ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth, "[" * depth)
    )
)


@st.composite
def near_misses(draw: st.DrawFn, wholes: tuple[Json, ...]) -> str:
    """One of ours with something missing, added, or of another kind; as text."""
    body = dict(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*body, "phone", "text", "kind"]))
        if draw(st.booleans()):
            body.pop(name, None)
        elif name == "mailing_id":  # an id is logged: nobody is called by a number
            body[name] = draw(st.sampled_from((None, 7, [], {}, "", " ", "x" * 3000, "\ud800")))
        else:
            body[name] = draw(values)
    return _as_json(draw, body)


def bodies(wholes: tuple[Json, ...]) -> st.SearchStrategy[str]:
    """Anything that a queue record may hold."""
    return (
        near_misses(wholes)
        | near_misses((*COMMANDS, *DOORBELLS))
        | values.map(json.dumps)
        | st.text()
        | st.sampled_from(TEXTS)
        | _deep
    )


def _as_json(draw: st.DrawFn, body: Json) -> str:
    text = json.dumps(body, ensure_ascii=draw(st.booleans()))
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


attributes = st.recursive(
    st.fixed_dictionaries({"S": st.sampled_from(TEXTS) | st.text()})
    | st.fixed_dictionaries({"N": st.sampled_from(("0", "-1", "1E3", "0.5", "9" * 38, "NaN", "x"))})
    | st.sampled_from(({"NULL": True}, {"BOOL": False}, {"B": "AAAA"}, {"SS": ["a"]}, {"NS": []}))
    | st.sampled_from(({}, {"S": "a", "N": "1"}, {"Z": 1})),
    lambda inner: (
        st.fixed_dictionaries({"L": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"M": st.dictionaries(st.text(max_size=5), inner, max_size=3)})
    ),
    max_leaves=5,
)


given_by_us = attributes.filter(lambda each: PHONE not in json.dumps(each))


@st.composite
def images(draw: st.DrawFn, whole: Json) -> Json:
    """An item with something missing, added (as a later version would), or of another kind."""
    item = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*item, "of_a_later_version"]))
        if draw(st.booleans()):
            item.pop(name, None)
        elif name == "mailing_id":
            item[name] = draw(st.sampled_from(({"S": ""}, {"S": "x" * 3000}, {"N": "7"}, {})))
        else:
            item[name] = draw(given_by_us if name in LOGGED else attributes)
    return item


MAILING = mailing_item(
    a_mailing(
        666,
        id=FOREIGN,
        text=TEXT,
        time_window=TimeWindow(start="09:00", end="21:00"),
    )
)
MESSAGE = message_item(a_message(666, mailing_id=FOREIGN, attempts=2, last_error="http_500"))

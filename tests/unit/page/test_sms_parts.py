"""The page counts SMS parts as the server does: the same alphabet, the same sums."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

from carillon.policy import sms_parts as ours
from carillon.policy.sms_parts import sms_parts

MODULE = Path(__file__).parents[3] / "functions" / "page" / "static" / "sms-parts.js"
LIMIT_S = 30
TEXTS = 400
COUNT = """
import { readFileSync } from "node:fs";
const { BASIC, EXTENSION, smsParts } = await import(process.argv[1]);
const texts = JSON.parse(readFileSync(0, "utf8"));
const counted = texts.map(text => {
    const { encoding, units, parts } = smsParts(text);
    return { encoding, units, parts };
});
console.log(JSON.stringify({ basic: [...BASIC], extension: [...EXTENSION], counted }));
"""


def test_both_count_the_same() -> None:
    texts = _texts()

    page = _by_node(texts)

    assert len(page["basic"]) == 127
    assert set(page["basic"]) == ours._BASIC
    assert set(page["extension"]) == ours._EXTENSION
    told = [(each["encoding"], each["units"], each["parts"]) for each in page["counted"]]
    expected = [sms_parts(text) for text in texts]
    assert told == [(each.encoding, each.units, each.parts) for each in expected]
    # The texts are worth something only if they meet both alphabets and several parts.
    assert {each.encoding for each in expected} == {"gsm7", "ucs2"}
    assert {1, 2, 3} <= {each.parts for each in expected}


def _texts() -> list[str]:
    """Seeded: mixtures of all that counts differently, mostly as long as a part or two are."""
    chance = random.Random(20261121)
    kinds = ("abc ", "a€{", "aя", "a😀", "😀", "а€😀 ")
    return [
        "",
        "€" * 80,
        "a" + "€" * 153,
        "😀" * 35,
        "😀" * 67,
        *(
            "".join(chance.choices(chance.choice(kinds), k=chance.choice((69, 71, 134, 155, 310))))
            for _ in range(TEXTS)
        ),
    ]


def _by_node(texts: list[str]) -> dict[str, Any]:
    run = subprocess.run(
        ["node", "--input-type=module", "-e", COUNT, str(MODULE)],  # noqa: S607
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_S,
    )
    return json.loads(run.stdout)  # type: ignore[no-any-return]

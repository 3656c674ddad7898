"""The admin page keeps its own rules: nothing inline or foreign, each word in two languages."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

STATIC = ROOT / "functions" / "page" / "static"
MODULE_LINES_MAX = 260
LIMIT_S = 60

FORBIDDEN = {
    "markup from text": re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    ),
    "text run as script": re.compile(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]"),
    "an inline handler": re.compile(r"\son[a-z]+=\"|setAttribute\(\s*[\"']on"),
    "a style as text": re.compile(r"\sstyle=\"|cssText"),
    "another origin": re.compile(r"[\"'`(]\s*(?:https?:)?//(?!www\.w3\.org/2000/svg)\w"),
}

# The forms that a count takes, by language.
# https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
FORMS = {"en": {"one", "other"}, "ru": {"one", "few", "many"}}

READ = """
const found = {};
for (const file of process.argv.slice(1)) {
  const words = await import(file);
  found[file] = words.default;
}
console.log(JSON.stringify(found));
"""


def _sources(*endings: str) -> list[Path]:
    found = [file for ending in endings for file in sorted(STATIC.rglob(f"*{ending}"))]
    assert found
    return found


@cache
def _words() -> dict[str, dict[str, dict[str, str | dict[str, str]]]]:
    """Each file of words by its name, read by Node as a browser reads it."""
    files = [str(file) for file in _sources(".js") if file.parent.name == "words"]
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", READ, "--", *files],  # noqa: S607 - beside npm
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_S,
    )
    words: dict[str, dict[str, dict[str, str | dict[str, str]]]] = json.loads(run.stdout)
    return words


def _texts(words: str | dict[str, str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def _placeholders(words: str | dict[str, str]) -> set[str]:
    return {name for text in _texts(words) for name in re.findall(r"\{(\w+)\}", text)}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_page_holds_nothing_that_its_policy_is_against(what: str) -> None:
    found = [
        f"{file.relative_to(STATIC)}: {match[0]}"
        for file in _sources(".js", ".html")
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith(("//", "*", "/*"))
        for match in FORBIDDEN[what].finditer(line)
    ]
    assert not found


def test_colours_are_written_in_one_place() -> None:
    """So that no view forgets a theme."""
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", re.IGNORECASE)
    found = [
        f"{file.relative_to(STATIC)}: {match[0]}"
        for file in _sources(".css", ".js")
        if file.name != "base.css"
        for match in colour.finditer(re.sub(r"href.*|//.*|/\*.*?\*/", "", file.read_text()))
        if not match[0].startswith("#") or file.suffix == ".css"
    ]
    assert not found


@pytest.mark.parametrize("file", _sources(".js", ".css"), ids=lambda file: file.name)
def test_modules_are_short_and_say_what_they_are_for(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(("//", "/*")), "it does not begin by saying what it is for"
    if file.parent.name != "words" and file.suffix == ".js":
        assert len(lines) <= MODULE_LINES_MAX, "split it by what it is for"


def test_no_key_of_the_words_is_used_twice() -> None:
    keys = [key for words in _words().values() for key in words]
    assert len(keys) == len(set(keys))


def test_both_languages_say_the_same() -> None:
    wrong = []
    for words in _words().values():
        for key, entry in words.items():
            if entry.keys() != {"en", "ru"} or not all(
                text.strip() for words in entry.values() for text in _texts(words)
            ):
                wrong.append(f"{key}: a language is missing")
            elif _placeholders(entry["en"]) != _placeholders(entry["ru"]):
                wrong.append(f"{key}: other placeholders")
            for language, said in entry.items():
                if isinstance(said, dict) and said.keys() != FORMS[language]:
                    wrong.append(f"{key}: {language} has {sorted(said)}")
    assert not wrong


def test_russian_is_written_in_russian() -> None:
    """A word that was left in English has no Cyrillic letter; names of our own have none either."""
    left = [
        key
        for words in _words().values()
        for key, entry in words.items()
        if not any(re.search("[а-яё]", text, re.IGNORECASE) for text in _texts(entry["ru"]))
        and any(re.search("[a-z]{3}", re.sub(r"\{\w+\}", "", text)) for text in _texts(entry["ru"]))
    ]
    assert not left


def test_every_word_is_used_and_every_used_one_is_there() -> None:
    keys = {key for words in _words().values() for key in words}
    used, patterns = set[str](), list[re.Pattern[str]]()
    for file in _sources(".js"):
        if file.parent.name == "words":
            continue
        text = re.sub(r"(?m)^\s*(//|\*|/\*).*$", "", file.read_text(encoding="utf-8"))
        used |= set(re.findall(r"\bt\(\s*\"([\w.-]+)\"", text))
        used |= keys & set(re.findall(r"\"([\w.-]+)\"", text))  # kept in a table, said later
        for template in re.findall(r"`([\w.-]*\$\{[^`]*)`", text):
            parts = re.split(r"\$\{(?:[^{}]|\{[^{}]*\})*\}", template)
            if sum(map(len, parts)) > 1:  # a template of nothing but values fits everything
                patterns.append(re.compile(r"[\w.-]+".join(map(re.escape, parts))))
    missing = used - keys
    assert not missing, "said, but in no file of words"
    unused = {key for key in keys - used if not any(pattern.fullmatch(key) for pattern in patterns)}
    assert not unused, "in a file of words, but never said"

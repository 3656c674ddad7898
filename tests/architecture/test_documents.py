"""What the documents draw is what the code does."""

import re

import pytest

from carillon.policy import answers, delivery
from carillon.policy.transitions import MAILING_MOVES, MESSAGE_MOVES
from tests.architecture.sources import ROOT

ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def _table(docstring: str | None) -> str:
    rows = [line.strip() for line in (docstring or "").splitlines() if line.strip().startswith("|")]
    assert rows
    return "\n".join(rows)


def test_the_senders_decisions_are_drawn() -> None:
    assert _table(delivery.decide.__doc__) in ARCHITECTURE


def test_the_meaning_of_answers_is_drawn() -> None:
    assert _table(answers.__doc__) in ARCHITECTURE


@pytest.mark.parametrize("moves", [MAILING_MOVES, MESSAGE_MOVES])
def test_every_state_is_named(moves: dict[str, frozenset[str]]) -> None:
    assert all(re.search(rf"\b{state}\b", ARCHITECTURE) for state in moves)


def test_links_between_documents_lead_somewhere() -> None:
    documents = [
        *ROOT.glob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
    assert documents
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(
            r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8")
        )
        if not (document.parent / target).exists()
    ]
    assert not broken

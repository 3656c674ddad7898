"""The judgement of a chaos run finds what it is there to find, and accuses nobody else."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from local.chaos import Evidence, full, judge, short, tell
from local.chaos.evidence import Kill, Misfortunes, Span
from local.chaos.plan import Kind, events
from local.gateway import CallRecord

BEGAN, ENDS_AT = 1_000.0, 2_000.0
CLIENTS = {f"c{n}": f"7900000000{n}" for n in range(4)}


def message(n: int, status: str = "sent", attempts: int = 1) -> dict[str, Any]:
    return {
        "id": f"m-c{n}",
        "client_id": f"c{n}",
        "gateway_id": f"{n}",
        "status": status,
        "attempts": attempts,
    }


def call(number: int, n: int, at: float, answer: str = "ok", *, accepted: bool = True) -> Any:
    return CallRecord(
        number=number,
        gateway_id=f"{n}",
        begun_at=at,
        ended_at=at + 0.1,
        answer=answer,
        accepted=accepted,
        phone=int(CLIENTS[f"c{n}"]),
    )


def evidence(**changes: Any) -> Evidence:
    """All went well: one was sent at the second call, one is unknown, one client was deleted."""
    good = Evidence(
        clients=CLIENTS,
        ends_at=ENDS_AT,
        mailing={"id": "m", "status": "finished"},
        messages=[
            message(0),
            message(1, attempts=2),
            message(2, "unknown"),
            message(3, "cancelled", 0),
        ],
        counts={"total": 4, "sent": 2, "unknown": 1, "cancelled": 1, "failed": 0},
        attempts=4,
        calls=[
            call(0, 0, BEGAN + 1),
            call(1, 1, BEGAN + 2, "drop_after"),
            call(2, 1, BEGAN + 9),
            call(3, 2, BEGAN + 5, "caller left"),
        ],
        misfortunes=Misfortunes(
            kills=[Kill(BEGAN + 500, "SenderFunction")],
            pauses=[Span(BEGAN + 20, BEGAN + 40)],
            purged=[7],
            deleted={"c3": BEGAN + 3},
        ),
        planned={"kill": 1, "pause": 1, "purge": 1, "delete": 1},
        dead_letters=0,
        lasted_s=60,
        calm_s=600,
        gateway_timeout_s=4,
    )
    return replace(good, **changes)


def wrong(seen: Evidence) -> dict[str, tuple[str, ...]]:
    return {finding.what: finding.wrong for finding in judge(seen) if finding.wrong}


def with_call(another: CallRecord, *, of: int, **changes: Any) -> Evidence:
    """Another call for this message, which counts as an attempt."""
    good = evidence()
    messages = [
        {**each, "attempts": each["attempts"] + 1} if each["client_id"] == f"c{of}" else each
        for each in good.messages
    ]
    return evidence(calls=[*good.calls, another], messages=messages, attempts=5, **changes)


def test_a_good_run_is_found_good() -> None:
    assert wrong(evidence()) == {}


@pytest.mark.parametrize(
    ("seen", "what"),
    [
        (evidence(planned={"kill": 2}), "misfortunes, all that were planned"),
        (evidence(mailing={"id": "m", "status": "running"}), "the mailing"),
        (
            evidence(messages=[message(0), message(0), *evidence().messages[1:]]),
            "messages",
        ),
        (evidence(messages=evidence().messages[1:]), "messages"),
        (evidence(clients={"c1": CLIENTS["c1"]}), "messages"),
        (
            evidence(messages=[message(0, "pending"), *evidence().messages[1:]]),
            "messages without a final status",
        ),
        (evidence(counts={**evidence().counts, "sent": 3}), "counts, equal to a recount"),
        (evidence(counts={**evidence().counts, "total": 5}), "counts, equal to a recount"),
        (
            evidence(calls=[replace(evidence().calls[0], answer="http_500"), *evidence().calls]),
            "attempts",
        ),
        (evidence(attempts=5), "attempts"),
        (
            evidence(messages=[*evidence().messages[:3], message(3, "sent", 0)]),
            "statuses that are not true",
        ),
        (
            with_call(call(4, 3, BEGAN + 1, "http_500_accepted"), of=3),
            "statuses that are not true",
        ),
        (
            with_call(replace(call(4, 3, BEGAN + 1), accepted=False, gateway_id="9"), of=3),
            "calls, each with its message's own id",
        ),
        (
            with_call(replace(call(4, 2, BEGAN + 6), phone=int(CLIENTS["c0"])), of=2),
            "calls, each with its message's own id",
        ),
        (with_call(call(4, 2, BEGAN + 5.05), of=2), "calls for one message at the same time"),
        (with_call(call(4, 0, BEGAN + 9), of=0), "messages accepted more than once"),
        (with_call(call(4, 2, ENDS_AT), of=2), "calls at or after the end"),
        (
            with_call(call(4, 3, BEGAN + 8.1, "http_500", accepted=False), of=3),
            "calls to 1 deleted clients",
        ),
        (with_call(call(4, 2, BEGAN + 25.1), of=2), "calls begun in 15 s of pause"),
    ],
)
def test_what_breaks_a_promise_is_found(seen: Evidence, what: str) -> None:
    assert what in wrong(seen)


@pytest.mark.parametrize(
    "seen",
    [
        with_call(call(4, 2, BEGAN + 24.9), of=2),
        with_call(call(4, 2, BEGAN + 40), of=2),
        with_call(call(4, 3, BEGAN + 7.9, "http_500", accepted=False), of=3),
        with_call(call(4, 2, ENDS_AT - 0.5), of=2),
    ],
    ids=["within the grace", "after the pause", "just deleted", "just before the end"],
)
def test_what_is_allowed_is_not_accused(seen: Evidence) -> None:
    assert wrong(seen) == {}


def test_who_was_never_tried_is_forgotten_if_there_was_time() -> None:
    messages = [message(0, "expired", 0), *evidence().messages[1:]]
    forgotten = evidence(messages=messages)
    assert wrong(forgotten)["messages never tried"] == ("m-c0: expired",)
    assert "messages never tried" not in wrong(replace(forgotten, calm_s=60))


def test_a_call_is_repeated_rightly_after_its_sender_was_killed() -> None:
    kills = Misfortunes(deleted={"c3": 0}, kills=[Kill(BEGAN + 1.5, "SenderFunction")])
    repeated = call(4, 0, BEGAN + 9)
    assert wrong(with_call(repeated, of=0, misfortunes=kills, planned={})) == {}
    kills.kills = [Kill(BEGAN + 1.5, "StatsFunction")]
    assert wrong(with_call(repeated, of=0, misfortunes=kills, planned={})) == {
        "messages accepted more than once": ("m-c0: again after call 0",)
    }


def test_the_report_names_what_is_wrong() -> None:
    seen = evidence(messages=[message(0, "pending"), *evidence().messages[1:]])
    told = tell(seen, judge(seen))
    assert "✗ messages without a final status" in told
    assert "m-c0: pending" in told
    assert "✓ the mailing" in told
    assert not any(phone in told for phone in CLIENTS.values())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("scale", [full(clients=5_000, minutes=20, seed=0), short(seed=0)])
def test_a_plan_fits_its_window(scale: Any, seed: int) -> None:
    scale = replace(scale, seed=seed)
    drawn = events(scale)
    assert drawn == events(scale)
    assert drawn != events(replace(scale, seed=seed + 1))
    assert all(0 < event.at_s <= scale.window_s for event in drawn)
    pauses = [event.at_s for event in drawn if event.kind is Kind.PAUSE]
    assert len(pauses) == scale.pauses
    assert all(before + scale.pause_s < after for before, after in pairwise(pauses))
    assert pauses[-1] + scale.pause_s <= scale.window_s
    assert any(event.target == "SenderFunction" for event in drawn)

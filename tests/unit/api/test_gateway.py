"""How the gateway does, over HTTP."""

from datetime import timedelta

from carillon.models.conduct import BreakerNote, Conduct, Trouble
from carillon.models.pace import PaceState
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import World

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def test_at_first_nothing_is_known(world: World) -> None:
    assert world.get("/gateway").json == {
        "status": "idle",
        "breaker": {"open": False, "until": None},
        "pace": {"parts_per_s": None, "share": 1.0},
        "last_error": None,
        "last_error_at": None,
        "minutes": [],
    }


def test_its_minutes_are_told(world: World) -> None:
    world.clock.advance(10.5)
    world.journal.note(
        SOME_MOMENT,
        Conduct(
            accepted=1,
            refused=2,
            retried=37,
            took={4: 30, 8: 10},
            slowest_ms=1300,
            trouble=Trouble("HTTP 500", SOME_MOMENT + SECOND),
            breaker=BreakerNote(SOME_MOMENT + 20 * SECOND),
        ),
    )
    world.journal.note(SOME_MOMENT - MINUTE, Conduct(accepted=1, took={0: 1}, slowest_ms=5))
    told = world.get("/gateway").json
    assert told == {
        "status": "down",
        "breaker": {"open": True, "until": "2026-11-21T10:00:20.000Z"},
        "pace": {"parts_per_s": None, "share": 1.0},
        "last_error": "HTTP 500",
        "last_error_at": "2026-11-21T10:00:01.000Z",
        "minutes": [
            {
                "minute": "2026-11-21T09:59:00.000Z",
                "calls": 1,
                "accepted": 1,
                "refused": 0,
                "retried": 0,
                "p50_ms": 2,
                "p95_ms": 5,
                "max_ms": 5,
            },
            {
                "minute": "2026-11-21T10:00:00.000Z",
                "calls": 40,
                "accepted": 1,
                "refused": 2,
                "retried": 37,
                "p50_ms": 83,
                "p95_ms": 1240,
                "max_ms": 1300,
            },
        ],
    }


def test_an_hour_is_shown(world: World) -> None:
    for ago in (61, 60, 59, 1):
        world.journal.note(SOME_MOMENT - ago * MINUTE, Conduct(accepted=1, took={0: 1}))
    world.clock.advance(59)
    told = [each["minute"] for each in world.get("/gateway").json["minutes"]]
    assert told == ["2026-11-21T09:01:00.000Z", "2026-11-21T09:59:00.000Z"]


def test_the_pace_is_told_as_it_recovers(world: World) -> None:
    world.api = world.composed(parts_per_s=20.0)
    assert world.get("/gateway").json["pace"] == {"parts_per_s": 20.0, "share": 1.0}
    world.pace.state = PaceState(SOME_MOMENT, "p1", slowed_at=SOME_MOMENT, slowed_to=0.5)
    world.clock.advance(20)
    assert world.get("/gateway").json["pace"] == {"parts_per_s": 20.0, "share": 0.667}


def test_without_a_pace_an_old_one_is_no_matter(world: World) -> None:
    world.pace.state = PaceState(SOME_MOMENT, "p1", slowed_at=SOME_MOMENT, slowed_to=0.5)
    assert world.get("/gateway").json["pace"] == {"parts_per_s": None, "share": 1.0}

"""What goes wrong: one list, with how often each strikes on a bad day.

A world does not suffer everything at once: its seed leaves some faults out and makes others
frequent, so that rare combinations come up as well. Some worlds are mild: what may be sent must be
sent promptly there.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.kernel import Kernel


@dataclass(frozen=True, slots=True)
class Fault:
    """`share` of the occasions on which it strikes."""

    name: str
    share: float
    what: str


FAULTS = (
    Fault("crash_before", 0.004, "a process dies before a call of AWS"),
    Fault("crash_after", 0.004, "a process dies after a call of AWS took effect"),
    Fault("crash_during", 0.01, "a process dies while a batch is half done"),
    Fault("crash_while_calling", 0.03, "a sender dies while the gateway is at work"),
    Fault("aws_fails", 0.01, "a call of AWS fails or is throttled, and did nothing"),
    Fault("answer_lost", 0.006, "a call of AWS takes effect, and the caller hears of a failure"),
    Fault("part_done", 0.03, "a random part of a batch is done, and the caller hears of a failure"),
    Fault("rest_later", 0.02, "as before, and the rest of it happens seconds later"),
    Fault("hangs", 0.0006, "a call of AWS never returns"),
    Fault("slow", 0.05, "a call of AWS takes seconds"),
    Fault("sluggish", 0.2, "a process becomes slow, so that others overtake it"),
    Fault("clock_off", 0.5, "a machine's clock is up to a quarter of a second off, either way"),
    Fault("stale_read", 0.5, "an eventually consistent read shows what was up to a second ago"),
    Fault("record_twice", 0.05, "a queue record is delivered twice"),
    Fault("record_late", 0.05, "a queue record takes up to 40 s"),
    Fault("record_vanishes", 0.01, "a queue record is lost"),
    Fault("record_foreign", 0.01, "a queue record that is none of ours"),
    Fault("visibility_short", 0.02, "a record is visible again while its handler still runs"),
    Fault("queue_purged", 0.25, "somebody empties the message queue, records in flight too"),
    Fault("numbers_lag", 0.5, "a queue's number of records is up to a minute old"),
    Fault("schedule_late", 0.5, "a schedule fires up to a minute late"),
    Fault("schedule_twice", 0.3, "a schedule fires twice"),
    Fault("schedule_lost", 0.2, "a schedule never fires"),
    Fault("schedule_early", 0.2, "a schedule fires up to a minute early"),
    Fault("schedule_undead", 0.5, "a schedule that was deleted fires all the same"),
    Fault("tick_lost", 0.1, "a minute's tick never comes"),
    Fault("stream_again", 0.1, "a stream's batch comes again, often longer"),
    Fault("stream_foreign", 0.02, "a stream record written by a later version of us"),
    Fault("poison", 0.15, "a client whose message kills the sender each time"),
    Fault("counters_corrupted", 0.9, "numbers are added to a mailing's counters"),
    Fault("gateway_moody", 0.6, "the gateway answers in one of its many ways"),
    Fault("gateway_down", 0.4, "for minutes every call of the gateway fails"),
    Fault("gateway_strange", 0.8, "for two minutes the gateway answers in one odd way"),
    Fault("gateway_refuses_all", 0.2, "for a minute the gateway refuses every message for good"),
)

DELAYS = frozenset({"slow", "sluggish", "clock_off", "stale_read", "numbers_lag", "gateway_moody"})
"""What keeps nobody from doing the work."""

SHARES = {each.name: each.share for each in FAULTS}

QUIET: dict[str, float] = {}
"""Nothing goes wrong."""


MILD: tuple[dict[str, float], ...] = (
    {},
    {"gateway_moody": 0.5},
    {"slow": 0.05, "gateway_moody": 0.5},
    {"slow": 0.05, "sluggish": 0.1, "gateway_moody": 0.5, "gateway_refuses_all": 0.2},
)
"""Weathers in which nobody is kept from working, so that everything must happen promptly."""

CROWDED = {"gateway_moody": 0.1, "gateway_refuses_all": 0.9}
"""With many clients and few senders, who live to see that the gateway refuses most messages."""


def weather(dice: random.Random) -> dict[str, float]:
    """How often each fault strikes in one world; one in four is mild, and one in thirty crowded."""
    if dice.random() < 1 / 4:
        return dice.choice(MILD)
    if dice.random() < 1 / 23:
        return CROWDED
    return {name: min(0.9, share * dice.choice((0, 1, 1, 4))) for name, share in SHARES.items()}


@dataclass(slots=True)
class Faults:
    """Throws the dice for each fault, and counts what it did."""

    kernel: Kernel
    rates: dict[str, float]
    injected: Counter[str] = field(default_factory=Counter)

    def strikes(self, name: str) -> bool:
        """Whether this fault happens now."""
        rate = self.rates.get(name, 0.0)
        if not rate or self.kernel.dice.random() >= rate:
            return False
        self.note(name)
        return True

    def note(self, name: str) -> None:
        """It did happen."""
        self.injected[name] += 1
        process = self.kernel.process()
        if process is not None and name not in DELAYS:
            process.met += 1

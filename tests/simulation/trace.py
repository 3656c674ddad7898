"""What happened, for a person to read: in order of time, and only what changed."""

from hashlib import sha256

from carillon.models.base import Model
from tests.simulation.gateway import Call
from tests.simulation.history import Event
from tests.simulation.world import World

DULL = frozenset({"token", "updated_at", "rev", "version", "expires_at", "created_at"})
"""Fields that change with every write, or never."""

SHOWN_MAX = 40
ID_SHOWN = 5


def lines(world: World) -> list[str]:
    """Everything on record."""
    history = world.history
    told = [
        (each.at, each.number, _event(each))
        for events in (
            *(history.mailings, history.messages, history.clients),
            *(history.trials, history.work),
        )
        for each in events
    ]
    told += [(call.begun, 0, _call(call)) for call in world.cloud.gateway.calls]
    return [f"{at:%d %H:%M:%S.%f}"[:-3] + f" {what}" for at, _, what in sorted(told)]


def digest(world: World) -> str:
    """The same for the same seed and code."""
    return sha256("\n".join(lines(world)).encode()).hexdigest()[:16]


def _event(event: Event) -> str:
    thing = event.thing
    name = f"{type(thing).__name__.lower():8} {_id(thing)}"
    if event.new is None:
        return f"{name} removed"
    new = event.new.model_dump(mode="json")
    old = event.old.model_dump(mode="json") if event.old else {}
    changed = [
        f"{field} {_short(old[field])}→{_short(value)}" if old else f"{field} {_short(value)}"
        for field, value in new.items()
        if field not in DULL and value != old.get(field)
    ]
    return f"{name} {', '.join(changed) or 'written'}"


def _id(thing: Model) -> str:
    values = thing.model_dump(mode="json")
    names = [name for name in ("id", "mailing_id", "client_id") if name in values]
    ids = [str(values[name])[:ID_SHOWN] for name in names]
    return "/".join([*ids, *(str(values["number"]) for _ in range("number" in values))])


def _call(call: Call) -> str:
    took_s = (call.ended - call.begun).total_seconds()
    truth = "accepted" if call.accepted else "not accepted"
    outcome = getattr(call.outcome, "status", getattr(call.outcome, "cause", None))
    told = f"{call.mood}, {truth}, {outcome} after {took_s:.1f} s"
    return f"call     {call.gateway_id} by sender {call.sender}: {told}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"

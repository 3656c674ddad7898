"""What the API must tell of a mailing. Pure; each check is proved by a unit test."""

from __future__ import annotations

from collections import Counter

from local.chaos.evidence import Evidence, Finding
from local.gateway import Mood

FINAL = frozenset({"sent", "failed", "unknown", "expired", "cancelled"})
SURELY_NOT_ACCEPTED = frozenset({"failed", "expired", "cancelled"})

RECOVERED_AFTER_S = 420.0
"""The tick believes that doorbells were lost after two minutes of silence; then each has its turn.
With less calm before the end than this, nothing is said about what was never tried."""

CONFIRMS = frozenset({"ok", Mood.DRIP, Mood.LATE})
"""How a call may end that told its sender of success: the slow ones, if patience lasted."""


def everything_planned_happened(evidence: Evidence) -> Finding:
    """A run that was over too early proves less than it says."""
    happened = evidence.misfortunes.counted()
    wrong = [
        f"{kind}: {happened[kind]} of {number}"
        for kind, number in evidence.planned.items()
        if happened[kind] < number
    ]
    return Finding("misfortunes, all that were planned", f"{happened.total()}", tuple(wrong))


def mailing_is_finished(evidence: Evidence) -> Finding:
    """Nothing hangs."""
    status = evidence.mailing["status"]
    return Finding("the mailing", status, () if status == "finished" else (evidence.mailing["id"],))


def each_client_has_one_message(evidence: Evidence) -> Finding:
    """Nobody is lost, nobody comes twice; one deleted early may have none."""
    messages = Counter(each["client_id"] for each in evidence.messages)
    must_have_one = evidence.clients.keys() - evidence.misfortunes.deleted.keys()
    wrong = [f"client {client}: none" for client in sorted(must_have_one - messages.keys())]
    wrong += [f"client {client}: {number}" for client, number in messages.items() if number > 1]
    wrong += [f"client {each}: not selected" for each in messages.keys() - evidence.clients.keys()]
    figure = f"{len(evidence.messages)} for {len(evidence.clients)} clients"
    return Finding("messages", figure, tuple(wrong))


def each_message_is_final(evidence: Evidence) -> Finding:
    """Nothing is left hanging."""
    wrong = [
        f"{each['id']}: {each['status']}"
        for each in evidence.messages
        if each["status"] not in FINAL
    ]
    return Finding("messages without a final status", f"{len(wrong)}", tuple(wrong))


def nobody_is_forgotten(evidence: Evidence) -> Finding:
    """Whatever was emptied or killed, each message has its turn when there is time enough."""
    untried = [
        f"{each['id']}: {each['status']}"
        for each in evidence.messages
        if not each["attempts"] and each["client_id"] not in evidence.misfortunes.deleted
    ]
    figure = f"{len(untried)}, with {evidence.calm_s:.0f} s of calm before the end"
    there_was_time = evidence.calm_s > RECOVERED_AFTER_S
    return Finding("messages never tried", figure, tuple(untried) if there_was_time else ())


def statuses_tell_the_truth(evidence: Evidence) -> Finding:
    """`sent` was confirmed; what may have been accepted is never said to have failed."""
    confirmed = {each.gateway_id for each in evidence.calls if each.answer in CONFIRMS}
    wrong = []
    for gateway_id, message in evidence.messages_by_id.items():
        status = message["status"]
        if status == "sent" and gateway_id not in confirmed:
            wrong.append(f"{message['id']}: sent, but never confirmed")
        if status in SURELY_NOT_ACCEPTED and gateway_id in evidence.accepted:
            wrong.append(f"{message['id']}: {status}, but accepted")
    unknown = {key for key, each in evidence.messages_by_id.items() if each["status"] == "unknown"}
    accepted = len(unknown & evidence.accepted.keys())
    figure = f"{len(wrong)} ({len(unknown)} are unknown, {accepted} of those were accepted)"
    return Finding("statuses that are not true", figure, tuple(wrong))


def counts_equal_a_recount(evidence: Evidence) -> Finding:
    """Counters by status are what the messages say, and add up."""
    recount = Counter(each["status"] for each in evidence.messages)
    counts = Counter(evidence.counts)
    total = counts.pop("total", 0)
    wrong = [
        f"{status}: counted {counts[status]}, there are {recount[status]}"
        for status in sorted(counts.keys() | recount.keys())
        if counts[status] != recount[status]
    ]
    if not counts.total() == total == len(evidence.messages):
        there = len(evidence.messages)
        wrong.append(f"counted {counts.total()} by status, {total} in all, there are {there}")
    figure = ", ".join(f"{number} {status}" for status, number in recount.most_common())
    return Finding("counts, equal to a recount", figure, tuple(wrong))


def attempts_cover_the_calls(evidence: Evidence) -> Finding:
    """Every call was an attempt on record; one whose sender died first has no call."""
    wrong = []
    for message in evidence.messages:
        calls = len(evidence.calls_by_id.get(message["gateway_id"], ()))
        if message["attempts"] < calls:
            wrong.append(f"{message['id']}: {message['attempts']} attempts, {calls} calls")
    total = sum(each["attempts"] for each in evidence.messages)
    without = total - len(evidence.calls)
    if total != evidence.attempts:
        wrong.append(f"counted {evidence.attempts} attempts, there are {total}")
    return Finding("attempts", f"{total}, {without} of them without a call", tuple(wrong))

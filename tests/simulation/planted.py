"""Faults planted in our own code: what the simulation must find, and within how many seeds.

Each is one small, likely mistake: an exact piece of a source file and what stands there instead.
`checkers` are those that are expected to complain; others may do so as well.
"""

from dataclasses import dataclass

USECASES = "layers/shared/python/carillon/usecases"
POLICY = "layers/shared/python/carillon/policy"
MODELS = "layers/shared/python/carillon/models"


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault; `seeds` is how many may be played until it is found."""

    name: str
    file: str
    old: str
    new: str
    checkers: tuple[str, ...]
    seeds: int = 200
    is_found_soon: bool = True


PLANTED = (
    Planted(
        "call without a claim",
        f"{USECASES}/claiming.py",
        "return [after for (_, after), ours in zip(wanted, won, strict=True) if ours]",
        "return [after for (_, after), ours in zip(wanted, won, strict=True)]",
        ("one_call_at_a_time", "never_again_after_success", "no_haste"),
    ),
    Planted(
        "claim not on record",
        f"{USECASES}/claiming.py",
        "            attempts=due.message.attempts + 1,\n",
        "",
        ("the_truth", "the_timeline_is_exact"),
    ),
    Planted(
        "settle on a stale read",
        f"{USECASES}/deciding.py",
        "clients = self.audience.get_many({each.body.client_id for each in records}, consistent=True)",
        "clients = self.audience.get_many({each.body.client_id for each in records})",
        ("all",),
    ),
    Planted(
        "drop on a stale mailing",
        f"{USECASES}/deciding.py",
        "            mailing_id: self.mailings.get(mailing_id)\n",
        "            mailing_id: self.recent.get(mailing_id)\n",
        ("prompt", "none_is_forgotten"),
    ),
    Planted(
        "ring before the insert",
        f"{USECASES}/slicing.py",
        "        self.messages.insert(made)\n        seen_since = self.mailings.get(mailing.id)\n",
        "        self._ring(made, now)\n        seen_since = self.mailings.get(mailing.id)\n"
        "        self.messages.insert(made)\n",
        ("prompt",),
    ),
    Planted(
        "settle under a live claim",
        f"{USECASES}/closing.py",
        "if message.claim_until is not None and message.is_claimed(now):",
        "if message.claim_until is not None and message.is_claimed(now) and message.attempts < 0:",
        ("a_claim_is_left_alone",),
    ),
    Planted(
        "recount under a live claim",
        f"{USECASES}/recounting.py",
        "if message.claim_until is not None and message.is_claimed(now):",
        "if message.claim_until is not None and message.is_claimed(now) and message.attempts < 0:",
        ("a_claim_is_left_alone",),
    ),
    Planted(
        "close while slices run",
        f"{USECASES}/passes.py",
        "return mailing.slices == 0 or all(each.done for each in mailings.slices(mailing.id))",
        "return mailing.slices >= 0 or all(each.done for each in mailings.slices(mailing.id))",
        ("always_due", "all_settled", "everyone_selected"),
    ),
    Planted(
        "settle without condition",
        f"{USECASES}/closing.py",
        "        self.messages.swap(changes)  # a refused one was",
        "        done = self.messages.swap(changes)\n"
        "        lost = [after for (_, after), ok in zip(changes, done) if not ok]\n"
        "        now_there = self.messages.get_many([each.key for each in lost])\n"
        "        self.messages.swap([(now_there[each.key], each) for each in lost])  # one was",
        ("a_claim_is_left_alone", "only_allowed_moves", "the_truth"),
    ),
    Planted(
        "checkpoint before write",
        f"{USECASES}/slicing.py",
        "        note_waves(self.mailings, filter(_is_pending, made), now)\n"
        "        self.messages.insert(made)\n",
        "        piece = self._checkpoint(piece, cursor=page.cursor, done=page.cursor is None)\n"
        "        note_waves(self.mailings, filter(_is_pending, made), now)\n"
        "        self.messages.insert(made)\n",
        ("everyone_selected",),
    ),
    Planted(
        "count without guard",
        f"{USECASES}/counting.py",
        "if position is None or int(each.sequence) > int(position)]",
        "if position is None or int(each.sequence) > 0]",
        ("counts_are_exact",),
    ),
    Planted(
        "sequence compared as text",
        f"{USECASES}/counting.py",
        "int(each.sequence) > int(position)",
        "each.sequence > position",
        ("counts_are_exact",),
    ),
    Planted(
        "backoff past the end",
        f"{POLICY}/retry.py",
        "    if floor_s >= left_s:\n        return NoTimeLeft()\n"
        "    ceiling_s = min(max(ceiling_s, floor_s * RETRY_AFTER_SPREAD), left_s, WAIT_MAX_S)",
        "    if floor_s >= left_s + 9000:\n        return NoTimeLeft()\n"
        "    ceiling_s = min(max(ceiling_s, floor_s * RETRY_AFTER_SPREAD), WAIT_MAX_S)",
        ("waits_within_the_end",),
    ),
    Planted(
        "Retry-After ignored",
        f"{POLICY}/retry.py",
        "max(BACKOFF_MIN_S, after_s or 0.0)",
        "max(BACKOFF_MIN_S, 0.0)",
        ("no_haste",),
    ),
    Planted(
        "cache without limit",
        f"{USECASES}/recent.py",
        "AGE_MAX = timedelta(seconds=2)",
        "AGE_MAX = timedelta(seconds=2000)",
        ("within_times", "the_right_words", "within_hours"),
    ),
    Planted(
        "window in UTC",
        f"{POLICY}/hours.py",
        "wall = now.astimezone(zone_of(timezone)).time()",
        "wall = now.astimezone(UTC).time()",
        ("within_hours",),
    ),
    Planted(
        "call begun after the end",
        f"{POLICY}/retry.py",
        "return now < planned.begin_by and planned.until - now >= LAST_CALL_BEFORE_END",
        "return now < planned.begin_by",
        ("within_times",),
    ),
    Planted(
        "call not cut at the end",
        f"{USECASES}/claiming.py",
        "min(begin_at + self.timeout, due.mailing.ends_at, over_by)",
        "min(begin_at + self.timeout, over_by)",
        ("within_times",),
    ),
    Planted(
        "no forced success after a lapsed claim",
        f"{USECASES}/recording.py",
        "if not ours and isinstance(verdict, Accepted):",
        "if not ours and not isinstance(verdict, Accepted | TryAgain | Verdict):",
        ("the_truth",),
    ),
    Planted(
        "resume that never rings",
        f"{USECASES}/revising.py",
        "        ring_for(self.doorbells, pending, now)\n",
        "",
        ("prompt", "none_is_forgotten"),
    ),
    Planted(
        "resend that moves twice",
        f"{POLICY}/revision.py",
        "return message.status in mailing.resending and message.resends < mailing.resends",
        "return message.status in mailing.resending",
        ("reopened_for_a_reason",),
    ),
    Planted(
        "revision's mark cleared too early",
        f"{USECASES}/revising.py",
        "            if must_stop_after(page, budget):\n                leave(through=False)\n",
        "            if must_stop_after(page, budget):\n                leave(through=True)\n",
        ("revised_as_a_whole", "all_settled", "always_due"),
    ),
    Planted(
        "revision forgets slices under way",
        f"{USECASES}/slicing.py",
        "            if seen_since.version != mailing.version:",
        "            if seen_since.version < mailing.version:",
        ("prompt", "none_is_forgotten", "revised_as_a_whole"),
    ),
    Planted(
        "tick that never listens",
        f"{USECASES}/ticking.py",
        "if _sending(items, now) and not self.doorbells.waiting():",
        "if _sending(items, now) and self.doorbells.waiting() < 0:",
        ("none_is_forgotten",),
    ),
    Planted(
        "release that never rings",
        f"{USECASES}/releasing.py",
        "            ring_for(self.doorbells, page.items, now)\n",
        "",
        ("prompt", "none_is_forgotten"),
    ),
    Planted(
        "asleep until the end",
        f"{USECASES}/releasing.py",
        "due_at = min(earliest, mailing.ends_at)",
        "due_at = mailing.ends_at",
        ("none_is_forgotten",),
    ),
    Planted(
        "wave not noted",
        f"{USECASES}/ringing.py",
        "        if opens_at - now > QUEUE_DELAY_MAX:\n            mailings.add_wave",
        "        if opens_at - now > 99 * QUEUE_DELAY_MAX:\n            mailings.add_wave",
        ("prompt", "none_is_forgotten"),
    ),
    Planted(
        "close with a revision pending",
        f"{USECASES}/closing.py",
        "return mailing.revising is not None or mailing.is_revised(now)",
        "return mailing.revising is not None and mailing.is_revised(now) and mailing.closing",
        ("revised_as_a_whole", "all_settled"),
    ),
    Planted(
        "recount repairs before all is counted",
        f"{USECASES}/recounting.py",
        "        if own.total < messages:\n",
        "        if own.total < messages and messages < 0:\n",
        ("counts_are_exact", "recounts_finish_and_tell"),
    ),
    Planted(
        "what may have been accepted is called refused",
        f"{POLICY}/outcome.py",
        "refused = claimed.refused + verdict.surely_not_accepted",
        "refused = claimed.refused + 1",
        ("the_truth",),
    ),
    Planted(
        "a new id on each attempt",
        f"{USECASES}/claiming.py",
        "gateway_id=gateway_id(due.message.id)",
        'gateway_id=gateway_id(f"{due.message.id}-{due.message.attempts}")',
        ("every_call_is_of_a_message",),
    ),
    Planted(
        "pace ignored",
        f"{USECASES}/pacing.py",
        "                if slots.begin_at:\n",
        "                if not slots.begin_at:\n",
        ("the_pace",),
    ),
    Planted(
        "pace forgets SMS parts",
        f"{USECASES}/admitting.py",
        "parts = [by_text[each.mailing.text] for each in due]",
        "parts = [min(1, by_text[each.mailing.text]) for each in due]",
        ("the_pace",),
    ),
    Planted(
        "unknown is retried",
        f"{USECASES}/deciding.py",
        "            retry_unknown=self.retry_unknown,\n",
        "",
        ("unknown_is_left_to_people",),
    ),
    Planted(
        "breaker that never opens",
        f"{POLICY}/breaker.py",
        "FAILURES_TO_OPEN = 20",
        "FAILURES_TO_OPEN = 2000",
        ("the_breaker_spares",),
    ),
    Planted(
        "breaker that lets all probe",
        f"{USECASES}/breaker.py",
        "        return int(probes)\n",
        "        return len(waiting) if probes else 0\n",
        ("the_breaker_spares",),
    ),
    Planted(
        "the deleted are written to",
        f"{POLICY}/delivery.py",
        "    if mailing is None or mailing.deleted:\n",
        "    if mailing is None:\n",
        ("within_times",),
    ),
)

"""What the simulation must find in the fan-out, the counters and their rules."""

from tests.simulation.planted.fault import POLICY, USECASES, Planted

INSERT = "        self.messages.insert(made)\n"
LOOK = "        seen_since = self.mailings.get(mailing.id)\n"
IF_RUNNING = "        if seen_since is not None and seen_since.status is MailingStatus.RUNNING:\n"
RING = "            self._ring(made, now)\n"

FANOUT = (
    Planted(
        "ring before the insert",
        f"{USECASES}/slicing.py",
        f"{INSERT}{LOOK}{IF_RUNNING}{RING}",
        f"{LOOK}{IF_RUNNING}{RING}{INSERT}{IF_RUNNING}",
        ("prompt",),
        seeds=2000,
        is_found_soon=False,
    ),
    Planted(
        "what is settled at its birth looks untouched",
        f"{USECASES}/slicing.py",
        '                "token": SETTLED_AT_BIRTH,\n',
        "",
        ("a_claim_is_left_alone",),
        seeds=2600,
        is_found_soon=False,
    ),
    Planted(
        "look before the insert whether it still runs",
        f"{USECASES}/slicing.py",
        f"{INSERT}{LOOK}",
        f"{LOOK}{INSERT}",
        ("prompt",),
        seeds=2000,
        is_found_soon=False,
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
        is_found_soon=False,
    ),
    Planted(
        "close while slices run",
        f"{USECASES}/passes.py",
        "return mailing.slices == 0 or all(each.done for each in mailings.slices(mailing.id))",
        "return mailing.slices >= 0 or all(each.done for each in mailings.slices(mailing.id))",
        ("always_due", "all_settled"),
        is_found_soon=False,
    ),
    Planted(
        "settle without condition",
        f"{USECASES}/closing.py",
        "        written = self.messages.swap(changes)\n",
        "        written = self.messages.swap(changes)\n"
        "        lost = [after for (_, after), ok in zip(changes, written) if not ok]\n"
        "        now_there = self.messages.get_many([each.key for each in lost])\n"
        "        self.messages.swap([(now_there[each.key], each) for each in lost])\n",
        ("a_claim_is_left_alone", "all_settled", "only_allowed_moves", "the_truth"),
        seeds=3000,
        is_found_soon=False,
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
        is_found_soon=False,
    ),
    Planted(
        "count without guard",
        f"{USECASES}/counting.py",
        "if position is None or int(each.sequence) > int(position)]",
        "if position is None or int(each.sequence) > 0]",
        ("counts_are_exact", "the_timeline_is_exact", "the_whole_is_the_sum"),
    ),
    Planted(
        "sequence compared as text",
        f"{USECASES}/counting.py",
        "int(each.sequence) > int(position)",
        "each.sequence > position",
        ("counts_are_exact", "the_whole_is_the_sum"),
        is_found_soon=False,
    ),
    Planted(
        "resume that never rings",
        f"{USECASES}/revising.py",
        "        ring_for(self.doorbells, pending, now)\n",
        "",
        ("prompt", "none_is_forgotten", "lost_doorbells_are_missed"),
        is_found_soon=False,
    ),
    Planted(
        "resend that moves twice",
        f"{POLICY}/revision.py",
        "return message.status in mailing.resending and message.resends < mailing.resends",
        "return message.status in mailing.resending",
        ("reopened_for_a_reason",),
        is_found_soon=False,
    ),
    Planted(
        "revision's mark cleared too early",
        f"{USECASES}/revising.py",
        "revision_leases=(*others, until)\n",
        "revision_leases=(*others, until), revising=None\n",
        ("revised_as_a_whole", "waits_no_longer_than_hours", "prompt"),
        is_found_soon=False,
    ),
    Planted(
        "who revised last never asks whether that was all",
        f"{USECASES}/revising.py",
        "            if left.revising is None and not left.is_revised(now):\n",
        "            if left.revising is None and left.is_revised(now):\n",
        ("finished_soon",),
    ),
    Planted(
        "revision forgets slices under way",
        f"{USECASES}/slicing.py",
        "            if seen_since.version != piece.version:",
        "            if seen_since.version < piece.version:",
        ("prompt", "none_is_forgotten", "revised_as_a_whole"),
        seeds=3000,
        is_found_soon=False,
    ),
    Planted(
        "tick that never listens",
        f"{USECASES}/watching.py",
        "        if self._suspects(due):\n",
        "        if self._suspects(due) and not due:\n",
        ("none_is_forgotten", "lost_doorbells_are_missed"),
        is_found_soon=False,
    ),
    Planted(
        "only silence is noticed",
        f"{USECASES}/watching.py",
        "if waiting >= CLEARLY_FEWER * sum(expected.values()):",
        "if waiting:",
        ("lost_doorbells_are_missed",),
        seeds=600,
        is_found_soon=False,
    ),
    Planted(
        "search that rings only for its own instant",
        f"{USECASES}/releasing.py",
        "if wave.search or each.not_before == wave.opens_at]",
        "if each.not_before == wave.opens_at]",
        ("lost_doorbells_are_missed", "none_is_forgotten"),
    ),
    Planted(
        "rest of hours after a search",
        f"{USECASES}/releasing.py",
        "REST_MIN = timedelta(minutes=2)",
        "REST_MIN = timedelta(hours=2)",
        ("lost_doorbells_are_missed", "none_is_forgotten"),
        is_found_soon=False,
    ),
    Planted(
        "release that never rings",
        f"{USECASES}/releasing.py",
        "        ring_for(self.doorbells, chosen, now)\n",
        "",
        ("prompt", "none_is_forgotten", "lost_doorbells_are_missed"),
        is_found_soon=False,
    ),
    Planted(
        "wave not noted",
        f"{USECASES}/ringing.py",
        "        if opens_at - now > QUEUE_DELAY_MAX:\n            mailings.add_wave",
        "        if opens_at - now > 99 * QUEUE_DELAY_MAX:\n            mailings.add_wave",
        ("prompt", "none_is_forgotten", "lost_doorbells_are_missed"),
        is_found_soon=False,
    ),
    Planted(
        "close with a revision pending",
        f"{USECASES}/closing.py",
        "return mailing.revising is not None or mailing.is_revised(now)",
        "return mailing.revising is not None and mailing.is_revised(now) and mailing.closing",
        ("revised_as_a_whole", "all_settled"),
        seeds=600,
        is_found_soon=False,
    ),
    Planted(
        "recount repairs before all is counted",
        f"{USECASES}/recounting.py",
        "        if own.total < messages:\n",
        "        if own.total < messages and messages < 0:\n",
        ("counts_are_exact", "recounts_finish_and_tell", "the_whole_is_the_sum"),
        is_found_soon=False,
    ),
)

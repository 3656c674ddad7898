"""The desk where mailings are made, changed, resent and recounted, and what goes on meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from carillon.errors import Invalid, LostRace, NotFound, StateForbids, Unavailable, VersionMismatch
from carillon.models.mailing import Filter, Mailing, MailingDraft, MailingPatch, MailingStatus
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.usecases.mailings import MailingDesk
from tests.fakes import FakeCaller, FakeClock, FakeCreations, FakeMailings, SeededChance
from tests.fakes.samples import HOUR, a_mailing
from tests.fakes.system import SOME_MOMENT
from tests.unit.usecases.stage import after, before, once, outage

CALLER = FakeCaller().subject()
FAILED, UNKNOWN = MessageStatus.FAILED, MessageStatus.UNKNOWN


@pytest.fixture
def mailings() -> FakeMailings:
    return FakeMailings(FakeCreations(FakeClock()))


@pytest.fixture
def desk(mailings: FakeMailings) -> MailingDesk:
    return _desk(mailings)


def _desk(mailings: Any) -> MailingDesk:
    clock = FakeClock()
    return MailingDesk(
        mailings=mailings,
        log=FakeCreations(clock),
        clock=clock,
        chance=SeededChance(),
        caller=FakeCaller(),
    )


def _draft(**fields: Any) -> MailingDraft:
    times = {"starts_at": SOME_MOMENT + HOUR, "ends_at": SOME_MOMENT + 2 * HOUR}
    return MailingDraft(**{"text": "Hello", "filter": Filter(), **times, **fields})


@pytest.mark.parametrize(
    "ends_at", [SOME_MOMENT - HOUR, SOME_MOMENT, SOME_MOMENT + timedelta(minutes=30)]
)
def test_a_mailing_that_would_be_over_is_not_created(
    desk: MailingDesk, mailings: FakeMailings, ends_at: Any
) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.create(_draft(ends_at=ends_at), None)
    assert refusal.value.field == "ends_at"
    assert mailings.by_id == {}


def test_it_is_on_record_who_made_a_mailing_and_who_changed_it_last(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    made = desk.create(_draft(), None)
    assert (made.created_by, made.updated_by) == (CALLER, CALLER)
    by_others = made.model_copy(update={"created_by": "somebody", "updated_by": "somebody"})
    mailings.by_id[made.id] = by_others
    assert desk.change(made.id, MailingPatch(), None).updated_by == "somebody", "nothing changed"
    changed = desk.change(made.id, MailingPatch(text="Bye"), None)
    assert (changed.created_by, changed.updated_by) == ("somebody", CALLER)


def test_an_edit_that_meets_the_start_is_decided_again(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    """The fan-out begins the mailing between our reading and our writing."""
    mailings.add(a_mailing(), None)
    begun: list[Mailing] = []

    class Contended:
        def get(self, mailing_id: str) -> Mailing | None:
            read = mailings.get(mailing_id)
            if read is not None and not begun:
                begun.append(read.changed(status=MailingStatus.RUNNING, slices=8))
                mailings.begin(read, begun[0], [])
            return read

        replace = mailings.replace

    contended = MailingDesk(
        mailings=Contended(),  # type: ignore[arg-type]
        log=desk.log,
        clock=desk.clock,
        chance=desk.chance,
        caller=desk.caller,
    )
    with pytest.raises(StateForbids):
        contended.change("m0000001", MailingPatch(starts_at=SOME_MOMENT + HOUR / 2), None)
    assert mailings.by_id["m0000001"] == begun[0]


def test_what_was_seen_at_another_version_is_not_changed(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    old = a_mailing(version=3)
    mailings.add(old, None)
    with pytest.raises(VersionMismatch):
        desk.change("m0000001", MailingPatch(text="New"), 2)
    assert mailings.by_id["m0000001"] == old


def test_the_system_s_writes_do_not_make_a_version_stale(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    mailings.add(a_mailing(status=MailingStatus.RUNNING, rev=7, slices=8), None)
    new = desk.change("m0000001", MailingPatch(text="New"), 1)
    assert (new.version, new.rev, new.slices) == (2, 8, 8)


def test_a_deleted_mailing_is_not_found(desk: MailingDesk, mailings: FakeMailings) -> None:
    mailings.add(a_mailing(), None)
    desk.remove("m0000001", 1)
    assert mailings.by_id["m0000001"].deleted
    with pytest.raises(NotFound):
        desk.get("m0000001")
    with pytest.raises(NotFound):
        desk.remove("m0000001", None)


# Sending again.


def test_a_resend_is_written_and_told(desk: MailingDesk, mailings: FakeMailings) -> None:
    mailings.add(a_mailing(status=MailingStatus.FINISHED, due_at=None, version=3, rev=8), None)
    new = desk.resend("m0000001", [FAILED], 3)
    assert new == mailings.by_id["m0000001"]
    assert (new.status, new.resends, new.version) == (MailingStatus.RUNNING, 1, 4)


def test_a_resend_of_what_was_seen_at_another_version_changes_nothing(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    old = a_mailing(status=MailingStatus.RUNNING, version=3)
    mailings.add(old, None)
    with pytest.raises(VersionMismatch):
        desk.resend("m0000001", [FAILED], 2)
    assert mailings.by_id["m0000001"] == old


@pytest.mark.parametrize(
    "meanwhile",
    [{"status": MailingStatus.CANCELLED}, {"closing": True}, {"ends_at": SOME_MOMENT}],
)
def test_a_resend_that_meets_the_end_is_refused(
    desk: MailingDesk, mailings: FakeMailings, meanwhile: dict[str, Any]
) -> None:
    old = a_mailing(status=MailingStatus.RUNNING)
    mailings.add(old, None)
    end = once(lambda: mailings.replace(old, old.changed(**meanwhile)))
    contended = _desk(before(mailings, "replace", end))
    with pytest.raises(StateForbids):
        contended.resend("m0000001", [UNKNOWN], None)
    assert mailings.by_id["m0000001"].resends == 0


def test_two_resends_at_the_same_moment_both_count(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    mailings.add(a_mailing(status=MailingStatus.RUNNING), None)
    rival = once(lambda: desk.resend("m0000001", [FAILED], None))
    new = _desk(before(mailings, "replace", rival)).resend("m0000001", [UNKNOWN], None)
    assert (new.resends, new.resending) == (2, (FAILED, UNKNOWN))


# Recounts.

FIRST = Recount(mailing_id="m0000001", number=1, requested_at=SOME_MOMENT, due_at=SOME_MOMENT)


@pytest.mark.parametrize("status", MailingStatus)
def test_a_recount_is_begun_in_any_state(
    desk: MailingDesk, mailings: FakeMailings, status: MailingStatus
) -> None:
    old = a_mailing(status=status, version=3)
    mailings.add(old, None)
    assert desk.recount("m0000001") == FIRST == desk.get_recount("m0000001", 1)
    assert mailings.by_id["m0000001"] == old.changed(recounts=1), "no version for an operator"


def test_a_recount_under_way_is_not_begun_again(desk: MailingDesk, mailings: FakeMailings) -> None:
    mailings.add(a_mailing(), None)
    desk.recount("m0000001")
    under_way = FIRST.changed(messages=7)
    mailings.checkpoint(FIRST, under_way)
    assert desk.recount("m0000001") == under_way
    assert mailings.by_id["m0000001"].recounts == 1


def test_after_one_that_is_finished_the_next_is_begun(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    mailings.add(a_mailing(), None)
    desk.recount("m0000001")
    mailings.checkpoint(FIRST, FIRST.changed(finished_at=SOME_MOMENT, due_at=None))
    assert desk.recount("m0000001").number == 2
    assert mailings.by_id["m0000001"].recounts == 2
    assert desk.get_recount("m0000001", 1).finished_at == SOME_MOMENT


def test_two_requests_at_the_same_moment_begin_one_recount(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    mailings.add(a_mailing(), None)
    rival = once(lambda: desk.recount("m0000001"))
    assert _desk(before(mailings, "begin", rival)).recount("m0000001") == FIRST
    assert [(each.mailing_id, each.number) for each in mailings.recounts] == [("m0000001", 1)]


def test_a_recount_whose_answer_was_lost_is_found_by_the_next_request(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    mailings.add(a_mailing(), None)
    with pytest.raises(Unavailable):
        _desk(after(mailings, "begin", outage)).recount("m0000001")
    assert desk.recount("m0000001") == FIRST


def test_whoever_is_always_too_late_gives_up(mailings: FakeMailings) -> None:
    mailings.add(a_mailing(), None)

    def edit() -> None:
        old = mailings.by_id["m0000001"]
        mailings.replace(old, old.changed(text=f"{old.rev}"))

    with pytest.raises(LostRace):
        _desk(before(mailings, "begin", edit)).recount("m0000001")
    assert not mailings.recounts


def test_there_is_nothing_to_recount_of_a_deleted_mailing(
    desk: MailingDesk, mailings: FakeMailings
) -> None:
    mailings.add(a_mailing(), None)
    desk.recount("m0000001")
    desk.remove("m0000001", None)
    with pytest.raises(NotFound):
        desk.recount("m0000001")
    with pytest.raises(NotFound):
        desk.get_recount("m0000001", 1)


def test_a_recount_that_never_was_is_not_found(desk: MailingDesk, mailings: FakeMailings) -> None:
    mailings.add(a_mailing(), None)
    with pytest.raises(NotFound, match="recount"):
        desk.get_recount("m0000001", 1)

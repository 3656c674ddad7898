"""Mailings: when one is due, what its state lets be changed, and what the system does meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.errors import Invalid, NotFound, StateForbids
from carillon.models.mailing import Filter, Mailing, MailingDraft, MailingPatch, MailingStatus
from carillon.policy.steps import Begin, Later, next_step
from carillon.usecases.mailings import MailingDesk, changed, editable_fields, mailing_of
from tests.fakes import FakeClock, FakeCreations, FakeMailings, SeededChance
from tests.fakes.samples import HOUR, a_mailing
from tests.fakes.system import SOME_MOMENT

EVERYTHING = frozenset({"text", "starts_at", "ends_at", "filter", "time_window"})
hours = st.integers(-48, 48).map(lambda count: SOME_MOMENT + count * HOUR)


@pytest.fixture
def mailings() -> FakeMailings:
    return FakeMailings(FakeCreations(FakeClock()))


@pytest.fixture
def desk(mailings: FakeMailings) -> MailingDesk:
    clock = FakeClock()
    return MailingDesk(
        mailings=mailings, log=FakeCreations(clock), clock=clock, chance=SeededChance()
    )


def _draft(**fields: Any) -> MailingDraft:
    times = {"starts_at": SOME_MOMENT + HOUR, "ends_at": SOME_MOMENT + 2 * HOUR}
    return MailingDraft(**{"text": "Hello", "filter": Filter(), **times, **fields})


@given(starts_at=hours, ends_at=hours)
def test_a_new_mailing_is_due_at_its_start_or_now(starts_at: Any, ends_at: Any) -> None:
    mailing = mailing_of(
        _draft(starts_at=starts_at, ends_at=ends_at), mailing_id="m1", at=SOME_MOMENT
    )
    assert mailing.starts_at == max(starts_at, SOME_MOMENT)
    if mailing.ends_at > SOME_MOMENT:
        assert mailing.due_at == mailing.starts_at
        expected = Begin() if starts_at <= SOME_MOMENT else Later(starts_at)
        assert next_step(mailing, SOME_MOMENT) == expected


@given(
    status=st.sampled_from(MailingStatus),
    patch=st.fixed_dictionaries({}, optional={"starts_at": hours, "ends_at": hours}),
)
def test_an_edited_mailing_is_due_when_its_next_step_is(
    status: MailingStatus, patch: dict[str, Any]
) -> None:
    old = a_mailing(starts_at=SOME_MOMENT - HOUR, ends_at=SOME_MOMENT + 9 * HOUR, status=status)
    try:
        new = changed(old, MailingPatch(**patch), SOME_MOMENT)
    except (Invalid, StateForbids):
        return
    if new is old:
        return
    assert SOME_MOMENT < new.ends_at > new.starts_at
    assert (new.version, new.rev) == (old.version + 1, old.rev + 1)
    match next_step(new, SOME_MOMENT):
        case Later(at):
            assert new.due_at == at
        case _:
            assert new.due_at == SOME_MOMENT


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ({"status": MailingStatus.SCHEDULED}, EVERYTHING),
        ({"status": MailingStatus.RUNNING}, {"text", "ends_at", "time_window"}),
        ({"status": MailingStatus.PAUSED}, {"text", "ends_at", "time_window"}),
        ({"status": MailingStatus.FINISHED}, set()),
        ({"status": MailingStatus.CANCELLED}, set()),
        ({"status": MailingStatus.RUNNING, "closing": True}, set()),
        ({"status": MailingStatus.SCHEDULED, "ends_at": SOME_MOMENT}, set()),
    ],
)
def test_what_a_state_lets_be_changed(state: dict[str, Any], allowed: set[str]) -> None:
    assert editable_fields(a_mailing(**state), SOME_MOMENT) == allowed


def test_a_start_moved_into_the_past_means_now() -> None:
    old = a_mailing(starts_at=SOME_MOMENT + HOUR, ends_at=SOME_MOMENT + 2 * HOUR)
    patch = MailingPatch(starts_at=SOME_MOMENT - HOUR)
    new = changed(old, patch, SOME_MOMENT)
    assert new.starts_at == new.due_at == SOME_MOMENT


@pytest.mark.parametrize("status", MailingStatus)
def test_the_same_values_again_are_no_change(status: MailingStatus) -> None:
    old = a_mailing(status=status)
    same = {name: getattr(old, name) for name in MailingPatch.model_fields}
    assert changed(old, MailingPatch(**same), SOME_MOMENT + 2 * HOUR) is old


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
    )
    with pytest.raises(StateForbids):
        contended.change("m0000001", MailingPatch(starts_at=SOME_MOMENT + HOUR / 2), None)
    assert mailings.by_id["m0000001"] == begun[0]


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

"""A fake of `Trials`, beside the fake of `Mailings`."""

from collections.abc import Callable

from carillon.errors import LostRace, NotFound
from carillon.models.trial import Trial
from carillon.ports import Creation
from tests.fakes.mailings import FakeMailings
from tests.fakes.storing import stored

OnChange = Callable[[Trial | None, Trial | None], None]


def _nobody_looks(old: Trial | None, new: Trial | None) -> None:
    """The stream that no function reads."""


class FakeTrials:
    """`by_key` holds them by (mailing_id, id), for the mailings to remove with themselves;
    `on_change(old, new)` is the stream."""

    def __init__(self, mailings: FakeMailings, on_change: OnChange = _nobody_looks) -> None:
        self._mailings = mailings
        self._on_change = on_change
        self.by_key = mailings.trials

    def add(self, trial: Trial, creation: Creation | None) -> None:
        present = self.get(trial.mailing_id, trial.id)
        if present is not None:
            if present.created_at == stored(trial).created_at:
                return
            raise LostRace(trial.id)
        mailing = self._mailings.by_id.get(trial.mailing_id)
        if mailing is None or mailing.deleted:
            raise NotFound(trial.mailing_id)
        self._mailings.creations.create(
            creation, object_id=trial.id, at=trial.created_at, write=lambda: self._put(trial)
        )

    def get(self, mailing_id: str, trial_id: str) -> Trial | None:
        return self.by_key.get((mailing_id, trial_id))

    def replace(self, old: Trial, new: Trial) -> None:
        present = self.get(old.mailing_id, old.id)
        if present is not None and present.token == new.token:
            return
        if present is None or present.token != old.token:
            raise LostRace(old.id)
        self._put(new)

    def _put(self, trial: Trial) -> None:
        key, new = (trial.mailing_id, trial.id), stored(trial)
        old = self.by_key.get(key)
        self.by_key[key] = new
        self._on_change(old, new)

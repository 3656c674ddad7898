"""Ask for a trial, and see what became of it.

Here one item is written, with the mailing's text as it is; the stream of its table brings it to the
sender, as it brings what follows from mailings.
"""

import logging
from dataclasses import dataclass

from carillon.concern import about, learned
from carillon.errors import NotFound
from carillon.models.instant import to_milliseconds
from carillon.models.trial import Trial, TrialDraft
from carillon.policy.trials import as_of
from carillon.ports import Chance, Clock, Created, Creation, CreationLog, Mailings, Trials
from carillon.usecases.creating import create_once
from carillon.usecases.mailings import shown_mailing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrialDesk:
    """What an operator does with trials; a mailing's state, hours and counts have no part in it."""

    mailings: Mailings
    trials: Trials
    log: CreationLog
    clock: Clock
    chance: Chance

    def ask(self, mailing_id: str, draft: TrialDraft, creation: Creation | None) -> Trial:
        """Have the mailing's text sent to one phone; `NotFound` when there is no such mailing."""
        mailing = shown_mailing(self.mailings, mailing_id)
        text = mailing.text

        def create() -> Trial:
            trial = Trial.new(
                mailing_id=mailing_id,
                trial_id=self.chance.new_id(),
                phone=draft.phone,
                text=text,
                created_at=to_milliseconds(self.clock.now()),
            )
            self.trials.add(trial, creation)
            learned(test_id=trial.id)
            _log.info("trial asked for", extra=about(mailing, test_id=trial.id))
            return trial

        def repeat(first: Created) -> Trial:
            learned(test_id=first.object_id)
            _log.info("creation repeated", extra=about(mailing, test_id=first.object_id))
            return Trial.new(
                mailing_id=mailing_id,
                trial_id=first.object_id,
                phone=draft.phone,
                text=text,
                created_at=first.at,
            )

        return create_once(self.log, creation, create=create, repeat=repeat)

    def get(self, mailing_id: str, trial_id: str) -> Trial:
        """A trial as it stands; `NotFound` also when its mailing was deleted."""
        shown_mailing(self.mailings, mailing_id)
        now = self.clock.now()  # before it is read: what is not begun by now is not begun then
        trial = self.trials.get(mailing_id, trial_id)
        if trial is None:
            raise NotFound("this mailing has no test with this id")
        return as_of(trial, now)

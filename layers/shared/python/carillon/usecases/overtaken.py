"""An operator's change met work that rested on what was before: have it worked in once more."""

from carillon.policy.steps import is_running
from carillon.ports import Clock, Mailings
from carillon.usecases.races import again_on_lost_race


def ask_to_revise(mailings: Mailings, clock: Clock, mailing_id: str) -> None:
    """Have a running mailing's messages revised, also those that the change's own pass has seen."""

    def ask() -> None:
        mailing, now = mailings.get(mailing_id), clock.now()
        if mailing is not None and is_running(mailing, now):
            mailings.replace(mailing, mailing.to_be_revised(due_at=now))

    again_on_lost_race(ask)

"""What the log tells about messages that are not to be sent now."""

import logging
from collections import defaultdict
from collections.abc import Iterable

from carillon.concern import about
from carillon.models.instant import format_instant
from carillon.models.message import MessageStatus
from carillon.policy.delivery import Decision, Drop, Settle, Wait
from carillon.usecases.case import Case

logger = logging.getLogger(__name__)


def tell(decided: Iterable[tuple[Case, Decision]]) -> None:
    """A line for all messages of a mailing about which the same was decided."""
    alike: defaultdict[tuple[str, Decision, str], list[Case]] = defaultdict(list)
    for case, decision in decided:
        alike[case.record.body.mailing_id, decision, _why(case, decision)].append(case)
    for (mailing_id, decision, why), cases in alike.items():
        mailing = cases[0].mailing
        keys = {
            **({"mailing_id": mailing_id} if mailing is None else about(mailing)),
            **_in_keys(decision),
            "why": why,
            "client_ids": [each.record.body.client_id for each in cases],
        }
        # What is put off or settled by its client's deletion goes as it should; the rest is not
        # sent although it was to be.
        not_sent = isinstance(decision, Settle) and decision.status is not MessageStatus.CANCELLED
        level = logging.WARNING if not_sent else logging.INFO
        logger.log(level, "messages not sent now", extra=keys)


def _in_keys(decision: Decision) -> dict[str, object]:
    keys: dict[str, object] = {"decision": type(decision).__name__}
    match decision:
        case Wait(until=until):
            keys["next_at"] = format_instant(until)
        case Settle(status=status):
            keys["message_status"] = status
    return keys


def _why(case: Case, decision: Decision) -> str:
    match decision:
        case Settle(reason=reason):
            return reason
        case Drop(why):
            return why
        case Wait(wave=True):
            return "local hours are closed"
        case Wait(until) if case.message is not None and until == case.message.claim_until:
            return "another sender has it"
        case _:
            return "its time has not come"

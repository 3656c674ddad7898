"""Trials in DynamoDB, beside their mailings in the same table: the port `Trials`.

The item of a trial is `test#<id>`. Of all items there it alone has `expires_at`, the table's time
to live, since it alone holds a phone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.creation_log import record_creation
from carillon.adapters.items import Item, as_model, from_item, to_item
from carillon.adapters.mailing_items import MAILING
from carillon.errors import LostRace, NotFound
from carillon.models.commands import TrialBell
from carillon.models.trial import Trial
from carillon.ports import Creation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "test#"

_CHECK, _ADDITION = 0, 1
"""Places in the transaction that adds a trial: that its mailing stands, and the trial itself."""


class TrialsTable:
    """`table` holds the mailings, `keys` the Idempotency-Keys: only who adds trials has those."""

    def __init__(self, client: "DynamoDBClient", table: str, *, keys: str | None = None) -> None:
        self._client = client
        self._table = table
        self._keys = keys

    def add(self, trial: Trial, creation: Creation | None) -> None:
        """One transaction with the key, if the mailing stands and is not deleted: `NotFound`.

        `LostRace` when the key or the trial exists.
        """
        mailing = to_item({"mailing_id": trial.mailing_id, "item": MAILING})
        # A deleted mailing is not listed. Once it is marked nothing is added beside it, so that its
        # purge, which comes later, leaves nothing.
        listed = dynamo.if_equal("listed", MAILING)
        absent = dynamo.if_absent("mailing_id")
        item = trial_item(trial)
        actions: list[dict[str, Any]] = [
            {"ConditionCheck": {"TableName": self._table, "Key": mailing, **listed}},
            {"Put": {"TableName": self._table, "Item": item, **absent}},
            *record_creation(self._keys, creation, object_id=trial.id, at=trial.created_at),
        ]
        refused = dynamo.transact(self._client, actions)
        if refused and _ADDITION in refused and self._was_added(trial):
            return
        if _CHECK in refused:
            raise NotFound("there is no mailing with this id")
        if refused:
            raise LostRace("the same creation was going on at the same moment")

    def get(self, mailing_id: str, trial_id: str) -> Trial | None:
        """Consistent; it may still be there past its time."""
        key = _key(mailing_id, trial_id)
        item = dynamo.get(self._client, self._table, key, consistent=True)
        return trial_from_item(item) if item else None

    def replace(self, old: Trial, new: Trial) -> None:
        """If still at `old.token`, else `LostRace`."""
        unchanged = dynamo.if_equal("token", old.token)
        if dynamo.put(self._client, self._table, trial_item(new), unchanged):
            return
        stored = self.get(new.mailing_id, new.id)
        if stored is None or stored.token != new.token:  # else our own lost answer
            raise LostRace(f"test {new.id} of mailing {new.mailing_id} changed at the same moment")

    def _was_added(self, trial: Trial) -> bool:
        """Ids are drawn afresh for each trial: the same id and time is our own write."""
        stored = self.get(trial.mailing_id, trial.id)
        return stored is not None and stored.created_at == trial.created_at


def trial_item(trial: Trial) -> Item:
    """What is stored, without what is None."""
    values = trial.model_dump(mode="json", exclude={"id", "mailing_id"}, exclude_none=True)
    return to_item(values) | _key(trial.mailing_id, trial.id)


def trial_from_item(item: Mapping[str, Any]) -> Trial:
    """A trial from a stored item."""
    values = from_item(item)
    trial_id = values.pop("item").removeprefix(PREFIX)
    return as_model(Trial, {"id": trial_id, **values})


def bell_of(keys: Mapping[str, Any]) -> TrialBell | None:
    """What to ring for the item with these keys; None when it is no trial."""
    item = keys["item"]["S"]
    if not item.startswith(PREFIX):
        return None
    return TrialBell(mailing_id=keys["mailing_id"]["S"], test_id=item.removeprefix(PREFIX))


def _key(mailing_id: str, trial_id: str) -> Item:
    return to_item({"mailing_id": mailing_id, "item": f"{PREFIX}{trial_id}"})

"""The messages."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from carillon.models.message import Message, MessageStatus
from carillon.ports.pages import Page


class Messages(Protocol):
    """The messages, and the one way to write to them: compare and swap."""

    def insert(self, messages: Sequence[Message]) -> None:
        """Insert those that are not there yet; one that exists stays as it is."""
        ...

    def swap(self, changes: Sequence[tuple[Message, Message]]) -> Sequence[bool]:
        """For each (before, after): write `after` if the token is still `before.token`.

        True also when the stored token is already `after.token`: an answer was lost on the way.
        """
        ...

    def get(self, mailing_id: str, client_id: str) -> Message | None:
        """Consistent."""
        ...

    def get_many(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Message]:
        """Those that exist, by (mailing_id, client_id); consistent."""
        ...

    def page(
        self,
        mailing_id: str,
        *,
        status: MessageStatus | None,
        limit: int,
        cursor: str | None,
        consistent: bool = False,
    ) -> Page[Message]:
        """Reads about `limit` messages of a mailing and returns those with the status."""
        ...

    def remove(self, messages: Sequence[Message]) -> None:
        """Delete for good."""
        ...

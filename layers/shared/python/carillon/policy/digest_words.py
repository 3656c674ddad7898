"""A digest in words: sections of figures and entries, which text and HTML then show alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from carillon.models.digest import Moves
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.statistics import Counts
from carillon.policy.digest import COMING_WITHIN, Digest, GatewayNote, Worked, excerpt
from carillon.policy.digest_parts import DigestWords, Entry, Letterhead, Section
from carillon.policy.error_words import words_of
from carillon.policy.hours import zone_of

_HEALTH = {
    "idle": "has not been called for five minutes",
    "well": "works well",
    "troubled": "has trouble",
    "down": "is down",
}
_LEFT_OVER = (
    ("unknown", "Handed over, never confirmed: they may have arrived. Ask the gateway's provider,"
     " then send them again from the mailing's page if they did not."),
    ("expired", "Not sent before their mailing's end. Give the next one more time or wider hours;"
     " how many a minute go out shows on the mailing's page."),
)  # fmt: skip
_USUAL = timedelta(hours=24)


def words_for(digest: Digest, head: Letterhead) -> DigestWords:
    """Put it into words."""
    writer = _Writer(digest, head)
    found = (writer.day(), writer.trouble(), writer.mailings(), writer.ahead(), writer.health())
    return DigestWords(
        subject=writer.subject(),
        title=f"{_weekday(digest.day.date)} {digest.day.date.year}",
        lead=writer.lead(),
        sections=tuple(each for each in found if each is not None),
        footer=writer.footer(),
        page_url=head.page_url,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    it: Digest
    head: Letterhead

    def subject(self) -> str:
        moves, dead = self.it.moves, self.it.dead_letters
        parts = [f"{moves.sent:,} sent" if moves.ended else "nothing sent"]
        parts += [f"{moves.lost:,} not sent"] if moves.lost else []
        parts += [_many(dead, "dead letter")] if dead else []
        parts += ["the gateway is down"] if self._is_down() else []
        return f"Carillon, {_weekday(self.it.day.date)}: {', '.join(parts)}"

    def lead(self) -> str:
        moves = self.it.moves
        if not moves.ended:
            return "No message came to its end on this day."
        told = f"{_many(moves.sent, 'message')} went out"
        told += f", {moves.lost:,} did not" if moves.lost else ""
        told += f", {moves.cancelled:,} were cancelled" if moves.cancelled else ""
        return f"{told}. {_many(self.it.worked_total, 'mailing')} had something to do."

    def day(self) -> Section | None:
        moves = self.it.moves
        rows = (
            ("Sent", moves.sent, "the gateway took them"),
            ("Failed", moves.failed, "the gateway refused them for good"),
            ("Unknown", moves.unknown, "handed over, never confirmed"),
            ("Expired", moves.expired, "not sent before their mailing's end"),
            ("Cancelled", moves.cancelled, "with their mailing, or their client was deleted"),
            ("Tried again", moves.retried, "calls of the gateway after a message's first"),
        )
        figures = tuple(each for each in rows if each[1])
        length = self.it.day.ends_at - self.it.day.begins_at
        notes = () if length == _USUAL else (f"The clocks changed: it had {_hours(length)}.",)
        return Section("That day", figures=figures, notes=notes) if figures or notes else None

    def trouble(self) -> Section | None:
        """What was not sent, and what to do."""
        moves = self.it.moves
        entries = [
            Entry(f"{each.messages:,} × {words_of(each.error).meaning}", (
                words_of(each.error).to_do, f"Known as: {each.error}"), tone="bad")
            for each in self.it.errors
        ]  # fmt: skip
        entries += [
            Entry(f"{getattr(moves, status):,} × {status}", (to_do,), tone="bad")
            for status, to_do in _LEFT_OVER
            if getattr(moves, status)
        ]
        if not entries:
            return None
        notes = (
            "Errors are the last ones of messages that these mailings have not sent by now; those"
            " that ended as unknown or expired are among them.",
        )
        return Section("What went wrong, and what to do", entries=tuple(entries), notes=notes)

    def mailings(self) -> Section | None:
        entries = tuple(self._worked(each) for each in self.it.worked)
        notes = list(_more(self.it.worked_total - len(entries), "with less"))
        if self.it.not_counted:
            notes.append(
                f"{_many(self.it.not_counted, 'older mailing')} of that time did not fit and"
                " missed in all numbers above."
            )
        if not self.it.all_seen:
            notes.append("There are so many mailings that the oldest were not looked at.")
        title = f"Mailings of that day ({self.it.worked_total:,})"
        return Section(title, entries=entries, notes=tuple(notes)) if entries or notes else None

    def _worked(self, each: Worked) -> Entry:
        mailing = each.mailing
        return Entry(
            title=excerpt(mailing.text),
            lines=(
                f"That day: {_in_words(each.moves)}.",
                f"In all: {_so_far(each.counts)}. {self._times(mailing)}",
            ),
            link=self._link(mailing),
            tone="bad" if each.moves.lost else "good" if each.moves.sent else "quiet",
        )

    def ahead(self) -> Section:
        """What runs, and what starts soon."""
        running = [
            Entry(excerpt(mailing.text), (self._times(mailing), f"{_so_far(counts)}."),
                  self._link(mailing), "bad" if mailing.status is MailingStatus.PAUSED else "good")
            for mailing, counts in self.it.running
        ]  # fmt: skip
        coming = [
            Entry(excerpt(each.text), (self._times(each),), self._link(each))
            for each in self.it.coming
        ]
        notes = [
            *_more(self.it.running_total - len(running), "under way"),
            *_more(self.it.coming_total - len(coming), "to come"),
        ]
        if not running and not coming:
            days = COMING_WITHIN // timedelta(days=1)
            notes.append(f"Nothing is under way, and nothing starts in the next {days} days.")
        return Section("Coming up", entries=(*running, *coming), notes=tuple(notes))

    def _times(self, mailing: Mailing) -> str:
        begins, ends = self._clock(mailing.starts_at), self._clock(mailing.ends_at)
        match mailing.status:
            case MailingStatus.SCHEDULED:
                return f"Starts {begins}, ends {ends}."
            case MailingStatus.RUNNING:
                return f"Runs until {ends}."
            case MailingStatus.PAUSED:
                return f"Paused; its time is over {ends}."
            case MailingStatus.FINISHED:
                return f"Finished {self._clock(mailing.updated_at)}."
            case MailingStatus.CANCELLED:
                return f"Cancelled {self._clock(mailing.updated_at)}."

    def health(self) -> Section:
        """The gateway and the dead letters, a line each."""
        notes = (_of_gateway(self.it.gateway), self._dead_letters())
        return Section("Health", notes=notes)

    def _dead_letters(self) -> str:
        if self.it.queues is None:
            return "Dead letters: the queues did not answer."
        if not self.it.dead_letters:
            return "Dead letters: none."
        return f"Dead letters: {self.it.dead_letters:,}. Somebody should look at the queues."

    def footer(self) -> tuple[str, ...]:
        made = self._clock(self.it.made_at)
        return (
            f"Times are those of {self.head.timezone}. Made {made}; what is not of the day is as it"
            " was then.",
            "Who gets this, when, or whether at all, is set when Carillon is deployed:"
            " digest_recipients, digest_hour.",
        )

    def _is_down(self) -> bool:
        return self.it.gateway is not None and self.it.gateway.health == "down"

    def _clock(self, moment: datetime) -> str:
        wall = moment.astimezone(zone_of(self.head.timezone))
        return f"{wall:%a} {wall.day} {wall:%b} {wall:%H:%M}"

    def _link(self, mailing: Mailing) -> str:
        return f"{self.head.page_url}#/mailings/{mailing.id}"


def _of_gateway(note: GatewayNote | None) -> str:
    if note is None:
        return "Gateway: nothing is known of it."
    told = f"Gateway: {_HEALTH[note.health]}"
    if note.calls:
        told += f"; {_many(note.calls, 'call')} in the last hour"
        told += f", {note.retried:,} to be tried again" if note.retried else ""
        told += f", {note.refused:,} refused" if note.refused else ""
    return f"{told}; last error: {note.last_error}." if note.last_error else f"{told}."


def _in_words(moves: Moves) -> str:
    names = ("sent", "failed", "unknown", "expired", "cancelled")
    told = [f"{getattr(moves, name):,} {name}" for name in names if getattr(moves, name)]
    told += [f"{moves.retried:,} tried again"] if moves.retried else []
    return ", ".join(told) or "nothing moved"


def _so_far(counts: Counts) -> str:
    told = f"{counts.sent:,} of {_many(counts.total, 'message')} sent"
    return f"{told}, {counts.pending:,} waiting" if counts.pending else told


def _more(number: int, of_what: str) -> Iterator[str]:
    if number > 0:
        yield f"And {number:,} more {of_what}."


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g} hours"


def _weekday(on: date) -> str:
    return f"{on:%A}, {on.day} {on:%B}"

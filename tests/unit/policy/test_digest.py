"""A digest in words: what is shown of a mailing, and that text and HTML say the same."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.digest import Letter
from carillon.models.mailing import MailingStatus
from carillon.models.queues import QueueLength, QueueLengths
from carillon.policy.answers import _PHRASES, COUNTED_APART
from carillon.policy.digest import TEXT_SHOWN_MAX, excerpt
from carillon.policy.error_words import _UNKNOWN, words_of
from tests.fakes.system import SOME_MOMENT
from tests.unit.usecases.digest_stage import DAY, HOUR, PAGE, THEN, YESTERDAY, DigestStage

EMPTY = QueueLength(ready=0, delayed=0, in_flight=0)


class Words(HTMLParser):
    """The words of a page, without its title, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "title":
            self.words += re.findall(r"[\w,<>]+", data)


def sent(stage: DigestStage) -> Letter:
    stage.post.send(YESTERDAY, again=True)
    return stage.mailer.sent[-1]


def busy() -> DigestStage:
    """One of each kind."""
    stage = DigestStage("Europe/Moscow")
    first = stage.mailing(1, text="Coffee <b>&</b> cake, call +7 (900) 123-45-67")
    stage.moved(first, sent=1200, failed=3, unknown=2, expired=1, retried=7)
    stage.failing(first, HTTP_400=3, timeout=2)
    second = stage.mailing(2, status=MailingStatus.RUNNING, ends_at=SOME_MOMENT + HOUR)
    stage.moved(second, THEN, sent=1)
    stage.mailing(3, status=MailingStatus.PAUSED, ends_at=SOME_MOMENT + HOUR)
    stage.mailing(4, status=MailingStatus.CANCELLED)
    stage.mailing(
        5,
        status=MailingStatus.SCHEDULED,
        starts_at=SOME_MOMENT + DAY,
        ends_at=SOME_MOMENT + DAY + HOUR,
    )
    stage.gauge.lengths = QueueLengths(
        messages=EMPTY,
        fanout=EMPTY,
        imports=EMPTY,
        dead_messages=1,
        dead_fanout=0,
        dead_imports=0,
        undeliverable=2,
    )
    return stage


def test_the_subject_says_whether_to_read_on() -> None:
    assert sent(DigestStage()).subject == "Carillon, Friday, 20 November: nothing sent"
    subject = sent(busy()).subject
    assert subject == "Carillon, Friday, 20 November: 1,201 sent, 6 not sent, 3 dead letters"


def test_text_and_html_say_the_same() -> None:
    for stage in (DigestStage(), busy()):
        letter = sent(stage)
        page = Words(letter.html)
        assert page.open == []
        links = [each for each in page.links if each != PAGE]
        assert [each for each in links if each not in letter.text] == []
        assert PAGE in page.links
        text = re.sub(r"https://\S+", "", letter.text)
        missing = set(page.words) - set(re.findall(r"[\w,<>]+", text)) - {"Open"}
        assert missing == set()


def test_what_was_said_in_it() -> None:
    text = " ".join(sent(busy()).text.split())
    for said in (
        "1,201 messages went out, 6 did not. 3 mailings had something to do.",
        "1,201 Sent: the gateway took them 3 Failed:",
        "* 3 × The gateway refused the message",
        "That day: 1,200 sent, 3 failed, 2 unknown, 1 expired, 7 tried again.",
        "In all: 1,200 of 1,206 messages sent. Finished Fri 20 Nov 14:00.",
        "Runs until Sat 21 Nov 14:00. 1 of 1 message sent.",
        "Paused; its time is over Sat 21 Nov 14:00.",
        "Cancelled Fri 20 Nov 14:00.",
        "Starts Sun 22 Nov 13:00, ends Sun 22 Nov 14:00.",
        "Dead letters: 3. Somebody should look at the queues.",
        f"{PAGE}#/mailings/m0000005",
    ):
        assert said in text


def test_a_text_is_no_markup_and_no_phone() -> None:
    html = sent(busy()).html
    assert "Coffee &lt;b&gt;&amp;&lt;/b&gt; cake, call #" in html
    assert "123" not in html


def test_a_day_of_another_length_is_said_to_be() -> None:
    stage = DigestStage("Europe/Berlin")
    stage.post.send(YESTERDAY.replace(month=10, day=25))
    assert "it had 25 hours." in stage.mailer.sent[0].text


def test_what_did_not_fit_is_said() -> None:
    stage = DigestStage()
    for number in range(305):
        stage.moved(stage.mailing(number), sent=1)
    text = " ".join(sent(stage).text.split())
    assert "And 280 more with less." in text
    assert "5 older mailings of that time did not fit" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello", "Hello"),
        ("  Two\n\tlines ", "Two lines"),
        ("Call 79001234567 now", "Call # now"),
        ("Call +7 (900) 123-45-67", "Call #"),
        ("8 800 555 35 35!", "#!"),
        ("At 10:30 on 21.11.2026, 1 500 off", "At 10:30 on 21.11.2026, 1 500 off"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 58 + " 79001234567", "x" * 58 + " #"),
    ],
)
def test_what_a_mailing_is_recognised_by(text: str, shown: str) -> None:
    assert excerpt(text) == shown


@given(
    st.text(min_size=1, max_size=300), st.integers(0, 300), st.integers(70000000000, 79999999999)
)
def test_no_phone_is_ever_shown(text: str, place: int, phone: int) -> None:
    shown = excerpt(f"{text[:place]} {phone} {text[place:]}")
    assert len(shown) <= TEXT_SHOWN_MAX
    assert not re.search(r"\d{7}", shown, re.ASCII)


def test_every_error_that_is_counted_has_words() -> None:
    counted = {*_PHRASES, *(f"HTTP {each}" for each in COUNTED_APART)}
    counted |= {f"HTTP {each}xx" for each in range(1, 10)} | {"HTTP 200 without a known code"}
    without = {each for each in counted if words_of(each) is _UNKNOWN}
    assert without == {"HTTP 1xx", "HTTP 6xx", "HTTP 7xx", "HTTP 8xx", "HTTP 9xx"}
    assert words_of("HTTP 429").meaning == "The gateway asked to slow down"
    assert words_of("HTTP 4xx").meaning == "The gateway does not know our request"

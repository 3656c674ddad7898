"""The table of the gateway's answers, row by row."""

import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.gateway import Cause, GatewayOutcome, NoReply, Reply
from carillon.policy import answers
from carillon.policy.answers import (
    RULES,
    Accepted,
    Refused,
    Rule,
    TryAgain,
    classify,
    counted_as,
)


def reply(status: int, code: int | None = None, retry_after_s: float | None = None) -> Reply:
    return Reply(status, code, retry_after_s, excerpt="", duration_s=0.1)


def again(
    error: str,
    *,
    surely_not_accepted: bool,
    alarm: bool = False,
    refresh_token: bool = False,
    after_s: float | None = None,
    trouble: bool = True,
    slower: bool = False,
) -> TryAgain:
    return TryAgain(
        error, surely_not_accepted, alarm, refresh_token, after_s, trouble=trouble, slower=slower
    )


def slow_down(error: str) -> TryAgain:
    return again(error, surely_not_accepted=True, trouble=False, slower=True)


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_code_0_in_a_success_is_sent(status: int) -> None:
    assert classify(reply(status, 0)) == Accepted()


@pytest.mark.parametrize("status", [100, 103, 199, 300, 302, 403, 404, 429, 500, 503, 600])
def test_code_0_in_anything_else_is_not(status: int) -> None:
    assert isinstance(classify(reply(status, 0)), TryAgain)


@pytest.mark.parametrize("status", [400, 422])
def test_what_is_refused_for_good(status: int) -> None:
    assert classify(reply(status)) == Refused(f"HTTP {status}")
    assert classify(reply(status, 12)) == Refused(f"HTTP {status} with code 12")


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (reply(200, 7), again("HTTP 200 with code 7", surely_not_accepted=False)),
        (reply(200), again("HTTP 200 without a known code", surely_not_accepted=False)),
        (reply(204), again("HTTP 204 without a known code", surely_not_accepted=False)),
        (reply(301), again("HTTP 301", surely_not_accepted=True, alarm=True)),
        (reply(307), again("HTTP 307", surely_not_accepted=True, alarm=True)),
        (reply(399), again("HTTP 399", surely_not_accepted=True, alarm=True)),
        (reply(401), again("HTTP 401", surely_not_accepted=True, alarm=True, refresh_token=True)),
        (reply(403), again("HTTP 403", surely_not_accepted=True, alarm=True, refresh_token=True)),
        (reply(404), again("HTTP 404", surely_not_accepted=True, alarm=True)),
        (reply(405), again("HTTP 405", surely_not_accepted=True, alarm=True)),
        (reply(499), again("HTTP 499", surely_not_accepted=True, alarm=True)),
        (reply(408), again("HTTP 408", surely_not_accepted=False)),
        (reply(425), again("HTTP 425", surely_not_accepted=True, trouble=False)),
        (reply(429), slow_down("HTTP 429")),
        (reply(429, 9), slow_down("HTTP 429 with code 9")),
        (reply(503), again("HTTP 503", surely_not_accepted=False)),
        (reply(500), again("HTTP 500", surely_not_accepted=False)),
        (reply(502), again("HTTP 502", surely_not_accepted=False)),
        (reply(504), again("HTTP 504", surely_not_accepted=False)),
        (reply(599), again("HTTP 599", surely_not_accepted=False)),
        (reply(103), again("HTTP 103", surely_not_accepted=False)),
        (reply(999), again("HTTP 999", surely_not_accepted=False)),
    ],
    ids=lambda value: f"{value.status}-{value.code}" if isinstance(value, Reply) else "",
)
def test_what_is_tried_again(outcome: Reply, verdict: TryAgain) -> None:
    assert classify(outcome) == verdict


@pytest.mark.parametrize(
    ("cause", "error"),
    [
        ("dns", "name not found"),
        ("connect", "no connection"),
        ("tls", "no secure connection"),
        ("timeout", "timeout"),
        ("broken", "connection broken"),
        ("too_large", "answer too large"),
        ("not_called", "not called"),
    ],
)
@pytest.mark.parametrize("handed_over", [True, False])
def test_no_answer_is_tried_again(cause: Cause, error: str, *, handed_over: bool) -> None:
    if cause == "timeout" and not handed_over:
        error = "timeout while connecting"
    verdict = classify(NoReply(cause, handed_over, detail="", duration_s=1))
    assert verdict == again(error, surely_not_accepted=not handed_over)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (999_999, "HTTP 200 with code 999999"),
        (1_000_000, "HTTP 200 without a known code"),
        (79161234567, "HTTP 200 without a known code"),
        (-79161234567, "HTTP 200 without a known code"),
    ],
)
def test_a_code_that_might_be_a_phone_number_is_not_repeated(code: int, error: str) -> None:
    assert classify(reply(200, code)) == again(error, surely_not_accepted=False)


@given(after_s=st.floats() | st.none(), status=st.sampled_from([200, 302, 401, 404, 429, 500, 503]))
def test_retry_after_is_kept_within_bounds(after_s: float | None, status: int) -> None:
    verdict = classify(reply(status, retry_after_s=after_s))
    assert isinstance(verdict, TryAgain)
    if after_s is None or math.isnan(after_s) or after_s < 0:
        assert verdict.after_s is None
    else:
        assert verdict.after_s == min(after_s, 900)


@given(status=st.integers(100, 999), code=st.none() | st.integers())
def test_sent_means_that_the_gateway_said_so(status: int, code: int | None) -> None:
    said_so = 200 <= status <= 299 and code == 0
    assert isinstance(classify(reply(status, code)), Accepted) == said_so


def test_the_printed_table_is_the_one_in_use() -> None:
    assert answers.__doc__ is not None
    assert _table() in answers.__doc__


def _table() -> str:
    titles = (
        "the gateway",
        "then",
        "surely not accepted",
        "trouble",
        "alarm",
        "token",
        "pace",
    )
    rows = [titles, *(_cells(rule) for rule in RULES)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(titles))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def _cells(rule: Rule) -> tuple[str, ...]:
    surely = "" if rule.then == "sent" else "yes" if rule.surely_not_accepted else "no"
    return (
        rule.answer,
        rule.then,
        surely,
        "yes" if rule.trouble else "",
        "yes" if rule.alarm else "",
        "again" if rule.refresh_token else "",
        "slow" if rule.slower else "",
    )


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("HTTP 500", "HTTP 500"),
        ("HTTP 500 with code 17", "HTTP 500"),
        ("HTTP 500 with code -17", "HTTP 500"),
        ("HTTP 200 with code 1", "HTTP 200"),
        ("HTTP 200 without a known code", "HTTP 200 without a known code"),
        ("HTTP 500 without a known code", "HTTP 500"),
        ("HTTP 204 without a known code", "HTTP 2xx"),
        ("HTTP 418", "HTTP 4xx"),
        ("HTTP 999", "HTTP 9xx"),
        ("timeout", "timeout"),
        ("timeout while connecting", "timeout while connecting"),
        ("not called", "not called"),
        ("HTTP 5000", "other"),
        ("HTTP 099", "other"),
        ("HTTP 500 with code", "other"),
        ("http 500", "other"),
        ("", "other"),
        ("teapot", "other"),
    ],
)
def test_errors_are_counted_by_few_names(error: str, name: str) -> None:
    assert counted_as(error) == name


def test_no_gateway_can_make_up_names() -> None:
    no_replies: list[GatewayOutcome] = [
        NoReply(cause, handed_over, detail="", duration_s=0.1)
        for cause in get_args(Cause)
        for handed_over in (False, True)
    ]
    replies = [
        Reply(status, code, None, excerpt="", duration_s=0.1)
        for status in range(1000)
        for code in (None, 0, 1, -999_999, 10**9)
    ]
    verdicts = [classify(each) for each in [*no_replies, *replies]]
    errors = [
        each.reason if isinstance(each, Refused) else each.error
        for each in verdicts
        if not isinstance(each, Accepted)
    ]
    names = {counted_as(error) for error in [*errors, "something else"]}
    assert len(names) == 40
    assert sum(len(name) for name in names) < 1000

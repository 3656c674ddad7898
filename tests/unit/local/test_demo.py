"""The demo against a made-up Carillon that keeps, or breaks, its promises."""

import itertools
import json
import threading
from collections.abc import Iterator

import pytest
import requests
import responses

from local import demo
from local.demo_clients import COUNT, FILTER, TIMEZONES, made_up_clients

BASE = "http://carillon.test"
TOKEN = "made.up.token"
Answer = tuple[int, dict[str, str], str]


class Carillon:
    """As much of the API as the demo uses. A mailing ends when `looks` is not 0."""

    def __init__(self) -> None:
        self.clients: dict[str, dict[str, object]] = {}
        self.lost = 0
        self.miscounted = 0
        self.looks: Iterator[int] = itertools.count()
        self._lock = threading.Lock()

    def add_client(self, request: requests.PreparedRequest) -> Answer:
        body = _body(request)
        with self._lock:
            if body["phone"] in self.clients:
                return 409, {}, "{}"
            self.clients[str(body["phone"])] = {"id": f"c{len(self.clients)}", **body}
        return 201, {}, "{}"

    def list_clients(self, request: requests.PreparedRequest) -> Answer:
        wanted: dict[str, str] = request.params  # type: ignore[attr-defined]
        found = [
            client
            for client in self.clients.values()
            if client["operator_code"] == wanted["operator_code"]
            and wanted["tag"] in list(client["tags"])  # type: ignore[call-overload]
        ]
        first = int(wanted.get("cursor", 0))
        rest = found[first + 20 :]
        page = {
            "items": found[first : first + 20],
            "next_cursor": str(first + 20) if rest else None,
        }
        return 200, {}, json.dumps(page)

    def create_mailing(self, request: requests.PreparedRequest) -> Answer:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        assert _body(request)["filter"] == {name: list(some) for name, some in FILTER.items()}
        return 201, {}, '{"id": "m1"}'

    def statistics(self, _: requests.PreparedRequest) -> Answer:
        total = 300 - self.lost
        sent = total if next(self.looks) else 0
        counts = dict.fromkeys(demo.STATUSES, 0) | {
            "total": total + self.miscounted,
            "sent": sent,
            "pending": total - sent,
        }
        status = "finished" if sent else "running"
        return 200, {}, json.dumps({"status": status, "counts": counts})


@pytest.fixture
def carillon() -> Iterator[Carillon]:
    made_up = Carillon()
    api = f"{BASE}/api/v1"
    with responses.RequestsMock(assert_all_requests_are_fired=False) as answers:
        answers.add_callback("POST", f"{api}/clients", made_up.add_client)
        answers.add_callback("GET", f"{api}/clients", made_up.list_clients)
        answers.add_callback("POST", f"{api}/mailings", made_up.create_mailing)
        answers.add_callback("GET", f"{api}/mailings/m1/stats", made_up.statistics)
        yield made_up


def run(*, interactive: bool = False) -> int:
    patience = demo.Patience(between_looks_s=0, counts_s=0, mailing_s=5)
    return _run(patience, interactive=interactive)


def _run(patience: demo.Patience, *, interactive: bool = False) -> int:
    return demo.run(
        base_url=BASE,
        gateway_url=None,
        interactive=interactive,
        token=lambda: TOKEN,
        patience=patience,
    )


@pytest.mark.parametrize("interactive", [False, True])
def test_all_goes_well(
    carillon: Carillon, capsys: pytest.CaptureFixture[str], *, interactive: bool
) -> None:
    assert run(interactive=interactive) == 0
    told = capsys.readouterr().out
    assert "1000 made-up clients added." in told
    assert f"{BASE}/#/mailings/m1" in told


def test_a_second_time(carillon: Carillon, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == run() == 0
    assert len(carillon.clients) == COUNT
    assert "0 made-up clients added, 1000 were there" in capsys.readouterr().out


def test_a_lost_message_is_told(carillon: Carillon, capsys: pytest.CaptureFixture[str]) -> None:
    carillon.lost = 1
    assert run() == 1
    assert "300 clients match the filter, but 299 messages" in capsys.readouterr().out


def test_counts_that_do_not_add_up_are_told(
    carillon: Carillon, capsys: pytest.CaptureFixture[str]
) -> None:
    carillon.miscounted = 1
    assert run() == 1
    assert "300 by status, 301 in total" in capsys.readouterr().out


def test_a_mailing_that_never_ends_is_told(
    carillon: Carillon, capsys: pytest.CaptureFixture[str]
) -> None:
    carillon.looks = itertools.repeat(0)
    patience = demo.Patience(between_looks_s=0.01, mailing_s=0.1)
    assert _run(patience) == 1
    assert "the mailing is not finished" in capsys.readouterr().out


def test_an_api_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with responses.RequestsMock():
        assert run() == 1
    assert "The demo stopped: " in capsys.readouterr().out


def test_the_clients_are_many_and_nobody_real() -> None:
    clients = made_up_clients()
    assert clients == made_up_clients()
    assert len({client.phone for client in clients}) == COUNT
    assert all(client.phone.startswith("7000") for client in clients)
    chosen = [
        client
        for client in clients
        if client.operator_code in FILTER["operator_codes"]
        and not set(client.tags).isdisjoint(FILTER["tags"])
    ]
    assert {client.timezone for client in chosen} == set(TIMEZONES)


def _body(request: requests.PreparedRequest) -> dict[str, object]:
    assert isinstance(request.body, bytes)
    body = json.loads(request.body)
    assert isinstance(body, dict)
    return body

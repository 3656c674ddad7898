"""The reference really does its job: both manners, with a gateway that fails some calls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.deliveries import OURS
from benchmarks.gateway_process import GatewayProcess, gateway_process
from benchmarks.reference import MANNERS, NotInstalled, Servers, reference_servers, run
from local.gateway import Mood

CLIENTS = 200

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    try:
        with reference_servers() as servers:
            yield servers
    except NotInstalled as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    log: Path = tmp_path_factory.mktemp("gateway") / "gateway.log"
    with gateway_process(log) as gateway:
        yield gateway


@pytest.mark.parametrize("manner", MANNERS)
def test_each_message_is_sent_once_and_tried_again_where_needed(
    manner: str, servers: Servers, gateway: GatewayProcess
) -> None:
    delivery = run(
        MANNERS[manner],
        clients=CLIENTS,
        latency_ms=20,
        gateway=gateway,
        servers=servers,
        shares={Mood.HTTP_500: 0.05, Mood.DROP_BEFORE: 0.05},
    )

    summary = gateway.control.summary()
    assert delivery.is_complete
    assert summary.accepted_more_than_once == 0
    assert summary.calls > CLIENTS, "some calls failed"
    assert set(delivery.cpu_s) == {OURS, "servers", "gateway", "command"}
    assert all(seconds > 0 for seconds in delivery.cpu_s.values())

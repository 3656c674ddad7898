"""The OpenAPI document: as committed, as implemented, and fit to be read."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from aws_lambda_powertools.event_handler.openapi.models import OpenAPI

from carillon.models.client import ClientDraft, ClientPatch
from carillon.models.mailing import MailingDraft, MailingPatch, MailingStatus
from carillon.models.preview import PreviewDraft
from carillon.models.trial import TrialDraft
from functions.api import gateway_views, import_views, openapi, page_views, views
from functions.api.errors import KINDS, Problem
from functions.api.mistakes import PATTERNS
from functions.api.openapi_page_words import CSV_EXAMPLES
from functions.api.openapi_words import EXAMPLES, PARAMETERS, PROBLEMS
from functions.api.routes.actions import Resend
from tests.fakes.samples import a_client, a_mailing
from tests.unit.api.calling import CLIENT, MAILING, World

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(openapi.FILE.read_text(encoding="utf-8"))
    return read


def _operations(document: dict[str, Any]) -> list[Operation]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from _nodes(each)


def test_the_file_is_what_the_code_says(world: World) -> None:
    served = world.get("/openapi.json")
    assert served.headers["Content-Type"] == "application/json"
    assert served.text == openapi.FILE.read_text(encoding="utf-8"), "run `make openapi`"


def test_it_is_openapi(document: dict[str, Any]) -> None:
    assert OpenAPI.model_validate(document).openapi == "3.1.0"
    assert document["servers"] == [{"url": "/"}]


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    operations = _operations(document)
    assert len({operation["operationId"] for *_, operation in operations}) == len(operations)
    known_tags = {tag["name"] for tag in document["tags"]}
    for _, _, operation in operations:
        assert operation["summary"]
        assert set(operation["tags"]) <= known_tags
        assert all(each["description"] for each in operation.get("parameters", []))
        assert {"429", "500", "503"} <= operation["responses"].keys()


def test_what_is_below_api_needs_a_token_with_the_scope_of_its_method(
    document: dict[str, Any],
) -> None:
    for method, path, operation in _operations(document):
        if not path.startswith("/api/"):
            assert "security" not in operation
            continue
        scope = "carillon/read" if method == "get" else "carillon/write"
        assert operation["security"] == [{"signIn": [scope]}, {"token": []}]
        assert {"401", "403"} <= operation["responses"].keys()
    for status in ("401", "403"):
        assert "application/json" in document["components"]["responses"][status]["content"]


def test_every_reference_leads_somewhere_and_every_component_is_used(
    document: dict[str, Any],
) -> None:
    used = {node["$ref"] for node in _nodes(document) if isinstance(node.get("$ref"), str)}
    used |= {
        f"#/components/securitySchemes/{name}"
        for *_, operation in _operations(document)
        for way in operation.get("security", [])
        for name in way
    }
    there = {
        f"#/components/{kind}/{name}"
        for kind, components in document["components"].items()
        for name in components
    }
    assert used == there


def test_answers_may_grow_and_requests_may_not(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    closed = (
        *("ClientDraft", "ClientPatch", "MailingDraft", "MailingPatch", "PreviewDraft"),
        *("Filter", "Resend", "TrialDraft"),
    )
    for name in closed:
        assert schemas[name]["additionalProperties"] is False
    grown = (
        "Client",
        "Mailing",
        "Message",
        "Counts",
        "Minute",
        "Recount",
        "MailingPage",
        "MailingPreview",
        "Queues",
        "Problem",
    )
    for name in grown:
        assert "additionalProperties" not in schemas[name]
    assert schemas["Client"]["required"] == list(schemas["Client"]["properties"])


def test_every_problem_that_we_make_is_documented() -> None:
    assert {kind.status for kind in KINDS.values()} | {500} == set(PROBLEMS)


def test_every_pattern_is_told_in_words(document: dict[str, Any]) -> None:
    patterns = {node["pattern"] for node in _nodes(document) if "pattern" in node}
    told_by_a_400 = {schema["pattern"] for schema in PARAMETERS.values()}
    assert patterns - told_by_a_400 == set(PATTERNS)


@pytest.mark.parametrize(
    "value",
    [
        *("1", "999999999", "*", '"3"', 'W/"3"', '"any thing"', '""', "", "x", "-1", "1234567890"),
        *('w/"3"', '"3', '"a"b"', '"3", "4"', "W/3", "**"),
    ],
)
def test_what_the_document_says_of_if_match_is_what_is_read(world: World, value: str) -> None:
    client_id = world.make("/clients", CLIENT)
    answer = world.call("PATCH", f"/clients/{client_id}", {}, headers={"if-match": value})
    documented = re.search(PARAMETERS["If-Match"]["pattern"], value) is not None
    assert documented == (answer.status in (200, 412)), answer.status


def test_what_the_document_says_of_cursors_is_what_is_given(world: World) -> None:
    for number in range(3):
        world.make("/clients", {**CLIENT, "phone": f"7900000000{number}"})
    cursor = world.get("/clients", limit=1).json["next_cursor"]
    assert re.search(PARAMETERS["cursor"]["pattern"], cursor)


@pytest.mark.parametrize(
    "model",
    [ClientDraft, ClientPatch, MailingDraft, MailingPatch, PreviewDraft, Resend, TrialDraft],
)
def test_examples_of_requests_are_accepted(model: Any) -> None:
    model.model_validate(EXAMPLES[model.__name__])


def test_examples_of_requests_work(world: World) -> None:
    client_id = world.make("/clients", EXAMPLES["ClientDraft"])
    assert world.call("PATCH", f"/clients/{client_id}", EXAMPLES["ClientPatch"]).status == 200
    mailing_id = world.make("/mailings", EXAMPLES["MailingDraft"])
    assert world.call("PATCH", f"/mailings/{mailing_id}", EXAMPLES["MailingPatch"]).status == 200
    world.mailings.add(a_mailing(status=MailingStatus.RUNNING), None)
    assert world.call("POST", "/mailings/m0000001/resend", EXAMPLES["Resend"]).status == 202
    assert world.call("POST", "/mailings/m0000001/test", EXAMPLES["TrialDraft"]).status == 202


@pytest.mark.parametrize(
    "name",
    [
        *["Mailing", "Message", "MailingStatistics", "StatisticsOverview"],
        *["MailingPage", "MessagePage", "Recount", "SignIn"],
    ],
)
def test_examples_of_answers_have_our_shapes(name: str) -> None:
    shown = getattr(views, name).model_validate(EXAMPLES[name]).model_dump(mode="json")
    assert shown == EXAMPLES[name]


@pytest.mark.parametrize(
    "name", ["MailingPreview", "ZoneOutlook", "Suggestions", "OpeningPage", "Queues"]
)
def test_examples_of_looks_ahead_have_our_shapes(name: str) -> None:
    shown = getattr(page_views, name).model_validate(EXAMPLES[name]).model_dump(mode="json")
    assert shown == EXAMPLES[name]


def test_the_example_of_a_preview_is_a_real_one(world: World) -> None:
    wanted = EXAMPLES["MailingPreview"]
    for zone, recipients in wanted["by_timezone"].items():
        for _ in range(recipients):
            number = len(world.clients.by_id)
            world.clients.by_id[str(number)] = a_client(number, tags=("vip",), timezone=zone)
    assert world.call("POST", "/mailings/preview", EXAMPLES["PreviewDraft"]).json == wanted


@pytest.mark.parametrize(
    ("path", "operation_id"),
    [
        ("/clients/export", "exportClients"),
        ("/mailings/m0000001/messages/export", "exportMessagesOfMailing"),
    ],
)
def test_examples_of_csv_have_our_columns(world: World, path: str, operation_id: str) -> None:
    world.mailings.add(a_mailing(), None)
    header, row = CSV_EXAMPLES[operation_id].splitlines()
    assert world.get(path).text.splitlines() == [header]
    assert row.count(",") == header.count(",")


@pytest.mark.parametrize("name", ["TestSend", "Gateway"])
def test_examples_of_the_gateway_have_our_shapes(name: str) -> None:
    shown = getattr(gateway_views, name).model_validate(EXAMPLES[name]).model_dump(mode="json")
    assert shown == EXAMPLES[name]


def test_the_example_of_an_import_has_its_shape() -> None:
    example = EXAMPLES["Import"]
    assert import_views.Import.model_validate(example).model_dump(mode="json") == example


def test_the_example_of_a_problem_is_a_real_one(world: World) -> None:
    assert world.call("POST", "/clients", {**CLIENT, "phone": "1"}).json == EXAMPLES["Problem"]
    Problem.model_validate(EXAMPLES["Problem"])


def test_answers_have_the_documented_fields_and_headers(
    world: World, document: dict[str, Any]
) -> None:
    schemas = document["components"]["schemas"]
    for path, body, name in (("/clients", CLIENT, "Client"), ("/mailings", MAILING, "Mailing")):
        answer = world.call("POST", path, body)
        assert list(answer.json) == schemas[name]["required"]
        documented = document["paths"][f"/api/v1{path}"]["post"]["responses"]["201"]["headers"]
        assert set(documented) <= set(answer.headers)


@pytest.mark.parametrize(
    ("action", "body", "name"),
    [
        ("resend", {"statuses": ["failed"]}, "Mailing"),
        ("recount", None, "Recount"),
        ("test", {"phone": "79000000001"}, "TestSend"),
    ],
)
def test_what_is_accepted_is_answered_as_documented(
    world: World, document: dict[str, Any], action: str, body: object, name: str
) -> None:
    world.mailings.add(a_mailing(status=MailingStatus.RUNNING), None)
    answer = world.call("POST", f"/mailings/m0000001/{action}", body)
    assert list(answer.json) == document["components"]["schemas"][name]["required"]
    operation = document["paths"][f"/api/v1/mailings/{{mailing_id}}/{action}"]["post"]
    assert set(operation["responses"]["202"]["headers"]) <= set(answer.headers)


def test_lists_are_limited_in_items(document: dict[str, Any]) -> None:
    """Pydantic writes `maxLength` for a list whose limit stands after a validator."""
    for node in _nodes(document):
        if node.get("type") == "array":
            assert not node.keys() & {"minLength", "maxLength"}

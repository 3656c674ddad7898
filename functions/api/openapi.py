"""The OpenAPI document: what Powertools derives from routes and models, made true and readable.

Powertools knows paths, parameters and schemas. It does not know our problem documents and headers,
and it writes down what pydantic thinks of optional values (`null` allowed in a query, say). All of
that is put right here. `python -m functions.api.openapi` writes it to `docs/openapi.json`.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from functions.api import openapi_words as words
from functions.api.endpoint import Endpoint
from functions.api.errors import CONTENT_TYPE as PROBLEM_TYPE
from functions.api.errors import INTERNAL, KINDS, Problem
from functions.api.mistakes import FieldError, header_name
from functions.api.openapi_page_words import TEXT_EXAMPLES
from functions.api.routes.sign_in import Console
from functions.api.scopes import scope_of

Json = dict[str, Any]

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"

_SCHEMAS = "#/components/schemas/"
_NULLABLE_CHANGES = frozenset({"operator_code", "time_window"})
"""Fields of a patch to which null means something; for all others leaving out is the only way."""


def document(resolver: APIGatewayHttpResolver, endpoints: Sequence[Endpoint]) -> str:
    """The document as text, the same on every machine."""
    derived: Json = json.loads(resolver.get_openapi_json_schema())
    documented = [each for each in endpoints if each.mark.documented]
    paths: dict[str, Json] = {}
    for each in documented:
        paths.setdefault(_template(each), {})[each.mark.method.lower()] = _operation(derived, each)
    result = {
        "openapi": "3.1.0",
        "info": {
            "title": words.TITLE,
            "version": words.VERSION,
            "description": words.INTRODUCTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in words.TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": _schemas(derived, paths),
            "responses": _problem_responses(),
            "headers": words.HEADERS,
            "securitySchemes": words.SECURITY_SCHEMES,
        },
    }
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"


def _template(endpoint: Endpoint) -> str:
    return endpoint.mark.path.replace("<", "{").replace(">", "}")


def _operation(derived: Json, endpoint: Endpoint) -> Json:
    mark = endpoint.mark
    operation: Json = derived["paths"][_template(endpoint)][mark.method.lower()]
    result: Json = {"operationId": mark.operation_id, "tags": [mark.tag]}
    result["summary"] = endpoint.summary
    if endpoint.description:
        result["description"] = endpoint.description
    if "parameters" in operation:
        result["parameters"] = [_parameter(each) for each in operation["parameters"]]
    if "requestBody" in operation:
        result["requestBody"] = _with_examples(operation["requestBody"])
    good: Json = {"description": mark.answer}
    if mark.headers:
        good["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in mark.headers}
    content = operation["responses"][str(mark.status)].get("content")
    if mark.operation_id in words.TEXTS_OF_JSON:
        content = {"application/json": {"schema": words.TEXTS_OF_JSON[mark.operation_id]}}
    if mark.operation_id in TEXT_EXAMPLES:
        media_type, example = TEXT_EXAMPLES[mark.operation_id]
        good["content"] = {media_type: {"schema": {"type": "string"}, "example": example}}
    elif content and mark.status != 204:
        good |= _with_examples({"content": content})
    result["responses"] = {str(mark.status): good}
    statuses = {*mark.problems, *words.ALWAYS_POSSIBLE, 429}
    if endpoint.is_api:
        statuses |= {401, 403}
        scope = scope_of(mark.method)
        result["security"] = [{words.SIGN_IN: [scope]}, {words.TOKEN: []}]
    for status in sorted(statuses):
        result["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    return result


def _parameter(derived: Json) -> Json:
    """A query or header is there or not: it is never null."""
    schema = _tidy(derived["schema"])
    schema.pop("description", None)
    name = header_name(derived["name"]) if derived["in"] == "header" else derived["name"]
    return {
        "name": name,
        "in": derived["in"],
        "required": derived["required"],
        "description": derived["description"],
        "schema": {**_not_null(schema), **words.PARAMETERS.get(name, {})},
    }


def _not_null(schema: Json) -> Json:
    choices = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(choices) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**choices[0], **rest}


def _with_examples(body: Json) -> Json:
    """Every media type's schema by its name, with its example."""
    content: Json = {}
    for media_type, media in body["content"].items():
        schema = _tidy(media.get("schema", {}))
        name = schema.get("$ref", "").removeprefix(_SCHEMAS)
        content[media_type] = {"schema": schema}
        if name in words.EXAMPLES:
            content[media_type]["example"] = words.EXAMPLES[name]
    return {**body, "content": content}


def _schemas(derived: Json, paths: dict[str, Json]) -> Json:
    schemas = {name: _tidy(schema) for name, schema in derived["components"]["schemas"].items()}
    for model in (Problem, FieldError):
        schemas[model.__name__] = _tidy(model.model_json_schema(ref_template=_SCHEMAS + "{model}"))
        schemas[model.__name__].pop("$defs", None)
    schemas["GatewayMessage"] = {
        "type": "object",
        "description": "What API Gateway says when it refuses a call by itself.",
        "properties": {"message": {"type": "string", "examples": ["Too Many Requests"]}},
        "required": ["message"],
    }
    operations = [operation for path in paths.values() for operation in path.values()]
    sent = set(_reachable(schemas, [each.get("requestBody") for each in operations]))
    received = set(_reachable(schemas, [operations, _problem_responses()]))
    for name in received - sent:
        _open(schemas[name])
    for name in ("ClientPatch", "MailingPatch"):
        properties = schemas[name]["properties"]
        for field in properties.keys() - _NULLABLE_CHANGES:
            properties[field] = _not_null(properties[field])
    schemas["Problem"]["required"].remove("errors")
    schemas["Problem"]["properties"]["errors"] = _not_null(
        schemas["Problem"]["properties"]["errors"]
    )
    return {name: schemas[name] for name in sorted(sent | received)}


def _open(schema: Json) -> None:
    """In an answer every field is present, and there may be more of them one day."""
    if "properties" in schema:
        schema.pop("additionalProperties", None)
        schema["required"] = list(schema["properties"])
        for each in schema["properties"].values():
            each.pop("default", None)


def _reachable(schemas: Json, parts: Any) -> Iterator[str]:
    """The names of the schemas that these parts of the document refer to, however deep."""
    waiting, seen = list(_references(parts)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield name
            waiting += _references(schemas[name])


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        reference = part.get("$ref", "")
        if isinstance(reference, str) and reference.startswith(_SCHEMAS):
            yield reference.removeprefix(_SCHEMAS)
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _references(each)


def _tidy(schema: Any) -> Any:
    """Without the titles that pydantic makes of names: "Operator Code" tells nobody anything."""
    if isinstance(schema, list):
        return [_tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _tidy(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }


def _problem_responses() -> Json:
    schema = {"schema": {"$ref": f"{_SCHEMAS}Problem"}}
    gateway = {"application/json": {"schema": {"$ref": f"{_SCHEMAS}GatewayMessage"}}}
    responses: Json = {}
    for status, text in words.PROBLEMS.items():
        content: Json = {PROBLEM_TYPE: {**schema, "example": _problem_example(status, text)}}
        content |= gateway if status in words.GATEWAY_STATUSES else {}
        responses[str(status)] = {"description": text, "content": content}
    responses["503"]["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    responses["401"]["headers"] = {
        "WWW-Authenticate": {"$ref": "#/components/headers/WWW-Authenticate"}
    }
    for status, text in words.GATEWAY_ALONE.items():
        responses[str(status)] = {"description": text, "content": gateway}
    return {status: responses[status] for status in sorted(responses)}


def _problem_example(status: int, text: str) -> Json:
    """The first kind of problem with this status, as it is answered."""
    if status == words.EXAMPLES["Problem"]["status"]:
        return dict(words.EXAMPLES["Problem"])
    kind = next(each for each in (*KINDS.values(), INTERNAL) if each.status == status)
    return {
        "type": kind.type,
        "title": kind.title,
        "status": status,
        "detail": kind.detail or text,
        "instance": words.EXAMPLES["Problem"]["instance"],
    }


def main(file: Path = FILE) -> None:
    """Write the document to `docs/openapi.json`."""
    from functions.api.app import compose
    from functions.api.composition import Ports

    nowhere: Any = None  # no request is answered here: only signatures are looked at
    ports = Ports(*[nowhere] * len(Ports.__dataclass_fields__))
    api = compose(ports, console=Console(issuer=""))
    file.write_text(api.document(), encoding="utf-8")


if __name__ == "__main__":
    main()

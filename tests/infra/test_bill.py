"""The bill of materials lists what the layer really holds, and Swagger UI."""

import json
from pathlib import Path

import pytest

from supply import bill
from supply.licences import plain
from supply.locks import LAYER, ROOT, SHIPPED_FROM_NPM, python_packages


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bill.Json:
    file = bill.FILE.with_name(f"{tmp_path_factory.mktemp('bill').name}.json")
    assert bill.write(file) == 0, "valid by CycloneDX's schema"
    document: bill.Json = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    return document


def test_all_that_is_shipped_is_listed_and_nothing_else(written: bill.Json) -> None:
    components = {(plain(each["name"]), each["version"]) for each in written["components"]}
    in_layer = {(plain(each.name), each.version) for each in python_packages(LAYER)}

    assert in_layer < components
    assert {name for name, _ in components - in_layer} == SHIPPED_FROM_NPM


def test_each_has_its_licence_its_hashes_and_its_place(written: bill.Json) -> None:
    needed = {each["ref"]: set(each.get("dependsOn", [])) for each in written["dependencies"]}
    for each in written["components"]:
        assert each["licenses"]
        assert each["purl"].startswith(("pkg:pypi/", "pkg:npm/"))
        hashes = [here for here in each.get("properties", []) if here["name"].endswith("hash")]
        assert hashes or each["hashes"][0]["alg"] == "SHA-512"
        assert each["bom-ref"] in needed["carillon"]
    assert any(name.startswith("pydantic_core==") for name in needed[_ref(written, "pydantic")])


def test_no_path_of_this_machine_is_in_it(written: bill.Json) -> None:
    assert str(Path.home()) not in json.dumps(written)
    assert str(ROOT) not in json.dumps(written)


def _ref(written: bill.Json, name: str) -> str:
    [ref] = [each["bom-ref"] for each in written["components"] if each["name"] == name]
    return str(ref)

"""A Croissant description tells a data set, its files with digests, and where fields come from."""

import json
from pathlib import Path

import pytest

from tests.formats.catalogs import Read, pairs, read
from tests.formats.test_documents import DOCUMENTS, document
from workbench.model.catalog import AttributeGroup, RelationKind

RECORDS, OWNER = "record_set/loans", "dataset/loan applications"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "croissant-1.0.json")


def changed(folder: Path, **members: object) -> Read:
    path = folder / "metadata.json"
    path.write_text(json.dumps({**document("croissant"), **members}))
    return read(path)


def test_data_set_has_what_it_says_of_itself(made: Read) -> None:
    data = made.things[OWNER]
    assert (data.type, data.version, data.owner) == ("dataset", "1.2.0", "Aldermoor Bank")
    tags = pairs(data.attributes, AttributeGroup.TAG)
    assert tags == [
        ("license", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("credit", ""),
    ]
    assert data.values(AttributeGroup.FIELD, "license_spdx") == ("CC-BY-NC-4.0",)
    assert any("income" in a.value for a in data.attributes if a.name.startswith("rai:"))


def test_files_lie_in_each_other(made: Read) -> None:
    assert ("file/applications.csv", "file/raw.zip") in made.edges(RelationKind.MEMBER_OF)
    assert ("file/raw.zip", OWNER) in made.edges(RelationKind.MEMBER_OF)


def test_digest_that_is_none_is_flagged_where_it_stands(made: Read) -> None:
    assert [(str(p.code), p.locator.pointer) for p in made.problems] == [
        ("NOT_A_DIGEST", "/distribution/0/sha256"),
        ("WEAK_DIGEST", "/distribution/2/md5"),
    ]


def test_fields_come_of_columns_of_files(made: Read) -> None:
    assert {(r.object, r.columns) for r in made.relations if r.columns} == {
        ("file/applications.csv", ("loans/income", "INCOME")),
        ("file/bureau.csv", ("loans/debt", "DEBT")),
    }
    assert (RECORDS, "file/bureau.csv") in made.edges(RelationKind.DERIVED_FROM)


def test_data_without_a_licence_says_so(tmp_path: Path) -> None:
    value = document("croissant")
    del value["license"]
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps(value))
    assert any("licence" in sentence for sentence in read(path).account.cannot_show)


@pytest.mark.parametrize("licence", ["unknown", "https://choosealicense.com/undefined", ["", "x"]])
def test_unknown_licence_is_a_doubt(tmp_path: Path, licence: object) -> None:
    assert "UNKNOWN_LICENCE" in changed(tmp_path, license=licence).codes()


def test_origin_of_a_data_set_is_told(tmp_path: Path) -> None:
    found = changed(tmp_path, isBasedOn=[{"@id": "https://data.example.org/raw"}])
    origin = (OWNER, "dataset/https:%2F%2Fdata.example.org%2Fraw")
    assert origin in found.edges(RelationKind.DERIVED_FROM)

"""A bare statement tells what was made of what; one in an envelope stays proof."""

import json
from pathlib import Path

import pytest

from tests.drops import opened
from tests.formats.catalogs import Read, read
from tests.formats.test_documents import DOCUMENTS, document
from workbench.formats.sniff import recognise
from workbench.model.catalog import RelationKind

RUN = "run/run-7"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "statement.json")


def test_build_used_its_dependencies_and_made_its_subject(made: Read) -> None:
    assert {made.things[key].name for _, key in made.edges(RelationKind.USED)} == {
        "git+https://git.example.org/scoring",
        "s3://lake/applications",
    }
    assert [made.things[key].name for _, key in made.edges(RelationKind.GENERATED)] == [
        "scorer.onnx"
    ]
    run = made.things[RUN]
    assert (run.owner, str(run.created)) == (
        "https://ci.example.org/runner",
        "2026-04-13 04:05:03+00:00",
    )


def test_older_provenance_lists_materials(tmp_path: Path) -> None:
    value = document("statement")
    materials = [{"uri": "git+https://x.example", "digest": {"sha1": "ab" * 20}}]
    value["predicate"] = {"builder": {"id": "b"}, "materials": materials}
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value))
    found = read(path)
    assert len(found.edges(RelationKind.USED)) == 1
    assert found.codes() == ["WEAK_DIGEST"]


def test_statement_in_an_envelope_is_proof_and_no_catalog(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    envelope = {"payload": "e30=", "payloadType": "application/vnd.in-toto+json", "signatures": []}
    path.write_text(json.dumps(envelope))
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format == "attestation"

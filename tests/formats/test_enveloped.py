"""Provenance in signed envelopes is lineage too; whether its signature holds is no part of that."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, read, read_subject
from tests.formats.leaves import lost_of
from tests.formats.test_documents import DOCUMENTS, document
from workbench.evidence.file import single
from workbench.evidence.subject import Subject
from workbench.formats import sniff
from workbench.model.catalog import RelationKind


def envelope(statement: Any) -> dict[str, Any]:
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    signature = {"keyid": "k", "sig": base64.b64encode(b"nobody").decode()}
    return {
        "payloadType": "application/vnd.in-toto+json",
        "payload": payload,
        "signatures": [signature],
    }


def bundle(statement: Any) -> dict[str, Any]:
    media = "application/vnd.dev.sigstore.bundle.v0.3+json"
    return {
        "mediaType": media,
        "verificationMaterial": {},
        "dsseEnvelope": envelope(statement),
    }


@pytest.fixture(autouse=True)
def _lineage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in these tests what proof says, as a case does."""
    monkeypatch.setattr("tests.formats.catalogs.catalog_reader", sniff.lineage_reader)


def told(folder: Path, text: str, name: str = "x.intoto.jsonl") -> Read:
    path = folder / name
    path.write_text(text)
    return read_subject(Subject(name, None, "attestation", (single(path),)))


@pytest.mark.parametrize(
    ("wrap", "pointer"), [(envelope, "/payload"), (bundle, "/dsseEnvelope/payload")]
)
def test_enveloped_statement_says_what_the_bare_one_says(
    tmp_path: Path, wrap: Callable[[Any], Any], pointer: str
) -> None:
    found = told(tmp_path, json.dumps(wrap(document("statement"))))
    bare = read(DOCUMENTS / "statement.json")
    assert found.things.keys() == bare.things.keys()
    for kind in RelationKind:
        assert found.edges(kind) == bare.edges(kind)
    assert {r.locator.pointer for r in found.relations} == {
        f"{pointer}#{r.locator.pointer}" for r in bare.relations
    }
    within = replaced(found, pointer)
    assert lost_of(document("statement"), within) == []
    assert "its verdict says that" in found.account.cannot_show[0]


def replaced(found: Read, pointer: str) -> Read:
    """Return what was read with the pointers within the payload."""
    things = {
        key: replace(
            thing,
            locator=replace(
                thing.locator, pointer=(thing.locator.pointer or "").removeprefix(f"{pointer}#")
            ),
            attributes=tuple(
                replace(a, pointer=a.pointer.removeprefix(f"{pointer}#")) for a in thing.attributes
            ),
        )
        for key, thing in found.things.items()
    }
    return replace(found, things=things)


def test_each_line_of_a_file_is_an_envelope(tmp_path: Path) -> None:
    other = document("statement")
    other["predicate"]["runDetails"]["metadata"]["invocationId"] = "run-8"
    lines = [json.dumps(envelope(each)) for each in (document("statement"), other)]
    found = told(tmp_path, "\n".join([*lines, "", "{", "[]"]))
    assert {"run/run-7", "run/run-8"} <= found.things.keys()
    assert {t.locator.record for t in found.things.values() if t.kind == "run"} == {1, 2}
    assert found.account.control_totals == {"subjects": 2, "materials": 4}


def test_one_run_that_is_attested_twice_is_one_run(tmp_path: Path) -> None:
    other = document("statement")
    other["subject"] = [{"name": "card.md", "digest": {"sha256": "12" * 32}}]
    lines = [json.dumps(envelope(each)) for each in (document("statement"), other)]
    found = told(tmp_path, "\n".join(lines))
    made = {target for _, target in found.edges(RelationKind.GENERATED)}
    assert len(made) == 2
    assert {source for source, _ in found.edges(RelationKind.GENERATED)} == {"run/run-7"}


def test_runs_without_an_id_are_not_one(tmp_path: Path) -> None:
    statement = document("statement")
    del statement["predicate"]["runDetails"]["metadata"]["invocationId"]
    found = told(tmp_path, "\n".join([json.dumps(envelope(statement))] * 2))
    assert sum(thing.kind == "run" for thing in found.things.values()) == 2


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(envelope(document("statement") | {"predicateType": "https://x.example/test"})),
        json.dumps(envelope(document("statement") | {"subject": "x"})),
        json.dumps(envelope(["x"])),
        json.dumps(envelope(document("statement")) | {"payload": "~"}),
        json.dumps(envelope(document("statement")) | {"payload": 7}),
        json.dumps(envelope(document("statement")) | {"payload": "e30"}),
        json.dumps(bundle(document("statement")) | {"dsseEnvelope": []}),
        '{"payload": "' + "[" * 3000,
        "[" * 3000,
        "\x00",
        "",
    ],
)
def test_what_is_no_provenance_says_nothing_here(tmp_path: Path, text: str) -> None:
    found = told(tmp_path, text)
    assert (found.things, found.relations, found.problems) == ({}, (), ())
    assert found.account.cannot_show == ()

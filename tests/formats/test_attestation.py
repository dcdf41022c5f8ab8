"""What is recognised as an attestation, link or layout, and what it is paired with."""

import json
from pathlib import Path

import pytest

from tests.verify import attestation_builder as a
from tests.verify import oms_builder as oms
from tests.verify import sigstore_builder as sb
from workbench.evidence.drop import open_drop
from workbench.formats.attestation import stem_of
from workbench.formats.sniff import recognise
from workbench.model.progress import Cancel, Silent
from workbench.model.source import Role

KEY = a.p256("any")
SAID = a.envelope(a.statement({"x": b"x"}), KEY)
LINK = a.metablock(a.link("step", {}, {"x": b"x"}), KEY)
LAYOUT = a.metablock(a.layout([a.step("step", KEY)], [KEY]), KEY)
BUNDLE = sb.Instance().message(b"x")
OMS = sb.Instance().attestation(oms.statement(oms.FILES))
BROKEN = a.to_bytes(BUNDLE)[:-40]

CASES = {
    "envelope": ("x.json", a.to_bytes(SAID), "attestation", Role.SIGNATURE),
    "indented": ("x.json", json.dumps(SAID, indent=2).encode(), "attestation", Role.SIGNATURE),
    "lines": ("x.jsonl", b"\n".join([a.to_bytes(SAID)] * 3), "attestation", Role.SIGNATURE),
    "bundle": ("x.json", a.to_bytes(BUNDLE), "attestation", Role.SIGNATURE),
    "broken bundle": ("x.json", BROKEN, "attestation", Role.SIGNATURE),
    "by its name": ("x.sigstore.json", b"\x00\x01", "attestation", Role.SIGNATURE),
    "link": ("x.json", a.to_bytes(LINK), "attestation", Role.SIGNATURE),
    "layout": ("x.json", a.to_bytes(LAYOUT), "in-toto", Role.SUBJECT),
    "sublayout": ("step.0a1b2c3d.link", a.to_bytes(LAYOUT), "in-toto", Role.SIGNATURE),
    "layout in an envelope": (
        "x.json",
        a.to_bytes(a.envelope(LAYOUT["signed"], KEY)),
        "in-toto",
        Role.SUBJECT,
    ),
    "model signature": ("any.sigstore.json", a.to_bytes(OMS), "oms", Role.SIGNATURE),
    "trusted root": (
        "trusted_root.json",
        a.to_bytes(sb.Instance().trusted_root()),
        "trusted-root",
        Role.TRUST,
    ),
    "log that speaks of envelopes": (
        "audit.jsonl",
        b'{"event":"signed","payloadType":"x","payload":"AA=="}\n' * 3,
        "log",
        Role.SUBJECT,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_recognised_by_what_it_holds(case: str, tmp_path: Path) -> None:
    name, data, kind, role = CASES[case]
    (tmp_path / name).write_bytes(data)
    with open_drop([tmp_path], cancel=Cancel(), progress=Silent()) as drop:
        (file,) = drop.files
        seen = recognise(file, ())
    assert (seen.format, seen.role) == (kind, role)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.tar.gz.intoto.jsonl", "a.tar.gz"),
        ("a.whl.sigstore.json", "a.whl"),
        ("a.whl.sigstore", "a.whl"),
        ("a.whl.publish.attestation", "a.whl.publish"),
        ("a.json", ""),
    ],
)
def test_a_name_tells_what_it_is_about(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_a_copy_of_an_artifact_is_the_artifact_too(tmp_path: Path) -> None:
    files = {"one/x": b"x", "two/y": b"x", "x.intoto.jsonl": a.to_bytes(SAID)}
    found = a.Drop(files, {"key.pem": a.pem_of(KEY)}).verified(tmp_path)
    assert [(s.path, found.exit_code) for s in found.subjects] == [
        ("drop/one/x", 0),
        ("drop/two/y", 0),
    ]


def test_a_file_of_another_name_and_content_is_not_blamed(tmp_path: Path) -> None:
    files = {"other": b"other", "x.intoto.jsonl": a.to_bytes(SAID)}
    found = a.Drop(files, {"key.pem": a.pem_of(KEY)}).verified(tmp_path)
    assert [s.path for s in found.subjects] == ["drop/x.intoto.jsonl"]
    assert found.context == ("drop/other",)


def test_a_part_of_a_signed_model_keeps_the_attestation_apart(tmp_path: Path) -> None:
    said = a.envelope(a.statement({"README.md": oms.FILES["README.md"]}), KEY)
    folder = tmp_path / "drop"
    oms.signed_by_key(oms.key("anybody")).write(folder)
    (folder / "card.intoto.jsonl").write_bytes(a.to_bytes(said))
    files = {"card.intoto.jsonl": a.to_bytes(said)}
    found = a.Drop(files, {"key.pem": a.pem_of(KEY)}).verified(tmp_path)
    verdicts = {s.path: s.verdict for s in found.subjects if s.verdict}
    assert set(verdicts) == {"drop/model", "drop/card.intoto.jsonl"}
    assert a.words(verdicts["drop/card.intoto.jsonl"])[:3] == [
        "PASSED ANCHORED",
        "PASSED",
        "PASSED ANCHORED",
    ]


def test_what_the_auditor_says_is_about_an_artifact_is_held_against_it(tmp_path: Path) -> None:
    files = {"some.name": b"x", "elsewhere": b"y", "s.json": a.to_bytes(SAID)}
    said = a.Drop(files, {"key.pem": a.pem_of(KEY)}, artifact="elsewhere", signature="s.json")
    verdict = said.verdict(tmp_path, "elsewhere")
    assert a.words(verdict)[0] == "FAILED FILE_ALTERED"

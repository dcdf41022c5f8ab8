"""A signed model is what its signer signed, or the verdict says what differs and where."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.verify import oms_builder as oms
from tests.verify.oms_case import (
    INTACT,
    MODEL,
    SIGNER,
    TRUST,
    UNTRUSTED,
    diagnoses,
    explanation,
    judge,
    words,
)
from workbench.model.verdict import AssuranceFlag, Code, Indication
from workbench.plugins import discover
from workbench.verify.oms import VERIFIER
from workbench.verify.verifier import Bench


def test_the_verifier_is_found_by_its_format() -> None:
    assert "oms" in {plugin.id for plugin in discover("workbench.verify", "VERIFIER")}


def test_an_intact_model_signed_by_a_trusted_key_passes(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path))
    assert words(verdict) == INTACT
    assert verdict.time.code == Code.NO_TRUSTED_TIME
    assert verdict.records == len(oms.FILES)
    assert [r.flags for r in verdict.assurance] == [
        {AssuranceFlag.CONSISTENT, AssuranceFlag.SIGNED}
    ]
    assert verdict.diagnoses == ()


def test_a_model_without_trust_is_only_consistent_with_itself(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path), oms.trusting())
    assert words(verdict) == UNTRUSTED
    assert [r.level for r in verdict.assurance] == [1]


def test_a_model_without_a_signature_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    subject = replace(MODEL.write(tmp_path), signatures=())
    verdict = judge(subject)
    assert words(verdict) == (
        "INDETERMINATE UNPROTECTED",
        "INDETERMINATE NO_SIGNATURE",
        "INDETERMINATE NO_ANCHOR",
    )


@dataclass(frozen=True)
class Tampering:
    """One change of a model's folder, and all that must be said of it."""

    name: str
    changes: dict[str, bytes | None]
    diagnosis: list[tuple[str, str]]
    integrity: str
    completeness: str


WEIGHTS = oms.FILES["model.safetensors"]
TAMPERINGS = [
    Tampering(
        "one bit of the weights",
        {"model.safetensors": bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:]},
        [("FILE_ALTERED", "model.safetensors")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "a byte appended",
        {"config.json": oms.FILES["config.json"] + b" "},
        [("FILE_ALTERED", "config.json")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "emptied",
        {"config.json": b""},
        [("FILE_ALTERED", "config.json")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "a file taken away",
        {"config.json": None},
        [("FILE_MISSING", "config.json")],
        "PASSED ANCHORED",
        "FAILED FILE_MISSING",
    ),
    Tampering(
        "a file added",
        {"adapter/extra.py": b"import os\n"},
        [("FILE_ADDED", "adapter/extra.py")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "an empty file added",
        {"empty": b""},
        [("FILE_ADDED", "empty")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "a file renamed",
        {"config.json": None, "config2.json": oms.FILES["config.json"]},
        [("FILE_RENAMED", "config.json")],
        "FAILED FILE_RENAMED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "two contents exchanged",
        {"config.json": oms.FILES["README.md"], "README.md": oms.FILES["config.json"]},
        [("FILE_ALTERED", "README.md"), ("FILE_ALTERED", "config.json")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "a git folder deep inside",
        {"tokenizer/.git/config": b"x"},
        [("FILE_ADDED", "tokenizer/.git/config")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "a name that begins like an ignored one",
        {".github2/x": b"x"},
        [("FILE_ADDED", ".github2/x")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "three things at once",
        {"a": b"1", "config.json": None, "README.md": b"2"},
        [("FILE_ALTERED", "README.md"), ("FILE_MISSING", "config.json"), ("FILE_ADDED", "a")],
        "FAILED FILE_ALTERED",
        "FAILED FILE_MISSING",
    ),
]


@pytest.mark.parametrize("case", TAMPERINGS, ids=lambda case: case.name)
def test_each_tampering_has_its_one_diagnosis(case: Tampering, tmp_path: Path) -> None:
    verdict = judge(MODEL.with_files(case.changes).write(tmp_path))
    assert diagnoses(verdict) == case.diagnosis
    assert words(verdict) == (case.integrity, "PASSED key.pem", case.completeness)
    assert [r.level for r in verdict.assurance] == [0]


def test_without_trust_a_tampering_is_found_all_the_same(tmp_path: Path) -> None:
    verdict = judge(MODEL.with_files({"config.json": None}).write(tmp_path), oms.trusting())
    assert verdict.completeness.code == "FILE_MISSING"
    assert verdict.integrity.code == Code.SELF_CONSISTENT


def test_line_ends_are_tested_as_an_innocent_cause(tmp_path: Path) -> None:
    text = oms.FILES["README.md"]
    crlf = judge(MODEL.with_files({"README.md": text.replace(b"\n", b"\r\n")}).write(tmp_path))
    assert crlf.integrity.code == "FILE_ALTERED"
    assert "only the line ends differ (now CR LF)" in explanation(crlf)


def test_line_ends_are_tested_in_the_other_direction_too(tmp_path: Path) -> None:
    signed = {**oms.FILES, "README.md": b"one\r\ntwo\r\n"}
    model = oms.signed_by_key(SIGNER, signed).with_files({"README.md": b"one\ntwo\n"})
    assert "only the line ends differ (now LF)" in explanation(judge(model.write(tmp_path)))


def test_line_ends_that_do_not_explain_a_change_are_said_to_have_been_tested(
    tmp_path: Path,
) -> None:
    verdict = judge(MODEL.with_files({"README.md": b"# Other\r\n"}).write(tmp_path))
    assert "other line ends do not give the signed bytes back" in explanation(verdict)


def test_a_file_with_the_bytes_of_another_is_recognised(tmp_path: Path) -> None:
    verdict = judge(MODEL.with_files({"config.json": oms.FILES["README.md"]}).write(tmp_path))
    assert "Its bytes are those signed as 'README.md'." in explanation(verdict)


@pytest.mark.parametrize(
    ("signed", "found", "cause"),
    [
        ("données.csv", "donne\u0301es.csv", "Unicode forms"),
        ("Model.bin", "model.bin", "only in case"),
    ],
)
def test_a_name_in_another_spelling_is_explained(
    signed: str, found: str, cause: str, tmp_path: Path
) -> None:
    model = oms.signed_by_key(SIGNER, {signed: b"rows"})
    verdict = judge(model.with_files({signed: None, found: b"rows"}).write(tmp_path))
    assert diagnoses(verdict) == [("FILE_RENAMED", signed)]
    assert cause in explanation(verdict)


IGNORING = oms.signed_by_key(
    SIGNER, said=oms.statement(oms.FILES, ignore_paths=[*oms.GIT, "cache", "big.bin"])
)


def test_what_the_manifest_ignores_is_listed_by_name(tmp_path: Path) -> None:
    files: dict[str, bytes | None] = {"cache/a": b"1", ".git/HEAD": b"2", ".gitignore": b"3"}
    verdict = judge(IGNORING.with_files(files).write(tmp_path))
    assert words(verdict) == INTACT
    assert verdict.not_covered == (".git/HEAD", ".gitignore", "cache/a")
    assert any("3 files left out" in note and "cache/a" in note for note in verdict.notes)


def test_ignored_weights_are_pointed_out(tmp_path: Path) -> None:
    verdict = judge(IGNORING.with_files({"big.bin": b"1", "cache/n": b"2"}).write(tmp_path))
    assert "Among them, by their names, model weights: big.bin." in verdict.notes


def test_an_ignored_name_that_is_signed_is_compared_all_the_same(tmp_path: Path) -> None:
    files = {**oms.FILES, ".gitattributes": b"* text=auto\n"}
    model = oms.signed_by_key(SIGNER, files).with_files({".gitattributes": b"changed"})
    verdict = judge(model.write(tmp_path))
    assert diagnoses(verdict) == [("FILE_ALTERED", ".gitattributes")]


@pytest.mark.parametrize("pattern", [".", "./", "", "/", "*", "..", "../model", "model.safe"])
def test_an_ignore_path_never_hides_more_than_it_names(pattern: str, tmp_path: Path) -> None:
    said = oms.statement(oms.FILES, ignore_paths=[pattern])
    model = oms.signed_by_key(SIGNER, said=said).with_files({"evil.py": b"x"})
    assert judge(model.write(tmp_path)).completeness.code == "FILE_ADDED"


def test_the_signature_may_lie_inside_the_model(tmp_path: Path) -> None:
    subject = replace(MODEL, signature_name="model/model.sig").write(tmp_path)
    assert words(judge(subject)) == INTACT


def test_a_model_of_one_file_is_named_by_its_name_or_by_a_dot(tmp_path: Path) -> None:
    for name in ("weights.bin", "."):
        root = tmp_path / name.replace(".", "x")
        root.mkdir()
        said = oms.statement({name: b"rows"})
        (root / "weights.bin").write_bytes(b"rows")
        (root / "w.sig").write_bytes(oms.signed_by_key(SIGNER, said=said).signature)
        verdict = judge(oms.subject_at(root, "weights.bin", ["w.sig"]))
        assert words(verdict) == INTACT
        assert verdict.sha256 == oms.digest(b"rows")


def test_a_signature_of_one_file_does_not_cover_a_folder(tmp_path: Path) -> None:
    model = oms.signed_by_key(SIGNER, {"a": b"rows"}, said=oms.statement({".": b"rows"}))
    verdict = judge(model.write(tmp_path))
    assert verdict.completeness.indication is Indication.FAILED or (
        verdict.integrity.indication is Indication.FAILED
    )


@pytest.mark.parametrize("algorithm", ["sha256", "blake2b", "blake3"])
@pytest.mark.parametrize("shard_size", [None, 7, 8, 256, 4096])
def test_every_hash_and_method_of_the_specification_is_recomputed(
    algorithm: str, shard_size: int | None, tmp_path: Path
) -> None:
    said = oms.statement(oms.FILES, algorithm=algorithm, shard_size=shard_size)
    model = oms.signed_by_key(SIGNER, said=said)
    assert words(judge(model.write(tmp_path / "intact"))) == INTACT
    spoilt = WEIGHTS[:500] + b"?" + WEIGHTS[501:]
    verdict = judge(model.with_files({"model.safetensors": spoilt}).write(tmp_path / "spoilt"))
    assert diagnoses(verdict) == [("FILE_ALTERED", "model.safetensors")]
    assert verdict.diagnoses[0].offset == (shard_size and 500 // shard_size * shard_size)


@pytest.mark.parametrize("length", [1023, 1025, 1032])
def test_a_shortened_or_longer_file_does_not_agree_with_its_shards(
    length: int, tmp_path: Path
) -> None:
    said = oms.statement(oms.FILES, shard_size=8)
    changed = (WEIGHTS + b"+" * 8)[:length]
    model = oms.signed_by_key(SIGNER, said=said).with_files({"model.safetensors": changed})
    assert diagnoses(judge(model.write(tmp_path))) == [("FILE_ALTERED", "model.safetensors")]


def test_a_file_without_bytes_is_listed_as_not_covered_by_shards(tmp_path: Path) -> None:
    said = oms.statement(oms.FILES, shard_size=8)
    verdict = judge(oms.signed_by_key(SIGNER, said=said).with_files({"empty": b""}).write(tmp_path))
    assert words(verdict) == INTACT
    assert verdict.not_covered == ("empty",)


def test_more_differences_than_anyone_reads_are_counted(tmp_path: Path) -> None:
    said = oms.statement({f"f{n:04}": b"" for n in range(1005)})
    verdict = judge(oms.signed_by_key(SIGNER, {"a": b"1"}, said=said).write(tmp_path))
    missing = [d for d in verdict.diagnoses if d.kind == "FILE_MISSING"]
    assert sum(diagnosis.count or 0 for diagnosis in missing) == 1005
    assert len(missing) == 1001


def test_progress_counts_every_byte_once(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    class Listener:
        def advance(self, done: int, total: int | None, what: str) -> None:
            assert what.startswith("drop/model/")
            told.append((done, total))

    VERIFIER.verify(MODEL.write(tmp_path), Bench(trust=TRUST, progress=Listener()))
    size = sum(len(content) for content in oms.FILES.values())
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)

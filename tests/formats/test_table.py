"""Every file gets one role; proof goes to the subject it is about, or nobody gets it."""

import gzip
import json
from pathlib import Path

import pytest

from workbench.evidence.drop import open_drop
from workbench.evidence.limits import Limits
from workbench.formats import records, sniff
from workbench.formats.entry import Choice
from workbench.formats.table import Table, context_of, sort_out
from workbench.model.progress import Cancel, Silent
from workbench.model.source import Role
from workbench.verify.chain import library

HEAD = "log.example/z\n2\n" + "A" * 43 + "=\n\n— log.example/z AAAAAAAA\n"
PEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
RECORD = {"seq": 0, "entry": {"timestamp": "2026-03-01T08:00:00Z"}, "prev_hash": "", "hash": "ab"}


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / "drop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root / "drop"


def table(root: Path, files: dict[str, str | bytes], choice: Choice | None = None) -> Table:
    with open_drop([write(root, files)], cancel=Cancel(), progress=Silent()) as drop:
        return sort_out(drop, library.shipped(), choice)


def roles(found: Table) -> dict[str, Role]:
    subjects = {subject.path: Role.SUBJECT for subject in found.subjects}
    return subjects | {entry.file.path: entry.role for entry in found.entries}


def line(**more: object) -> str:
    return json.dumps(RECORD | more) + "\n"


def test_each_kind_of_file_gets_its_role(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        {
            "log.jsonl": line(),
            "log.head": HEAD,
            "key.pem": PEM,
            "README.txt": "hello",
            "store.db": b"SQLite format 3\x00" + b"experiments runs alembic_version",
            "lineage.ndjson": '{"eventTime": "2026-01-01T00:00:00Z", "job": {}, "run": {}}\n',
            "app.log": '{"level": "info", "message": "started"}\n',
        },
    )
    assert roles(found) == {
        "drop/log.jsonl": Role.SUBJECT,
        "drop/store.db": Role.SUBJECT,
        "drop/lineage.ndjson": Role.SUBJECT,
        "drop/app.log": Role.SUBJECT,
        "drop/log.head": Role.ANCHOR,
        "drop/key.pem": Role.TRUST,
        "drop/README.txt": Role.CONTEXT,
    }
    assert {s.path.rpartition("/")[2]: s.format for s in found.subjects} == {
        "log.jsonl": "chain",
        "store.db": "mlflow",
        "lineage.ndjson": "openlineage",
        "app.log": "log",
    }
    assert context_of(found.entries) == ("drop/README.txt",)


AUDITD = "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (AUDITD * 3, "auditd"),
        ("started\nstopped\n", "log"),
        (f"time=1 prev={'a' * 64}\n", "chain"),
        ('{"half": \n', "chain"),
        ("\x00\x01\n", "chain"),
    ],
)
def test_lines_of_text_without_digests_are_a_log_and_no_damaged_chain(
    tmp_path: Path, text: str, kind: str
) -> None:
    found = table(tmp_path, {"audit.log": text})
    assert [subject.format for subject in found.subjects] == [kind]


ROWS = [RECORD | {"seq": n} for n in range(5)]
ONE_A_LINE = ",\n".join(map(json.dumps, ROWS))
BUNDLE = {"manifest": {"count": 5}, "entries": ROWS, "bundle_signature": "AAAA"}
CHAINED = [{"id": n, "prev_sha": "a" * 64, "sha": "b" * 64} for n in range(3)]

DOCUMENTS = {
    "one element a line": f"[\n{ONE_A_LINE}\n]\n",
    "one element a line, brackets beside": f"[{ONE_A_LINE}]",
    "one element": f"[\n{json.dumps(RECORD)}\n]",
    "in one line": json.dumps(ROWS),
    "over many lines": json.dumps(ROWS, indent=1),
    "with an element of nothing": json.dumps([*ROWS, {}], indent=1),
    "bundle in one line": json.dumps(BUNDLE) + "\n",
    "bundle over many lines": json.dumps(BUNDLE, indent=2),
    "bundle with an entry a line": f'{{"manifest": {{}},\n"entries": [\n{ONE_A_LINE}\n],\n'
    '"bundle_signature": ""}',
    "unknown export in one line": json.dumps({"exported": 1, "records": CHAINED}),
    "one altered into no record": f"[\n{ONE_A_LINE},\n{{]\n]\n",
    "cut off": f"[\n{ONE_A_LINE},\n",
}
LINES = {
    "one record": json.dumps(RECORD),
    "one record with a list of its own": line(data=[{"a": 1}]),
    "records": "".join(line(seq=n) for n in range(5)),
    "first one spoilt": "[x\n" + "".join(line(seq=n) for n in range(5)),
    "first one a list": "[1]\n" + "".join(line(seq=n) for n in range(5)),
    "spoilt ones between": "".join(line(seq=n) + "[\n" for n in range(5)),
    "spoilt brackets around": "[\n" + "".join(line(seq=n) for n in range(5)) + "]\n",
}


@pytest.mark.parametrize("name", ["log.json", "log.jsonl"])
@pytest.mark.parametrize("form", DOCUMENTS)
def test_records_in_one_json_document_are_no_lines(tmp_path: Path, form: str, name: str) -> None:
    [subject] = table(tmp_path, {name: DOCUMENTS[form]}).subjects
    assert (subject.format, subject.container) == ("chain", "json-array")


@pytest.mark.parametrize("form", LINES)
def test_lines_of_json_are_no_document(tmp_path: Path, form: str) -> None:
    [subject] = table(tmp_path, {"log.jsonl": LINES[form]}).subjects
    assert (subject.format, subject.container) == ("chain", "jsonl")


@pytest.mark.parametrize("document", ["{}", '{\n "a": [\n  {}\n ]\n}', "[\n1,\n{}\n]", "[]"])
def test_a_json_document_without_records_is_context(tmp_path: Path, document: str) -> None:
    found = table(tmp_path, {"settings.json": document})
    assert roles(found) == {"drop/settings.json": Role.CONTEXT}


def test_a_document_too_large_to_be_parsed_is_told_by_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LIMITS", Limits(document=100))
    monkeypatch.setattr(sniff, "HEAD_BYTES", 400)
    [subject] = table(tmp_path, {"log.json": DOCUMENTS["one element a line"]}).subjects
    assert (subject.format, subject.container) == ("chain", "json-array")


def test_pem_text_inside_a_record_is_no_key(tmp_path: Path) -> None:
    found = table(tmp_path, {"log.jsonl": line(note=PEM)})
    assert roles(found) == {"drop/log.jsonl": Role.SUBJECT}


@pytest.mark.parametrize("name", ["model.sig", "log.head", "log.jsonl"])
def test_a_damaged_proof_or_log_does_not_drop_out(tmp_path: Path, name: str) -> None:
    found = table(tmp_path, {name: b""})
    assert roles(found)[f"drop/{name}"] is not Role.CONTEXT


def test_a_head_belongs_to_the_nearest_log(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        {"a/log.jsonl": line(), "b/log.jsonl": line(), "a/heads/1.head": HEAD, "b/2.head": HEAD},
    )
    heads = {s.path: [a.path for a in s.anchors] for s in found.subjects}
    assert heads == {
        "drop/a/log.jsonl": ["drop/a/heads/1.head"], "drop/b/log.jsonl": ["drop/b/2.head"],
    }  # fmt: skip


def test_a_head_named_as_its_log_belongs_to_it(tmp_path: Path) -> None:
    found = table(tmp_path, {"a.jsonl": line(), "b.jsonl": line(), "a.2026.head": HEAD})
    assert [len(s.anchors) for s in found.subjects] == [1, 0]
    assert not any(s.ambiguous for s in found.subjects)


def test_a_head_between_two_logs_is_ambiguous(tmp_path: Path) -> None:
    found = table(tmp_path, {"a.jsonl": line(), "b.jsonl": line(), "x.head": HEAD})
    assert [s.ambiguous for s in found.subjects] == [("drop/x.head",)] * 2
    assert not any(s.anchors for s in found.subjects)


def test_a_damaged_model_signature_pairs_by_its_name(tmp_path: Path) -> None:
    found = table(tmp_path, {"model.sig": "{", "model/weights.bin": "w", "other/x.txt": "x"})
    [subject] = found.subjects
    assert (subject.path, subject.base) == ("drop/model", "drop/model/")
    assert [f.path for f in subject.files] == ["drop/model/weights.bin"]


def test_a_signature_without_any_model_still_has_a_subject(tmp_path: Path) -> None:
    found = table(tmp_path, {"model.sig": "{"})
    assert [(s.format, s.files) for s in found.subjects] == [("oms", ())]


def test_what_the_auditor_says_comes_first(tmp_path: Path) -> None:
    files = {"model.sig": "{", "model/w.bin": "w", "right/w.bin": "w"}
    choice = Choice(signatures=frozenset({"drop/model.sig"}), artifact="drop/right")
    [subject] = table(tmp_path, files, choice).subjects
    assert subject.path == "drop/right"


def test_an_unsigned_model_folder_is_one_subject(tmp_path: Path) -> None:
    found = table(tmp_path, {"m/MLmodel": "x", "m/data/model.pkl": "y", "log.jsonl": line()})
    assert {s.path: (s.format, len(s.files)) for s in found.subjects} == {
        "drop/m": ("model", 2), "drop/log.jsonl": ("chain", 1),
    }  # fmt: skip


@pytest.mark.parametrize("beside", ["config.json", "MLmodel", "model.onnx", "adapter.safetensors"])
def test_weights_beside_a_model_or_its_settings_are_part_of_it(tmp_path: Path, beside: str) -> None:
    files: dict[str, str | bytes] = {f"m/{beside}": "x", "m/shard-00001.bin": "w", "app.bin": "x"}
    found = table(tmp_path, files)
    assert {s.path: [f.name for f in s.files] for s in found.subjects} == {
        "drop/m": sorted([beside, "shard-00001.bin"])
    }
    assert context_of(found.entries) == ("drop/app.bin",)


def test_weights_in_a_folder_with_a_log_are_a_subject_of_their_own(tmp_path: Path) -> None:
    found = table(tmp_path, {"config.json": "{}", "a.bin": "w", "log.jsonl": line()})
    assert {s.path: s.format for s in found.subjects} == {
        "drop/a.bin": "model", "drop/log.jsonl": "chain",
    }  # fmt: skip


def test_a_file_that_a_link_calls_a_model_is_one(tmp_path: Path) -> None:
    root = write(tmp_path, {"blobs/0f3a": "weights", "log.jsonl": line()})
    (root / "model.safetensors").symlink_to("blobs/0f3a")
    found = table(tmp_path, {})
    assert {s.path: s.format for s in found.subjects} == {
        "drop/blobs": "model", "drop/log.jsonl": "chain",
    }  # fmt: skip
    assert [link.path for link in found.links] == ["drop/model.safetensors"]


@pytest.mark.parametrize("target", ["../secret", "gone", "/etc/passwd"])
def test_a_link_to_nothing_in_the_drop_is_a_subject(tmp_path: Path, target: str) -> None:
    root = write(tmp_path, {"log.jsonl": line()})
    (root / "note.txt").symlink_to(target)
    found = table(tmp_path, {})
    assert {s.path: s.format for s in found.subjects} == {
        "drop/log.jsonl": "chain", "drop/note.txt": "link",
    }  # fmt: skip


def test_a_link_in_a_model_folder_belongs_to_the_model(tmp_path: Path) -> None:
    root = write(tmp_path, {"m/model.onnx": "w", "log.jsonl": line()})
    (root / "m" / "alias").symlink_to("model.onnx")
    (root / "m" / "gone").symlink_to("nothing")
    found = table(tmp_path, {})
    assert {s.path: len(s.links) for s in found.subjects} == {"drop/m": 2, "drop/log.jsonl": 0}
    assert not found.links


def test_a_database_and_its_journal_are_one_source(tmp_path: Path) -> None:
    found = table(tmp_path, {"s.db": b"SQLite format 3\x00", "s.db-wal": b"w"})
    [subject] = found.subjects
    assert [f.name for f in subject.files] == ["s.db", "s.db-wal"]
    assert not found.entries


def test_a_signature_and_its_file_named_side_by_side_belong_together(tmp_path: Path) -> None:
    root = write(tmp_path, {"weights.sig": '{"dsseEnvelope": {}}', "weights.bin": "w"})
    paths = [root / "weights.sig", root / "weights.bin"]
    with open_drop(paths, cancel=Cancel(), progress=Silent()) as drop:
        [subject] = sort_out(drop, library.shipped()).subjects
    assert [f.name for f in subject.files] == ["weights.bin"]


def test_a_damaged_file_that_nobody_knows_is_a_subject(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(line().encode()))
    found = table(tmp_path, {"log.jsonl": line(), "more.jsonl.gz": bytes(packed[:-9])})
    assert "drop/more.jsonl.gz" in {subject.path for subject in found.subjects}


def test_an_archive_in_a_signed_folder_is_one_of_its_files(tmp_path: Path) -> None:
    packed = gzip.compress(b"vocabulary")
    found = table(tmp_path, {"model.sig": "{", "model/vocab.txt.gz": packed, "model/w.bin": "w"})
    [subject] = found.subjects
    assert sorted(f.name for f in subject.files) == ["vocab.txt.gz", "w.bin"]
    assert [e.role for e in found.entries] == [Role.SIGNATURE]

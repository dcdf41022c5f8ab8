"""Logs of every recipe, written by the projects' own formulas: right as written, and spoilt."""

import csv
import io
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.chain_writers import SIGNER, WRITERS, Record, Written, acra, caura, secrets_of
from tests.chain_writers import agentmesh_export as exported
from tests.chain_writers import lemma_ocsf as signed
from tests.chain_writers import sql_audit_dual as dual
from tests.chain_writers import sql_immutable_log as unlinked
from tests.chain_writers import sql_journal_entries as journal
from tests.verify.chain.judging import in_words, told
from workbench import resources
from workbench.evidence.drop import open_drop
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Secret, Trust
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.chain import library
from workbench.verify.chain_log import VERIFIER
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

AT = datetime(2026, 6, 30, tzinfo=UTC)
VECTORS = resources.path("selftest", "chain")
CONTAINERS = {".csv": "csv", ".json": "json-array", ".jsonl": "jsonl", ".log": "text"}
SIGNED = "lemma-ocsf"
#: Of each file so many bytes are changed.
FLIPS = 9


def trust_for(written: Written, folder: Path) -> Trust:
    key = folder / "signer.pem"
    public = SIGNER.public_key()
    key.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    trust = load_trust((f"log={key}",), confirm=(), secrets=(), at=AT, threshold=1)
    secrets = tuple(Secret(name, value) for name, value in secrets_of(written).items())
    return replace(trust, secrets=secrets)


class Judge:
    """Judges files of one log by its own recipe; nothing else is tried."""

    def __init__(self, written: Written, folder: Path, **expect: object) -> None:
        self.written = written
        self.folder = folder
        (profile,) = (p for p in library.shipped() if p.id == written.profile)
        expectation = Expectation(**expect)  # type: ignore[arg-type]
        self.bench = Bench(trust_for(written, folder), expectation, profiles=(profile,))

    def __call__(self, data: bytes | Iterable[Record]) -> SubjectVerdict:
        raw = data if isinstance(data, bytes) else self.written.data(data)
        drop = self.folder / "drop"
        drop.mkdir(exist_ok=True)
        path = drop / self.written.name
        path.unlink(missing_ok=True)
        path.write_bytes(raw)
        with open_drop([drop], cancel=Cancel(), progress=Silent()) as opened:
            (file,) = opened.files
            kind = CONTAINERS[path.suffix]
            return VERIFIER.verify(
                Subject(file.path, None, "chain", (file,), container=kind), self.bench
            )


@pytest.mark.parametrize("name", WRITERS)
def test_log_is_recognised_by_its_content_and_right_as_written(name: str, tmp_path: Path):
    written = WRITERS[name]()
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / written.name).write_bytes(written.data(written.records))
    request, trust = VerifyRequest(paths=(drop,), at=AT), trust_for(written, tmp_path)
    (source,) = verified(request, trust, Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    good = "INDETERMINATE NOT_RECOMPUTABLE" if name == SIGNED else "PASSED SELF_CONSISTENT"
    assert source.verdict.profile == written.profile
    assert in_words(source.verdict)[0] == good
    assert source.verdict.records == len(written.records)
    assert told(source.verdict) == []


@pytest.mark.parametrize("name", WRITERS)
def test_vector_is_what_the_project_writes(name: str):
    written = WRITERS[name]()
    vector = VECTORS / f"{name}-intact" / "drop" / written.name
    assert vector.read_bytes() == written.data(written.records)


@pytest.mark.parametrize("name", WRITERS)
def test_no_change_of_records_passes(name: str, tmp_path: Path):
    written = WRITERS[name]()
    rows, judged = written.records, Judge(written, tmp_path)
    spoilt = {
        "deleted": [*rows[:3], *rows[4:]],
        "repeated": [*rows[:3], *rows[2:]],
        "cut at its end": rows[:-1],
        "put in": [*rows[:3], {**rows[2], written.own: rows[4][written.own]}, *rows[3:]],
    }
    if written.profile not in {"caura", "sql-immutable-log", "sql-journal-entries"}:
        spoilt["exchanged"] = [*rows[:2], rows[3], rows[2], *rows[4:]]
    for how, records in spoilt.items():
        verdict = judged(records)
        passed = [verdict.integrity.indication, verdict.completeness.indication]
        assert passed != [Indication.PASSED, Indication.PASSED], how
        if how != "cut at its end":
            assert verdict.integrity.indication is not Indication.PASSED or told(verdict), how


@pytest.mark.parametrize("name", [n for n, w in WRITERS.items() if not (n == SIGNED or w().secret)])
def test_log_written_anew_fails_for_who_knows_its_last_digest(name: str, tmp_path: Path):
    written = WRITERS[name]()
    rows = written.records
    fields = ("action", "operation", "eventType", "kind")
    field = next(name for name in fields if name in rows[1])
    anew = written.chain([rows[0], {**rows[1], field: "mallory"}, *rows[2:]])
    verdict = Judge(written, tmp_path, count=len(rows), head=rows[-1][written.own])(anew)
    assert verdict.integrity.indication is Indication.FAILED


@pytest.mark.parametrize("name", WRITERS)
def test_no_changed_byte_that_is_protected_passes(name: str, tmp_path: Path):
    written, picked = WRITERS[name](), random.Random(name)
    whole, judged = written.data(written.records), Judge(written, tmp_path)
    before = covered(written, whole, judged(whole))
    for at in picked.sample(range(len(whole)), FLIPS):
        spoilt = bytearray(whole)
        spoilt[at] ^= 1 << picked.randrange(8)
        verdict = judged(bytes(spoilt))
        if verdict.integrity.indication is Indication.PASSED:
            assert covered(written, bytes(spoilt), verdict) == before, (at, bytes(spoilt)[at - 9 :])


def covered(written: Written, data: bytes, verdict: SubjectVerdict) -> object:
    """Return what a log says, but for what the verdict lists as not covered, and nulls."""
    text = data.decode()
    out = set(verdict.not_covered)
    match Path(written.name).suffix:
        case ".csv":
            return [_kept(row, out) for row in csv.DictReader(io.StringIO(text))]
        case ".json":
            return [_kept(row, out) for row in json.loads(text)["entries"]]
        case ".jsonl":
            return [_kept(json.loads(line), out) for line in text.splitlines()]
        case _:
            return [line.partition(" chain=new")[0].rstrip() for line in text.splitlines()]


def _kept(row: Record, out: set[str]) -> Record:
    nested = any(name.startswith("members within") for name in out)
    told_of = {k: v for k, v in row.items() if k not in out and v is not None and v != ""}
    return {k: v for k, v in told_of.items() if not (nested and isinstance(v, dict))}


def test_chains_in_one_file_are_judged_each_by_itself(tmp_path: Path):
    written = caura()
    rows = written.records
    verdict = Judge(written, tmp_path)([*rows[:4], *rows[5:]])  # a record of tenant t1
    assert told(verdict) == [("RECORDS_DELETED", 6)]
    assert "tenant_id=t1" in verdict.diagnoses[0].explanations[0]
    assert verdict.diagnoses[0].offset == len(written.data([*rows[:4], rows[5]]))
    assert [(part.partition, part.first, part.last, part.level) for part in verdict.assurance] == [
        ("tenant_id=t1", 1, 3, 1),
        ("tenant_id=t1", 6, 6, 0),
        ("tenant_id=t1", 8, 10, 1),
        ("tenant_id=t2", 2, 11, 1),
    ]


def test_record_moved_to_another_chain_is_told_once(tmp_path: Path):
    written = caura()
    rows = written.records
    moved = {**rows[4], "tenant_id": "t2"}
    verdict = Judge(written, tmp_path)([*rows[:4], moved, *rows[5:]])
    assert told(verdict) == [("RECORD_ALTERED", 5)]


def test_rows_of_a_table_have_no_order_of_their_own(tmp_path: Path):
    written = journal()
    mixed = random.Random(7).sample(written.records, len(written.records))
    assert in_words(Judge(written, tmp_path)(mixed))[0] == "PASSED SELF_CONSISTENT"


def test_where_links_are_not_stored_the_right_ones_are_found(tmp_path: Path):
    written = unlinked()
    rows, judged = written.records, Judge(written, tmp_path)
    assert told(judged([*rows[:2], rows[4], rows[3], rows[2], *rows[5:]])) == [
        ("RECORDS_REORDERED", 3)
    ]
    assert told(judged([*rows[:5], rows[4], *rows[5:]])) == [("RECORD_DUPLICATED", 6)]
    (broken,) = judged([*rows[:4], {**rows[4], "action": "mallory"}, *rows[5:]]).diagnoses
    assert (broken.kind.value, broken.record) == ("LINK_BROKEN", 5)
    assert any("was altered" in said for said in broken.explanations)
    assert any("were deleted" in said for said in broken.explanations)


def test_older_recipe_after_a_newer_one_is_a_downgrade(tmp_path: Path):
    assert told(Judge(dual(), tmp_path)(dual(older=8).records)) == []
    written = dual(older=-5)
    verdict = Judge(written, tmp_path)(written.records)
    assert told(verdict) == [("RECIPE_DOWNGRADED", 6)]
    assert in_words(verdict)[0] == "INDETERMINATE RECIPE_DOWNGRADED"


def test_one_of_several_secrets_is_not_enough(tmp_path: Path):
    written = dual()
    judged = Judge(written, tmp_path)
    trust = judged.bench.trust
    first, second = ([s for s in trust.secrets if s.id == f"sql-audit-dual-{n}"] for n in (1, 2))
    judged.bench = replace(judged.bench, trust=replace(trust, secrets=tuple(first)))
    verdict = judged(written.records)
    assert in_words(verdict)[0] == "INDETERMINATE NOT_RECOMPUTABLE"
    assert told(verdict) == []
    assert any("not given" in note and note.endswith(": 2.") for note in verdict.notes)
    judged.bench = replace(judged.bench, trust=replace(trust, secrets=tuple(second)))
    # Nobody knows which recipe made the first tags: what follows by the older one is no downgrade.
    assert told(judged(dual(older=8).records)) == []


def test_signature_of_a_record_counts_only_over_what_was_recomputed(tmp_path: Path):
    verdict = Judge(signed(), tmp_path)(signed().records)
    assert [(s.indication.value, s.code) for s in verdict.signatures] == [
        ("INDETERMINATE", "NOT_RECOMPUTABLE")
    ]
    assert verdict.authenticity.indication is Indication.INDETERMINATE


def test_signature_by_another_key_than_it_names_is_wrong(tmp_path: Path):
    rows = signed().records
    swapped = [*rows[:3], {**rows[3], "signature": rows[2]["signature"]}, *rows[4:]]
    verdict = Judge(signed(), tmp_path)(swapped)
    assert told(verdict) == [("RECORD_ALTERED", 4)]
    assert in_words(verdict)[1] == "FAILED SIG_CRYPTO_FAILURE"


def test_signature_by_an_unknown_key_has_no_effect(tmp_path: Path):
    rows = [{**row, "signer_key_id": "ed25519:" + "0" * 16} for row in signed().records]
    rows = [{**row, "signature": "00" * 64} for row in rows]
    verdict = Judge(signed(), tmp_path)(rows)
    assert told(verdict) == []
    assert in_words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"


def test_signatures_that_name_nobody_and_are_of_no_trusted_key_have_no_effect(tmp_path: Path):
    judged = Judge(signed(), tmp_path)
    (profile,) = judged.bench.profiles
    (seal,) = profile.seals
    nameless = replace(profile, seals=(replace(seal, signer=None),))
    judged.bench = replace(judged.bench, profiles=(nameless,))
    rows = [{**row, "signature": "00" * 64} for row in signed().records]
    verdict = judged(rows)
    assert told(verdict) == []
    assert in_words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"
    one_wrong = [*signed().records[:3], rows[3], *signed().records[4:]]
    assert in_words(judged(one_wrong))[1] == "FAILED SIG_CRYPTO_FAILURE"


def test_after_a_break_keys_that_go_forward_tell_nothing_until_the_next_chain(tmp_path: Path):
    written = acra()
    rows = written.records
    verdict = Judge(written, tmp_path)(
        [rows[0], {**rows[1], "text": rows[1]["text"] + "x"}, *rows[2:]]
    )
    assert told(verdict) == [("LINK_BROKEN", 2)]
    assert [(part.first, part.last, part.level) for part in verdict.assurance] == [
        (1, 1, 1),
        (2, 4, 0),
        (5, 8, 1),
    ]


def test_chain_without_its_end_and_chain_that_comes_again_are_told(tmp_path: Path):
    written = acra()
    rows, judged = written.records, Judge(written, tmp_path)
    assert told(judged([*rows[:3], *rows[4:]])) == [("SEQUENCE_ANOMALY", 4)]
    assert told(judged([*rows[:4], *rows])) == [("RECORD_DUPLICATED", 5)]


def test_export_that_lacks_records_contradicts_its_count_and_root(tmp_path: Path):
    written = exported()
    document = json.loads(written.data(written.records))
    judged = Judge(written, tmp_path)
    cut = {**document, "entries": document["entries"][:-1]}
    assert told(judged(json.dumps(cut).encode())) == [("TAIL_TRUNCATED", 5)]
    counted = {**cut, "entry_count": 5}
    assert in_words(judged(json.dumps(counted).encode()))[0] == "FAILED HASH_FAILURE"

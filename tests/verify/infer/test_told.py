"""What a search tells: what it took, what else it could be, what stays open."""

import hashlib
import json
from pathlib import Path

from tests.verify.infer.judging import verdict_by
from workbench.model.progress import Cancel, Silent
from workbench.services import profiles
from workbench.verify.infer.log import Inference

Record = dict[str, object]


def searched(folder: Path, records: list[Record]) -> Inference:
    """Return what is found in records that are written to a file of a drop."""
    drop = folder / "drop"
    drop.mkdir()
    log = drop / "log.jsonl"
    log.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return profiles.infer(log, progress=Silent(), cancel=Cancel())


def linked(count: int, *, begins: Record, **more: object) -> list[Record]:
    """Return records that are hashed as JSON after the bytes of the digest before."""
    found, before, raw = list[Record](), begins, b""
    for n in range(count):
        record = {"event": f"e{n}", "took": n + 5, "who": ("ann", "bob")[n % 2]}
        raw = hashlib.sha256(raw + json.dumps(record, separators=(",", ":")).encode()).digest()
        found.append({**record, **more, **before, "digest": f"sha256:{raw.hex()}"})
        before = {"prev": f"sha256:{raw.hex()}"}
    return found


def test_a_first_record_that_has_no_link_is_hashed_without_one(tmp_path: Path) -> None:
    found = searched(tmp_path, linked(9, begins={}))
    assert found.found is not None
    assert all(found.found.right)
    (tmp_path / "found.yaml").write_bytes(found.text)
    assert verdict_by(tmp_path / "found.yaml", tmp_path / "drop", ()).diagnoses == ()


def test_what_the_digest_does_not_cover_is_told_and_kept(tmp_path: Path) -> None:
    found = searched(tmp_path, linked(9, begins={}, note="free"))
    assert found.profile is not None
    assert found.profile.not_covered == ("note",)
    assert "Not covered by the digest: note." in profiles.explain(found.profile)
    assert b'not_covered:\n  - "note"' in found.text


def test_in_what_other_recipes_differ_is_told(tmp_path: Path) -> None:
    said = " ".join(profiles.told(searched(tmp_path, linked(9, begins={}))))
    assert "other recipes explain these records as well" in said
    assert "They differ only in what no record here shows:" in said
    assert "nulls" in said


def test_a_field_that_happens_to_count_up_for_a_while_is_no_number_of_records(
    tmp_path: Path,
) -> None:
    found = searched(tmp_path, linked(9, begins={}))
    assert found.profile is not None
    assert found.profile.fields.sequence is None


def test_that_some_records_are_not_reproduced_is_told(tmp_path: Path) -> None:
    records = linked(9, begins={})
    records[4]["who"] = "eve"
    said = profiles.told(searched(tmp_path, records))
    assert "reproduces 8 of the 9 records" in said[0]
    assert "verify the log by it" in said[-1]

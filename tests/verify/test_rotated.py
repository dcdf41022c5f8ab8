"""Logs in several files: what is said where one of them, or the end of one, is not there."""

from pathlib import Path

import pytest

from tests.builders import SECRET, LogBuilder
from tests.verify.chain.judging import AT, in_words, told
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Secret, Trust
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verified

TRUST = Trust(AT, secrets=(Secret(None, SECRET),))


def verdicts(folder: Path, files: dict[str, bytes]) -> dict[str, SubjectVerdict]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    found = verified(VerifyRequest(paths=(folder,), at=AT), TRUST, Silent(), Cancel(), None)
    return {Path(s.path).name: s.verdict for s in found.subjects if s.verdict is not None}


def in_files(*names: str, kind: str = "bernstein") -> dict[str, bytes]:
    """Return one log, cut into files of three records."""
    lines = LogBuilder(kind, 3 * len(names)).data().splitlines(keepends=True)
    return {name: b"".join(lines[3 * n : 3 * n + 3]) for n, name in enumerate(names)}


DAYS = ("audit-2026-02-27.jsonl", "audit-2026-02-28.jsonl", "audit-2026-03-02.jsonl")
NUMBERS = ("audit.jsonl.3", "audit.jsonl.2", "audit.jsonl.1", "audit.jsonl")


@pytest.mark.parametrize("names", [DAYS, NUMBERS])
def test_where_all_files_are_there_nothing_is_said_of_a_missing_one(names, tmp_path: Path):
    for name, verdict in verdicts(tmp_path, in_files(*names)).items():
        assert not any("by name" in note for note in verdict.notes), name


@pytest.mark.parametrize(
    ("names", "lost", "after", "said"),
    [
        (DAYS, DAYS[1], DAYS[2], "audit-2026-02-27.jsonl, next to this file by name; 2026-02-28, "),
        (NUMBERS, NUMBERS[1], NUMBERS[2], "audit.jsonl.3, next to this file by name; 2 by name is"),
    ],
)
def test_file_that_is_missing_in_the_middle_is_named(names, lost, after, said, tmp_path: Path):
    files = in_files(*names)
    del files[lost]
    verdict = verdicts(tmp_path, files)[after]
    assert in_words(verdict)[2] == "INDETERMINATE HEAD_UNKNOWN"
    assert told(verdict) == [("HEAD_TRUNCATED", 1)]
    assert any(said in note for note in verdict.notes)


def test_file_that_lost_its_end_is_named_as_not_leading_to_the_next(tmp_path: Path):
    files = in_files(*DAYS)
    files[DAYS[1]] = b"".join(files[DAYS[1]].splitlines(keepends=True)[:2])
    notes = verdicts(tmp_path, files)[DAYS[2]].notes
    assert any("also not" in note and DAYS[1] in note for note in notes)


def test_gap_in_the_numbers_of_files_that_begin_anew_is_said(tmp_path: Path):
    """A gap in days says nothing: there are days without events."""
    log = LogBuilder("comptext", 3).data()
    files = {f"node-7.part-{n}.jsonl": log for n in (1, 2, 9)} | {"2026-01-01.jsonl": log}
    found = verdicts(tmp_path, {**files, "2026-01-09.jsonl": log})
    said = {name for name, v in found.items() if any("are not here" in note for note in v.notes)}
    assert said == {"node-7.part-9.jsonl"}
    assert "3, 4, 5 and 3 more by name are not here" in found["node-7.part-9.jsonl"].notes[-1]

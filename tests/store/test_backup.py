"""A backup holds what people made, and comes back only if every byte is what its list says."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from casework import added, again, lines, new_case, plain_log, written

from workbench.errors import StoreError, UsageError, WorkbenchError
from workbench.model.case import Finding
from workbench.model.progress import Cancel, Silent
from workbench.services import cases, findings
from workbench.store.case_store import CaseStore


@pytest.fixture
def case(tmp_path: Path) -> CaseStore:
    """Return a case with something in it."""
    case = new_case(tmp_path)
    added(case, written(tmp_path, "plain.jsonl", lines(plain_log())))
    findings.add(case, Finding("", "A finding"))
    written(case.folder / "reports", "a.pdf", b"%PDF")
    return case


def restored(file: Path, folder: Path) -> CaseStore:
    """Make a case of a backup and open it."""
    cases.restore(file, folder, progress=Silent(), cancel=Cancel())
    return cases.open_case(folder, who="ann", write=True)


def test_backup_comes_back_as_the_case_that_it_was(case: CaseStore, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    made = cases.back_up(case, out, cancel=Cancel())
    with restored(out, tmp_path / "back.case") as back:
        state = back.look_again()
        assert (state.broken, state.entries, state.head) == (None, made.entries, made.head)
        assert [finding.title for finding in findings.every(back)] == ["A finding"]
        assert (back.folder / "reports/a.pdf").read_bytes() == b"%PDF"
        cases.rebuild_index(back, progress=Silent(), cancel=Cancel())
        assert back.index.events == {1: 20}


@pytest.mark.parametrize("name", ["case.backup", "2026-11-27.dat", "case.tar", "case"])
def test_backup_comes_back_whatever_it_is_called(
    case: CaseStore, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    made = cases.back_up(case, out, cancel=Cancel())
    with restored(out, tmp_path / "back.case") as back:
        assert back.journal_state().head == made.head


def test_backup_is_of_one_moment_while_the_case_is_open(case: CaseStore, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    with cases.open_case(case.folder, write=False) as reader:
        before = case.journal_state().entries
        cases.back_up(reader, out, cancel=Cancel())
    with case.acting("test.act"):
        pass
    with restored(out, tmp_path / "back.case") as back:
        assert back.journal_state().entries == before


def test_backup_is_never_written_into_the_case_or_over_a_file(
    case: CaseStore, tmp_path: Path
) -> None:
    for place in (case.folder / "reports/x.zip", tmp_path / "plain.jsonl"):
        with pytest.raises(UsageError):
            cases.back_up(case, place, cancel=Cancel())


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write the archive anew with some members changed."""
    with ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def _head(members: dict[str, bytes]) -> None:
    told = json.loads(members["backup.json"])
    told["journal"]["head"] = "0" * 64
    members["backup.json"] = json.dumps(told).encode()


def _outside(members: dict[str, bytes]) -> None:
    told = json.loads(members["backup.json"])
    told["files"]["reports/../../x"] = "0" * 64
    members["backup.json"] = json.dumps(told).encode()


WRONG: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a report differs": lambda m: m.update({"reports/a.pdf": b"%PDX"}),
    "a report is missing": lambda m: m.pop("reports/a.pdf"),
    "the case file differs": lambda m: m.update({"case.sqlite": m["case.sqlite"] + b"x"}),
    "no list": lambda m: m.pop("backup.json"),
    "another head": _head,
    "a name that leads outside": _outside,
}


@pytest.mark.parametrize("what", WRONG)
def test_backup_that_is_not_as_it_was_written_is_refused(
    case: CaseStore, tmp_path: Path, what: str
) -> None:
    out = tmp_path / "out.zip"
    cases.back_up(case, out, cancel=Cancel())
    rewritten(out, WRONG[what])
    with pytest.raises(WorkbenchError):
        restored(out, tmp_path / "back.case")
    assert {path.name for path in tmp_path.iterdir()} == {
        *("audit.case", "out.zip", "plain.jsonl"),
    }


def test_nothing_is_restored_over_a_case(case: CaseStore, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    cases.back_up(case, out, cancel=Cancel())
    with pytest.raises(StoreError, match="exists already"):
        restored(out, case.folder)


def test_backup_put_over_a_case_by_hand_is_noticed(case: CaseStore) -> None:
    """An older case file in its place: the journal is shorter than it once was."""
    case = again(case)
    old = (case.folder / "case.sqlite").read_bytes()
    with case.acting("test.act"):
        pass
    case.close()
    (case.folder / "case.sqlite").write_bytes(old)
    assert again(case).journal_at_opening.broken is not None

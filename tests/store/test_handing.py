"""Nothing is written into the evidence of a case, or into the case; all else is a place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import added, new_case, written

from workbench.errors import UsageError
from workbench.store.case_store import CaseStore
from workbench.store.handing import require_outside, require_unmoved


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Return a case with a folder and a file as evidence."""
    written(tmp_path, "outer/drop/sub/log.jsonl", b'{"a": 1}\n')
    written(tmp_path, "single.jsonl", b'{"a": 1}\n')
    (tmp_path / "link").symlink_to("outer/drop")
    with new_case(tmp_path) as made:
        added(made, tmp_path / "outer/drop")
        added(made, tmp_path / "single.jsonl")
        yield made


@pytest.mark.parametrize(
    "place",
    ["outer/drop/x", "outer/drop/sub/x", "link/x", "single.jsonl", "audit.case/x",
     "audit.case/reports/x"],
)  # fmt: skip
def test_nothing_is_made_in_the_evidence_or_the_case(
    tmp_path: Path, case: CaseStore, place: str
) -> None:
    with pytest.raises(UsageError, match="never written to"):
        require_outside(case, tmp_path / place, force=True)


@pytest.mark.parametrize("place", ["outer/x", "x", "outer/drop2", "single.jsonl.tsq"])
def test_what_lies_beside_is_a_place(tmp_path: Path, case: CaseStore, place: str) -> None:
    require_outside(case, None, tmp_path / place)


def test_reports_have_their_place_in_the_case_and_it_is_the_only_one(
    tmp_path: Path, case: CaseStore
) -> None:
    require_outside(case, case.folder / "reports" / "r.pdf", reports=True)
    for place in ("r.pdf", "index/r.pdf", "case.sqlite"):
        (case.folder / place).parent.mkdir(exist_ok=True)
        with pytest.raises(UsageError, match="never written to"):
            require_outside(case, case.folder / place, force=True, reports=True)
    (case.folder / "reports").rename(tmp_path / "elsewhere")
    (case.folder / "reports").symlink_to(tmp_path / "outer" / "drop")
    with pytest.raises(UsageError, match="never written to"):
        require_outside(case, case.folder / "reports" / "r.pdf", reports=True)


def test_inputs_are_never_written_to_with_a_case_or_without(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="never written to"):
        require_outside(None, written(tmp_path, "key", b""), force=True, inputs=[tmp_path / "key"])


@pytest.mark.parametrize("place", ["outer/drop", "outer/drop/sub", "outer", ".", "audit.case"])
def test_a_folder_that_is_holds_or_lies_in_evidence_is_not_changed(
    tmp_path: Path, case: CaseStore, place: str
) -> None:
    with pytest.raises(UsageError, match="belongs to the case"):
        require_unmoved(case, tmp_path / place)
    require_unmoved(None, tmp_path / place)


def test_a_folder_of_ones_own_may_be_changed(tmp_path: Path, case: CaseStore) -> None:
    (tmp_path / "mine").mkdir()
    require_unmoved(case, tmp_path / "mine")

"""Nothing is written into the evidence of a case, or into the case; all else is a place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import added, new_case, written

from workbench.errors import UsageError
from workbench.store.case_store import CaseStore
from workbench.store.handing import require_outside, require_unmoved


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    """Return a case with a folder and a file as evidence; they lie where it lies."""
    folder = tmp_path_factory.mktemp("place")
    written(folder, "outer/drop/sub/log.jsonl", b'{"a": 1}\n')
    written(folder, "single.jsonl", b'{"a": 1}\n')
    (folder / "link").symlink_to("outer/drop")
    with new_case(folder) as made:
        added(made, folder / "outer/drop")
        added(made, folder / "single.jsonl")
        yield made


@pytest.fixture
def beside(case: CaseStore) -> Path:
    """Return the folder in which the case lies."""
    return case.folder.parent


@pytest.mark.parametrize(
    "place",
    ["outer/drop/x", "outer/drop/sub/x", "link/x", "single.jsonl", "audit.case/x",
     "audit.case/reports/x"],
)  # fmt: skip
def test_nothing_is_made_in_the_evidence_or_the_case(
    beside: Path, case: CaseStore, place: str
) -> None:
    with pytest.raises(UsageError, match="never written to"):
        require_outside(case, beside / place, force=True)


@pytest.mark.parametrize("place", ["outer/x", "x", "outer/drop2", "single.jsonl.tsq"])
def test_what_lies_beside_is_a_place(beside: Path, case: CaseStore, place: str) -> None:
    require_outside(case, None, beside / place)


def test_reports_have_their_place_in_the_case_and_it_is_the_only_one(
    beside: Path, case: CaseStore
) -> None:
    require_outside(case, case.folder / "reports" / "r.pdf", reports=True)
    for place in ("r.pdf", "index/r.pdf", "case.sqlite"):
        (case.folder / place).parent.mkdir(exist_ok=True)
        with pytest.raises(UsageError, match="never written to"):
            require_outside(case, case.folder / place, force=True, reports=True)
    (case.folder / "reports" / "link").symlink_to(beside / "outer" / "drop")
    with pytest.raises(UsageError, match="never written to"):
        require_outside(case, case.folder / "reports" / "link" / "r.pdf", reports=True)


def test_inputs_are_never_written_to_with_a_case_or_without(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="never written to"):
        require_outside(None, written(tmp_path, "key", b""), force=True, inputs=[tmp_path / "key"])


@pytest.mark.parametrize("place", ["outer/drop", "outer/drop/sub", "outer", ".", "audit.case"])
def test_a_folder_that_is_holds_or_lies_in_evidence_is_not_changed(
    beside: Path, case: CaseStore, place: str
) -> None:
    with pytest.raises(UsageError, match="belongs to the case"):
        require_unmoved(case, beside / place)
    require_unmoved(None, beside / place)


def test_a_folder_of_ones_own_may_be_changed(beside: Path, case: CaseStore) -> None:
    (beside / "mine").mkdir()
    require_unmoved(case, beside / "mine")

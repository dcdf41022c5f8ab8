"""A case of any released version opens as it was, and a step that fails changes nothing."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from casework import clock
from sqlalchemy import create_engine

from workbench.errors import StoreError
from workbench.model.case import EvidenceRef, Severity
from workbench.model.locator import Locator
from workbench.model.query_fields import Area
from workbench.model.verdict import DiagnosisClass, Dimension
from workbench.services import cases, findings, investigation, trusting
from workbench.store import journal, migrations
from workbench.store.migrations import STEPS, VERSION, migrate, version_of

STORED = sorted((Path(__file__).parent / "cases").glob("version-*.sqlite"))


def placed(stored: Path, folder: Path) -> Path:
    """Return a case with a stored file."""
    case = folder / "old.case"
    case.mkdir(mode=0o700)
    shutil.copy(stored, case / "case.sqlite")
    return case


def test_there_is_a_stored_case_of_every_version() -> None:
    assert [path.stem for path in STORED] == [f"version-{n + 1}" for n in range(VERSION)]
    assert len(STEPS) == VERSION - 1


@pytest.mark.parametrize("stored", STORED, ids=lambda p: p.stem)
def test_case_of_an_old_version_opens_with_everything(stored: Path, tmp_path: Path) -> None:
    with cases.open_case(placed(stored, tmp_path), who="ann", write=True, clock=clock()) as case:
        standing = cases.standing(case)
        assert standing.engagement.team == ("ann", "bob")
        assert standing.journal.broken is None
        assert standing.deliveries[0].custody.note == "bag 7"
        assert [s.path for s in standing.superseded] == ["evidence/plain.jsonl"]
        assert standing.superseded[0].totals[0].counted == 20
        assert standing.verification is not None
        integrity = standing.verification.dimension(Dimension.INTEGRITY)
        assert integrity.code == DiagnosisClass.RECORD_ALTERED
        (finding,) = findings.every(case)
        digest = next(s.sha256 for s in standing.sources if s.format == "chain")
        place = Locator("evidence/log.jsonl", record=5)
        assert (finding.severity, finding.response) == (Severity.HIGH, "Noted")
        assert finding.evidence == (EvidenceRef(digest, place, "altered"),)
        assert trusting.trusted(case)[0].confirmed_how == "telephone"
        (row,) = investigation.listed(case, Area.DIAGNOSES).rows
        assert row.diagnosis.record == 5
        with case.acting("test.act"):
            pass
        assert case.look_again().contradicted == ()


def test_case_that_sealed_nothing_has_to_be_verified_again(tmp_path: Path) -> None:
    """What a case of version 1 held was not sealed: its verdicts are out of date from then on."""
    with cases.open_case(placed(STORED[0], tmp_path), who="ann", write=True) as case:
        assert cases.standing(case).stale
        assert cases.journal_entries(case)[-1].act == journal.MIGRATED


def test_case_of_an_old_version_is_opened_once_for_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = placed(STORED[-1], tmp_path)
    with closing(sqlite3.connect(folder / "case.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.commit()
    with pytest.raises(StoreError, match="open it once for writing"):
        cases.open_case(folder, write=False)
    monkeypatch.setattr("workbench.store.case_file.migrate", lambda c: migrations.set_version(c))
    with cases.open_case(folder, write=True) as case:
        assert case.writable
    with cases.open_case(folder, write=False) as case:
        assert not case.writable


def test_only_the_missing_steps_are_run_in_order() -> None:
    ran: list[int] = []
    engine = create_engine("sqlite://")
    steps = tuple(lambda _, n=n: ran.append(n) for n in (1, 2, 3))
    with engine.connect() as connection:
        migrations.set_version(connection, 2)
        assert migrate(connection, steps) == 4
        assert version_of(connection) == 4
    engine.dispose()
    assert ran == [2, 3]

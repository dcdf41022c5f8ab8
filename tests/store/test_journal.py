"""The journal is a chain that any auditor can check; a broken one is shown and hides nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from casework import again, new_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Code, Dimension, Indication
from workbench.model.verification import Verification
from workbench.services import cases
from workbench.services.verification import verify
from workbench.store import journal
from workbench.store.case_store import CaseStore


@pytest.fixture
def case(tmp_path: Path) -> CaseStore:
    """Return a case with some acts."""
    case = new_case(tmp_path)
    for n in range(5):
        with case.acting("test.act", subject=f"number {n}") as act:
            act.detail = {"n": n, "text": 'ü "☃" \\ \u202e', "list": [1, "a", None, True]}
    return case


def spoil(case: CaseStore, statement: str) -> CaseStore:
    """Change the file behind our back and open the case again."""
    case.close()
    with closing(sqlite3.connect(case.folder / "case.sqlite")) as connection:
        connection.execute(statement)
        connection.commit()
    return again(case)


def exported(case: CaseStore, folder: Path) -> Path:
    """Export the journal."""
    out = folder / "journal.jsonl"
    cases.export_journal(case, out, force=True)
    return out


def judged(log: Path) -> Verification:
    """Verify a log."""
    from casework import AT

    return verify(VerifyRequest((log,), AT), progress=Silent(), cancel=Cancel())


def test_exported_journal_is_verified_by_our_own_verifier(case: CaseStore, tmp_path: Path) -> None:
    verification = judged(exported(case, tmp_path))
    (subject,) = verification.subjects
    assert subject.verdict is not None
    assert subject.verdict.profile == "workbench-journal"
    assert subject.verdict.records == 6
    integrity = verification.dimension(Dimension.INTEGRITY)
    assert (integrity.indication, integrity.code) == (Indication.PASSED, Code.SELF_CONSISTENT)
    assert subject.verdict.not_covered == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_byte_of_an_exported_journal_is_found(
    case: CaseStore, tmp_path: Path, data: st.DataObject
) -> None:
    log = exported(case, tmp_path)
    whole = bytearray(log.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 2))
    whole[at] ^= data.draw(st.integers(1, 255))
    log.write_bytes(whole)
    assert judged(log).dimension(Dimension.INTEGRITY).indication is not Indication.PASSED


def test_whole_journal_holds_and_its_head_is_the_last_digest(case: CaseStore) -> None:
    opened = again(case)
    state = opened.journal_state()
    assert (state.entries, state.broken) == (6, None)
    assert cases.journal_entries(opened)[-1].digest == state.head


SPOILT = {
    "UPDATE journal SET subject = 'x' WHERE number = 3": 3,
    "UPDATE journal SET who = 'x' WHERE number = 1": 1,
    "UPDATE journal SET at = '2020' WHERE number = 2": 2,
    "UPDATE journal SET detail = '{\"n\":9}' WHERE number = 4": 4,
    "UPDATE journal SET digest = previous WHERE number = 6": 6,
    "UPDATE journal SET previous = digest WHERE number = 2": 2,
    "DELETE FROM journal WHERE number = 3": 3,
    "DELETE FROM journal WHERE number = 1": 1,
    "UPDATE journal SET number = 99 WHERE number = 6": 6,
}


@pytest.mark.parametrize("statement", SPOILT)
def test_broken_journal_is_shown_and_stops_nothing_else(case: CaseStore, statement: str) -> None:
    opened = spoil(case, statement)
    broken = opened.journal_at_opening.broken
    assert broken is not None
    assert broken.number == SPOILT[statement]
    assert broken.expected != broken.found
    assert opened.journal_state().broken == broken
    assert cases.standing(opened).journal.broken == broken
    assert len(cases.journal_entries(opened)) >= 5


def test_break_is_recorded_before_the_next_act_and_once(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE journal SET subject = 'x' WHERE number = 3")
    for _ in range(2):
        with opened.acting("test.act", subject="after"):
            pass
    with opened.reading() as session:
        after = [(e.act, e.subject) for e in journal.entries(session, first=7)]
    assert after == [
        (journal.NOTICED, "entry 3"),
        ("test.act", "after"),
        ("test.act", "after"),
    ]


def test_journal_with_text_that_is_none_is_broken_and_stops_nothing(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE journal SET subject = CAST(x'ff' AS TEXT) WHERE number = 3")
    assert opened.journal_at_opening.broken is not None
    assert cases.standing(opened).engagement.title == "Second quarter"


def test_column_holds_what_it_says(case: CaseStore) -> None:
    case.close()
    with (
        closing(sqlite3.connect(case.folder / "case.sqlite")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="TEXT column"),
    ):
        connection.execute("UPDATE journal SET subject = x'00' WHERE number = 3")

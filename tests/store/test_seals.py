"""Tables that were changed by other means contradict the journal: nothing PASSED rests on them."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from casework import added, again, clock, lines, new_case, plain_log, verified, written

from workbench.errors import StoreError
from workbench.model.case import Finding
from workbench.model.catalog import Thing, ThingKind
from workbench.model.locator import Locator
from workbench.model.verdict import Code, Dimension, Indication, SubjectVerdict
from workbench.services import cases, findings, trusting
from workbench.sign.keys import public_pem
from workbench.store import catalog, journal
from workbench.store.case_store import CaseStore

PASSED = Indication.PASSED


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a verified case in which everything that can PASS did."""
    place = tmp_path_factory.mktemp("kept")
    builder = LogBuilder("workbench", 12)
    written(place, "evidence/log.jsonl", builder.data())
    written(place, "evidence/log.head", builder.head())
    written(place, "evidence/plain.jsonl", lines(plain_log()))
    key = written(place, "log.pem", public_pem(KEY.public_key()))
    with new_case(place) as case:
        trusting.add(case, [f"log={key}"])
        added(case, place / "evidence")
        with case.acting("test.catalog") as act:
            thing = Thing(ThingKind.ARTIFACT, "dataset", "d", "data", Locator("x", record=1))
            catalog.put(act.session, 1, [thing])
        verified(case)
        findings.add(case, Finding("", "A finding"))
        return case.folder


@pytest.fixture
def case(kept: Path, tmp_path: Path) -> Iterator[CaseStore]:
    """Yield a copy of it."""
    folder = shutil.copytree(kept, tmp_path / "audit.case")
    with cases.open_case(folder, who="ann", write=True, clock=clock()) as case:
        yield case


def spoil(case: CaseStore, *statements: str) -> CaseStore:
    """Change the file behind our back and open the case again."""
    case.close()
    with closing(sqlite3.connect(case.folder / "case.sqlite")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return again(case)


def log_verdict(case: CaseStore) -> SubjectVerdict:
    """Return what the newest verification says of the log now."""
    found = cases.standing(case).verification
    assert found is not None
    return next(s.verdict for s in found.subjects if s.format == "chain" and s.verdict)


def integrity(case: CaseStore) -> tuple[Indication, str | None]:
    """Return what the newest verification says now."""
    part = log_verdict(case).integrity
    return part.indication, part.code


def test_case_that_nobody_touched_holds_and_passed(case: CaseStore) -> None:
    state = case.look_again()
    assert (state.broken, state.contradicted, state.noticed) == (None, (), ())
    assert integrity(case)[0] is PASSED


def test_seal_is_recomputed_by_hand_as_the_help_says(case: CaseStore) -> None:
    entry = next(e for e in cases.journal_entries(case) if e.act == "trust.add")
    with closing(sqlite3.connect(case.folder / "case.sqlite")) as connection:
        found = connection.execute("SELECT * FROM trust ORDER BY id")
        names = [column[0] for column in found.description]
        rows = [[c.hex().upper() if isinstance(c, bytes) else c for c in row] for row in found]
    text = f"trust {','.join(names)}\n{json.dumps(rows, separators=(',', ':'))}\n"
    sealed = json.loads(entry.detail)["seals"]["trust"]
    assert sealed == hashlib.sha256(text.encode()).hexdigest()


CHANGED = {
    "UPDATE verdict SET integrity_code = 'ANCHORED', records = 13": "verdicts",
    "UPDATE verification SET document = replace(document, '\"records\": 12', '\"records\": 13')": (
        "verdicts"
    ),
    "UPDATE verification SET exit = 7": "verdicts",
    "DELETE FROM assurance": "verdicts",
    "UPDATE source SET sha256 = replace(sha256, substr(sha256, 1, 1), 'x')": "evidence",
    "UPDATE source_file SET sha256 = 'x'": "evidence",
    "UPDATE delivery SET received_from = 'x'": "evidence",
    "INSERT INTO control_total (source_id, name, stated) VALUES (1, 'events', 12)": "evidence",
    "UPDATE trust SET confirmed_at = 1": "trust",
    "UPDATE finding SET severity = 'low'": "findings",
    "DELETE FROM finding": "findings",
    "UPDATE engagement SET client = 'x'": "engagement",
    "UPDATE index_part SET events = 3": "index",
}


@pytest.mark.parametrize("statement", CHANGED)
def test_changed_table_contradicts_the_journal(case: CaseStore, statement: str) -> None:
    opened = spoil(case, statement)
    state = opened.journal_at_opening
    assert state.contradicted == (CHANGED[statement],)
    assert state.broken is not None
    assert state.broken.tables == CHANGED[statement]
    assert cases.standing(opened).journal.broken == state.broken


def test_changed_verdict_is_never_passed(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE verdict SET records = 13")
    assert integrity(opened) == (Indication.INDETERMINATE, Code.CASE_CHANGED)
    for verdict in cases.standing(opened).verdicts.values():
        parts = (verdict.integrity, verdict.authenticity, verdict.completeness, verdict.time)
        assert PASSED not in {part.indication for part in parts}


def test_what_failed_still_fails_in_a_changed_case(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE verdict SET integrity = 'FAILED', integrity_code = 'FORK'")
    verdict = next(iter(cases.standing(opened).verdicts.values()))
    assert verdict.integrity.indication is Indication.FAILED


def test_table_that_cannot_be_read_contradicts_the_journal_and_stops_nothing_else(
    case: CaseStore,
) -> None:
    opened = spoil(case, "UPDATE finding SET title = CAST(x'ff' AS TEXT)")
    assert "findings" in opened.journal_at_opening.contradicted
    assert integrity(opened)[0] is not PASSED
    with pytest.raises(StoreError, match="was not recorded"), opened.acting("test.act"):
        pass


def test_later_act_does_not_heal_a_changed_verdict(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE verdict SET records = 13")
    with opened.acting("test.act"):
        pass
    opened = again(opened)
    assert opened.journal_at_opening.broken is None  # said in the journal, for ever
    assert opened.journal_at_opening.noticed == ("verdicts",)
    assert integrity(opened) == (Indication.INDETERMINATE, Code.CASE_CHANGED)
    assert [e.act for e in cases.journal_entries(opened)].count(journal.NOTICED) == 1


def test_verdict_is_believed_again_once_the_case_was_verified_again(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE verdict SET records = 13")
    verified(opened)
    assert integrity(opened)[0] is PASSED
    assert integrity(again(opened))[0] is PASSED


def test_changed_digest_of_the_intake_is_never_passed_again(tmp_path: Path) -> None:
    log = written(tmp_path, "log.jsonl", LogBuilder("workbench", 12).data())
    case = new_case(tmp_path)
    added(case, log)
    verified(case)
    log.write_bytes(LogBuilder("workbench", 11).data())
    new = hashlib.sha256(log.read_bytes()).hexdigest()
    opened = spoil(
        case,
        f"UPDATE source SET sha256 = '{new}'",
        f"UPDATE source_file SET sha256 = '{new}'",
    )
    for _ in range(2):
        found = verified(opened)
        part = found.dimension(Dimension.INTEGRITY)
        assert part.indication is not PASSED
        assert Code.CASE_CHANGED in part.codes
        assert found.exit_code != 0
        opened = again(opened)
    assert opened.journal_at_opening.noticed == ("evidence",)


def test_key_that_was_slipped_in_vouches_for_nothing(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE trust SET name = 'x'")
    verified(opened)
    part = log_verdict(opened).authenticity
    assert (part.indication, part.code) == (Indication.INDETERMINATE, Code.CASE_CHANGED)


SHORTENED = {
    "all of it": ["DELETE FROM journal"],
    "its end": ["DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)"],
    "its end, and the end that is stated": [
        "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)",
        """UPDATE journal_head SET entries = entries - 1, head =
        (SELECT digest FROM journal ORDER BY number DESC LIMIT 1)""",
    ],
}


@pytest.mark.parametrize("what", SHORTENED)
def test_shortened_journal_is_broken_and_vouches_for_nothing(case: CaseStore, what: str) -> None:
    with case.acting("report.write"):  # touches no table: only the length tells
        pass
    opened = spoil(case, *SHORTENED[what])
    assert opened.journal_at_opening.broken is not None
    assert integrity(opened)[0] is not PASSED
    with opened.acting("test.act"):
        pass
    assert integrity(again(opened))[0] is not PASSED


def test_seal_that_was_changed_with_its_table_is_not_believed(case: CaseStore) -> None:
    case.close()
    with closing(sqlite3.connect(case.folder / "case.sqlite")) as connection:
        connection.execute("UPDATE verdict SET records = 13")
        connection.commit()
    case = again(case)
    state = case.journal_at_opening
    assert state.broken is not None
    sealed, found = state.broken.expected, state.broken.found
    change = f"UPDATE journal SET detail = replace(detail, '{sealed}', '{found}')"
    opened = spoil(case, change)
    assert opened.journal_at_opening.broken is not None
    assert integrity(opened)[0] is not PASSED


def test_checkpoint_that_is_behind_or_gone_is_no_break(case: CaseStore) -> None:
    file = case.folder / "journal.head"
    before = file.read_bytes()
    with case.acting("test.act"):
        pass
    file.write_bytes(before)  # killed between the commit and the file
    case = again(case)
    assert case.journal_at_opening.broken is None
    file.unlink()
    assert again(case).journal_at_opening.broken is None


def test_changed_catalog_is_found_before_anything_is_derived_from_it(case: CaseStore) -> None:
    opened = spoil(case, "UPDATE thing SET name = 'x'")
    assert opened.journal_at_opening.contradicted == ()
    assert opened.look_again().contradicted == ("catalog of source 1",)

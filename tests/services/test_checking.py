"""Checks of real cases: what was not read, not verified, delivered twice or logged apart."""

import hashlib
import json
import lzma
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from casework import added, again, new_case, verified, written
from sqlalchemy import text

from workbench.model.policy import CheckOutcome, CheckResult, Footing
from workbench.model.progress import Cancel, Silent
from workbench.services import cases, checking, findings
from workbench.store.case_store import CaseStore

STORES = Path(__file__).parents[1] / "formats" / "stores"
SATISFIED, OPEN = CheckOutcome.SATISFIED, CheckOutcome.INDETERMINATE
Acts = Sequence[tuple[str, str, str]]


def results(case: CaseStore) -> dict[str, CheckResult]:
    _, found = checking.answers(case, "ml-baseline", progress=Silent(), cancel=Cancel())
    return {result.check.id: result for result in found}


def log(acts: Acts, *, chained: bool = False, first: int = 1) -> bytes:
    """Return a log; a chained one in the canonical JSON of the profile ``workbench``."""
    records, previous = [], "0" * 64
    for n, (actor, action, item) in enumerate(acts, first):
        record: dict[str, object] = {
            "time": f"2026-03-01T10:00:{n:02}Z",
            "actor": actor,
            "action": action,
            "object": item,
            "outcome": "success",
        }
        if chained:
            record |= {"seq": n, "prev": previous}
            previous = hashlib.sha256(compact(record)).hexdigest()
            record["hash"] = previous
        records.append(record)
    return b"".join(compact(record) + b"\n" for record in records)


def compact(record: object) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def asked(folder: Path, *logs: bytes, verify: bool = False) -> dict[str, CheckResult]:
    with new_case(folder) as case:
        for number, data in enumerate(logs):
            added(case, written(folder, f"log-{number}.jsonl", data))
        if verify:
            verified(case)
        return results(case)


def store(folder: Path, name: str, *changes: str, file: str = "mlflow.db") -> Path:
    path = written(folder, file, lzma.decompress((STORES / name).read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        for change in changes:
            connection.executescript(change)
        connection.commit()
    return path


REGISTER = ("ann", "model.register", "models:/x/1")
APPROVE = ("bob", "model.approve", "models:/x/1")
DEPLOY = ("cid", "model.deploy", "models:/x/1")


@pytest.mark.parametrize("act", ["approval.rejected", "approval.requested", "model.unapprove"])
def test_act_that_is_no_approval_approves_nothing(act: str, tmp_path: Path) -> None:
    found = asked(tmp_path, log([REGISTER, ("bob", act, "models:/x/1"), DEPLOY]))
    assert found["APP-01"].outcome is CheckOutcome.NOT_SATISFIED


def test_revoked_approval_approves_nothing(tmp_path: Path) -> None:
    found = asked(tmp_path, log([APPROVE, ("bob", "approval.revoked", "models:/x/1"), DEPLOY]))
    assert found["APP-01"].outcome is CheckOutcome.NOT_SATISFIED


@pytest.mark.parametrize("act", ["deployment.describe", "transition_stage_to_archived"])
def test_act_that_is_no_deployment_is_in_no_population(act: str, tmp_path: Path) -> None:
    assert asked(tmp_path, log([("ann", act, "models:/x/1")]))["APP-01"].population == 0


def test_unknown_word_is_listed_as_undecided(tmp_path: Path) -> None:
    found = asked(tmp_path, log([("bob", "approval.simulated", "models:/x/1"), DEPLOY]))
    assert [one.reason for one in found["APP-03"].undecided] == [
        "Whether approval.simulated is an approval is not known here."
    ]
    assert (found["APP-01"].outcome, found["APP-01"].tested) == (OPEN, 0)


def test_rotated_log_and_another_form_of_the_name_are_one_history(tmp_path: Path) -> None:
    first = log([REGISTER, ("bob", "model.approve", "x:1")])
    found = asked(tmp_path, first, log([DEPLOY], first=3))
    assert (found["APP-01"].population, found["APP-01"].exceptions) == (1, ())
    assert found["APP-01"].outcome is SATISFIED
    assert found["APP-01"].said == "SATISFIED on unverified claims"
    assert found["APP-03"].exceptions == ()


def test_same_log_twice_is_counted_once_and_that_is_said(tmp_path: Path) -> None:
    data = log([REGISTER, APPROVE, DEPLOY])
    found = asked(tmp_path, data, data)
    assert (found["APP-01"].population, found["ACC-01"].population) == (1, 3)
    assert found["APP-01"].notes == (
        "log-1.jsonl has the bytes of log-0.jsonl: they are counted once.",
    )


def test_same_store_twice_is_counted_once(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, store(tmp_path, "mlflow-3.17.2.db.xz"))
        once = {name: result.population for name, result in results(case).items()}
        added(case, store(tmp_path / "copy", "mlflow-3.17.2.db.xz"))
        assert {name: result.population for name, result in results(case).items()} == once


def test_log_that_was_added_after_the_verification_is_undecided(tmp_path: Path) -> None:
    good = log([REGISTER, APPROVE, DEPLOY], chained=True)
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "a.jsonl", good))
        verified(case)
        assert results(case)["CHN-01"].outcome is SATISFIED
        bad = good.replace(b'"bob"', b'"eve"')
        added(case, written(tmp_path, "b.jsonl", bad))
        late = results(case)
        assert (late["CHN-01"].population, late["CHN-01"].outcome) == (2, OPEN)
        assert late["APP-01"].outcome is OPEN
        assert "after the newest verification" in late["APP-01"].notes[0]
        verified(case)
        told = results(case)
        assert [row.label for row in told["CHN-01"].exceptions] == ["b.jsonl"]
        assert "b.jsonl, of which Integrity is FAILED" in told["APP-01"].reason
        assert told["ACC-01"].outcome is OPEN


def test_events_are_counted_by_how_they_are_protected(tmp_path: Path) -> None:
    found = asked(tmp_path, log([REGISTER, APPROVE], chained=True), log([DEPLOY], first=3),
                  verify=True)  # fmt: skip
    assert found["ACC-01"].basis == ((Footing.UNPROTECTED, 1), (Footing.CONSISTENT, 2))


def test_row_that_was_too_large_to_read_leaves_its_checks_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store(
        tmp_path, "mlflow-3.17.2.db.xz",
        "UPDATE registered_models SET description = hex(zeroblob(34 * 1024 * 1024)) "
        "WHERE rowid = (SELECT min(rowid) FROM registered_models)",
    )  # fmt: skip
    with new_case(tmp_path) as case:
        added(case, file)
        found = results(case)["INV-02"]
    assert found.outcome is not SATISFIED
    assert "was not read whole (" in found.reason


@pytest.mark.parametrize(
    ("name", "changes", "check"),
    [
        ("mlflow-1.30.1.db.xz", (), "LIN-01"),
        (
            "mlflow-3.17.2.db.xz",
            ("ALTER TABLE params RENAME TO p2; CREATE VIEW params AS SELECT * FROM p2;",),
            "INV-10",
        ),
    ],
)
def test_store_that_has_no_place_for_a_fact_is_no_exception(
    name: str, changes: tuple[str, ...], check: str, tmp_path: Path
) -> None:
    with new_case(tmp_path) as case:
        added(case, store(tmp_path, name, *changes))
        found = results(case)[check]
    assert found.population
    assert (found.outcome, found.exceptions, found.tested) == (OPEN, (), 0)
    assert "no place for it" in found.undecided[0].reason


def test_unsigned_model_carries_nothing_that_could_be_broken(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        folder = tmp_path / "model"
        written(folder, "config.json", b"{}")
        written(folder, "model.safetensors", b"x" * 64)
        added(case, folder)
        verified(case)
        found = results(case)
    assert found["CHN-01"].population == 0
    assert [row.label for row in found["SIG-01"].exceptions] == ["model"]


# What is kept


def test_results_are_kept_in_the_case_as_they_were(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, store(tmp_path, "mlflow-3.17.2.db.xz"))
        added(case, written(tmp_path, "log.jsonl", log([APPROVE, DEPLOY])))
        assert checking.kept(case) == {}
        _, found = checking.run(case, "ml-baseline", progress=Silent(), cancel=Cancel())
        entry = cases.journal_entries(case)[-1]
        with again(case) as opened:
            (kept,) = checking.kept(opened).values()
            assert (kept.who, kept.at, kept.is_stale) == ("ann", entry.at, False)
            for one, was in zip(kept.results, found, strict=True):
                assert (one.check, one.outcome, one.reason) == (was.check, was.outcome, was.reason)
                assert (one.population, one.tested, one.basis) == (
                    was.population, was.tested, was.basis
                )  # fmt: skip
                assert [r.label for r in one.exceptions] == [r.label for r in was.exceptions]
                assert [r.evidence for r in one.exceptions] == [r.evidence for r in was.exceptions]
                assert [r.fields for r in one.exceptions] == [r.fields for r in was.exceptions]
                assert [u.reason for u in one.undecided] == [u.reason for u in was.undecided]


def test_kept_results_are_stale_once_the_case_changed_and_not_for_a_finding(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", log([DEPLOY])))
        _, found = checking.run(case, "ml-baseline", progress=Silent(), cancel=Cancel())
        findings.add(case, checking.finding_of(found[2]))
        assert [run.is_stale for run in checking.kept(case).values()] == [False]
        added(case, written(tmp_path, "more.jsonl", log([APPROVE])))
        assert [run.is_stale for run in checking.kept(case).values()] == [True]


def test_kept_results_of_another_pack_or_program_are_not_shown_as_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", log([DEPLOY])))
        checking.run(case, "ml-baseline", progress=Silent(), cancel=Cancel())
        with monkeypatch.context() as patch:
            patch.setattr("workbench.store.check_runs.__version__", "99")
            assert [run.is_stale for run in checking.kept(case).values()] == [True]
        changes = {"sha256": "0" * 64, "content": "x", "document": "{}", "who": "eve"}
        for column, value in changes.items():
            with case.acting("test.act") as act:
                act.session.execute(text(f"UPDATE check_run SET {column} = :v"), {"v": value})
            assert checking.kept(case) == {}

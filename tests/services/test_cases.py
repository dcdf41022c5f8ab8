"""Evidence comes into a case whole or not at all, stays where it is, and is found again."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import AT, added, again, lines, new_case, plain_log, verified, written
from drops import zipped

from workbench import resources
from workbench.errors import Cancelled, SourceError, StoreError, UsageError
from workbench.evidence.strict_json import parse
from workbench.model.case import (
    ControlTotalState,
    Custody,
    EvidenceRef,
    Finding,
)
from workbench.model.case_source import CaseSource, Presence
from workbench.model.event import EventOrder, EventSort, Outcome
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.model.query_fields import Area
from workbench.model.source import ProblemCode, Role
from workbench.model.trust import Trust
from workbench.services import cases, findings, investigation
from workbench.services.inspection import inspect
from workbench.services.investigation import Events
from workbench.store import journal, sources
from workbench.store.case_store import CaseStore
from workbench.store.event_index import IndexState

LOG = lines(plain_log())


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Return an empty case."""
    (tmp_path / "work").mkdir()
    with new_case(tmp_path / "work") as case:
        yield case


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a folder of evidence: a chained log with its head, a plain log, a note."""
    folder = tmp_path / "evidence"
    builder = LogBuilder("workbench", 12)
    written(folder, "audit/log.jsonl", builder.data())
    written(folder, "audit/log.head", builder.head())
    written(folder, "plain.jsonl", LOG)
    written(folder, "note.txt", b"received by courier")
    return folder


def current(case: CaseStore) -> dict[str, CaseSource]:
    """Return the sources of a case by what they are called."""
    return {source.display: source for source in cases.standing(case).sources}


def everything(case: CaseStore, query: str = "", **more: bool) -> list[tuple[object, ...]]:
    """Return all events of a case."""
    events = Events(case, query, **more)
    order = EventOrder(EventSort.TIME)
    return [
        (e.event.locator, e.event.time_ns, e.event.actor, e.event.object, e.event.outcome, e.sha256)
        for e in events.page(first=0, count=events.count(), order=order)
    ]


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        str(p.relative_to(folder)): (
            hashlib.sha256(p.read_bytes()).hexdigest() if p.is_file() else "",
            p.stat().st_mtime_ns,
        )
        for p in sorted(folder.rglob("*"))
    }


def test_evidence_is_sorted_out_and_hashed_and_left_alone(case: CaseStore, evidence: Path) -> None:
    before = fingerprint(evidence)
    came = added(case, evidence)
    assert fingerprint(evidence) == before
    assert came.deliveries == ("evidence",)
    found = current(case)
    assert {name: (s.role, s.format, s.events) for name, s in found.items()} == {
        "evidence/audit/log.jsonl": (Role.SUBJECT, "chain", 12),
        "evidence/audit/log.head": (Role.ANCHOR, "head", None),
        "evidence/plain.jsonl": (Role.SUBJECT, "log", 20),
        "evidence/note.txt": (Role.CONTEXT, "unknown", None),
    }
    plain = found["evidence/plain.jsonl"]
    assert (plain.sha256, plain.size) == (hashlib.sha256(LOG).hexdigest(), len(LOG))
    assert found["evidence/audit/log.head"].pairs_with == "evidence/audit/log.jsonl"
    copied = [
        p for p in case.folder.rglob("*") if p.is_file() and b"models:/credit/" in p.read_bytes()
    ]
    assert all(p.name.startswith("terms-") for p in copied)


def test_events_are_those_of_the_log(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    events = Events(case, "source:plain")
    found = events.page(first=0, count=99)
    assert [e.event.actor for e in found] == [record["actor"] for record in plain_log()]
    for number, (event, line) in enumerate(zip(found, LOG.splitlines(), strict=True), 1):
        raw = cases.raw(case, event.ref, cancel=Cancel())
        assert raw.data == line
        assert event.event.locator.record == number


def test_intake_is_told_to_the_journal_with_its_digests(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    entry = cases.journal_entries(case)[-1]
    assert (entry.act, entry.subject) == ("evidence.add", "evidence")
    assert hashlib.sha256(LOG).hexdigest() in entry.detail


def test_what_is_in_the_case_already_is_not_added_again(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    came = added(case, evidence)
    assert (came.added, len(came.unchanged), came.superseded) == ((), 4, ())
    assert len(current(case)) == 4
    assert len(everything(case)) == 32


def test_redelivered_evidence_supersedes_and_the_old_stays(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    old = current(case)["evidence/plain.jsonl"]
    ref = Events(case, "source:plain record:3").page(first=0, count=1)[0].ref
    finding = findings.add(case, Finding("", "Something", evidence=(ref,)))
    verified(case)
    more = lines([{"actor": "new", "time": "2026-05-01T00:00:00Z"}])
    written(evidence, "plain.jsonl", LOG.replace(b"ci-runner", b"ci-winner") + more)
    came = added(case, evidence)
    assert [s.id for s in came.superseded] == [old.id]
    (new,) = came.added
    assert new.path == old.path
    standing = cases.standing(case)
    assert standing.superseded[0].superseded_by == new.id
    assert standing.superseded[0].sha256 == old.sha256
    assert standing.verdicts[old.id].records is None
    assert [s.id for s in standing.unjudged] == [new.id]
    assert findings.get(case, finding.id).evidence == (ref,)
    assert [f.id for f in findings.resting_on(case, old.sha256)] == [finding.id]
    assert len(Events(case, "source:plain").page(first=0, count=99)) == 21
    assert Events(case, "source:plain", superseded=True).count() == 41
    with pytest.raises(SourceError, match="changed after it was taken into the case"):
        cases.raw(case, ref, cancel=Cancel())


def test_auditor_says_what_a_delivery_takes_the_place_of(case: CaseStore, tmp_path: Path) -> None:
    first = written(tmp_path, "april/log.jsonl", LOG).parent
    note = written(tmp_path, "april/note.txt", b"x")
    second = written(tmp_path, "april-2/log.jsonl", LOG[: len(LOG) // 2]).parent
    added(case, first)
    came = added(case, second, stated=cases.Stated(supersedes="april"))
    assert [s.display for s in came.superseded] == ["april/log.jsonl"]
    assert set(current(case)) == {"april-2/log.jsonl", "april/note.txt"}
    verification = verified(case)
    assert [s.path for s in verification.subjects] == ["april-2/log.jsonl"]
    assert note.exists()


def test_single_file_takes_the_place_of_one_in_a_folder(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    other = written(evidence.parent, "again.jsonl", LOG[:400])
    came = added(case, other, stated=cases.Stated(supersedes="evidence/plain.jsonl"))
    assert [s.display for s in came.superseded] == ["evidence/plain.jsonl"]
    with pytest.raises(UsageError, match=r"takes the place of nothing\.txt"):
        added(
            case,
            written(evidence.parent, "more.jsonl", LOG[:90]),
            stated=cases.Stated(supersedes="nothing.txt"),
        )


def test_deliveries_of_one_name_are_told_apart(case: CaseStore, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        added(case, written(tmp_path, f"{folder}/log.jsonl", LOG + folder.encode()))
    assert set(current(case)) == {"log.jsonl", "b/log.jsonl"}
    assert len(verified(case).subjects) == 2


def test_evidence_is_kept_apart_from_the_case_and_from_itself(
    case: CaseStore, evidence: Path
) -> None:
    for path in (case.folder, case.folder.parent, case.folder / "reports"):
        with pytest.raises(UsageError, match="lie in one another"):
            added(case, path)
    added(case, evidence / "audit")
    for path in (evidence, evidence / "audit" / "log.jsonl"):
        with pytest.raises(UsageError, match="in the case as audit"):
            added(case, path)
    with pytest.raises(SourceError, match="cannot be read"):
        added(case, evidence / "missing")


def test_file_that_cannot_be_read_is_a_source_with_a_reason(
    case: CaseStore, evidence: Path
) -> None:
    (evidence / "gone.jsonl").symlink_to("nowhere")
    written(evidence, "bad.zip", b"PK\x03\x04 and no archive")
    added(case, evidence)
    bad = [s for s in current(case).values() if s.problems]
    assert {s.path: s.role for s in bad} == {
        "evidence/bad.zip": Role.SUBJECT,
        "evidence/gone.jsonl": Role.SUBJECT,
    }


def test_custody_and_control_totals_are_kept_and_compared(case: CaseStore, evidence: Path) -> None:
    custody = Custody("IT", datetime(2026, 6, 30, tzinfo=UTC), "courier", "sealed bag 7")
    totals = {"plain.jsonl": {"records": 20, "runs": 3}, "audit/log.jsonl": {"events": 13}}
    added(case, evidence, stated=cases.Stated(custody, totals=totals))
    assert cases.standing(case).deliveries[0].custody == custody
    states = {
        (path, total.name): total.state
        for path, source in current(case).items()
        for total in source.totals
    }
    assert states == {
        ("evidence/plain.jsonl", "records"): ControlTotalState.MATCH,
        ("evidence/plain.jsonl", "runs"): ControlTotalState.NOT_COUNTED,
        ("evidence/audit/log.jsonl", "events"): ControlTotalState.DIFFERS,
    }


def test_control_total_that_fits_nothing_is_refused(case: CaseStore, evidence: Path) -> None:
    for path in ("", "nothing.jsonl"):
        with pytest.raises(UsageError, match="must be about one new subject"):
            added(case, evidence, stated=cases.Stated(totals={path: {"events": 1}}))
    assert current(case) == {}


class _Stop(Cancel):
    """Stops at the n-th look."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._left = looks

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.set()
        super().check()


@pytest.mark.parametrize("looks", [0, 3, 8, 14])
def test_stopped_intake_leaves_nothing(case: CaseStore, evidence: Path, looks: int) -> None:
    with pytest.raises(Cancelled):
        cases.add_evidence(case, [evidence], progress=Silent(), cancel=_Stop(looks))
    assert current(case) == {}
    assert not list(case.folder.glob("index/*"))
    assert [e.act for e in cases.journal_entries(case)] == ["case.new"]


def test_members_of_archives_are_sources_and_their_bytes_are_found(
    case: CaseStore, tmp_path: Path
) -> None:
    archive = written(tmp_path, "export.zip", zipped({"logs/a.jsonl": LOG, "b.txt": b"x"}))
    added(case, archive)
    assert set(current(case)) == {
        "export.zip",
        "export.zip → b.txt",
        "export.zip → logs/a.jsonl",
    }
    event = Events(case, "record:2").page(first=0, count=1)[0]
    assert cases.raw(again(case), event.ref, cancel=Cancel()).data == LOG.splitlines()[1]


def big_log() -> bytes:
    return lines(plain_log(20_000))


def test_raw_bytes_are_hashed_again_by_the_block(case: CaseStore, tmp_path: Path) -> None:
    log = written(tmp_path, "log.jsonl", big_log())
    added(case, log)
    near, far = (Events(case, f"record:{n}").page(first=0, count=1)[0].ref for n in (100, 19_000))
    assert cases.raw(case, near, cancel=Cancel()).proof.startswith("SHA-256 of 1 block")
    data = bytearray(big_log())
    data[(far.locator.offset or 0) + 3] ^= 1
    log.write_bytes(data)
    assert cases.raw(case, near, cancel=Cancel()).data in big_log().splitlines()
    with pytest.raises(SourceError, match="changed after") as changed:
        cases.raw(case, far, cancel=Cancel())
    assert changed.value.code == ProblemCode.EVIDENCE_CHANGED


def test_raw_bytes_without_an_index_are_hashed_with_their_file(
    case: CaseStore, evidence: Path
) -> None:
    added(case, evidence)
    note = current(case)["evidence/note.txt"]
    ref = EvidenceRef(note.sha256, Locator(note.path))
    raw = cases.raw(case, ref, cancel=Cancel())
    assert (raw.data, raw.proof) == (b"received by courier", f"SHA-256 {note.sha256}")
    written(evidence, "note.txt", b"received by somebody")
    with pytest.raises(SourceError, match="not that of the intake"):
        cases.raw(case, ref, cancel=Cancel())


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 10), (50, 100), (len(LOG) - 3, 99), (len(LOG), 5), (0, 0)]
)
def test_any_range_is_the_bytes_of_the_file(
    case: CaseStore, evidence: Path, offset: int, length: int
) -> None:
    added(case, evidence)
    source = current(case)["evidence/plain.jsonl"]
    place = Locator(source.path, offset=offset, length=length)
    raw = cases.raw(case, EvidenceRef(source.sha256, place), cancel=Cancel())
    assert raw.data == LOG[offset : offset + length]


def test_place_that_the_case_does_not_know_is_refused(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    known = current(case)["evidence/note.txt"]
    for ref in (
        EvidenceRef("0" * 64, Locator(known.path)),
        EvidenceRef(known.sha256, Locator("evidence/../note.txt")),
    ):
        with pytest.raises(UsageError, match="This case has no"):
            cases.raw(case, ref, cancel=Cancel())


def test_case_without_its_evidence_shows_everything_but_bytes(
    case: CaseStore, evidence: Path
) -> None:
    added(case, evidence)
    verified(case)
    before, events = cases.standing(case), everything(case)
    shutil.rmtree(evidence)
    opened = again(case)
    after = cases.standing(opened)
    assert (after.sources, after.verdicts) == (before.sources, before.verdicts)
    assert everything(opened) == events
    assert set(after.presence.values()) == {Presence.MISSING}
    with pytest.raises(SourceError, match="cannot be read"):
        cases.raw(opened, Events(opened).page(first=0, count=1)[0].ref, cancel=Cancel())


def test_changed_size_is_seen_at_a_glance(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    written(evidence, "note.txt", b"longer than it was before")
    note = current(case)["evidence/note.txt"]
    assert cases.presence(case)[note.id] is Presence.CHANGED


def test_moved_delivery_is_found_again_if_every_byte_is_the_same(
    case: CaseStore, evidence: Path
) -> None:
    added(case, evidence)
    moved = evidence.rename(evidence.with_name("elsewhere"))
    ref = Events(case, "source:plain record:3").page(first=0, count=1)[0].ref
    cases.locate(case, "evidence", moved, progress=Silent(), cancel=Cancel())
    assert cases.raw(case, ref, cancel=Cancel()).data == LOG.splitlines()[2]
    assert set(cases.presence(case).values()) == {Presence.HERE}
    assert cases.journal_entries(case)[-1].act == "evidence.locate"


MOVED: dict[str, Callable[[Path], object]] = {
    "differs": lambda f: written(f, "plain.jsonl", LOG[:-1] + b" "),
    "missing": lambda f: (f / "note.txt").unlink(),
}


@pytest.mark.parametrize("how", MOVED)
def test_delivery_that_is_another_is_not_taken_for_it(
    case: CaseStore, evidence: Path, how: str
) -> None:
    added(case, evidence)
    moved = evidence.rename(evidence.with_name("elsewhere"))
    MOVED[how](moved)
    with pytest.raises(SourceError, match=how):
        cases.locate(case, "evidence", moved, progress=Silent(), cancel=Cancel())
    with pytest.raises(UsageError, match="no delivery nothing"):
        cases.locate(case, "nothing", moved, progress=Silent(), cancel=Cancel())


def rebuilt(case: CaseStore) -> cases.IndexReport:
    return cases.rebuild_index(case, progress=Silent(), cancel=Cancel())


@pytest.mark.parametrize("loss", ["all of it", "one file", "one byte"])
def test_lost_index_is_noticed_and_made_again_from_the_evidence(
    case: CaseStore, evidence: Path, loss: str
) -> None:
    added(case, evidence)
    before = everything(case)
    case.close()
    index = case.folder / "index"
    victim = next(index.rglob("events-*.parquet"))
    if loss == "all of it":
        shutil.rmtree(index)
    elif loss == "one file":
        victim.unlink()
    else:
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
    opened = again(case)
    assert opened.index.engine.state is IndexState.DAMAGED
    with pytest.raises(StoreError, match="rebuild it from the evidence"):
        everything(opened)
    assert len(current(opened)) == 4
    report = rebuilt(opened)
    assert (len(report.unread), opened.index.engine.state) == (0, IndexState.READY)
    assert everything(opened) == before


def test_rebuilt_index_leaves_out_what_is_no_longer_what_was_taken_in(
    case: CaseStore, evidence: Path
) -> None:
    added(case, evidence)
    written(evidence, "plain.jsonl", LOG + LOG)
    (evidence / "audit" / "log.jsonl").unlink()
    report = rebuilt(case)
    assert {s.display: reason.split(":")[-1] for s, reason in report.unread} == {
        "evidence/audit/log.jsonl": " No such file or directory.",
        "evidence/plain.jsonl": " its digest is not that of the intake.",
    }
    assert everything(case) == []


def test_old_segments_are_removed_when_the_case_is_opened_next(
    case: CaseStore, evidence: Path
) -> None:
    added(case, evidence)
    rebuilt(case)
    (case.folder / "index" / "new-left").mkdir()
    assert len(list((case.folder / "index").glob("segment-*"))) == 2
    opened = again(case)
    kept = [p.name for p in (opened.folder / "index").iterdir() if not p.name.startswith("spill")]
    assert len(kept) == 1
    assert len(everything(opened)) == 32


def test_more_evidence_adds_a_segment_and_numbers_terms_on(case: CaseStore, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        record = {"time": "2026-04-01T00:00:00Z", "actor": name, "action": "x", "object": "same"}
        added(case, written(tmp_path, f"{name}.jsonl", lines([{**record, "outcome": "ok"}])))
    found = Events(case, "object:same")
    order = EventOrder(EventSort.ACTOR, descending=True)
    assert [e.event.actor for e in found.page(first=0, count=9, order=order)] == ["c", "b", "a"]
    assert found.top(EventSort.OBJECT) == [("same", 3)]


def test_json_documents_have_events_and_what_is_none_has_a_problem(
    case: CaseStore, tmp_path: Path
) -> None:
    import json

    builder = LogBuilder("cmcp", 5)
    array = json.dumps(builder.records, indent=2).encode()
    added(case, written(tmp_path, "array.json", array))
    assert current(case)["array.json"].events == 5
    event = Events(case, "record:4").page(first=0, count=1)[0]
    raw = cases.raw(case, event.ref, cancel=Cancel())
    assert json.loads(raw.data) == builder.records[3]


def test_catalogs_are_read_and_counted_as_inspect_counts_them(case: CaseStore) -> None:
    folder = resources.path("sample", "evidence")
    paths = [folder / "registry" / "mlflow.db", folder / "lineage"]
    added(case, *paths)
    seen = inspect(paths, trust=Trust(at=AT), progress=Silent(), cancel=Cancel())
    counted = {source.path: dict(source.counts) for source in seen.sources if source.counts}
    assert {s.path: dict(s.counts) for s in current(case).values() if s.counts} == counted
    assert len(counted) == 2
    runs = investigation.listed(case, Area.THINGS, "kind:run source:mlflow", count=0).total
    assert runs == counted["mlflow.db"]["runs"]
    used = investigation.listed(case, Area.RELATIONS, "kind:used", count=9)
    assert used.total > 0
    assert {row.relation.locator.path for row in used.rows} <= set(current(case))


def test_names_that_are_not_utf8_are_shown_and_found_again(case: CaseStore, tmp_path: Path) -> None:
    try:
        log = written(tmp_path, os.fsdecode(b"caf\xe9/na\xefve.jsonl"), LOG)
    except OSError:
        pytest.skip("this file system takes no such name")
    added(case, log.parent)
    (name,) = current(case)
    assert name == r"caf\xe9/na\xefve.jsonl"
    assert cases.standing(case).deliveries[0].label == r"caf\xe9"
    opened = again(case)
    ref = Events(opened, "record:3").page(first=0, count=1)[0].ref
    assert cases.raw(opened, ref, cancel=Cancel()).data == LOG.splitlines()[2]
    assert [s.path for s in verified(opened).subjects] == [name]
    assert set(cases.presence(opened).values()) == {Presence.HERE}
    assert added(opened, log.parent).added == ()
    moved = log.parent.rename(tmp_path / "moved")
    cases.locate(opened, r"caf\xe9", moved, progress=Silent(), cancel=Cancel())
    assert cases.raw(opened, ref, cancel=Cancel()).data == LOG.splitlines()[2]
    out = tmp_path / "journal.jsonl"
    cases.export_journal(opened, out)
    for line in out.read_bytes().splitlines():
        assert parse(line, what="line")


def test_auditor_says_where_the_parts_of_an_event_are_read(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    found = current(case)
    plain = found["evidence/plain.jsonl"]
    assert plain.fields is not None
    fields = replace(plain.fields, actor=("object",), outcome=None)
    cases.map_events(case, plain.id, fields, progress=Silent(), cancel=Cancel())
    assert current(case)["evidence/plain.jsonl"].fields == fields
    events = Events(again(case), "source:plain").page(first=0, count=3)
    assert [e.event.actor for e in events] == [r["object"] for r in plain_log(3)]
    assert {e.event.outcome for e in events} == {Outcome.UNKNOWN}
    note = found["evidence/note.txt"]
    with pytest.raises(UsageError, match="is no log"):
        cases.map_events(case, note.id, fields, progress=Silent(), cancel=Cancel())


def test_empty_log_has_no_events(case: CaseStore, tmp_path: Path) -> None:
    added(case, written(tmp_path, "empty.jsonl", b""))
    assert current(case)["empty.jsonl"].events == 0
    assert everything(case) == []


def test_superseded_names_are_told_to_the_journal(case: CaseStore, evidence: Path) -> None:
    added(case, evidence)
    written(evidence, "note.txt", b"other")
    added(case, evidence)
    with case.reading() as session:
        assert '"superseded":["evidence/note.txt"]' in journal.entries(session)[-1].detail
        assert len(sources.every(session, superseded=True)) == 5


def test_only_keys_that_were_delivered_as_such_are_kept(tmp_path: Path) -> None:
    """The sample's bundles carry their own chains, which prove nothing against the root."""
    from workbench.store import evidence_keys

    models = resources.path("sample") / "evidence" / "models"
    key = written(
        tmp_path, "drop/root.pem", (models.parents[1] / "trust/model-root.pem").read_bytes()
    )
    with new_case(tmp_path) as case:
        added(case, models)
        with case.reading() as session:
            assert evidence_keys.every(session) == {}
        added(case, key.parent)
        with case.reading() as session:
            assert set(evidence_keys.every(session).values()) == {"drop/root.pem"}

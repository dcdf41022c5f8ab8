"""Events of plain logs are events of the case: asked for, found in the evidence, made anew."""

import gzip
import json
from pathlib import Path

import pytest

from tests.casework import added, new_case, verified
from tests.formats.plain_logs import CLOUDTRAIL, KUBERNETES, lines, mapping, written
from tests.formats.test_auditd import OPENED
from workbench.analysis.linked import once
from workbench.errors import UsageError
from workbench.model.event import IndexedEvent, Outcome
from workbench.model.progress import Cancel, Silent
from workbench.model.verdict import Code
from workbench.services import cases, mappings
from workbench.services.investigation import Events
from workbench.store.case_store import CaseStore

MINE = (
    "id: mine\ntitle: Mine\ncontainers: [csv]\nrecognise: {who: '', did: ''}\n"
    "time: at\nactor: who\naction: did\nobject: to\n"
)
TABLE = "at,who,did,to\n2026-03-12T10:00:00Z,ann,approve,credit:7\nbad row\n"


def drop(folder: Path) -> Path:
    """Return a drop of a log of each kind, one of them in many files."""
    place = folder / "drop"
    below = place / "AWSLogs" / "123456789012" / "CloudTrail" / "eu-west-1"
    below.mkdir(parents=True)
    for n in range(3):
        name = f"123456789012_CloudTrail_eu-west-1_20260312T10{n:02}Z_abcdefghijklmno{n}.json.gz"
        records = [{**CLOUDTRAIL, "eventID": f"{n}-{m}"} for m in range(2)]
        (below / name).write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))
    denied = {**KUBERNETES, "auditID": "b", "responseStatus": {"code": 403}}
    written(place, lines([KUBERNETES, denied]), "k8s.log")
    written(place, "\n".join([*OPENED, "half a li"]), "audit.log")
    written(place, TABLE, "mine.csv")
    return place


def events(case: CaseStore, query: str = "") -> list[IndexedEvent]:
    return Events(case, query).page(first=0, count=100)


def told(case: CaseStore) -> list[tuple[object, ...]]:
    return [
        (e.event.locator, e.event.time_ns, e.event.actor, e.event.action, e.event.object)
        for e in events(case)
    ]


def test_events_of_every_kind_are_asked_in_one_language(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        stated = cases.Stated(mappings=(mapping(MINE),))
        found = added(case, drop(tmp_path), stated=stated)
        kinds = {s.format: s.events for s in found.added if s.events is not None}
        assert kinds == {"cloudtrail": 6, "kubernetes-audit": 2, "auditd": 3, "log": 2}
        assert len(events(case, "action:delete outcome:failure")) == 1
        (mine,) = events(case, "action:approve")
        assert (mine.event.actor, mine.event.object) == ("ann", "credit:7")
        assert len(events(case, "flag:malformed")) == 2
        assert events(case, "action:syscall outcome:failure")[0].event.outcome is Outcome.FAILURE


def test_an_event_is_found_in_the_bytes_of_its_own_file(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, drop(tmp_path))
        found = events(case, "action:GetObject")
        ids = []
        for event in found:
            raw = cases.raw(case, event.ref, cancel=Cancel())
            ids.append(json.loads(raw.data)["eventID"])
        assert ids == [f"{n}-{m}" for n in range(3) for m in range(2)]
        assert len({event.event.locator.path for event in found}) == 3


def test_the_index_made_anew_is_the_same(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        stated = cases.Stated(mappings=(mapping(MINE),))
        before = added(case, drop(tmp_path), stated=stated)
        first = told(case)
        report = cases.rebuild_index(case, progress=Silent(), cancel=Cancel())
        assert report.unread == ()
        assert told(case) == first
        again = {s.path: s for s in report.indexed}
        for source in before.added:
            if source.events is not None:
                codes = [p.code for p in source.problems]
                assert [p.code for p in again[source.path].problems] == codes
                assert again[source.path].mapping == source.mapping


def test_a_mapping_is_kept_with_the_case_and_verifies_as_unprotected(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        stated = cases.Stated(mappings=(mapping(MINE),))
        added(case, drop(tmp_path), stated=stated)
        found = verified(case)
        assert found.problems == ()
        judged = {s.path: s.verdict for s in found.sources if s.verdict is not None}
        assert {path.rpartition("/")[2] for path in judged} == {
            *("drop", "k8s.log", "audit.log", "mine.csv"),
        }
        for verdict in judged.values():
            assert verdict is not None
            assert verdict.integrity.code == Code.UNPROTECTED


def test_a_delivery_that_changed_is_not_indexed_anew(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        place = drop(tmp_path)
        added(case, place)
        changed = next(place.rglob("*1000Z*.gz"))
        changed.write_bytes(gzip.compress(json.dumps({"Records": []}).encode()))
        report = cases.rebuild_index(case, progress=Silent(), cancel=Cancel())
        assert "drop" in {source.path for source, _ in report.unread}
        assert "drop" not in {source.path for source in report.indexed}


@pytest.mark.parametrize("stated", [2, 3])
def test_control_totals_of_a_plain_log_are_compared(tmp_path: Path, stated: int) -> None:
    with new_case(tmp_path) as case:
        path = written(tmp_path, lines([KUBERNETES, {**KUBERNETES, "auditID": "b"}]), "k.log")
        found = added(case, path, stated=cases.Stated(totals={"": {"events": stated}}))
        assert found.added[0].totals[0].counted == 2


def test_log_that_is_in_the_case_is_read_anew_by_a_mapping_that_is_brought(tmp_path: Path) -> None:
    place = drop(tmp_path)
    with new_case(tmp_path) as case:
        added(case, place)
        assert not events(case, "action:approve")
        before = next(s for s in cases.standing(case).sources if s.path.endswith("mine.csv"))
        stated = cases.Stated(mappings=(mapping(MINE),))
        found = added(case, place, stated=stated)
        assert [s.path for s in found.added] == [s.path for s in found.superseded] == [before.path]
        assert len(events(case, "action:approve")) == 1
        assert found.added[0].sha256 == before.sha256
        same = added(case, place, stated=stated)
        assert (same.added, len(same.unchanged)) == ((), len(found.unchanged) + 1)
        other = mapping(MINE.replace("to\n", "to\n# in other words\n"))
        assert len(added(case, place, stated=cases.Stated(mappings=(other,))).added) == 1


def test_of_copies_the_one_counts_that_the_auditor_said_how_to_read(tmp_path: Path) -> None:
    mine = mapping(MINE.replace("csv", "jsonl"))
    record = {"at": "2026-03-12T10:00:00Z", "who": "ann", "did": "approve", "to": "credit:7"}
    records = f"{json.dumps(record)}\n" * 2
    one, other = (tmp_path / name for name in ("one.jsonl", "other.jsonl"))
    for copy in (one, other):
        copy.write_text(records, encoding="utf-8")
    with new_case(tmp_path) as case:
        added(case, one)
        added(case, other, stated=cases.Stated(mappings=(mine,)))
        kept, repeated = once(cases.standing(case).sources)
        assert [source.path for source in kept] == [cases.standing(case).sources[1].path]
        assert len(repeated) == 1


def test_draft_takes_numbers_that_are_written_as_text_for_times(tmp_path: Path) -> None:
    records = [{"id": str(1000 + n), "stamp": str(1767225600 + 60 * n), "who": "ann"}
               for n in range(5)]  # fmt: skip
    log = written(tmp_path, lines(records), "odd.log")
    made = mappings.draft(log)
    assert made.fields.time == ("stamp",)
    trial = mappings.attempt(mappings.parse(made.text), log, show=1, cancel=Cancel())
    assert trial.found["time"] == 5
    assert trial.shown[0].mapped.time_text == "1767225600"


def test_draft_takes_no_other_number_for_a_time(tmp_path: Path) -> None:
    records = [{"number": str(1000 + n), "who": "ann"} for n in range(5)]
    assert mappings.draft(written(tmp_path, lines(records), "odd.log")).fields.time is None


def test_mapping_with_the_id_of_one_that_ships_is_refused() -> None:
    with pytest.raises(UsageError, match="two mappings with the id"):
        mappings.parse(mappings.known()[0].text)

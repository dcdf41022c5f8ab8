"""Every shipped rule finds what its own file says, and says what it could not see."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from casework import START, added, again, lines, new_case, plain_log, written
from sqlalchemy import text

from workbench import resources
from workbench.analysis import rules_kept
from workbench.errors import ProfileError, SourceError, UsageError
from workbench.model.case import Finding
from workbench.model.detection import Rule, RuleOutcome, RuleResult, RuleRun, Stated, Vector
from workbench.model.detection_contract import detection_to_json
from workbench.model.detection_keeping import kept_of, spots_in
from workbench.model.moment import DAY, day_of
from workbench.model.progress import Cancel, Silent
from workbench.model.timeline import Pace, PartName, hours_of
from workbench.policy import rules
from workbench.services import cases, detecting, findings
from workbench.services.timeline import CaseTimeline, Near, Wish
from workbench.store import check_runs
from workbench.store.case_store import CaseStore

LAST_DAY = day_of("2026-02-28")
assert LAST_DAY
STATED = Stated(
    leavers={"mallory": LAST_DAY[1] + 1},
    hours=hours_of("08:00-18:00", "mon-fri", "Europe/Berlin"),
)
VECTORS = [(rule, vector) for rule in rules.shipped() for vector in rule.vectors]
NAMES = [f"{rule.id}: {vector.says}" for rule, vector in VECTORS]
RULE = """
id: mine
version: "1"
title: Mine
criteria: So it should be.
needs: [action]
select:
  a: 'action:x'
condition:
  each: a
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    """Return a case with a source for each test vector, in their order."""
    folder = tmp_path_factory.mktemp("detect")
    with new_case(folder) as made:
        paths = [
            written(folder, f"{number:02}.jsonl", lines(vector.events))
            for number, (_, vector) in enumerate(VECTORS, start=1)
        ]
        added(made, *paths)
        yield made


def asked(case: CaseStore, *chosen: Rule, stated: Stated = STATED, **more: object) -> RuleResult:
    (result,) = detecting.detect(case, chosen, stated, cancel=Cancel(), **more)  # type: ignore[arg-type]
    return result


@pytest.mark.parametrize(
    ("number", "rule", "vector"), [(n, *v) for n, v in enumerate(VECTORS, start=1)], ids=NAMES
)
def test_shipped_rule_finds_what_its_file_says(
    case: CaseStore, number: int, rule: Rule, vector: Vector
) -> None:
    result = asked(case, rule, only={number})
    assert result.looked == len(vector.events)
    assert result.total == len(result.hits) == vector.hits, result.hits
    if vector.hits:
        assert result.outcome is RuleOutcome.HITS
        places = [event.ref for hit in result.hits for event in hit.events]
        assert all(place.locator.record for place in places)


def test_each_shipped_rule_has_a_positive_and_a_negative_vector() -> None:
    assert len(rules.shipped()) == 7
    for rule in rules.shipped():
        assert {bool(vector.hits) for vector in rule.vectors} == {True, False}, rule.id
        assert rule.innocent, rule.id
        assert rule.blind, rule.id


def with_log(folder: Path, records: list[dict[str, object]], *more: list[dict]) -> CaseStore:
    made = new_case(folder)
    logs = [written(folder, f"{n}.jsonl", lines(log)) for n, log in enumerate([records, *more])]
    added(made, *logs)
    return made


def mine(folder: Path, text: str = RULE) -> Rule:
    return rules.load(written(folder, "mine.yaml", text.encode()))


def test_field_that_no_source_has_is_not_applicable_and_never_no_hits(tmp_path: Path) -> None:
    log = [{k: v for k, v in record.items() if k != "action"} for record in plain_log()]
    with with_log(tmp_path, log) as case:
        result = asked(case, mine(tmp_path))
    assert result.outcome is RuleOutcome.NOT_APPLICABLE
    assert result.unseen[1:] == ("0.jsonl: no record states action.",)


def test_source_without_the_field_is_named_beside_what_was_seen(tmp_path: Path) -> None:
    log = [{k: v for k, v in record.items() if k != "action"} for record in plain_log()]
    with with_log(tmp_path, plain_log(), log) as case:
        result = asked(case, mine(tmp_path))
        assert (result.outcome, result.looked) == (RuleOutcome.INDETERMINATE, 20)
        assert result.unseen == ("1.jsonl: no record states action.",)
        found = asked(case, mine(tmp_path, RULE.replace("action:x", "action:deploy")))
    assert (found.outcome, found.total) == (RuleOutcome.HITS, 10)
    assert found.unseen == result.unseen


def test_selected_record_without_what_parts_them_is_told(tmp_path: Path) -> None:
    log = [{**record, "actor": None} if n < 4 else record for n, record in enumerate(plain_log())]
    counting = RULE.replace("action:x", "action:train").replace(
        "each: a", "count: a\n  least: 5\n  within: 1h\n  by: [actor]"
    )
    with with_log(tmp_path, log) as case:
        result = asked(case, mine(tmp_path, counting))
    assert result.outcome is RuleOutcome.INDETERMINATE
    assert result.unseen == ("0.jsonl: 2 selected records do not state time and actor.",)


def test_what_nobody_stated_is_not_applicable(case: CaseStore) -> None:
    named = {rule.id: rule for rule in rules.shipped()}
    for name in ("download-by-leaver", "off-hours-deployment"):
        result = asked(case, named[name], stated=Stated())
        assert result.outcome is RuleOutcome.NOT_APPLICABLE
        assert "Nobody stated" in result.unseen[0]


def test_leaver_whom_no_log_names_is_told(case: CaseStore) -> None:
    (rule,) = detecting.chosen(names={"download-by-leaver"})
    result = asked(case, rule, stated=Stated(leavers={"Nobody.Here": 0}))
    assert result.outcome is RuleOutcome.INDETERMINATE
    assert result.unseen == (
        "No event has the actor Nobody.Here: the logs may call this leaver otherwise.",
    )


def test_first_and_last_moment_of_all_are_no_crash(tmp_path: Path) -> None:
    ends = ["1677-09-22T00:00:00Z", "2262-04-11T00:00:00Z"]
    log = [{"time": end, "actor": "Mallory", "action": f"key.{what}", "object": "k"}
           for end, what in zip(ends, ["revoked", "used"], strict=True)]  # fmt: skip
    with with_log(tmp_path, log) as case:
        results = detecting.detect(case, detecting.chosen(), STATED, cancel=Cancel())
        line = CaseTimeline(case, pace=Pace(), most=9)
        parts = [line.part(n, Wish(STATED.hours, Near("0.jsonl:1", DAY))) for n in PartName]
    totals = {result.rule.id: result.total for result in results}
    assert totals.pop("key-used-after-revocation") == 1
    assert set(totals.values()) == {0}
    assert {part.name: part.total for part in parts}[PartName.OFF_HOURS] == 2


def test_two_copies_of_a_log_are_no_second_deed(tmp_path: Path) -> None:
    with with_log(tmp_path, plain_log(), plain_log()) as case:
        result = asked(case, mine(tmp_path, RULE.replace("action:x", "action:deploy")))
    assert (result.looked, result.total) == (20, 10)
    assert {hit.events[0].event.locator.path for hit in result.hits} == {"0.jsonl"}
    assert {hit.copies for hit in result.hits} == {("1.jsonl",)}


def test_where_a_copy_lies_is_kept_and_written(tmp_path: Path) -> None:
    rule = mine(tmp_path, RULE.replace("action:x", "action:deploy"))
    with with_log(tmp_path, plain_log(), plain_log()) as case:
        results = detecting.run(case, (rule,), STATED, progress=Silent(), cancel=Cancel())
        assert detecting.kept(case, (rule,)).results == results
    hits = detection_to_json(results, 1)["rules"][0]["hits"]
    assert {tuple(hit["copies"]) for hit in hits} == {("1.jsonl",)}


def test_hits_become_a_finding_on_their_records(tmp_path: Path) -> None:
    from workbench.services import findings

    with with_log(tmp_path, plain_log()) as case:
        result = asked(case, mine(tmp_path, RULE.replace("action:x", "action:deploy")))
        made = findings.add(case, detecting.finding_of(result))
    assert [ref.locator.record for ref in made.evidence] == list(range(2, 21, 2))
    assert made.condition.startswith("10 hits among 20 events: deploy models:/credit/1 by Bob")
    assert made.origin == "rule mine 1"


BAD = {
    "unknown member": (RULE + "extra: 1\n", "extra is not known here"),
    "no condition": (RULE.replace("  each: a", "  {}"), "condition"),
    "two conditions": (RULE + "  leaver: a\n", "must have one of"),
    "unknown selection": (RULE.replace("each: a", "each: b"), "names b, which select"),
    "unused selection": (RULE.replace("condition:", "  b: 'x'\ncondition:"), "names not b"),
    "bad query": (RULE.replace("action:x", "acton:x"), "select.a cannot be asked, at character 1"),
    "bad pattern": (RULE.replace("action:x", "action:/(/"), "select.a cannot be asked"),
    "no needs": (RULE.replace("needs: [action]\n", ""), "needs must name the fields"),
    "unknown need": (RULE.replace("[action]", "[colour]"), "needs names colour"),
    "count of one": (RULE.replace("each: a", "count: a\n  least: 1"), "least must be"),
    "no span": (RULE.replace("each: a", "count: a\n  least: 2\n  within: soon"), "within must be"),
    "within of each": (RULE + "  within: 1h\n", "within is not known here"),
    "one step": (RULE.replace("each: a", "sequence: [a]"), "must have 2 to 5 steps"),
    "unknown level": (RULE + "level: dire\n", "level is 'dire'"),
    "twice": (RULE + "id: again\n", "stands twice"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD)
def test_rule_that_cannot_be_understood_is_refused_with_its_place(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(ProfileError, match=r"mine\.yaml") as refused:
        mine(tmp_path, text)
    assert says in str(refused.value)


def test_folder_without_rules_and_names_that_clash_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no rules"):
        detecting.chosen(tmp_path)
    written(tmp_path, "a.yaml", RULE.replace("id: mine", "id: mass-delete").encode())
    with pytest.raises(ProfileError, match="Two rules are called mass-delete"):
        detecting.chosen(tmp_path)
    with pytest.raises(UsageError, match="There is no rule x"):
        detecting.chosen(names={"x"})


def test_leavers_are_gone_from_the_day_after(tmp_path: Path) -> None:
    file = written(tmp_path, "gone.yaml", b"leavers:\n  mallory: 2026-02-28\n")
    assert rules.leavers(file) == STATED.leavers
    for bad in (b"leavers:\n  mallory: soon\n", b"leavers: {}\n", b"leaver:\n  x: 2026-01-01\n"):
        with pytest.raises(ProfileError):
            rules.leavers(written(tmp_path, "bad.yaml", bad))


def test_rule_and_leavers_of_the_help_are_what_the_program_reads(tmp_path: Path) -> None:
    text = resources.path("help", "timeline.md").read_text(encoding="utf-8")
    rule, gone = (block.partition("```")[0] for block in text.split("```yaml\n")[1:])
    assert mine(tmp_path, rule).condition.pattern.value == "sequence"
    assert len(rules.leavers(written(tmp_path, "gone.yaml", gone.encode()))) == 2


# What is kept

SOME = rules.shipped()[:2]


def test_what_rules_said_is_kept_in_the_case_and_recorded(tmp_path: Path) -> None:
    records = [*plain_log(), {**plain_log(21)[20], "action": "StopLogging", "object": "trail"}]
    with with_log(tmp_path, records) as case:
        assert detecting.kept(case, rules.shipped()) is None
        said = detecting.run(case, rules.shipped(), STATED, progress=Silent(), cancel=Cancel())
        entry = cases.journal_entries(case)[-1]
        assert (entry.act, entry.subject) == ("check.rules", "detection rules")
        assert '"outcome":"HITS"' in entry.detail
        assert "mallory" not in entry.detail, "who left is the auditor's, not the journal's"
        with again(case) as opened:
            kept = detecting.kept(opened, rules.shipped())
            assert kept is not None
            assert (kept.results, kept.others, kept.oldest_stale) == (said, (), None)
            (run,) = {each.run for each in kept.rules}
            assert (run.at, run.who, run.leavers) == (entry.at, "ann", 1)
            assert run.hours == "08:00-18:00, mon tue wed thu fri, Europe/Berlin"


def test_rule_that_is_asked_alone_leaves_what_the_others_said(tmp_path: Path) -> None:
    with with_log(tmp_path, plain_log()) as case:
        both = detecting.run(case, SOME, STATED, progress=Silent(), cancel=Cancel())
        (anew,) = detecting.run(case, SOME[1:], Stated(), progress=Silent(), cancel=Cancel())
        first, second = detecting.kept(case, SOME).rules
        assert (first.result, second.result) == (both[0], anew)
        assert first.run.at < second.run.at
        assert (first.run.leavers, second.run.leavers) == (1, None)
        added(case, written(tmp_path, "more.jsonl", lines(plain_log(3))))
        detecting.run(case, SOME[1:], Stated(), progress=Silent(), cancel=Cancel())
        kept = detecting.kept(case, SOME)
        assert [each.is_stale for each in kept.rules] == [True, False]
        assert kept.oldest_stale == first.run.at


def test_rules_that_were_kept_as_one_run_stay_beside_a_new_one(tmp_path: Path) -> None:
    with with_log(tmp_path, plain_log()) as case:
        both = detecting.run(case, SOME, STATED, progress=Silent(), cancel=Cancel())
        as_one_run(case)
        was = detecting.kept(case, SOME)
        assert (was.results, {each.run.leavers for each in was.rules}) == (both, {1})
        detecting.run(case, SOME[1:], Stated(), progress=Silent(), cancel=Cancel())
        first, second = detecting.kept(case, SOME).rules
        assert first == was.rules[0]
        assert second.run.at > first.run.at


def as_one_run(case: CaseStore) -> None:
    """Keep what rules said as it was kept before each had its own time."""
    with case.acting(rules_kept.RAN, subject=rules_kept.NAME) as act:
        found = check_runs.kept(act.session, rules_kept.NAME, act=rules_kept.RAN)
        rules_said = [
            {name: value for name, value in node.items() if name not in {"run", "version"}}
            | {"hits": [hit[:4] for hit in node["hits"]]}
            for node in found.document["rules"]
        ]
        document = {"leavers": 1, "hours": "", "rules": rules_said}
        asked_of = check_runs.Asked(rules_kept.NAME, "", found.sha256)
        check_runs.keep(act, asked_of, document, who="ann")


def test_kept_hits_are_stale_once_the_case_changed_and_not_for_a_finding(tmp_path: Path) -> None:
    with with_log(tmp_path, plain_log()) as case:
        detecting.run(case, SOME, STATED, progress=Silent(), cancel=Cancel())
        findings.add(case, Finding("", "Something"))
        assert detecting.kept(case, SOME).oldest_stale is None
        added(case, written(tmp_path, "more.jsonl", lines(plain_log(3))))
        assert detecting.kept(case, SOME).oldest_stale is not None


def test_kept_hits_of_a_rule_that_changed_are_named_and_not_shown(tmp_path: Path) -> None:
    with with_log(tmp_path, plain_log()) as case:
        one, other = rules.shipped()[:2]
        detecting.run(case, (one, other), STATED, progress=Silent(), cancel=Cancel())
        kept = detecting.kept(case, (one, replace(other, sha256="0" * 64)))
        assert [result.rule for result in kept.results] == [one]
        (changed,) = kept.others
        assert (changed.id, changed.version, changed.sha256) == (
            other.id,
            other.version,
            other.sha256,
        )


def test_kept_hits_that_were_changed_by_other_means_are_not_shown(tmp_path: Path) -> None:
    with with_log(tmp_path, plain_log()) as case:
        detecting.run(case, SOME, STATED, progress=Silent(), cancel=Cancel())
        with case.acting("test.act") as act:
            act.session.execute(text("UPDATE check_run SET document = '{\"rules\":[]}'"))
        assert detecting.kept(case, SOME) is None


@pytest.mark.parametrize("document", [{}, {"rules": 1}, {"rules": [1]}, {"rules": [{"id": "x"}]}])
def test_document_that_is_none_of_ours_is_no_result(document: dict[str, object]) -> None:
    run = RuleRun(START, "ann", None, "", ("", ""))
    assert kept_of(document, run, rules.shipped(), {}, ("", "")) is None
    assert spots_in(document) == set()


# The parts of a timeline


def test_rows_of_a_timeline_name_the_records_that_they_rest_on(tmp_path: Path) -> None:
    log = [{**record, "time": "2026-04-09T00:00:00Z"} if n == 19 else record
           for n, record in enumerate(plain_log())]  # fmt: skip
    with with_log(tmp_path, log) as case:
        asked = CaseTimeline(case, pace=Pace(times=5), most=100)
        (gap,) = asked.part(PartName.GAPS, Wish()).spots
        assert gap == ((1, 20), (1, 19)) or gap == ((1, 19), (1, 20))
        seen = asked.part(PartName.SEEN, Wish())
        assert len(seen.spots) == len(seen.rows) == seen.total
        assert asked.part(PartName.SOURCES, Wish()).spots == ()


def test_copy_of_a_log_with_one_altered_record_is_counted_once_but_for_that(tmp_path: Path) -> None:
    altered = [{**r, "actor": "eve"} if n == 3 else r for n, r in enumerate(plain_log())]
    with with_log(tmp_path, plain_log(), altered) as case:
        part = CaseTimeline(case, pace=Pace(), most=100).part(PartName.HISTOGRAM, Wish())
        assert sum(int(row["events"]) for row in part.rows) == 21
        assert part.notes[0].startswith("19 records say what another log says")
        pivots = CaseTimeline(case, pace=Pace(), most=100).part(PartName.PIVOTS, Wish())
        assert pivots.notes[0].endswith("both are counted here.")
        alone = CaseTimeline(case, "source:0.jsonl", pace=Pace(), most=100)
        assert alone.part(PartName.HISTOGRAM, Wish()).notes == ()

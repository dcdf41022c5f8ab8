"""Checks fail closed: what is not known is never satisfied."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.policy.cases import dataset, event, facts, relation, run, version
from workbench.errors import Cancelled, ProfileError
from workbench.model.case import Severity
from workbench.model.catalog import RelationKind, RunState
from workbench.model.event import Outcome
from workbench.model.policy import Check, CheckOutcome, CheckResult, Pack, Population, Row
from workbench.model.progress import Cancel, Silent
from workbench.policy.engine import FoundEvents, run_pack
from workbench.policy.facts import CaseFacts
from workbench.policy.library import chosen, frameworks, load, shipped
from workbench.policy.populations import rows_of

USED, GENERATED = RelationKind.USED, RelationKind.GENERATED


def results(case: CaseFacts, pack: Pack | None = None) -> dict[str, CheckResult]:
    said = run_pack(
        pack or chosen("ml-baseline"),
        rows=partial(rows_of, case),
        events=lambda _: FoundEvents(),
        progress=Silent(),
        cancel=Cancel(),
    )
    return {result.check.id: result for result in said}


def labels(result: CheckResult) -> list[str]:
    return [row.label for row in result.exceptions]


def check(rule: str, *, needs: tuple[str, ...] = (), where: str = "") -> Pack:
    one = Check("X-1", "x", "x", Severity.LOW, Population.RUN, where, needs, rule)
    return Pack("x", "1", "x", "", "", (one,))


def ask(rows: Sequence[Row] | None, pack: Pack) -> CheckResult:
    (result,) = run_pack(
        pack,
        rows=lambda _: rows,
        events=lambda _: FoundEvents(),
        progress=Silent(),
        cancel=Cancel(),
    )
    return result


def row(label: str = "r", **fields: object) -> Row:
    return Row(label, fields)  # type: ignore[arg-type]


def test_an_empty_case_satisfies_nothing() -> None:
    said = results(CaseFacts({}))
    assert {r.outcome for r in said.values()} == {CheckOutcome.INDETERMINATE}
    assert all(r.reason for r in said.values())


def test_an_empty_population_is_indeterminate() -> None:
    assert ask([], check("true")).outcome is CheckOutcome.INDETERMINATE
    assert ask([row(a=1)], check("true", where="item.a == 2")).population == 0


def test_a_missing_field_is_undecided_before_the_rule_is_asked() -> None:
    result = ask([row(a=None), row()], check("true", needs=("a",)))
    assert result.outcome is CheckOutcome.INDETERMINATE
    assert (result.population, result.tested) == (2, 0)
    assert result.undecided[0].reason == "The evidence does not say a."


@pytest.mark.parametrize(
    "rule",
    ["item.nothing == 1", "1 / 0 == 1", "item.a", "item.list[9] == 1", "nonsense(item)", "'a' > 1"],
)
def test_a_rule_that_goes_wrong_decides_nothing(rule: str) -> None:
    result = ask([row(a=1, list=(1, 2))], check(rule))
    assert result.outcome is CheckOutcome.INDETERMINATE
    assert result.undecided[0].reason.startswith("The rule")


def test_a_condition_that_goes_wrong_leaves_the_row_in_the_population() -> None:
    result = ask([row()], check("true", where="item.nothing == 1"))
    assert (result.population, result.outcome) == (1, CheckOutcome.INDETERMINATE)


def test_one_exception_is_worse_than_what_could_not_be_decided() -> None:
    result = ask([row("bad", a=False), row("unknown"), row("good", a=True)], check("item.a"))
    assert result.outcome is CheckOutcome.NOT_SATISFIED
    assert (labels(result), result.population, result.tested) == (["bad"], 3, 2)


def test_a_list_beyond_the_bound_is_not_given_to_a_rule() -> None:
    result = ask([row(many=tuple(range(501)))], check("item.many.all(x, x >= 0)"))
    assert "more than 500 entries" in result.undecided[0].reason


def test_the_dearest_allowed_rule_ends_soon() -> None:
    dear = "item.many.all(x, item.many.exists(y, x == y || x != y))"
    started = time.monotonic()
    assert ask([row(many=tuple(range(500)))], check(dear)).outcome is CheckOutcome.SATISFIED
    assert time.monotonic() - started < 30


def test_a_run_stops_when_asked() -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        run_pack(
            check("true"),
            rows=lambda _: [],
            events=lambda _: FoundEvents(),
            progress=Silent(),
            cancel=cancel,
        )


def test_events_are_asked_by_a_query() -> None:
    asked = []

    def events(query: str) -> FoundEvents:
        asked.append(query)
        return FoundEvents(10, 1, (row("event 3"),))

    said = run_pack(
        chosen("ml-baseline"),
        rows=lambda _: None,
        events=events,
        progress=Silent(),
        cancel=Cancel(),
    )
    (result,) = [r for r in said if r.check.population is Population.EVENT]
    assert (asked, result.population, labels(result)) == (["-actor:*"], 10, ["event 3"])


# The shipped pack


def test_runs_without_data_or_seed_are_exceptions_and_deleted_ones_are_not_asked() -> None:
    case = facts(
        run("good"),
        run("blind", seed=False),
        run("gone", seed=False, deleted=True),
        run("open", state=RunState.RUNNING),
        dataset("loans"),
        relations=(relation("good", USED, "loans"), relation("open", USED, "loans")),
    )
    said = results(case)
    assert labels(said["LIN-01"]) == ["blind"]
    assert labels(said["INV-10"]) == ["blind"]
    assert labels(said["RUN-01"]) == ["open"]
    assert said["INV-10"].population == 3


def test_versions_are_asked_for_approval_licence_and_run() -> None:
    case = facts(
        run("r1", user="tom", data_licence="CC-BY-NC-4.0"),
        version(1, approved_by="tom", licence="MIT"),
        version(2, licence="CC-BY-NC-4.0"),
        version(3, approved_by="eve"),
        version(4, stage="Staging"),
        relations=(relation("r1", GENERATED, "scoring/1"),),
    )
    said = results(case)
    assert labels(said["APP-04"]) == ["scoring 2"]
    assert labels(said["APP-05"]) == ["scoring 1"]
    assert labels(said["DAT-01"]) == ["scoring 3"]
    assert labels(said["DAT-02"]) == ["scoring 2"]
    assert labels(said["DAT-03"]) == ["scoring 1"]
    assert labels(said["LIN-02"]) == ["scoring 2", "scoring 3", "scoring 4"]
    assert said["APP-04"].population == 3


def test_the_log_decides_four_eyes_and_order() -> None:
    case = facts(
        decisions=(
            event(1, "tom", "model.register"),
            event(2, "eve", "model.approve", outcome=Outcome.FAILURE),
            event(3, "tom", "model.approve"),
            event(4, "ops", "model.deploy"),
            event(5, "ops", "model.deploy", "models:/scoring/2"),
        )
    )
    said = results(case)
    assert labels(said["APP-03"]) == ["models:/scoring/1 by tom"]
    assert labels(said["APP-01"]) == ["models:/scoring/2 by ops"]
    assert said["APP-02"].outcome is CheckOutcome.SATISFIED


def test_an_approval_in_a_broken_record_carries_nothing() -> None:
    case = facts(
        version(1, approved_by="eve"),
        decisions=(
            event(3, "did:mesh:eve", "model.approve", broken=True),
            event(4, "ops", "model.deploy"),
        ),
        broken=True,
    )
    said = results(case)
    assert said["APP-02"].outcome is CheckOutcome.NOT_SATISFIED
    assert said["REC-01"].outcome is CheckOutcome.INDETERMINATE
    assert labels(said["CHN-01"]) == ["audit.jsonl"]


def test_registry_and_log_must_agree_on_the_approver() -> None:
    case = facts(
        version(1, approved_by="eve"),
        decisions=(event(3, "did:mesh:tom", "model.approve"),),
    )
    assert labels(results(case)["REC-01"]) == ["scoring 1"]


def test_every_exception_leads_to_bytes_of_a_known_digest() -> None:
    said = results(facts(version(2), decisions=(event(5, "ops", "model.deploy"),)))
    places = [p for result in said.values() for r in result.exceptions for p in r.evidence]
    assert places
    assert all(len(place.sha256) == 64 for place in places)


# Packs and frameworks as data


def test_every_mapping_of_a_shipped_pack_names_a_clause_of_a_framework() -> None:
    known = {(f.id, clause) for f in frameworks() for clause in f.clauses}
    used = {(m.framework, m.clause) for p in shipped() for c in p.checks for m in c.mappings}
    assert used
    assert used <= known


def test_shipped_rules_are_all_cel() -> None:
    for pack in shipped():
        run_pack(
            pack,
            rows=lambda _: [],
            events=lambda _: FoundEvents(),
            progress=Silent(),
            cancel=Cancel(),
        )


HEAD = "id: x\nversion: '1'\ntitle: x\nchecks:\n  - id: A\n    title: x\n    criteria: x\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    population: run\n", "either a rule or a query"),
        ("    population: run\n    rule: 'true'\n    exceptions: '-actor:*'\n", "either a rule"),
        ("    population: event\n    rule: 'true'\n", "asks events by a query"),
        ("    population: run\n    rule: 'true'\n    needs: [colour]\n", "asks for colour"),
        ("    population: moon\n    rule: 'true'\n", "must be one of"),
        ("    population: run\n    rule: 'true'\n    more: x\n", "is not known here"),
        (f"    population: run\n    rule: '{'a' * 1001}'\n", "more than 1000 characters"),
        ("    population: run\n    rule: 'true'\n    mappings: {nosuch: 9}\n", "names nosuch"),
        ("    population: run\n    rule: 'true'\n    mappings: {ai-act: 99(9)}\n", "does not list"),
        (
            "    population: run\n    rule: 'a.all(x, a.all(y, a.all(z, true)))'\n",
            "nests macros over lists more than 2 deep",
        ),
        (
            f"    population: run\n    rule: '{'a.all(x, true) && ' * 7}true'\n",
            "more than 6 macros",
        ),
    ],
)
def test_a_bad_pack_is_refused_in_one_sentence(tmp_path: Path, body: str, said: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(HEAD + body)
    with pytest.raises(ProfileError, match=said):
        load(file)


def test_a_rule_that_is_no_cel_is_refused() -> None:
    with pytest.raises(ProfileError, match="X-1 is no CEL"):
        ask([], check("item.a =="))

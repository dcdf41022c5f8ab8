"""What a source does not say, or has no place for, is left open and says why."""

from dataclasses import replace

import pytest

from tests.policy.cases import (
    LOG,
    REGISTRY,
    attributes,
    dataset,
    event,
    facts,
    relation,
    run,
    sources,
    version,
)
from tests.policy.test_engine import ask as asked
from tests.policy.test_engine import check, labels, results, row
from workbench.model.case_source import CaseSource
from workbench.model.catalog import (
    DOUBTS,
    ArtifactType,
    AttributeGroup,
    NoPlace,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.locator import Locator
from workbench.model.policy import CheckOutcome, CheckResult, Footing
from workbench.model.source import Problem, Role
from workbench.model.verdict import AssuranceFlag, AssuranceRange, failed, indeterminate, passed
from workbench.policy.facts import CaseFacts
from workbench.policy.gaps import gaps_of
from workbench.policy.library import chosen
from workbench.store.marks import Marks

SATISFIED, OPEN = CheckOutcome.SATISFIED, CheckOutcome.INDETERMINATE


def reasons(result: CheckResult) -> list[str]:
    return [one.reason for one in result.undecided]


def kept(number: int, format_id: str, **more: object) -> CaseSource:
    from datetime import UTC, datetime

    at = datetime(2026, 7, 1, tzinfo=UTC)
    name = {REGISTRY: "mlflow.db", LOG: "audit.jsonl"}[number]
    source = CaseSource(number, 1, name, None, Role.SUBJECT, f"{number:x}" * 64, 9, format_id, at)
    return replace(source, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("licence", ["", "NOASSERTION"])
def test_licence_that_is_not_stated_satisfies_nothing(licence: str) -> None:
    said = results(facts(version(1, licence=licence)))
    assert labels(said["DAT-01"]) == ["scoring 1"]
    assert said["DAT-02"].outcome is OPEN
    assert "does not say its licence" in reasons(said["DAT-02"])[0]


def test_small_letters_do_not_hide_a_licence() -> None:
    assert labels(results(facts(version(1, licence="cc-by-nc-4.0")))["DAT-02"]) == ["scoring 1"]


def test_version_without_run_stays_in_the_population() -> None:
    said = results(facts(version(1, approved_by="eve")))
    for name in ("APP-05", "DAT-03"):
        assert (said[name].population, said[name].tested, said[name].outcome) == (1, 0, OPEN)
        assert reasons(said[name]) == ["The version names no run that the store holds."]


def test_run_without_user_decides_nothing() -> None:
    case = facts(
        run("r", user=""), version(1, approved_by="eve"),
        relations=(relation("r", RelationKind.GENERATED, "scoring/1"),),
    )  # fmt: skip
    assert results(case)["APP-05"].outcome is OPEN


def with_alias(number: int, name: str, stage: str):
    node, thing = version(number, stage=stage)
    return node, replace(thing, attributes=attributes(AttributeGroup.ALIAS, **{name: str(number)}))


def test_what_only_an_alias_serves_is_asked_by_itself_and_never_hidden_by_a_stage() -> None:
    staged = version(1, approved_by="eve")
    case = facts(staged, with_alias(2, "champion", "None"), with_alias(3, "Champion", ""))
    said = results(case)
    assert (said["APP-04"].population, labels(said["APP-04"])) == (1, [])
    served = said["SRV-01"]
    assert (served.population, labels(served)) == (2, ["scoring 2", "scoring 3"])
    assert results(facts(with_alias(4, "challenger", "None")))["APP-04"].population == 0


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (NoPlace.DATASETS, "LIN-01"),
        (NoPlace.PARAMS, "INV-10"),
        (NoPlace.VERSION_TAGS, "APP-04"),
        (NoPlace.VERSION_TAGS, "DAT-01"),
        (NoPlace.RUNS, "LIN-02"),
        (NoPlace.OWNERS, "INV-02"),
    ],
)
def test_what_a_store_has_no_place_for_is_no_exception(place: NoPlace, name: str) -> None:
    node, made = run("r", seed=False)
    bare = node, replace(made, attributes=())
    owned = (
        (REGISTRY, "m"),
        Thing(
            ThingKind.ARTIFACT,
            ArtifactType.REGISTERED_MODEL,
            "m",
            "scoring",
            Locator("mlflow.db"),
            attributes=attributes(AttributeGroup.TAG, team="risk"),
        ),
    )
    things = (bare, version(1), owned)
    case = facts(*things)
    case = replace(case, sources={REGISTRY: kept(REGISTRY, "mlflow", cannot_show=(place.value,))})
    said = results(case)[name]
    assert (said.outcome, said.exceptions, said.tested) == (OPEN, (), 0)
    assert "has no place for it" in reasons(said)[0]
    assert results(facts(*things))[name].outcome is CheckOutcome.NOT_SATISFIED


def test_what_made_a_version_and_is_no_run_is_none() -> None:
    script = (
        (REGISTRY, "train.py"),
        Thing(ThingKind.ARTIFACT, ArtifactType.CODE, "train.py", "train.py", Locator("bom.json")),
    )
    made = relation("train.py", RelationKind.GENERATED, "scoring/1")
    said = results(facts(script, version(1), relations=(made,)))["LIN-02"]
    assert said.outcome is CheckOutcome.NOT_SATISFIED


def test_registrar_that_no_log_names_is_said() -> None:
    said = results(facts(decisions=(event(1, "eve", "model.approve"),)))["APP-03"]
    assert reasons(said) == ["No log says who registered it."]


def test_approval_in_the_registry_alone_is_undecided() -> None:
    said = results(facts(version(1, approved_by="eve")))["REC-01"]
    assert (said.population, said.outcome) == (1, OPEN)
    assert "No log of the case" in reasons(said)[0]


# Sources


def judged(**parts: object) -> CaseFacts:
    known = sources()
    verdict = replace(known[LOG].verdict, **parts)  # type: ignore[type-var]
    return CaseFacts({LOG: replace(known[LOG], verdict=verdict)})


def test_unverified_source_is_a_row_that_is_undecided() -> None:
    known = sources()
    case = CaseFacts({LOG: known[LOG], 3: replace(known[LOG], path="new.jsonl", verdict=None)})
    for name in ("CHN-01", "SIG-01"):
        said = results(case)[name]
        assert (said.population, said.tested, said.outcome) == (2, 1, OPEN)
        assert "verify the case" in reasons(said)[0]


def test_what_carries_no_protection_data_is_not_asked_whether_it_agrees() -> None:
    case = judged(
        integrity=indeterminate("UNPROTECTED"), authenticity=indeterminate("NO_SIGNATURE")
    )
    assert results(case)["CHN-01"].population == 0
    assert labels(results(case)["SIG-01"]) == ["audit.jsonl"]


@pytest.mark.parametrize("code", ["UNKNOWN_PROFILE", "NOT_RECOMPUTABLE", "UNREADABLE"])
def test_indeterminate_integrity_is_undecided_and_no_exception(code: str) -> None:
    said = results(judged(integrity=indeterminate(code)))["CHN-01"]
    assert (said.outcome, said.exceptions) == (OPEN, ())
    assert code in reasons(said)[0]


@pytest.mark.parametrize("code", ["NO_TRUST_ANCHOR", "SELF_SUPPLIED_KEY", "SYMMETRIC_ONLY"])
def test_signature_that_nobody_vouches_for_is_undecided(code: str) -> None:
    said = results(judged(authenticity=indeterminate(code)))["SIG-01"]
    assert (said.outcome, said.exceptions) == (OPEN, ())


def test_old_verdict_satisfies_nothing_and_what_failed_stays() -> None:
    old = replace(facts(broken=True), stale="A key was trusted no more (act 9).")
    said = results(old)["CHN-01"]
    assert labels(said) == ["audit.jsonl"]
    fresh = replace(facts(), stale="A key was trusted no more (act 9).")
    assert reasons(results(fresh)["SIG-01"]) == ["A key was trusted no more (act 9)."]


# What rows rest on


def test_row_on_a_broken_record_is_not_satisfied_by_it() -> None:
    result = asked([replace(row(a=True), footing=Footing.BROKEN)], check("item.a"))
    assert (result.outcome, result.tested) == (OPEN, 0)
    assert "broken" in reasons(result)[0]
    result = asked([replace(row(a=False), footing=Footing.BROKEN)], check("item.a"))
    assert result.outcome is CheckOutcome.NOT_SATISFIED


def test_check_on_a_source_that_failed_is_never_satisfied() -> None:
    shaken = replace(row(a=True), footing=Footing.SIGNED, shaken="audit.jsonl")
    result = asked([shaken], check("item.a"))
    assert (result.outcome, result.tested) == (OPEN, 1)
    assert result.reason == "It rests on audit.jsonl, of which Integrity is FAILED."


def test_satisfied_on_bare_claims_says_so() -> None:
    bare = asked([row(a=True), replace(row(a=True), footing=Footing.SIGNED)], check("item.a"))
    assert bare.said == "SATISFIED on unprotected claims"
    assert bare.protection == "Rests on rows that are: 1 unprotected, 1 signed."
    assert (
        asked([replace(row(a=True), footing=Footing.SIGNED)], check("item.a")).said == "SATISFIED"
    )


def test_rate_is_of_what_was_tested() -> None:
    result = asked([row(a=False), row(a=True), row()], check("item.a", needs=("a",)))
    assert result.reason == "1 of 2 tested are exceptions. 1 of 3 could not be decided."


def test_rows_are_as_protected_as_their_source() -> None:
    case = facts(version(1, approved_by="eve"), decisions=(event(3, "eve", "model.approve"),))
    said = results(case)
    assert said["APP-04"].basis == ((Footing.UNPROTECTED, 1),)
    assert said["APP-03"].basis == ((Footing.SIGNED, 1),)
    assert said["CHN-01"].basis == ((Footing.VERDICT, 1),)


def test_rows_of_a_failed_source_shake_the_check() -> None:
    case = facts(run("r"), dataset("d"), relations=(relation("r", RelationKind.USED, "d"),))
    known = dict(case.verdicts)
    registry = known[REGISTRY]
    verdict = replace(registry.verdict, integrity=failed("EVIDENCE_CHANGED"))  # type: ignore[type-var]
    known[REGISTRY] = replace(registry, verdict=verdict)
    said = results(replace(case, verdicts=known))["LIN-01"]
    assert (said.outcome, said.tested) == (OPEN, 0)
    assert "mlflow.db, of which Integrity is FAILED" in said.reason


def test_field_that_the_digest_leaves_out_is_unprotected() -> None:
    from workbench.model.event import EventFields

    known = sources()
    verdict = replace(known[LOG].verdict, not_covered=("actor",))  # type: ignore[type-var]
    fields = EventFields(actor=("actor",), action=("action",))
    case = replace(
        facts(decisions=(event(3, "eve", "model.approve"),)),
        verdicts={LOG: replace(known[LOG], verdict=verdict)},
        sources={LOG: kept(LOG, "chain", fields=fields, events=3)},
    )
    assert results(case)["APP-03"].basis == ((Footing.UNPROTECTED, 1),)


# What was not read


def problem(code: str) -> Problem:
    return Problem(code, Locator("mlflow.db"), "mlflow.db: runs, row 7 is not read.")


@pytest.mark.parametrize(
    "code", ["LIMIT_EXCEEDED", "CORRUPT", "MALFORMED_RECORD", "ORPHAN_ROWS", "DUPLICATE_NAME"]
)
def test_problem_of_a_source_is_a_gap_of_what_it_could_feed(code: str) -> None:
    known = kept(REGISTRY, "mlflow", problems=(problem(code),))
    case = replace(facts(), sources={REGISTRY: known})
    open_ones = {c.id for c in chosen("ml-baseline").checks if gaps_of(case, c)}
    assert open_ones >= {"LIN-01", "INV-02", "DAT-02", "LIN-03", "RUN-01", "REC-01"}
    assert not open_ones & {"CHN-01", "SIG-01", "APP-01", "ACC-01"}


def test_what_hides_nothing_is_no_gap() -> None:
    codes = ("WAL_PRESENT", "BAD_NAME", *DOUBTS)
    known = kept(REGISTRY, "mlflow", problems=tuple(map(problem, codes)))
    case = replace(facts(), sources={REGISTRY: known})
    assert not any(gaps_of(case, c) for c in chosen("ml-baseline").checks)


def test_log_without_index_or_verdict_is_a_gap() -> None:
    known = sources()
    case = replace(
        facts(),
        verdicts={LOG: replace(known[LOG], verdict=None)},
        sources={LOG: kept(LOG, "chain")},
    )
    (deployed,) = [c for c in chosen("ml-baseline").checks if c.id == "APP-01"]
    said = gaps_of(case, deployed)
    assert [s.rpartition(" ")[2] for s in said] == ["indexed.", "yet."]


def test_file_that_nobody_can_read_is_a_gap_of_everything() -> None:
    known = kept(LOG, "unreadable", problems=(problem("UNREADABLE"),))
    case = replace(facts(), sources={LOG: known})
    asked_of_rows = [c for c in chosen("ml-baseline").checks if c.population.value != "source"]
    assert all(gaps_of(case, c) for c in asked_of_rows)


def test_anchored_source_is_still_satisfied() -> None:
    assert results(judged(integrity=passed("ANCHORED")))["CHN-01"].outcome is SATISFIED


def test_what_the_log_says_of_a_version_is_as_protected_as_the_log() -> None:
    said = (event(3, "eve", "model.approve"),)
    case = facts(version(1, approved_by="eve"), decisions=said, broken=True)
    case = replace(case, marks={LOG: Marks((1,), (1,), (9,), judged=True)})
    known = dict(case.verdicts)
    verdict = replace(
        known[LOG].verdict,  # type: ignore[type-var]
        assurance=(AssuranceRange(1, 9, frozenset({AssuranceFlag.CONSISTENT})),),
    )
    known[LOG] = replace(known[LOG], verdict=verdict)
    found = results(replace(case, verdicts=known))
    assert "audit.jsonl, of which Integrity is FAILED" in found["REC-01"].reason
    assert found["REC-01"].outcome is OPEN
    assert found["APP-04"].outcome is SATISFIED

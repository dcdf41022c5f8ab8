"""Things, findings, diagnoses and the journal answer the same language with the same meaning."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import added, new_case, verified

from workbench.errors import QueryError
from workbench.model.case import EvidenceRef, Finding, FindingState, Severity
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    Lifecycle,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.kept import KeptDiagnosis, KeptRelation, KeptThing
from workbench.model.locator import Locator
from workbench.model.query_fields import Area
from workbench.services import findings, investigation
from workbench.store import catalog, sources
from workbench.store.case_store import CaseStore

A, F = AttributeGroup, "catalog.json"
DAY = datetime(2026, 4, 1, 12, tzinfo=UTC)

THINGS = [
    Thing(
        ThingKind.ARTIFACT,
        ArtifactType.MODEL_VERSION,
        "m1",
        "credit",
        Locator(F, None, 1, 0, 90),
        version="1",
        lifecycle=Lifecycle.PRODUCTION,
        created=DAY,
        owner="Ünal",
        attributes=(
            Attribute(A.TAG, "approved_by", "ann", "/tags/0", None, DAY),
            Attribute(A.TAG, "approved_by", "Bob"),
            Attribute(A.METRIC, "auc", "0.91", step=3),
            Attribute(A.METRIC, "auc", "NaN", step=4),
        ),
    ),
    Thing(
        ThingKind.ARTIFACT,
        ArtifactType.DATASET,
        "d1",
        "applicants",
        Locator(F, None, 2, 90, 50),
        namespace="s3://x",
        uri="s3://x/applicants",
        attributes=(Attribute(A.TAG, "pii", "yes"), Attribute(A.METRIC, "auc", "0.5")),
    ),
    Thing(ThingKind.RUN, "", "r1", "run", Locator(F, "a.zip!/b", 3), state=RunState.FAILED),
]
RELATIONS = [
    Relation(RelationKind.USED, "r1", "d1", Locator(F, None, 4), role="training", time=DAY),
    Relation(RelationKind.DERIVED_FROM, "m1", "d1", Locator(F), columns=("x", "y"), inferred=True),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    """Return a case with a catalog, a tampered log and two findings; it is only read."""
    tmp_path = tmp_path_factory.mktemp("case")
    (tmp_path / F).write_text("{}")
    builder = LogBuilder("workbench")
    builder.edit(5)
    log = builder.write(tmp_path)
    with new_case(tmp_path) as case:
        added(case, tmp_path / F, log)
        with case.acting("test.catalog") as act:
            number = next(s.id for s in sources.every(act.session) if s.path == F)
            catalog.put(act.session, number, [*THINGS, *RELATIONS])
        verified(case)
        with case.reading() as session:
            digest = sources.every(session)[1].sha256
        ref = EvidenceRef(digest, Locator("log.jsonl", record=5), "altered")
        due = datetime(2026, 9, 30, tzinfo=UTC)
        draft = Finding("", "Record altered", Severity.HIGH, cause="Not established", due=due)
        findings.add(case, replace(draft, evidence=(ref,)))
        closed = Finding(
            "", "No owner", condition="a", response="b", retest="c",
            state=FindingState.CLOSED, owner="ann",
        )  # fmt: skip
        findings.add(case, closed)
        yield case


THING_QUERIES = {
    "": ["m1", "d1", "r1"],
    "kind:artifact": ["m1", "d1"],
    "kind!=artifact": ["r1"],
    "type:model": ["m1"],
    "-type:model": ["d1"],
    "owner:ünal": ["m1"],
    "-owner:ünal": [],
    "-owner:*": ["d1", "r1"],
    "created:2026-04-01": ["m1"],
    "-created:2026-04-01": [],
    "created>2026-04-01": [],
    "created>=2026-04-01T12:00:00Z": ["m1"],
    "lifecycle:production": ["m1"],
    "state:failed": ["r1"],
    "tag.approved_by:AN": ["m1"],
    "tag.approved_by=Bob": ["m1"],
    "tag.approved_by!=Bob": [],
    "tag.approved_by!=zoe": ["m1"],
    "-tag.approved_by:zoe": ["m1"],
    "-tag.approved_by:*": ["d1", "r1"],
    "tag.approved_by:* OR tag.pii:*": ["m1", "d1"],
    "metric.auc>0.9": ["m1"],
    "metric.auc<0.9": ["d1"],
    "metric.auc:[0.4..0.6]": ["d1"],
    "metric.AUC:*": [],
    "uri:/^s3:/": ["d1"],
    "yes": ["d1"],
    "NOT yes": ["m1", "r1"],
    '"Bob"': ["m1"],
    "record:2": ["d1"],
    "source:catalog": ["m1", "d1", "r1"],
}


def keys(case: CaseStore, query: str, **more: object) -> list[str]:
    page = investigation.listed(case, Area.THINGS, query, **more)
    assert all(isinstance(row, KeptThing) for row in page.rows)
    return [row.thing.key for row in page.rows]


@pytest.mark.parametrize("query", THING_QUERIES)
def test_things_are_found_as_the_contract_means_it(case: CaseStore, query: str) -> None:
    assert keys(case, query) == THING_QUERIES[query]
    assert investigation.listed(case, Area.THINGS, query, count=0).total == len(
        THING_QUERIES[query]
    )


def test_things_and_relations_come_out_as_they_went_in(case: CaseStore) -> None:
    things = investigation.listed(case, Area.THINGS).rows
    assert [row.thing for row in things if isinstance(row, KeptThing)] == THINGS
    relations = investigation.listed(case, Area.RELATIONS).rows
    assert [r.relation for r in relations if isinstance(r, KeptRelation)] == RELATIONS
    source = things[0].source
    assert [r.relation.kind for r in investigation.relations_at(case, source, "d1")] == [
        RelationKind.USED,
        RelationKind.DERIVED_FROM,
    ]
    assert [t.thing for t in investigation.thing(case, source, "r1")] == [THINGS[2]]
    with case.reading() as session:
        assert [k.thing for k in catalog.every_thing(session, sources=[source])] == THINGS
        edges = catalog.every_relation(session, sources=[source])
        assert [k.relation for k in edges] == RELATIONS


def test_rows_that_lack_the_field_stand_last_either_way(case: CaseStore) -> None:
    assert keys(case, "", by="owner") == ["m1", "d1", "r1"]
    assert keys(case, "", by="owner", descending=True) == ["m1", "d1", "r1"]
    assert keys(case, "", by="name") == ["d1", "m1", "r1"]
    assert keys(case, "", by="name", descending=True) == ["r1", "m1", "d1"]
    assert keys(case, "", by="name", first=1, count=1) == ["m1"]
    assert keys(case, "", descending=True) == ["r1", "d1", "m1"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", ["", "name", "owner", "created", "version"])
def test_position_of_a_row_is_where_its_page_has_it(
    case: CaseStore, by: str, descending: bool
) -> None:
    rows = investigation.listed(case, Area.THINGS, "", by=by, descending=descending).rows
    for at, row in enumerate(rows):
        assert isinstance(row, KeptThing)
        found = investigation.position(case, Area.THINGS, "", row.id, by=by, descending=descending)
        assert found == at
    assert investigation.position(case, Area.THINGS, "name:nobody", rows[0].id, by=by) is None


def test_facets_count_each_value_and_what_is_not_stated(case: CaseStore) -> None:
    assert investigation.facets(case, Area.THINGS, "", "owner") == [(None, 2), ("Ünal", 1)]
    assert investigation.facets(case, Area.THINGS, "kind=run", "owner") == [(None, 1)]
    kinds = dict(investigation.facets(case, Area.THINGS, "", "kind"))
    assert kinds == {"artifact": 2, "run": 1}


OTHERS = {
    (Area.RELATIONS, "kind:used"): 1,
    (Area.RELATIONS, "role:*"): 1,
    (Area.RELATIONS, "time:2026-04-01"): 1,
    (Area.SOURCES, "role:subject"): 1,
    (Area.SOURCES, "path:json"): 2,
    (Area.SOURCES, "size>5"): 1,
    (Area.SOURCES, "sha256:/^[0-9a-f]{64}$/"): 2,
    (Area.DIAGNOSES, ""): 1,
    (Area.DIAGNOSES, "class:record_altered"): 1,
    (Area.DIAGNOSES, "integrity:failed record:5"): 1,
    (Area.DIAGNOSES, "record!=5"): 0,
    (Area.FINDINGS, "severity:high"): 1,
    (Area.FINDINGS, "state!=closed"): 1,
    (Area.FINDINGS, "due<=2026-09-30"): 1,
    (Area.FINDINGS, "-due:*"): 1,
    (Area.FINDINGS, "established"): 1,
    (Area.JOURNAL, "act:finding"): 2,
    (Area.JOURNAL, "at>=2026-07-01 at:2026-07-01"): 6,
    (Area.JOURNAL, "number>3 who:ann"): 3,
    (Area.JOURNAL, "detail:RECORD"): 1,
}


@pytest.mark.parametrize(("area", "query"), OTHERS)
def test_other_lists_answer_too(case: CaseStore, area: Area, query: str) -> None:
    page = investigation.listed(case, area, query)
    assert (page.total, len(page.rows)) == (OTHERS[area, query],) * 2


def test_diagnosis_is_of_the_newest_verdict_only(tmp_path: Path) -> None:
    builder = LogBuilder("workbench")
    builder.edit(5)
    with new_case(tmp_path) as case:
        added(case, builder.write(tmp_path))
        for _ in range(2):
            verified(case)
        (row,) = investigation.listed(case, Area.DIAGNOSES).rows
    assert isinstance(row, KeptDiagnosis)
    assert row.diagnosis.record == 5


def test_expression_that_re2_does_not_know_is_refused_with_its_place(case: CaseStore) -> None:
    with pytest.raises(QueryError, match="regular expression") as refused:
        investigation.listed(case, Area.THINGS, r"kind:run name:/(a)\1/")
    assert refused.value.offset == 14


def test_expression_that_would_hang_another_engine_is_quick(case: CaseStore) -> None:
    assert keys(case, "name:/(a+)+$/") == []


def test_sorting_by_what_is_no_field_is_refused(case: CaseStore) -> None:
    for name in ("nothing", "tag.x", "name; DROP TABLE thing"):
        with pytest.raises(QueryError, match="to sort by"):
            investigation.listed(case, Area.THINGS, by=name)


def test_text_of_a_query_never_becomes_sql(case: CaseStore) -> None:
    for text in ("'", "'; DROP TABLE thing; --", "%", "?", "{}", "\\", '\\"'):
        quoted = '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))
        assert keys(case, quoted) == []
        assert keys(case, f"name={quoted} OR tag.x:{quoted}") == []
    assert keys(case, "") == ["m1", "d1", "r1"]

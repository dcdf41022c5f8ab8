"""Things are counted once, relations between things that are there."""

from dataclasses import replace

from workbench.formats.reader import Account, Reading
from workbench.formats.tally import MOST_PROBLEMS, Tally, inventory
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    Lifecycle,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.inspection import Count
from workbench.model.locator import Locator
from workbench.model.source import Problem

PLACE = Locator("x")
PARAM = Attribute(AttributeGroup.PARAM, "seed", "7")


def artifact(key: str, kind: ArtifactType = ArtifactType.DATASET) -> Thing:
    return Thing(ThingKind.ARTIFACT, kind, key, key, PLACE)


def run(key: str, state: RunState = RunState.COMPLETE, *attributes: Attribute) -> Thing:
    return Thing(ThingKind.RUN, "", key, key, PLACE, state=state, attributes=attributes)


def job(key: str) -> Thing:
    return Thing(ThingKind.JOB, "", key, key, PLACE)


def edge(kind: RelationKind, subject: str, target: str, *columns: str, role: str = "") -> Relation:
    both = (columns[0], columns[1]) if columns else ()
    return Relation(kind, subject, target, PLACE, role=role, columns=both)


def counts(*records: Thing | Relation) -> dict[str, Count]:
    tally = Tally()
    for record in records:
        tally.add(record)
    return tally.counts()


def test_nothing_is_counted_as_nothing() -> None:
    assert counts() == {}


def test_relation_counts_once_however_often_it_is_stated() -> None:
    used = edge(RelationKind.USED, "r", "d")
    assert counts(run("r"), artifact("d"), used, used)["relations"] == {"used": 1}


def test_relation_to_what_is_not_there_does_not_count() -> None:
    assert "relations" not in counts(run("r"), edge(RelationKind.GENERATED, "r", "gone"))


def test_relation_may_come_before_its_ends() -> None:
    used = edge(RelationKind.USED, "r", "d")
    assert counts(used, run("r"), artifact("d"))["relations"] == {"used": 1}


def test_runs_of_a_job_count_as_the_job() -> None:
    of_job = [edge(RelationKind.ASSOCIATED_WITH, r, "j", role="job") for r in ("r1", "r2")]
    used = [edge(RelationKind.USED, r, "d") for r in ("r1", "r2")]
    found = counts(job("j"), artifact("d"), run("r1"), run("r2"), *of_job, *used)
    assert (found["runs"], found["jobs"], found["relations"]) == (2, 1, {"used": 1})


def test_run_whose_job_is_told_later_counts_as_the_job_too() -> None:
    of_job = edge(RelationKind.ASSOCIATED_WITH, "r", "j", role="job")
    used = edge(RelationKind.USED, "r", "d"), edge(RelationKind.USED, "j", "d")
    assert counts(run("r"), artifact("d"), *used, of_job, job("j"))["relations"] == {"used": 1}


def test_used_is_of_data_only() -> None:
    model = artifact("m", ArtifactType.LOGGED_MODEL)
    assert "relations" not in counts(run("r"), model, edge(RelationKind.USED, "r", "m"))


def test_columns_count_as_columns() -> None:
    derived = [
        edge(RelationKind.DERIVED_FROM, "a", "b", "x", "y"),
        edge(RelationKind.DERIVED_FROM, "a", "b", "x", "z"),
        edge(RelationKind.DERIVED_FROM, "a", "b", "x", "y"),
        edge(RelationKind.DERIVED_FROM, "a", "b", "", "y"),
    ]
    found = counts(artifact("a"), artifact("b"), *derived)
    assert (found["column_relations"], found["relations"]) == (2, {"derived-from": 1})


def test_experiment_is_no_artifact_to_count() -> None:
    experiment = artifact("e", ArtifactType.EXPERIMENT)
    assert counts(experiment, run("r"), edge(RelationKind.MEMBER_OF, "r", "e")) == {
        "runs": 1,
        "relations": {"member-of": 1},
    }


def test_attributes_of_runs_count_where_there_are_no_jobs() -> None:
    with_param = run("r", RunState.COMPLETE, PARAM, PARAM)
    assert counts(with_param)["params"] == 2
    assert "params" not in counts(with_param, job("j"))


def test_gaps_are_told_with_their_numbers() -> None:
    tally = Tally()
    deleted = Thing(
        ThingKind.RUN,
        "",
        "gone",
        "",
        PLACE,
        lifecycle=Lifecycle.DELETED,
        state=RunState.COMPLETE,
    )
    model = artifact("m", ArtifactType.LOGGED_MODEL)
    for record in (
        run("fed"),
        run("unfed"),
        run("by model only"),
        run("open", RunState.RUNNING),
        deleted,
        model,
        edge(RelationKind.USED, "fed", "a dataset that is not described"),
        edge(RelationKind.USED, "by model only", "m"),
    ):
        tally.add(record)
    no_data, no_end = tally.gaps()
    assert "3 of 4 runs" in no_data
    assert "1 of 5 runs" in no_end


def test_versions_that_no_run_is_stated_for_are_told() -> None:
    tally = Tally()
    for record in (
        run("r"),
        *(artifact(key, ArtifactType.MODEL_VERSION) for key in "abc"),
        edge(RelationKind.GENERATED, "r", "a"),
        replace(edge(RelationKind.GENERATED, "r", "b"), inferred=True),
    ):
        tally.add(record)
    assert any("which run made 2 of 3 model versions" in sentence for sentence in tally.gaps())


def agent(key: str) -> Thing:
    return Thing(ThingKind.AGENT, "person", key, key, PLACE)


def test_agents_count_and_relations_to_them() -> None:
    owned = edge(RelationKind.ATTRIBUTED_TO, "d", "a")
    assert counts(artifact("d"), agent("a"), owned) == {
        "artifacts": {"dataset": 1},
        "agents": 1,
        "relations": {"attributed-to": 1},
    }


def test_entity_of_which_nothing_is_said_may_be_data() -> None:
    entity, code = artifact("e", ArtifactType.ENTITY), artifact("c", ArtifactType.CODE)
    used = [edge(RelationKind.USED, "r", key) for key in "ec"]
    assert counts(run("r"), entity, code, *used)["relations"] == {"used": 1}


def told_often(code: CatalogProblem) -> Reading:
    for n in range(MOST_PROBLEMS + 5):
        yield Problem(code, Locator("x", pointer=f"/{n}"), "what is wrong")
    return Account()


def test_many_doubts_stay_doubts() -> None:
    """What hides nothing must not become a gap because there is much of it."""
    doubts = inventory(told_often(CatalogProblem.WEAK_DIGEST)).problems
    assert {problem.code for problem in doubts} == {"WEAK_DIGEST"}
    assert "5 more" in doubts[-1].message
    others = inventory(told_often(CatalogProblem.MALFORMED_VALUE)).problems
    assert others[-1].code == "MORE_PROBLEMS"

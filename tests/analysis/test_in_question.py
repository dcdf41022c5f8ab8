"""What a report is about: the models that its findings rest on, else what most is known of."""

from workbench.analysis.in_question import InQuestion, in_question, most_known
from workbench.analysis.lineage import Lineage, Placement
from workbench.model.case import EvidenceRef, Finding
from workbench.model.catalog import Lifecycle, Relation, RelationKind, Thing, ThingKind
from workbench.model.locator import Locator


def thing(key: str, kind: str, place: Locator, **more: object) -> Thing:
    return Thing(ThingKind.ARTIFACT, kind, key, key, place, **more)


DATA = thing("data", "dataset", Locator("x.db", pointer="datasets[1]"))
OLD = thing("m1", "model_version", Locator("x.db", pointer="versions[1]"))
NEW = thing(
    "m2", "model_version", Locator("x.db", pointer="versions[2]"), lifecycle=Lifecycle.PRODUCTION
)
APPROVAL = thing("approval by ana", "approval", Locator("log.jsonl", record=7, offset=99))
GRAPH = Lineage(
    {(1, "data"): DATA, (1, "m1"): OLD, (1, "m2"): NEW, (2, "a"): APPROVAL},
    [
        Placement(1, Relation(RelationKind.DERIVED_FROM, "m1", "data", Locator("x.db", record=1))),
        Placement(2, Relation(RelationKind.APPROVED, "a", "m1", APPROVAL.locator), other=1),
    ],
)


def finding(number: int, *places: Locator) -> Finding:
    evidence = tuple(EvidenceRef("ab" * 32, place) for place in places)
    return Finding(f"F-{number:04}", "title", evidence=evidence)


def test_without_findings_it_is_what_most_is_known_about():
    assert most_known(GRAPH) == (1, "m2")
    assert in_question(GRAPH, ()) == (InQuestion((1, "m2")),)


def test_a_finding_that_names_no_thing_changes_nothing():
    assert in_question(GRAPH, [finding(1, Locator("other"))]) == (InQuestion((1, "m2")),)


def test_it_is_what_a_finding_rests_on_a_model_before_its_data():
    found = in_question(GRAPH, [finding(1, DATA.locator, OLD.locator), finding(2, DATA.locator)])
    assert found == (InQuestion((1, "m1"), ("F-0001",)), InQuestion((1, "data"), ("F-0002",)))


def test_findings_on_one_thing_are_told_together():
    found = in_question(GRAPH, [finding(1, OLD.locator), finding(2, OLD.locator)])
    assert found == (InQuestion((1, "m1"), ("F-0001", "F-0002")),)


def test_a_decision_stands_for_the_model_that_it_is_about():
    place = Locator("log.jsonl", record=7)
    assert in_question(GRAPH, [finding(1, place)]) == (InQuestion((1, "m1"), ("F-0001",)),)


def test_nothing_is_in_question_where_there_is_nothing():
    assert in_question(Lineage({}, []), ()) == ()

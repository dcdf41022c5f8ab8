"""What rests on a broken record: said for it alone, by name, with what follows."""

from tests.gui.cases import make_sample_case
from workbench.analysis.lineage import Lineage, Placement
from workbench.analysis.resting import Resting, RestKind, with_blast_radius
from workbench.model.catalog import ArtifactType, Relation, RelationKind, Thing, ThingKind
from workbench.model.locator import Locator
from workbench.services import cases
from workbench.store import verdicts

LOG = Locator("log.jsonl", record=7)


def things():
    version = ArtifactType.MODEL_VERSION
    made = Thing(ThingKind.ARTIFACT, version, "v8", "credit", Locator("db"), version="8")
    used = Thing(ThingKind.RUN, "", "score", "score", Locator("db"))
    approval = Thing(ThingKind.RUN, "approval", "approval:7", "approval by ann", LOG)
    return {(1, "v8"): made, (1, "score"): used, (2, "approval:7"): approval}


def resting():
    scored = Relation(RelationKind.USED, "score", "v8", Locator("db"))
    approved = Relation(RelationKind.APPROVED, "approval:7", "v8", LOG)
    return Resting(Lineage(things(), [Placement(1, scored), Placement(2, approved, 1)]))


def test_a_decision_what_it_decided_and_what_follows_rest_on_its_record():
    found = resting().on("log.jsonl", None, 7)
    assert [(rest.kind, rest.words) for rest in found] == [
        (RestKind.DECISION, "1 approval"),
        (RestKind.EDGES, "1 lineage edge"),
        (RestKind.THING, "model version credit 8"),
        (RestKind.DOWNSTREAM, "1 run downstream"),
    ]


def test_nothing_rests_on_another_record_or_a_namesake():
    assert resting().on("log.jsonl", None, 8) == ()
    assert resting().on("other.jsonl", None, 7) == ()
    assert resting().on("log.jsonl", "member", 7) == ()


def test_the_verdict_of_a_case_names_what_rests_on_its_broken_record(tmp_path):
    folder = make_sample_case(tmp_path)
    with cases.open_case(folder, who="ann") as case, case.reading() as session:
        told = with_blast_radius(case, verdicts.latest(session))
    (radius,) = [d.blast_radius for s in told.subjects for d in s.verdict.diagnoses]
    assert "1 approval" in radius
    assert "model version credit-scoring 8" in radius

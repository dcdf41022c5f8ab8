"""PROV-JSON tells entities, activities and agents under the ids that it gives them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.catalogs import Read, read
from tests.formats.test_documents import DOCUMENTS
from workbench.model.catalog import AttributeGroup, Lifecycle, RelationKind, RunState, ThingKind

MODEL, RUN = "entity/bank:model%2F3", "activity/bank:run%2F7"


@pytest.fixture(scope="module")
def made() -> Read:
    return read(DOCUMENTS / "prov.json")


def told(folder: Path, **members: Any) -> Read:
    path = folder / "x.json"
    path.write_text(json.dumps({"prefix": {"ex": "http://example.org/"}, **members}))
    return read(path)


def test_activity_is_a_run_with_its_times(made: Read) -> None:
    run = made.things[RUN]
    assert (run.kind, run.state) == (ThingKind.RUN, RunState.COMPLETE)
    assert str(run.created) == "2026-04-13 04:05:00+00:00"
    assert run.values(AttributeGroup.PARAM, "bank:seed") == ("7",)


def test_entity_is_what_its_type_says(made: Read) -> None:
    types = {t.name: t.type for t in made.things.values() if t.kind is ThingKind.ARTIFACT}
    assert types["credit scorer"] == "logged_model"
    assert types["bank:applications"] == "dataset"
    assert types["bank:features"] == "entity"


def test_invalidated_entity_is_deleted(made: Read) -> None:
    old = made.things["entity/bank:model%2F2"]
    assert (old.lifecycle, old.lifecycle_raw) == (Lifecycle.DELETED, "invalidated")


def test_statements_are_edges(made: Read) -> None:
    assert made.edges(RelationKind.GENERATED) >= {(RUN, MODEL)}
    assert made.edges(RelationKind.SPECIALIZATION_OF) == {(MODEL, "entity/bank:model")}
    with_roles = {(r.object, r.role) for r in made.relations if r.subject == RUN}
    assert ("entity/bank:features", "training") in with_roles
    assert ("entity/bank:train.py", "plan") in with_roles
    assert ("agent/bank:risk", "influence") in with_roles


def test_statement_that_leaves_an_end_out_is_no_edge_and_stays(made: Read) -> None:
    assert made.account.control_totals["used"] == 3
    assert len(made.edges(RelationKind.USED)) == 2
    assert len(made.things[RUN].values(AttributeGroup.FACET, "used")) == 2


def test_bundle_says_its_own_of_the_same_id(made: Read) -> None:
    inside = "bundle/bank:review/entity/bank:model%2F3"
    assert made.things[inside].values(AttributeGroup.FIELD, "bank:approved") == ("r.dubois",)
    assert (inside, "entity/bank:review") in made.edges(RelationKind.MEMBER_OF)
    assert (inside, "agent/bank:dubois") in made.edges(RelationKind.ATTRIBUTED_TO)


def test_thing_that_is_described_twice_is_one(tmp_path: Path) -> None:
    described = [{"prov:type": "ex:Dataset"}, {"prov:label": "twice"}]
    found = told(tmp_path, entity={"ex:e": described})
    assert [(t.name, t.type) for t in found.things.values() if t.key != "document"] == [
        ("twice", "dataset")
    ]


def test_same_id_of_entity_and_agent_is_two_things(tmp_path: Path) -> None:
    found = told(tmp_path, entity={"ex:a": {}}, agent={"ex:a": {}})
    assert {"entity/ex:a", "agent/ex:a"} <= found.things.keys()


def test_entities_derived_from_each_other_end(tmp_path: Path) -> None:
    def derived(a: str, b: str) -> dict[str, str]:
        return {"prov:generatedEntity": a, "prov:usedEntity": b}

    both = {"_:1": derived("ex:a", "ex:b"), "_:2": derived("ex:b", "ex:a")}
    found = told(tmp_path, entity={"ex:a": {}, "ex:b": {}}, wasDerivedFrom=both)
    assert len(found.edges(RelationKind.DERIVED_FROM)) == 2


def test_members_of_a_collection_may_be_a_list(tmp_path: Path) -> None:
    member = {"prov:collection": "ex:c", "prov:entity": ["ex:a", "ex:b"]}
    found = told(tmp_path, entity={"ex:c": {}}, hadMember={"_:1": member})
    assert found.edges(RelationKind.MEMBER_OF) == {
        ("entity/ex:a", "entity/ex:c"),
        ("entity/ex:b", "entity/ex:c"),
    }

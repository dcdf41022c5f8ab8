"""A label reaches what the data reaches, by a way that is shown; what is not known is said."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lineages import K, graph_of, lineage_of, states, thing
from workbench.analysis.carrying import ONE_BY_ONE, carried
from workbench.analysis.columns import of_columns
from workbench.analysis.labels import labels
from workbench.analysis.lineage import Lineage
from workbench.model.lineage_answer import Carried, Label, Labelled
from workbench.model.progress import Cancel

WITHDRAWN = {"consent": "withdrawn"}


def carry(lineage: Lineage, label: Label = Label.CONSENT, *more: Labelled) -> Carried:
    found = [*labels(lineage.things, label), *more]
    return carried(lineage, label, found, cancel=Cancel())


def reached(found: Carried) -> dict[str, list[str]]:
    return {
        each.id[1]: [step.end[1] for step in each.steps] for each in found.touched if each.steps
    }


def pipeline() -> Lineage:
    """data → train → model 1 → serve; owner, approval and the other version stand aside."""
    return lineage_of(
        [
            thing("data", tags=WITHDRAWN),
            thing("train", "run"),
            thing("m1", "model_version"),
            thing("m2", "model_version"),
            thing("m", "registered_model"),
            thing("serve", "run"),
            thing("ana", "agent"),
            thing("ok", "run"),
            thing("other", "run"),
            thing("domain", "collection"),
        ],
        [
            states("train", K.USED, "data", record=1),
            states("train", K.GENERATED, "m1", record=2),
            states("m1", K.SPECIALIZATION_OF, "m"),
            states("m2", K.SPECIALIZATION_OF, "m"),
            states("serve", K.USED, "m1", record=3),
            states("other", K.USED, "m"),
            states("ok", K.APPROVED, "m1"),
            states("data", K.MEMBER_OF, "domain"),
            states("data", K.ATTRIBUTED_TO, "ana"),
        ],
    )


def test_a_withdrawn_consent_reaches_models_and_what_serves_them() -> None:
    found = carry(pipeline())
    assert reached(found) == {
        "train": ["train"],
        "m1": ["train", "m1"],
        "serve": ["train", "m1", "serve"],
        "m": ["train", "m1", "m"],
    }
    way = next(each for each in found.touched if each.id[1] == "serve")
    assert [step.edge.locators[0].record for step in way.steps] == [1, 2, 3]
    assert way.labelled.value == "withdrawn"


def test_what_is_said_of_a_thing_is_said_of_its_versions() -> None:
    lineage = lineage_of(
        [thing("table", tags=WITHDRAWN), thing("v1"), thing("r", "run")],
        [states("v1", K.SPECIALIZATION_OF, "table"), states("r", K.USED, "v1")],
    )
    assert reached(carry(lineage)) == {"v1": ["v1"], "r": ["v1", "r"]}


def test_what_is_said_of_a_column_is_said_of_its_table() -> None:
    lineage = lineage_of(
        [thing("email", "column", tags={"PII": ""}), thing("people"), thing("r", "run")],
        [states("email", K.MEMBER_OF, "people"), states("r", K.USED, "people")],
    )
    assert reached(carry(lineage, Label.SENSITIVITY)) == {
        "people": ["people"],
        "r": ["people", "r"],
    }


def test_a_label_crosses_a_link_of_one_thing_in_two_places() -> None:
    lineage = lineage_of(
        [thing("here", tags=WITHDRAWN), thing("there", source=2), thing("r", "run", source=2)],
        [
            states("here", K.ALTERNATE_OF, "there", other=2),
            states("r", K.USED, "there", source=2),
        ],
    )
    assert reached(carry(lineage)) == {"there": ["there"], "r": ["there", "r"]}


def test_what_restricts_nothing_is_told_and_not_carried() -> None:
    lineage = lineage_of(
        [thing("d", tags={"consent": "granted"}), thing("r", "run")], [states("r", K.USED, "d")]
    )
    found = carry(lineage)
    assert (found.origins, found.touched) == ((), ())
    assert [each.value for each in found.held] == ["granted"]


def test_absence_is_said_to_prove_nothing_and_what_is_not_known_is_counted() -> None:
    lineage = lineage_of(
        [thing("blind", "run"), thing("m", "model_version")],
        [states("blind", K.GENERATED, "gone")],
    )
    assert carry(lineage).doubts == (
        "No source of the case states consent: that nothing is listed proves nothing.",
        "1 run does not say which data it read: what came of it may be touched unseen.",
        "1 model version says nothing of what it was made from.",
        "1 thing is named and described nowhere: whether labelled is not known.",
    )


def test_a_label_of_a_column_follows_the_column() -> None:
    fields = {"columns.0.name": "email", "columns.0.tags": '["pii"]'}
    graph = graph_of(
        [thing("people", fields=fields), thing("mails"), thing("sums")],
        [
            states("mails", K.DERIVED_FROM, "people", columns=("address", "email")),
            states("sums", K.DERIVED_FROM, "people", columns=("total", "amount")),
        ],
    )
    found = [*labels(graph.things, Label.SENSITIVITY)]
    tables = carried(graph.lineage(), Label.SENSITIVITY, found, cancel=Cancel())
    assert reached(tables) == {"mails": ["mails"], "sums": ["sums"]}
    assert any("A label of a column" in doubt for doubt in tables.doubts)
    columns = carried(of_columns(graph).lineage(), Label.SENSITIVITY, found, cancel=Cancel())
    assert reached(columns) == {"mails#address": ["mails#address"]}
    assert not any("A label of a column" in doubt for doubt in columns.doubts)


def test_of_many_labels_each_thing_has_the_nearest_and_that_is_said() -> None:
    many = [thing(f"d{n}", tags={"license": "MIT"}) for n in range(ONE_BY_ONE + 1)]
    relations = [states("r", K.USED, f"d{n}") for n in range(ONE_BY_ONE + 1)]
    found = carry(lineage_of([*many, thing("r", "run")], relations), Label.LICENCE)
    assert len(found.origins) == ONE_BY_ONE + 1
    assert [each.id[1] for each in found.touched if each.steps] == ["r"]
    assert "nearest one of each value" in found.doubts[-1]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20),
    st.sets(st.integers(0, 7), max_size=3),
)
def test_a_label_reaches_exactly_what_is_downstream(
    edges: list[tuple[int, int]], labelled: set[int]
) -> None:
    things = [thing(str(n), tags=WITHDRAWN if n in labelled else {}) for n in range(8)]
    lineage = lineage_of(things, [states(str(b), K.DERIVED_FROM, str(a)) for a, b in edges])
    found = carry(lineage)
    peer = nx.DiGraph(edges)
    peer.add_nodes_from(range(8))
    expected = {(n, m) for n in labelled for m in nx.descendants(peer, n)}
    assert {
        (int(each.labelled.node[1]), int(each.id[1])) for each in found.touched if each.steps
    } == expected
    for each in found.touched:
        assert len(each.steps) == nx.shortest_path_length(
            peer, int(each.labelled.node[1]), int(each.id[1])
        )

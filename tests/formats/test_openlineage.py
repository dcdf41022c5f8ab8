"""Events become runs, jobs, datasets and what is between them; what is wrong has a place."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drops import opened
from tests.formats.catalogs import STORES, Read, counted, pairs, read
from workbench.errors import Cancelled
from workbench.evidence.limits import LIMITS
from workbench.formats.sniff import catalog_reader, recognise
from workbench.formats.table import sort_out
from workbench.formats.tally import inventory
from workbench.model.catalog import AttributeGroup, Lifecycle, RelationKind, RunState, Thing
from workbench.model.progress import Cancel, Silent

REAL = STORES / "openlineage-1.54.0.ndjson"
LAKE = "dataset/s3:%2F%2Flake"
RUN = "4d3b8069-69b6-4708-ade0-3275112c9f0{}"

Event = dict[str, Any]


def run_event(number: int = 0, kind: str = "START", **more: Any) -> Event:
    return {
        "eventTime": f"2026-01-05T0{number}:00:00Z",
        "eventType": kind,
        "run": {"runId": RUN.format(number)},
        "job": {"namespace": "prod", "name": "train"},
        **more,
    }


def dataset(name: str, **facets: Any) -> Event:
    return {"namespace": "s3://lake", "name": name, "facets": facets}


def written(folder: Path, *events: Event | bytes, name: str = "x.ndjson") -> Path:
    """Write events one a line; bytes as they are."""
    path = folder / name
    lines = [e if isinstance(e, bytes) else json.dumps(e).encode() for e in events]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def told(folder: Path, *events: Event | bytes) -> Read:
    return read(written(folder, *events))


@pytest.fixture(scope="module")
def real() -> Read:
    return read(REAL)


def test_real_events_are_counted() -> None:
    assert counted(REAL).counts == {
        "artifacts": {"dataset": 7},
        "jobs": 3,
        "runs": 4,
        "runs_open": 1,
        "events": 11,
        "relations": {"used": 2, "generated": 4, "derived-from": 2, "informed-by": 1},
        "column_relations": 2,
    }


def test_real_events_are_read_without_a_problem(real: Read) -> None:
    assert real.problems == ()
    assert (real.account.version, real.account.events) == ("2-0-2", 11)
    assert real.account.control_totals == {
        "first event": "2026-01-05T00:00:00Z",
        "last event": "2026-01-06T00:00:00Z",
    }


def test_job_has_its_kind_owners_and_source(real: Read) -> None:
    job = real.things["job/prod/prepare"]
    assert (job.type, job.owner) == ("TASK", "team:data, r.dubois")
    assert (job.namespace, job.name, job.uri) == (
        "prod",
        "prepare",
        "https://git.example.org/pipelines",
    )


def test_dataset_has_what_its_facets_say(real: Read) -> None:
    data = real.things[f"{LAKE}/features%2Fapplicant"]
    assert (data.namespace, data.name, data.version) == ("s3://lake", "features/applicant", "17")
    assert (data.owner, data.uri) == ("team:risk", "s3://lake/features")
    assert data.values(AttributeGroup.TAG, "pii") == ("true",)
    (schema,) = data.values(AttributeGroup.FACET, "schema")
    assert json.loads(schema)["fields"] == [{"name": "debt_ratio", "type": "DOUBLE", "fields": []}]


def test_columns_keep_how_they_came_from_others(real: Read) -> None:
    derived = {
        (r.subject.rpartition("/")[2], r.object.rpartition("/")[2], r.columns): r.transformation
        for r in real.relations
        if r.kind is RelationKind.DERIVED_FROM
    }
    assert derived == {
        ("features%2Fapplicant", "public.applications", ("debt_ratio", "income")): (
            "DIRECT/TRANSFORMATION masked; INDIRECT/FILTER"
        ),
        ("features%2Fapplicant", "public.applications", ("", "branch")): "",
        ("scores%2Fweekly", "features%2Fapplicant", ()): "",
        ("scores%2Fweekly", "features%2Fapplicant", ("score", "debt_ratio")): "",
    }


def test_other_name_is_linked_and_not_merged(real: Read) -> None:
    others = {
        (r.subject, r.object, r.role) for r in real.relations if r.kind is RelationKind.ALTERNATE_OF
    }
    assert others == {
        (f"{LAKE}/features%2Fapplicant", "dataset/glue:%2F%2Feu/features.applicant", "TABLE"),
        (f"{LAKE}/scores%2Fweekly", f"{LAKE}/scores%2Fold", "renamed from"),
    }
    assert "dataset/glue:%2F%2Feu/features.applicant" not in real.things


def test_dropped_dataset_is_deleted(real: Read) -> None:
    dropped = real.things[f"{LAKE}/features%2Fold"]
    assert (dropped.lifecycle, dropped.lifecycle_raw) == (Lifecycle.DELETED, "DROP")


def test_model_stays_a_dataset_and_says_what_it_is_taken_for(real: Read) -> None:
    taken = {
        thing.name: dict(pairs(thing.attributes, AttributeGroup.FIELD))
        for thing in real.things.values()
        if thing.type == "dataset"
    }
    assert {name: fields.get("inferred_type") for name, fields in taken.items()} == {
        "public.applications": None,
        "features/applicant": None,
        "credit-risk": "registered_model",
        "models/credit-risk.pkl": "logged_model",
        "scores/weekly": None,
        "features/old": None,
        "models/challenger": "logged_model",
    }
    assert taken["models/challenger"]["inferred_from"] == "dataset type MODEL"


@pytest.mark.parametrize(
    ("job_type", "dataset_type", "reason"),
    [
        ("INFERENCE", "", "written by a job of type INFERENCE"),
        ("scoring", "", "written by a job of type SCORING"),
        ("TASK", "PREDICTION", "dataset type PREDICTION"),
        ("TASK", "TABLE", ""),
    ],
)
def test_what_a_model_said_is_taken_for_predictions(
    tmp_path: Path, job_type: str, dataset_type: str, reason: str
) -> None:
    job = {"namespace": "prod", "name": "score", "facets": {"jobType": {"jobType": job_type}}}
    scores = dataset("scores", datasetType={"datasetType": dataset_type})
    inputs = [{"namespace": "mlflow://m", "name": "credit-risk"}]
    found = told(tmp_path, run_event(0, "COMPLETE", job=job, inputs=inputs, outputs=[scores]))
    (thing,) = [t for t in found.things.values() if t.name == "scores"]
    fields = dict(pairs(thing.attributes, AttributeGroup.FIELD))
    assert fields.get("inferred_type") == ("predictions" if reason else None)
    assert fields.get("inferred_from", "") == reason


def test_run_is_folded_from_its_events(real: Read) -> None:
    run = real.things["run/00000000-0000-4000-8000-000000000001"]
    assert (run.type, run.state) == ("openlineage", RunState.COMPLETE)
    assert run.created == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert run.ended == datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
    assert [a.value for a in run.attributes if a.name == "eventType"] == ["START", "COMPLETE"]
    assert pairs(run.attributes, AttributeGroup.PARAM) == [("random_seed", "7")]


def test_run_is_informed_by_parent_and_what_it_waited_for(real: Read) -> None:
    before = {
        (r.subject[-1], r.object[-1], r.role)
        for r in real.relations
        if r.kind is RelationKind.INFORMED_BY
    }
    assert before == {("2", "1", "parent"), ("2", "1", "upstream")}


def test_every_place_leads_to_the_bytes(real: Read) -> None:
    data = REAL.read_bytes()

    def resolved(offset: int, length: int, pointer: str) -> object:
        value = json.loads(data[offset : offset + length])
        for step in pointer.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value

    for record in (*real.things.values(), *real.relations):
        place = record.locator
        assert place.offset is not None
        assert place.length is not None
        assert resolved(place.offset, place.length, place.pointer or "") is not None
    for thing in real.things.values():
        for attribute in thing.attributes:
            if attribute.pointer:
                spot, pointer = attribute.pointer.split("#", 1)
                offset, length = spot.partition("@")[2].split("+")
                found = resolved(int(offset), int(length), pointer)
                assert attribute.group is not AttributeGroup.FACET or found == json.loads(
                    attribute.value
                )


def test_latest_facet_wins_whatever_the_order_of_the_lines(tmp_path: Path) -> None:
    version = [dataset("d", version={"datasetVersion": f"v{n}"}) for n in range(3)]
    events = [run_event(n, outputs=[version[n]]) for n in range(3)]
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        found = told(tmp_path, *(events[n] for n in order))
        assert found.things[f"{LAKE}/d"].version == "v2"


def test_facets_of_a_run_add_up(tmp_path: Path) -> None:
    first = run_event(0, run={"runId": RUN.format(0), "facets": {"a": {"x": 1}, "b": {"x": 1}}})
    last = run_event(1, "COMPLETE", run={"runId": RUN.format(0), "facets": {"b": {"x": 2}}})
    for events in ((first, last), (last, first)):
        (run,) = (t for t in told(tmp_path, *events).things.values() if t.key.startswith("run/"))
        assert pairs(run.attributes, AttributeGroup.FACET) == [("a", '{"x":1}'), ("b", '{"x":2}')]


@pytest.mark.parametrize(
    ("kinds", "state", "is_open"),
    [
        (["START"], RunState.STARTED, True),
        (["START", "RUNNING"], RunState.RUNNING, True),
        (["START", "COMPLETE", "RUNNING"], RunState.COMPLETE, False),
        (["START", "FAIL", "OTHER"], RunState.FAILED, False),
        (["ABORT"], RunState.ABORTED, False),
        (["OTHER"], RunState.UNKNOWN, True),
        (["START", "FAIL", "COMPLETE"], RunState.COMPLETE, False),
        (["SOMETHING"], RunState.UNKNOWN, True),
    ],
)
def test_state_is_that_of_the_last_end(
    kinds: list[str], state: RunState, is_open: bool, tmp_path: Path
) -> None:
    same = {"run": {"runId": RUN.format(0)}}
    path = written(tmp_path, *(run_event(n, kind, **same) for n, kind in enumerate(kinds)))
    (run,) = (t for t in read(path).things.values() if t.key.startswith("run/"))
    assert run.state is state
    assert counted(path).counts.get("runs_open", 0) == is_open


def test_of_events_at_one_time_the_later_line_counts(tmp_path: Path) -> None:
    events = [run_event(0, kind) for kind in ("START", "FAIL", "COMPLETE")]
    (run,) = (t for t in told(tmp_path, *events).things.values() if t.key.startswith("run/"))
    assert run.state is RunState.COMPLETE
    history = [a.value for a in run.attributes if a.name == "eventType"]
    assert history == ["START", "FAIL", "COMPLETE"]


def test_relation_of_columns_is_told_once_however_often_it_is_stated(tmp_path: Path) -> None:
    def lineage(*columns: str) -> Event:
        origin = {"namespace": "s3://lake", "name": "from", "field": "x"}
        return {"fields": {column: {"inputFields": [origin]} for column in columns}}

    events = [
        run_event(n, outputs=[dataset("to", columnLineage=lineage(*columns))])
        for n, columns in enumerate((["a"], ["a"], ["a", "b"], ["b"]))
    ]
    found = told(tmp_path, *events)
    derived = [r for r in found.relations if r.kind is RelationKind.DERIVED_FROM]
    assert [(r.columns, r.locator.record) for r in derived] == [(("a", "x"), 1), (("b", "x"), 3)]


def test_facet_that_was_taken_back_says_nothing(tmp_path: Path) -> None:
    first = run_event(0, outputs=[dataset("d", version={"datasetVersion": "v1"})])
    last = run_event(1, outputs=[dataset("d", version={"_deleted": True})])
    assert told(tmp_path, first, last).things[f"{LAKE}/d"].version == ""


def test_number_in_a_facet_keeps_its_spelling(tmp_path: Path) -> None:
    line = (
        b'{"eventTime": "2026-01-05T00:00:00Z", "run": {"runId": "r", "facets": '
        b'{"cost": {"sum": 1.10, "big": 123456789012345678901234567890}}}, '
        b'"job": {"namespace": "n", "name": "j"}}'
    )
    run = told(tmp_path, line).things["run/r"]
    assert run.values(AttributeGroup.FACET, "cost") == (
        '{"sum":1.10,"big":123456789012345678901234567890}',
    )


def test_number_is_no_identifier(tmp_path: Path) -> None:
    line = json.dumps(run_event()).replace(f'"{RUN.format(0)}"', "12345678901234567890123").encode()
    found = told(tmp_path, line)
    assert found.codes() == ["NO_KEY"]
    assert not [key for key in found.things if key.startswith("run/")]


def test_parts_of_a_name_cannot_be_shifted(tmp_path: Path) -> None:
    parts = [
        {"namespace": "a/b", "name": "c"},
        {"namespace": "a", "name": "b/c"},
        {"namespace": "a%2Fb", "name": "c"},
    ]
    assert counted(written(tmp_path, run_event(outputs=parts))).counts["artifacts"] == {
        "dataset": 3
    }


def test_job_seen_only_as_a_parent_is_none_of_the_jobs(tmp_path: Path) -> None:
    parent = {"run": {"runId": RUN.format(9)}, "job": {"namespace": "prod", "name": "dag"}}
    event = run_event(run={"runId": RUN.format(0), "facets": {"parent": parent}})
    path = written(tmp_path, event)
    assert counted(path).counts["jobs"] == 1
    assert "relations" not in counted(path).counts
    assert read(path).edges(RelationKind.INFORMED_BY) == {
        (f"run/{RUN.format(0)}", f"run/{RUN.format(9)}")
    }


WRONG: dict[str, tuple[Event | bytes, str, str | None]] = {
    "not JSON": (b'{"eventTime": ', "MALFORMED_RECORD", None),
    "not UTF-8": (b'{"eventTime": "\xff"}', "MALFORMED_RECORD", None),
    "name twice": (b'{"run": {}, "run": {}}', "MALFORMED_RECORD", None),
    "too deep": (b"[" * 5000, "MALFORMED_RECORD", None),
    "half a surrogate": (b'{"run": {"runId": "\\ud800"}}', "MALFORMED_RECORD", None),
    "no object": (b"[1, 2]", "MALFORMED_RECORD", ""),
    "no event": ({"eventTime": "2026-01-01T00:00:00Z", "x": 1}, "MALFORMED_RECORD", ""),
    "empty run id": (run_event(run={"runId": ""}), "NO_KEY", "/run/runId"),
    "run is no object": (run_event(run="r"), "NO_KEY", "/run/runId"),
    "no job name": (run_event(job={"namespace": "n"}), "NO_KEY", "/job"),
    "dataset without a name": (run_event(inputs=[{"namespace": "n"}]), "NO_KEY", "/inputs/0"),
    "dataset is no object": (run_event(outputs=["d"]), "NO_KEY", "/outputs/0"),
    "no time": (run_event(eventTime=None), "NO_KEY", "/eventTime"),
    "time without an offset": (
        run_event(eventTime="2026-01-05T00:00:00"),
        "NO_KEY",
        "/eventTime",
    ),
    "NaN for a time": (
        b'{"eventTime": NaN, "job": {"namespace": "n", "name": "j"}}',
        "MALFORMED_RECORD",
        None,
    ),
    "parent without an id": (
        run_event(run={"runId": RUN.format(8), "facets": {"parent": {"run": {"runId": ""}}}}),
        "NO_KEY",
        "/run/facets/parent",
    ),
    "run id that is no UUID": (run_event(run={"runId": "run_id"}), "MALFORMED_VALUE", "/run/runId"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_has_a_place_and_the_others_are_read(what: str, tmp_path: Path) -> None:
    wrong, code, pointer = WRONG[what]
    found = told(tmp_path, run_event(1), run_event(2), wrong, run_event(3))
    assert found.codes() == [code]
    place = found.problems[0].locator
    assert (place.record, place.pointer) == (3, pointer)
    assert {RUN.format(n) for n in (1, 2, 3)} <= {thing.name for thing in found.things.values()}


def test_place_of_a_fault_is_its_byte(tmp_path: Path) -> None:
    path = written(tmp_path, run_event(), b'{"eventTime": x}', run_event(1))
    (problem,) = read(path).problems
    assert problem.locator.offset == path.read_bytes().index(b": x}") + 2


def test_inputs_of_an_event_without_a_run_are_those_of_its_job(tmp_path: Path) -> None:
    found = told(tmp_path, run_event(1), run_event(run={"runId": ""}, inputs=[dataset("d")]))
    assert found.edges(RelationKind.USED) == {("job/prod/train", f"{LAKE}/d")}


def test_many_problems_are_told_as_a_number(tmp_path: Path) -> None:
    path = written(tmp_path, *([run_event()] * 300), *([b"x"] * 250))
    found = counted(path)
    codes = [str(problem.code) for problem in found.problems]
    assert codes == ["MALFORMED_RECORD"] * 100 + ["MORE_PROBLEMS"]
    assert "150 more" in found.problems[-1].message


def as_list(events: list[Event]) -> bytes:
    return json.dumps(events, indent=2).encode()


def as_answer(events: list[Event]) -> bytes:
    return json.dumps({"totalCount": len(events), "events": events}).encode()


def as_lines(events: list[Event]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\r\n" for event in events)


@pytest.mark.parametrize("form", [as_list, as_answer, as_lines])
def test_form_of_the_file_makes_no_difference(form: Any, tmp_path: Path) -> None:
    events = [json.loads(line) for line in REAL.read_bytes().splitlines()]
    (tmp_path / "x.json").write_bytes(form(events))
    found = counted(tmp_path / "x.json")
    assert found.counts == counted(REAL).counts
    assert found.problems == ()


def test_one_event_over_many_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(run_event(outputs=[dataset("d")]), indent=2))
    assert counted(path).counts["runs"] == 1


def test_answer_that_is_one_page_of_many_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"events": [run_event()], "totalCount": 5000}))
    found = counted(path)
    assert [str(problem.code) for problem in found.problems] == ["TOTALS_DISAGREE"]
    assert found.account.control_totals["totalCount"] == 5000


def test_document_that_is_not_strict_is_no_answer_but_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(as_answer([run_event()] * 2)[:-1] + b', "events": []}')
    with opened(path) as drop:
        (file,) = drop.files
        assert recognise(file, ()).format != "openlineage"


def test_other_json_is_no_lineage(tmp_path: Path) -> None:
    for n, document in enumerate(([{"eventTime": "x"}], {"eventTime": "x"}, {"events": []}, [1])):
        path = tmp_path / f"{n}.json"
        path.write_text(json.dumps(document))
        with opened(path) as drop:
            assert recognise(drop.files[0], ()).format != "openlineage"


def test_line_over_the_limit_is_told(tmp_path: Path) -> None:
    long = run_event(2, run={"runId": RUN.format(2), "facets": {"x": {"y": "z" * 5000}}})
    path = written(tmp_path, run_event(1), run_event(3), long, run_event(4))
    found = read(path, limits=replace(LIMITS, record=4000))
    assert found.codes() == ["LIMIT_EXCEEDED"]
    assert found.account.events == 3


def test_reading_stops_at_a_wish(tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        read(written(tmp_path, run_event()), cancel=cancel)


def test_file_that_changes_between_the_passes_is_a_problem(tmp_path: Path) -> None:
    path = written(tmp_path, run_event(1), run_event(2))
    with opened(path) as drop:
        (subject,) = sort_out(drop, ()).subjects
        reader = catalog_reader("openlineage")
        assert reader is not None
        reading = reader.read(subject, limits=LIMITS, cancel=Cancel(), progress=Silent())
        assert isinstance(next(reading), Thing)
        data = path.read_bytes()
        path.write_bytes(data.replace(b"train", b"trait"))
        assert "EVIDENCE_CHANGED" in {problem.code for problem in inventory(reading).problems}


MEMBERS = """
    namespace name runId facets run field fields inputs type inputFields identifiers owners
    entries transformations tags
"""
FACET_NAMES = """
    columnLineage symlinks lifecycleStateChange lineage ownership parent jobType version
    dataSource tags executionParameters jobDependencies
"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=4)
    ),
    max_leaves=12,
)
FACETS = st.dictionaries(st.sampled_from(FACET_NAMES.split()), JSON)
PARTS = st.fixed_dictionaries({"namespace": st.text(), "name": st.text(), "facets": FACETS})


@given(
    st.lists(
        st.fixed_dictionaries(
            {"eventTime": st.just("2026-01-05T00:00:00Z") | JSON},
            optional={
                "eventType": JSON,
                "run": JSON | st.fixed_dictionaries({"runId": st.text(), "facets": FACETS}),
                "job": JSON | PARTS,
                "inputs": JSON | st.lists(PARTS, max_size=2),
                "outputs": JSON | st.lists(PARTS, max_size=2),
                "dataset": JSON | PARTS,
            },
        ),
        max_size=4,
    )
)
def test_no_event_however_odd_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event]
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    found = told(folder, run_event(1), run_event(2), *([run_event(3)] * len(events)), *events)
    assert RUN.format(1) in {thing.name for thing in found.things.values()}

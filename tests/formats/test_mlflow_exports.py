"""A store of MLflow says the same in every form in which it is handed over, as far as it can."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drops import opened, untarred, zipped
from tests.formats.catalogs import STORES, Read, counted, pairs, read, read_subject, store
from tests.formats.leaves import lost_of
from workbench.analysis.alternates import links
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.quick_json import as_usual
from workbench.evidence.strict_json import parse_with_no_numbers
from workbench.evidence.strict_yaml import load_yaml
from workbench.formats.mlflow.lists import number
from workbench.formats.sniff import recognise
from workbench.formats.table import sort_out
from workbench.model.catalog import (
    DOUBTS,
    ArtifactType,
    AttributeGroup,
    Lifecycle,
    NoPlace,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

FORMS = {"mlruns": "mlflow-files", "rest": "mlflow-rest", "export": "mlflow-export"}
LOSSES = {"mlruns": 0, "rest": 0, "export": 1}
every_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the exports that the real tools made."""
    return unpacked(tmp_path_factory.mktemp("exports"))


def unpacked(folder: Path) -> Path:
    """Unpack the exports into a folder."""
    return untarred(STORES / "mlflow-exports.tar.xz", folder)


@pytest.fixture(scope="module")
def found(exports: Path) -> Callable[[str], Read]:
    kept: dict[str, Read] = {}

    def of(form: str) -> Read:
        if form not in kept:
            kept[form] = read(exports / form)
        return kept[form]

    return of


@pytest.fixture
def files(exports: Path, tmp_path: Path) -> Path:
    """Return a copy of the file store to spoil."""
    return shutil.copytree(exports / "mlruns", tmp_path / "mlruns")


def run_of(store_: Path, name: str = "meta.yaml") -> Path:
    """Return a file of the run that has most of them: it finished, and read data."""
    inputs = sorted(store_.glob("*/*/params/C"), key=lambda p: len(list(p.parents[1].rglob("*"))))
    return inputs[-1].parents[1] / name


def runs(held: Read) -> list[Thing]:
    listed = [thing for thing in held.things.values() if thing.kind is ThingKind.RUN]
    return sorted(listed, key=lambda run: str(run.created))


@every_form
def test_export_of_many_files_is_one_source(form: str, exports: Path) -> None:
    with opened(exports / form) as drop:
        (subject,) = sort_out(drop, ()).subjects
        assert (subject.format, subject.path) == (FORMS[form], form)
        assert len(subject.files) == len(drop.files)


def test_forms_lie_side_by_side_as_sources_of_their_own(exports: Path) -> None:
    with opened(exports) as drop:
        table = sort_out(drop, ())
        assert sorted(s.format for s in table.subjects) == sorted([*FORMS.values(), "mlflow-rest"])
        assert table.entries == ()


@every_form
def test_things_of_every_form_are_counted(form: str, exports: Path) -> None:
    counts = counted(exports / form).counts
    wanted = {
        "mlruns": {"dataset": 2, "logged_model": 2, "model_version": 6, "registered_model": 2},
        "rest": {"dataset": 2, "logged_model": 2, "model_version": 5, "registered_model": 2},
        "export": {"document": 5, "logged_model": 1, "model_version": 4, "registered_model": 2},
    }
    assert counts["artifacts"] == wanted[form]
    assert (counts["runs"], counts["runs_deleted"], counts["runs_open"]) == (6, 1, 1)
    assert (counts["params"], counts["tags"]) == (12, 26)
    points = {"mlruns": 23, "rest": 7, "export": 22}  # an answer has the last of each metric
    assert counts["metric_points"] == points[form]
    relations = counts["relations"]
    assert isinstance(relations, dict)
    assert relations.get("used", 0) == (0 if form == "export" else 3)


@every_form
def test_runs_keep_how_they_ended(form: str, found: Callable[[str], Read]) -> None:
    listed = runs(found(form))
    assert [run.state for run in listed] == [
        RunState.COMPLETE,
        RunState.COMPLETE,
        RunState.FAILED,
        RunState.ABORTED,
        RunState.RUNNING,
        RunState.COMPLETE,
    ]
    assert [run.lifecycle for run in listed] == [Lifecycle.UNKNOWN] * 5 + [Lifecycle.DELETED]
    assert {run.owner for run in listed} == {"j.tanaka"}
    nested, parent = listed[1].key, listed[0].key
    assert found(form).edges(RelationKind.INFORMED_BY) == {(nested, parent)}


@every_form
def test_number_that_is_none_has_one_spelling(form: str, found: Callable[[str], Read]) -> None:
    failed = runs(found(form))[2]
    loss = {a.step: a.value for a in failed.attributes if a.name == "loss"}
    every = {0: "NaN", 1: "Infinity", 2: "-Infinity"}
    assert loss == ({2: "-Infinity"} if form == "rest" else every)


@pytest.mark.parametrize("text", ["xe+308", "1.0.0e+308", "e+308", "1e+308", "-1.5e+308"])
def test_text_that_ends_as_the_largest_number_does_stays(text: str) -> None:
    assert number(text) == text


@every_form
def test_version_has_its_stage_alias_tags_and_run(form: str, found: Callable[[str], Read]) -> None:
    held = found(form)
    first = held.things["model_version/credit-risk/1"]
    assert (first.lifecycle, first.lifecycle_raw) == (Lifecycle.PRODUCTION, "Production")
    assert pairs(first.attributes, AttributeGroup.TAG) == [("approved_by", "m.okafor")]
    second = held.things["model_version/credit-risk/2"]
    assert [a.name for a in second.attributes if a.group is AttributeGroup.ALIAS] == ["champion"]
    assert "CONTRADICTION" in held.codes()  # champion, and in stage Staging
    makers = {object_: subject for subject, object_ in held.edges(RelationKind.GENERATED)}
    assert held.things[makers[first.key]].state is RunState.COMPLETE
    assert ("model_version/credit-risk/1", "registered_model/credit-risk") in held.edges(
        RelationKind.SPECIALIZATION_OF
    )


@pytest.mark.parametrize("form", ["mlruns", "rest"])
def test_run_read_its_data_in_a_role(form: str, found: Callable[[str], Read]) -> None:
    held = found(form)
    used = [r for r in held.relations if r.kind is RelationKind.USED]
    data = {held.things[r.object].name: r.role for r in used if r.object.startswith("dataset/")}
    assert data == {"credit_2026q1": "training", "credit_2025q4": ""}
    uris = {t.uri for t in held.things.values() if t.type == ArtifactType.DATASET}
    assert uris == {"s3://lake/credit/2026q1.parquet"}
    assert held.edges(RelationKind.EVALUATED_ON)
    read_models = [r for r in used if r.object.startswith("logged_model/m-")]
    assert len(read_models) == (form == "mlruns")  # the answer of a search does not say it


@pytest.mark.parametrize("form", ["rest", "export"])
def test_every_key_of_the_database_that_a_form_has_is_the_same(
    form: str, found: Callable[[str], Read], tmp_path: Path
) -> None:
    """Datasets have no id but in a database; all else is known by what MLflow calls it."""
    database = read(store(tmp_path, "3.17.2"))
    mine = {k for k, t in found(form).things.items() if t.type not in {"dataset", "document"}}
    assert mine - database.things.keys() == set()


@pytest.mark.parametrize("form", ["rest", "export"])
def test_things_of_two_exports_of_one_store_are_found(
    form: str, found: Callable[[str], Read], tmp_path: Path
) -> None:
    database = read(store(tmp_path, "3.17.2"))
    both = {(n, k): t for n, each in enumerate((database, found(form)))
            for k, t in each.things.items()}  # fmt: skip
    linked = {link.other[1]: link.one[1] for link in links(both).links}
    wanted = {k for k, t in found(form).things.items() if t.type != ArtifactType.DOCUMENT}
    assert linked.keys() == wanted
    assert all(a == b for a, b in linked.items() if not a.startswith("dataset/"))


@every_form
def test_no_leaf_of_a_form_is_lost(form: str, exports: Path, found: Callable[[str], Read]) -> None:
    held, told = found(form), {"Infinity", "-Infinity"}
    for thing in held.things.values():
        told |= {a.value.rstrip("\n") for a in thing.attributes}
    for path in sorted((exports / form).rglob("*")):
        if path.suffix == ".json":
            value = as_usual(parse_with_no_numbers(path.read_bytes(), what="x"))
            lost = lost_of(_once(value), held)
        elif path.name == "meta.yaml":
            lost = lost_of(load_yaml(path.read_bytes(), what="x"), held)
        elif path.is_file() and "metrics" not in path.parts:
            lost = [] if path.read_text().rstrip("\n") in told else [("", path.name)]
        else:
            lost = []
        # Of what many say alike one place is told: a dataset of runs; a number without end.
        assert [leaf for leaf in lost if number(leaf[1]) not in told] == [], path


def _once(value: object) -> object:
    """Leave out what a list of models repeats of the list of versions."""
    if isinstance(value, dict) and "registered_models" in value:
        for model in value["registered_models"]:
            model.pop("latest_versions", None)
    return value


def test_name_of_a_metric_may_hold_slashes_and_spaces(found: Callable[[str], Read]) -> None:
    named = [a for run in runs(found("mlruns")) for a in run.attributes if "fold" in a.name]
    assert [(a.name, a.value, a.pointer) for a in named] == [
        ("validation/loss of fold", "0.25", "metrics/validation/loss of fold line 1")
    ]


def test_deleted_experiment_is_found_in_the_trash(found: Callable[[str], Read]) -> None:
    (gone,) = [t for t in found("mlruns").things.values() if t.name == "abandoned"]
    assert gone.lifecycle is Lifecycle.DELETED
    assert ".trash" in gone.locator.path


def test_store_in_an_archive_is_read_too(exports: Path, tmp_path: Path) -> None:
    root = exports / "mlruns"
    members = {str(p.relative_to(exports)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(members))
    assert counted(path).counts == counted(root).counts


def test_one_experiment_and_one_run_alone_are_read(files: Path) -> None:
    experiment = run_of(files).parents[1]
    assert counted(experiment).counts["runs"] == 6
    held = read(run_of(files).parent)
    assert [thing.kind for thing in held.things.values() if thing.kind is ThingKind.RUN]
    assert held.edges(RelationKind.MEMBER_OF) == {
        (next(t.key for t in runs(held)), f"experiment/{experiment.name}")
    }


def test_artifacts_in_a_store_stay_what_they_are(files: Path) -> None:
    folder = run_of(files, "artifacts")
    folder.mkdir(exist_ok=True)
    (folder / "MLmodel").write_text("flavors: {}\n")
    with opened(files) as drop:
        table = sort_out(drop, ())
        assert sorted(s.format for s in table.subjects) == ["mlflow-files", "model"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("meta.yaml", b"artifact_uri: [", "MALFORMED_SOURCE"),
        ("meta.yaml", b"", "MALFORMED_SOURCE"),
        ("meta.yaml", b"a: &x [1]\nb: *x\n", "MALFORMED_SOURCE"),
        ("meta.yaml", b"a: " + b"[" * 60 + b"]" * 60, "MALFORMED_SOURCE"),
        ("meta.yaml", b"a: b\n" * 60_000, "MALFORMED_SOURCE"),
        ("meta.yaml", None, "MALFORMED_RECORD"),
        ("metrics/auc", b"now 0.5\n", "MALFORMED_VALUE"),
        ("metrics/auc", b"\xff\xfe\n", "MALFORMED_VALUE"),
        ("params/C", b"\xff", "MALFORMED_VALUE"),
        ("tags/mlflow.log-model.history", b"[{", "MALFORMED_VALUE"),
        ("inputs/x/meta.yaml", b"source_type: A\ndestination_type: B\n", "UNKNOWN_RELATION"),
    ],
)
def test_what_is_wrong_with_a_store_is_a_problem_and_the_rest_is_read(
    files: Path, name: str, content: bytes | None, code: str
) -> None:
    path = run_of(files, name)
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    held = read(files)
    assert code in held.codes()
    assert len(runs(held)) == 6
    spoilt = next(problem for problem in held.problems if problem.code == code)
    assert run_of(files, "").name in spoilt.locator.path


def test_run_without_a_readable_meta_keeps_what_its_files_say(files: Path) -> None:
    run_of(files).write_bytes(b"")
    (spoilt,) = [run for run in runs(read(files)) if not run.uri]
    assert (spoilt.state, spoilt.created) == (RunState.UNKNOWN, None)
    assert ("C", "1.50") in pairs(spoilt.attributes, AttributeGroup.PARAM)


@pytest.mark.parametrize(
    ("old", "new"), [("run_id: ", "run_id: 0"), ("experiment_id: '", "experiment_id: '9")]
)
def test_meta_that_lies_in_the_folder_of_another_contradicts(
    files: Path, old: str, new: str
) -> None:
    meta = run_of(files)
    meta.write_text(meta.read_text().replace(old, new))
    assert any(p.locator.path.endswith(meta.parent.name + "/meta.yaml") and
               p.code == "CONTRADICTION" for p in read(files).problems)  # fmt: skip


def test_meta_that_lies_where_no_store_has_one_is_kept(files: Path, tmp_path: Path) -> None:
    (model,) = files.glob("*/models/m-*/meta.yaml")
    path = tmp_path / "elsewhere" / "1" / "a" / "meta.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(model.read_bytes())
    found = read(tmp_path / "elsewhere")
    assert found.codes() == ["MALFORMED_RECORD"]
    assert lost_of(load_yaml(path.read_bytes(), what="x"), found) == []


def test_aliases_beside_a_model_contradict_those_in_it(files: Path) -> None:
    (alias,) = (files / "models").rglob("champion")
    alias.write_text("1")
    places = [str(p.locator) for p in read(files).problems if p.code == "CONTRADICTION"]
    assert any(place.endswith("/meta.yaml, /aliases") for place in places)


def test_value_larger_than_a_document_is_a_problem(files: Path) -> None:
    limits = Limits(document=4)
    codes = read(files, limits=limits).codes()
    assert "LIMIT_EXCEEDED" in codes


def test_pages_that_are_all_here_say_so(exports: Path) -> None:
    whole, paged = counted(exports / "rest"), counted(exports / "pages")
    assert paged.counts["runs"] == whole.counts["runs"]
    assert paged.account.control_totals["pages of runs"] == 2
    assert not any("of pages" in sentence for sentence in paged.account.cannot_show)


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("runs-2.json", "runs after the last page here: it names a next one, which is not here"),
        ("runs-1.json", ""),
    ],
)
def test_page_that_is_left_over_is_a_gap(
    exports: Path, tmp_path: Path, left_out: str, sentence: str
) -> None:
    folder = shutil.copytree(exports / "pages", tmp_path / "pages")
    (folder / left_out).unlink()
    held = counted(folder)
    assert (sentence in held.account.cannot_show) is bool(sentence)
    assert ("TOTALS_DISAGREE" in {p.code for p in held.problems}) is bool(sentence)


def test_page_between_that_is_missing_is_counted(exports: Path, tmp_path: Path) -> None:
    first, last = (json.loads((exports / f"pages/runs-{n}.json").read_text()) for n in (1, 2))
    first["next_page_token"] = "eyJvZmZzZXQiOiA5fQ=="  # {"offset": 9}
    path = tmp_path / "runs.json"
    path.write_text(json.dumps([first, last]))
    said = counted(path).account.cannot_show
    assert "5 or more runs of pages that are not here, as their tokens count" in said


@pytest.mark.parametrize("token", ["", "~~", "bm8=", "W10=", "eyJvZmZzZXQiOiAiMSJ9", "x" * 9000])
def test_token_that_says_nothing_is_no_problem_where_a_last_page_is(
    exports: Path, tmp_path: Path, token: str
) -> None:
    folder = shutil.copytree(exports / "pages", tmp_path / "pages")
    page = json.loads((folder / "runs-1.json").read_text()) | {"next_page_token": token}
    (folder / "runs-1.json").write_text(json.dumps(page))
    assert "TOTALS_DISAGREE" not in {p.code for p in counted(folder).problems}


def test_list_of_models_alone_shows_the_last_versions_only(exports: Path) -> None:
    held = counted(exports / "rest" / "registered-models.json")
    assert any("names no others" in sentence for sentence in held.account.cannot_show)
    assert held.counts["artifacts"] == {"model_version": 5, "registered_model": 2}


def test_two_answers_that_differ_contradict_and_lose_nothing(exports: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(exports / "rest", tmp_path / "rest")
    later = json.loads((folder / "runs.json").read_text())
    later["runs"][0]["info"]["status"] = "KILLED"
    (folder / "runs-later.json").write_text(json.dumps(later))
    held = read(folder)
    assert held.codes().count("CONTRADICTION") == 2  # the stage, and this
    assert [leaf for leaf in lost_of(later, held) if "/dataset/" not in leaf[0]] == [
        ("/runs/3/data/metrics/1/value", "-1.7976931348623157e+308")  # which is told as -Infinity
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"runs": [{"info": {"run_id": 7}, "data": [1]}]}', "MALFORMED_VALUE"),
        ('{"runs": [7, {"info": {"run_id": "a"}}]}', "MALFORMED_RECORD"),
        ('{"runs": [{"info": {"run_id": null}, "data": {}}]}', "NO_KEY"),
        ('{"runs": [{"info": {"run_id": "a"}, "info": {}}]}', "DUPLICATE_NAME"),
        ('{"runs": [{"info": {"run_id": "a"}, "data": {"tags": [{"key": ', "MALFORMED_SOURCE"),
        ('{"model_versions": [{"version": [], "aliases": 1, "tags": ""}]}', "NO_KEY"),
        ('{"registered_models": [{"name": {}}]}', "NO_KEY"),
        ('{"runs": [{"info": {"run_id": "a"}, "x": ' + "[" * 300 + "]" * 300 + "}]}",
         "LIMIT_EXCEEDED"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer_is_a_problem(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "runs.json"
    path.write_text(text)
    assert code in read(path).codes()


@pytest.mark.parametrize(
    "text",
    [
        '{"runs": []}',
        '{"runs": [{"id": 1, "status": "completed"}], "total_count": 1}',
        '{"models": [{"name": "gpt"}]}',
        '{"experiments": [{"id": 1}]}',
        '{"system": {"name": "x"}, "mlflow": {}}',
        '[{"runs": 1}]',
        '{"runs": [{"info": {"run_id": "a"}}]}\n{"runs": []}',
    ],
)
def test_other_documents_are_none_of_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with opened(path) as drop:
        assert recognise(drop.files[0], ()).format not in FORMS.values()


def test_export_says_what_it_could_not_export(exports: Path) -> None:
    held = counted(exports / "export")
    said = held.account.cannot_show
    assert any(sentence.startswith("5 runs that the export says failed") for sentence in said)
    assert NoPlace.DATASETS in said
    assert held.account.version == "1.2.0"


def test_run_that_an_export_lists_and_does_not_hold_is_missed(
    exports: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(exports / "export", tmp_path / "export")
    gone = sorted(folder.rglob("run.json"))[0]
    listing = folder / "experiments/1/experiment.json"
    value = json.loads(listing.read_text())
    value["mlflow"]["runs"] = value["info"]["failed_runs"]
    listing.write_text(json.dumps(value))
    gone.unlink()
    held = read(folder)
    (problem,) = [p for p in held.problems if p.code == "TOTALS_DISAGREE"]
    assert gone.parent.name in problem.message
    assert problem.locator.pointer == "/mlflow/runs"


def test_run_in_the_folder_of_another_contradicts(exports: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(exports / "export", tmp_path / "export")
    path = sorted(folder.rglob("run.json"))[0].parent
    path.rename(path.with_name("0" * 32))
    places = [p.locator.pointer for p in read(folder).problems if p.code == "CONTRADICTION"]
    assert "/mlflow/info" in places


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("rest/model-versions.json", NoPlace.RUNS),
        ("rest/runs.json", None),
        ("export/models/from-logged/model.json", NoPlace.RUNS),
        ("mlruns/models", NoPlace.RUNS),
        ("mlruns", None),
    ],
)
def test_part_of_a_store_says_what_it_has_no_place_for(
    exports: Path, name: str, place: NoPlace | None
) -> None:
    """A check must not take for missing what a part that was handed over could not state."""
    said = set(counted(exports / name).account.cannot_show)
    assert said & {NoPlace.RUNS, NoPlace.DATASETS} == ({place} if place else set())


def test_store_in_which_nothing_shows_data_has_no_place_for_it(files: Path) -> None:
    for folder in ("*/datasets", "*/models", "*/*/inputs", "*/*/outputs"):
        for path in files.glob(folder):
            shutil.rmtree(path)
    assert NoPlace.DATASETS in counted(files).account.cannot_show


def test_doubts_of_many_places_are_told_once(found: Callable[[str], Read]) -> None:
    for form in ("mlruns", "rest"):
        assert found(form).codes().count("WEAK_DIGEST") == 1
        assert set(found(form).codes()) <= DOUBTS


def test_reading_changes_nothing_and_can_be_limited(exports: Path) -> None:
    before = {p: p.read_bytes() for p in exports.rglob("*") if p.is_file()}
    with opened(exports) as drop:
        for subject in sort_out(drop, ()).subjects:
            read_subject(subject, limits=LIMITS)
    assert {p: p.read_bytes() for p in exports.rglob("*") if p.is_file()} == before

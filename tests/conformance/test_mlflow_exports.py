"""Stores of MLflow in other forms than a database hold exactly what was counted in them.

The numbers are those of the fact sheet that came with the evidence: files of parameters, metrics
and tags, rows of the database that the answers were asked of, and run ids of an export that others
made, counted by other means.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.table import Conforms
from tests.drops import opened
from tests.formats.catalogs import Read, counted, read, read_subject
from tests.formats.leaves import lost_of
from workbench.analysis.alternates import links
from workbench.evidence.quick_json import parse_quickly
from workbench.evidence.strict_yaml import load_yaml
from workbench.formats.sniff import catalog_reader
from workbench.formats.table import sort_out
from workbench.model.catalog import DOUBTS, ThingKind

Unpack = Callable[[str], Path]

MODELS = {"logged_model": 3, "model_version": 12, "registered_model": 3}
EDGES = {
    "generated": 9 + 3,
    "derived-from": 3,
    "informed-by": 6,
    "specialization-of": 12,
    "member-of": 20 + 3,
    "evaluated-on": 3,
}
EXPECTED: dict[str, dict[str, Any]] = {
    "gen_rest_json": {
        "artifacts": {"dataset": 9, **MODELS},
        "runs": 20,
        "runs_deleted": 1,
        "params": 71,
        "metric_points": 37,  # of each metric the last
        "tags": 153,
        "relations": {"used": 20, **EDGES},
    },
    "gen_filestore": {
        "artifacts": {"dataset": 8, **MODELS},
        "runs": 20,
        "runs_deleted": 1,
        "params": 73,
        "metric_points": 75,
        "tags": 151,
        "relations": {"used": 23, **EDGES},
    },
}


def catalog(path: Path) -> Read:
    """Read the one catalog among the sources of a drop; models that lie in a store are others."""
    with opened(path) as drop:
        found = [s for s in sort_out(drop, ()).subjects if catalog_reader(s.format)]
        (subject,) = found
        return read_subject(subject)


def state(path: Path) -> dict[Path, str]:
    files = (p for p in path.rglob("*") if p.is_file())
    return {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_answers_hold_what_was_counted(evidence_archive: Unpack, conforms: Conforms) -> None:
    path = evidence_archive("catalog/mlflow") / "gen_rest_json"
    before, found = state(path), counted(path)
    assert found.counts == EXPECTED["gen_rest_json"]
    assert {problem.code for problem in found.problems} <= DOUBTS
    assert any("1 of 19 runs" in sentence for sentence in found.account.cannot_show)
    assert any("which run made 3 of 12" in sentence for sentence in found.account.cannot_show)
    assert state(path) == before
    conforms(agreed=1)


def test_file_store_holds_what_was_counted(
    evidence_archive: Unpack, conforms: Conforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.formats import catalogs

    path = evidence_archive("catalog/mlflow") / "gen_filestore"
    before = state(path)

    def only_the_store(*args: Any) -> Any:
        table = sort_out(*args)
        models = [s for s in table.subjects if s.format == "model"]
        assert len(models) == 3  # the artifacts of its logged models
        (store,) = [s for s in table.subjects if s not in models]
        return type(table)((store,), table.entries, table.seen)

    monkeypatch.setattr(catalogs, "sort_out", only_the_store)
    found = counted(path)
    assert found.counts == EXPECTED["gen_filestore"]
    assert found.account.control_totals["metric files of runs"] == 37
    assert {problem.code for problem in found.problems} <= DOUBTS
    assert any("which run made 3 of 12" in sentence for sentence in found.account.cannot_show)
    assert state(path) == before
    conforms(agreed=1)


def test_run_without_data_in_the_file_store_is_the_deleted_one(evidence_archive: Unpack) -> None:
    held = catalog(evidence_archive("catalog/mlflow") / "gen_filestore")
    fed = {r.subject for r in held.relations if r.kind == "used"}
    unfed = [t for t in held.things.values() if t.kind is ThingKind.RUN and t.key not in fed]
    assert [run.lifecycle for run in unfed] == ["deleted"]


def test_runs_and_models_of_an_export_are_those_of_others(
    evidence_archive: Unpack, conforms: Conforms
) -> None:
    path = evidence_archive("catalog/mlflow") / "export_import" / "oss_mlflow"
    before, held = state(path), []
    with opened(path) as drop:
        for subject in sort_out(drop, ()).subjects:
            assert subject.format == "mlflow-export"
            held.append(read_subject(subject))
    runs = {k for read_ in held for k, t in read_.things.items() if t.kind is ThingKind.RUN}
    models = [k for read_ in held for k in read_.things if k.startswith("registered_model/")]
    assert (len(runs), len(models)) == (6, 4)
    codes = [code for read_ in held for code in read_.codes()]
    assert {code: codes.count(code) for code in set(codes)} == {
        "MALFORMED_SOURCE": 1,  # bulk/experiments/2/experiment.json is no JSON
        "CONTRADICTION": 2,  # two runs lie in the folders of others
        "TOTALS_DISAGREE": 3,  # so three lists name what has no file
    }
    assert state(path) == before
    conforms(agreed=1)


def test_answers_are_the_database_again(evidence_archive: Unpack) -> None:
    """Every thing of the answers is linked to its like in the database that was asked."""
    path = evidence_archive("catalog/mlflow")
    sides = [catalog(path / name) for name in ("gen_small_store/mlflow.db", "gen_rest_json")]
    things = {(n, key): t for n, side in enumerate(sides) for key, t in side.things.items()}
    linked = {link.other[1] for link in links(things).links}
    assert sides[1].things.keys() - linked == set()
    assert {k for k in sides[1].things if not k.startswith("dataset/")} <= sides[0].things.keys()


@pytest.mark.parametrize("name", ["gen_rest_json", "export_import/oss_mlflow/single/models/basic"])
def test_no_leaf_of_an_answer_or_export_is_lost(name: str, evidence_archive: Unpack) -> None:
    path = evidence_archive("catalog/mlflow") / name
    held = read(path)
    told = {a.value for thing in held.things.values() for a in thing.attributes}
    for file in sorted(path.glob("*.json")):
        value: Any = parse_quickly(file.read_bytes(), what="x")
        for model in value.get("registered_models", ()):
            model.pop("latest_versions")  # which the list of versions says again
        lost = [leaf for leaf in lost_of(value, held) if leaf[1] not in told]
        assert lost == [], file.name


def test_no_leaf_of_a_file_store_is_lost(evidence_archive: Unpack) -> None:
    path = evidence_archive("catalog/mlflow") / "gen_filestore"
    held = catalog(path)
    told = {a.value for thing in held.things.values() for a in thing.attributes}
    for file in sorted(path.rglob("*")):
        if not file.is_file() or "artifacts" in file.parts:
            continue
        if file.name == "meta.yaml":
            value = load_yaml(file.read_bytes(), what="x")
            assert [leaf for leaf in lost_of(value, held) if leaf[1] not in told] == [], file
        elif "metrics" in file.parts:
            lines = file.read_text().splitlines()
            assert {line.split()[1] for line in lines} <= told, file
        else:
            assert file.read_text().removesuffix("\n") in told, file

"""Catalogs of the real tools hold exactly what was counted in them by other means.

The numbers are those of the fact sheet that came with the evidence, counted there by SQL and by a
plain walk over the events, and the examples of VERDICTS section 7.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands import workbench
from tests.conformance.table import Conforms
from tests.formats.catalogs import counted
from workbench.model.catalog import DOUBTS

Unpack = Callable[[str], Path]

MLFLOW: dict[str, dict[str, Any]] = {
    "gen_small_store/mlflow.db": {
        "artifacts": {
            "dataset": 9,
            "logged_model": 3,
            "model_version": 12,
            "registered_model": 3,
        },
        "runs": 20,
        "runs_deleted": 1,
        "params": 71,
        "metric_points": 71,
        "tags": 153,
        "relations": {
            "used": 20,
            "generated": 9 + 3,
            "derived-from": 3,
            "informed-by": 6,
            "specialization-of": 12,
            "member-of": 20 + 3,
            "evaluated-on": 3,
        },
    },
    "gen_mid_500runs_v3.17.mlflow.db": {
        "artifacts": {"dataset": 15, "registered_model": 10, "model_version": 200},
        "runs": 500,
        "runs_deleted": 5,
        "params": 1923,
        "metric_points": 2004,
        "tags": 4071,
        "relations": {
            "used": 505,
            "generated": 190,
            "informed-by": 141,
            "specialization-of": 200,
            "member-of": 500,
        },
    },
    "gen_v2.9.mlflow.db": {
        "artifacts": {"dataset": 4, "registered_model": 2, "model_version": 6},
        "runs": 24,
        "runs_deleted": 2,
        "params": 48,
        "metric_points": 24,
        "tags": 120,
        "relations": {"used": 16, "generated": 6, "specialization-of": 6, "member-of": 24},
    },
}
#: Versions without a run, and those that an alias says serve while the stage says another.
DOUBTFUL = {
    "gen_small_store/mlflow.db": (3, 1),
    "gen_mid_500runs_v3.17.mlflow.db": (10, 6),
    "gen_v2.9.mlflow.db": (0, 0),
}
#: Runs that are not deleted, and those of them without a dataset; stages of the versions.
WITHOUT_DATA = {
    "gen_small_store/mlflow.db": (1, 19),
    "gen_mid_500runs_v3.17.mlflow.db": (81, 495),
    "gen_v2.9.mlflow.db": (8, 22),
}
VERSIONS = {
    "gen_small_store/mlflow.db": "dc11669786a5, 65 tables",
    "gen_mid_500runs_v3.17.mlflow.db": "dc11669786a5, 65 tables",
    "gen_v2.9.mlflow.db": "acf3f17fdcc7, 16 tables",
}
OPENLINEAGE: dict[str, dict[str, Any]] = {
    "compat_airflow.ndjson": {
        "artifacts": {"dataset": 13},
        "jobs": 16,
        "runs": 16,
        "events": 32,
        "relations": {"used": 14, "generated": 10, "informed-by": 13},
        "column_relations": 16,
    },
    "compat_CLL.ndjson": {
        "artifacts": {"dataset": 3},
        "jobs": 4,
        "runs": 4,
        "events": 9,
        "relations": {"used": 2, "generated": 3, "informed-by": 3},
        "column_relations": 10,
    },
    "compat_simple_run_event.ndjson": {
        "artifacts": {"dataset": 2},
        "jobs": 1,
        "runs": 1,
        "events": 1,
        "relations": {"used": 1, "generated": 1},
    },
    "amundsen_sample.ndjson": {
        "artifacts": {"dataset": 10},
        "jobs": 1,
        "runs": 1,
        "runs_open": 1,
        "events": 4,
        "relations": {"used": 3, "generated": 7},
    },
    "marquez_seed_metadata.json": {
        "artifacts": {"dataset": 13},
        "jobs": 13,
        "runs": 13,
        "events": 26,
        "relations": {"used": 14, "generated": 13},
        "column_relations": 39,
    },
    "gen_400.ndjson": {
        "artifacts": {"dataset": 42},
        "jobs": 24,
        "runs": 189,
        "runs_open": 2,
        "events": 400,
        "relations": {"used": 42, "generated": 24},
        "column_relations": 108,
    },
}
#: What is wrong in files that others made, by code.
KNOWN_PROBLEMS = {
    "amundsen_sample.ndjson": ["NO_KEY"],  # a parent run whose id is empty
    "compat_simple_run_event.ndjson": ["MALFORMED_VALUE"],  # the run id "run_id" is no UUID
}


@pytest.mark.parametrize("name", MLFLOW)
def test_store_holds_what_was_counted(
    name: str, evidence_archive: Unpack, conforms: Conforms
) -> None:
    path = evidence_archive("catalog/mlflow") / name
    before = hashlib.sha256(path.read_bytes()).hexdigest(), sorted(path.parent.iterdir())
    found = counted(path)
    assert found.counts == MLFLOW[name]
    assert {problem.code for problem in found.problems} <= DOUBTS
    assert found.account.version == VERSIONS[name]
    unfed, live = WITHOUT_DATA[name]
    assert any(f"{unfed} of {live} runs" in sentence for sentence in found.account.cannot_show)
    runless, doubted = DOUBTFUL[name]
    said = [s.partition(" of ")[0] for s in found.account.cannot_show]
    assert (f"which run made {runless}" in said) is bool(runless)
    assert (f"whether {doubted}" in said) is bool(doubted)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), sorted(path.parent.iterdir())) == before
    conforms(agreed=1)


@pytest.mark.parametrize("name", OPENLINEAGE)
def test_events_hold_what_was_counted(
    name: str, evidence_archive: Unpack, conforms: Conforms
) -> None:
    found = counted(evidence_archive("catalog/openlineage") / name)
    assert found.counts == OPENLINEAGE[name]
    assert [str(problem.code) for problem in found.problems] == KNOWN_PROBLEMS.get(name, [])
    conforms(agreed=1)


def test_examples_of_the_contract_are_printed_as_they_stand(evidence_archive: Unpack) -> None:
    events = evidence_archive("catalog/openlineage") / "gen_400.ndjson"
    store = evidence_archive("catalog/mlflow") / "gen_mid_500runs_v3.17.mlflow.db"
    assert printed(events) == json.loads(
        '{"artifacts": {"dataset": 42}, "jobs": 24, "runs": 189, "runs_open": 2, "events": 400, '
        '"relations": {"used": 42, "generated": 24}, "column_relations": 108}'
    )
    example = json.loads(
        '{"artifacts": {"dataset": 15, "registered_model": 10, "model_version": 200}, '
        '"runs": 500, "runs_deleted": 5, "params": 1923, "metric_points": 2004}'
    )
    counts = printed(store)
    assert {name: counts[name] for name in example} == example
    assert counts["relations"]["used"] == 505


def printed(path: Path) -> Any:
    """Return the counts that ``workbench inspect --json`` prints."""
    (source,) = json.loads(workbench("inspect", path, "--json").stdout)["sources"]
    return source["counts"]

"""The shipped checks find in real stores what SQL over the same stores finds.

The fact sheet that came with the evidence counts versions in production by their stage. Versions
that only an alias serves have checks of their own, held against SQL too.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from workbench.model.case import Engagement
from workbench.model.policy import CheckResult
from workbench.model.progress import Cancel, Silent
from workbench.services import cases, checking

Unpack = Callable[[str], Path]

#: Exceptions and population of each check, as the fact sheet has them (Production is a stage).
FACTS = {
    "gen_small_store/mlflow.db": {
        "INV-10": (3, 19),
        "LIN-01": (1, 19),
        "LIN-02": (3, 12),
        "APP-04": (0, 2),
        "DAT-01": (2, 2),
        "DAT-02": (0, 2),
        "APP-05": (0, 2),
        "DAT-03": (0, 2),
    },
    "gen_mid_500runs_v3.17.mlflow.db": {
        "INV-10": (75, 495),
        "LIN-01": (81, 495),
        "LIN-02": (10, 200),
        "APP-04": (11, 52),
        "DAT-01": (10, 52),
        "DAT-02": (9, 52),
        "APP-05": (5, 41),
        "DAT-03": (9, 52),
    },
    "gen_v2.9.mlflow.db": {
        "INV-10": (0, 22),
        "LIN-01": (8, 22),
        "LIN-02": (0, 6),
        "APP-04": (2, 2),
        "DAT-01": (2, 2),
        "DAT-02": (0, 2),
        "APP-05": (0, 0),
        "DAT-03": (0, 2),
    },
}
#: Versions that are served by an alias and have another stage.
SERVED_BY_ALIAS = {
    "gen_small_store/mlflow.db": 3,
    "gen_mid_500runs_v3.17.mlflow.db": 9,
    "gen_v2.9.mlflow.db": 0,
}

STAGE = "v.current_stage = 'Production'"
SERVED = (
    f"(NOT coalesce({STAGE}, 0) AND EXISTS (SELECT 1 FROM registered_model_aliases a "
    "WHERE a.name = v.name AND a.version = v.version "
    "AND a.alias IN ('champion', 'production', 'prod')))"
)
_TAG = (
    "(SELECT t.value FROM model_version_tags t WHERE t.name = v.name AND t.version = v.version "
    "AND t.key = '{}')"
)
_RUN_TAG = "(SELECT t.value FROM tags t WHERE t.run_uuid = v.run_id AND t.key = '{}')"
APPROVER, LICENCE = _TAG.format("approved_by"), _TAG.format("license")
USER, DATA = _RUN_TAG.format("mlflow.user"), _RUN_TAG.format("training_data_license")
_ACTIVE = "FROM runs r WHERE r.lifecycle_stage = 'active'"
_NO_SEED = (
    "NOT EXISTS (SELECT 1 FROM params p WHERE p.run_uuid = r.run_uuid AND "
    "(p.key LIKE '%seed%' OR p.key LIKE '%random_state%'))"
)
_NO_DATA = (
    "NOT EXISTS (SELECT 1 FROM inputs i WHERE i.destination_id = r.run_uuid "
    "AND i.source_type = 'DATASET')"
)
#: Condition of an exception of a version in production, and what narrows the population.
_IN_PRODUCTION = {
    "APP-04": (f"{APPROVER} IS NULL", "1"),
    "DAT-01": (f"{LICENCE} IS NULL", "1"),
    "DAT-02": (f"{LICENCE} LIKE '%-nc-%'", "1"),
    "DAT-03": (f"{DATA} LIKE '%-nc-%'", "1"),
    "APP-05": (f"{APPROVER} = {USER}", f"{APPROVER} IS NOT NULL"),
}


#: The checks of versions that an alias serves, each with the one that asks the same by stage.
_OF_ALIAS = {
    "SRV-01": "APP-04",
    "SRV-02": "APP-05",
    "SRV-03": "DAT-01",
    "SRV-04": "DAT-02",
    "SRV-05": "DAT-03",
}


def sql_says(file: Path, production: str) -> dict[str, tuple[int, int]]:
    """Return exceptions and population of each check, asked of the store alone."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as store, store:

        def count(sql: str) -> int:
            return store.execute(f"SELECT count(*) {sql}").fetchone()[0]

        said = {
            "INV-10": (count(f"{_ACTIVE} AND {_NO_SEED}"), count(_ACTIVE)),
            "LIN-01": (count(f"{_ACTIVE} AND {_NO_DATA}"), count(_ACTIVE)),
            "LIN-02": (
                count("FROM model_versions v WHERE coalesce(v.run_id, '') = ''"),
                count("FROM model_versions v"),
            ),
        }
        for check, (bad, of) in _IN_PRODUCTION.items():
            population = f"FROM model_versions v WHERE {production} AND {of}"
            said[check] = (count(f"{population} AND {bad}"), count(population))
    store.close()
    return said


def silent(file: Path, value: str) -> int:
    """Return of how many versions in production the store does not say something."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as store, store:
        sql = f"SELECT count(*) FROM model_versions v WHERE {STAGE} AND {value} IS NULL"
        (found,) = store.execute(sql).fetchone()
    store.close()
    return found


def answers(file: Path, folder: Path) -> dict[str, CheckResult]:
    with cases.create(folder / "x.case", Engagement("Oracle"), who="test") as case:
        cases.add_evidence(case, [file], progress=Silent(), cancel=Cancel())
        _, results = checking.run(case, "ml-baseline", progress=Silent(), cancel=Cancel())
    return {result.check.id: result for result in results}


@pytest.mark.parametrize("store", FACTS)
def test_checks_count_what_sql_counts(
    store: str, evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
) -> None:
    root = evidence_archive("catalog/mlflow")
    (file,) = (path for path in root.rglob(Path(store).name) if str(path).endswith(store))
    by_stage, served = sql_says(file, STAGE), sql_says(file, SERVED)
    assert by_stage == FACTS[store]
    assert served["APP-04"][1] == SERVED_BY_ALIAS[store]
    results = answers(file, tmp_path)
    counts = {name: (len(each.exceptions), each.population) for name, each in results.items()}
    assert {name: counts[name] for name in by_stage} == by_stage
    assert {name: counts[name] for name in _OF_ALIAS} == {
        name: served[same] for name, same in _OF_ALIAS.items()
    }
    undecided = {name: len(results[name].undecided) for name in ("DAT-02", "DAT-03")}
    assert undecided == {"DAT-02": silent(file, LICENCE), "DAT-03": silent(file, DATA)}
    conforms(agreed=1)

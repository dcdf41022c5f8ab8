"""The shipped checks find in real stores what SQL over the same stores finds.

The numbers are those of the fact sheet that came with the evidence.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model.case import Engagement
from workbench.model.progress import Cancel, Silent
from workbench.services import cases, checking

Unpack = Callable[[str], Path]

#: Exceptions and population of each check.
ORACLE = {
    "gen_small_store/mlflow.db": {
        "INV-10": (3, 19),
        "LIN-01": (1, 19),
        "LIN-02": (3, 12),
        "APP-04": (0, 2),
        "DAT-01": (2, 2),
        "DAT-02": (0, 2),
    },
    "gen_mid_500runs_v3.17.mlflow.db": {
        "INV-10": (75, 495),
        "LIN-01": (81, 495),
        "LIN-02": (10, 200),
        "APP-04": (11, 52),
        "DAT-01": (10, 52),
        "DAT-02": (9, 52),
        "APP-05": (5, 40),
        "DAT-03": (9, 49),
    },
    "gen_v2.9.mlflow.db": {
        "INV-10": (0, 22),
        "LIN-01": (8, 22),
        "LIN-02": (0, 6),
        "APP-04": (2, 2),
        "DAT-01": (2, 2),
    },
}


@pytest.mark.parametrize("store", ORACLE)
def test_checks_count_what_sql_counts(store: str, evidence_archive: Unpack, tmp_path: Path) -> None:
    root = evidence_archive("catalog/mlflow")
    (file,) = (path for path in root.rglob(Path(store).name) if str(path).endswith(store))
    with cases.create(tmp_path / "x.case", Engagement("Oracle"), who="test") as case:
        cases.add_evidence(case, [file], progress=Silent(), cancel=Cancel())
        _, results = checking.run(case, "ml-baseline", progress=Silent(), cancel=Cancel())
    found = {r.check.id: (len(r.exceptions), r.population) for r in results}
    assert {name: found[name] for name in ORACLE[store]} == ORACLE[store]

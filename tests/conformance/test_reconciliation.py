"""Two exports of one MLflow store, by its file and by DataHub's own connector: what each lost.

The numbers are those of the store: 20 runs of which one is deleted, 9 datasets, 3 registered
models, 12 versions of which 9 state their run. The connector drops the deleted run, and one edge
of a run that made two versions, which stands elsewhere in the same export: that is not lost.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from casework import added, new_case

from workbench.model.alternate import Confidence, Ground
from workbench.model.progress import Cancel
from workbench.model.reconciliation import Between, Mismatch
from workbench.services import alternates, reconciling
from workbench.store.case_store import CaseStore

Unpack = Callable[[str], Path]


@pytest.fixture(scope="module")
def case(evidence_archive: Unpack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    store = evidence_archive("catalog/mlflow") / "gen_small_store"
    other = evidence_archive("catalog/datahub") / "gen_mlflow_small_mcps.json"
    with new_case(tmp_path_factory.mktemp("two-exports")) as opened:
        added(opened, store, other)
        yield opened


def test_each_thing_is_linked_with_itself_in_the_other_export(case: CaseStore) -> None:
    found = alternates.every(case, cancel=Cancel())
    kinds = Counter(found.things[link.one].type or "run" for link in found.links)
    assert kinds == {
        "dataProcessInstance": 19, "dataset": 9, "registered_model": 3, "model_version": 12,
        "experiment": 4,
    }  # fmt: skip
    runs = [link for link in found.links if link.likenesses[0].ground is Ground.ID]
    assert len(runs) == 19
    assert {link.confidence for link in runs} == {Confidence.MEDIUM}
    assert not [link for link in found.links if link.is_sure]
    assert not found.unclear


def test_what_an_export_lost_is_told_and_nothing_else(case: CaseStore) -> None:
    found = reconciling.reconcile(case, cancel=Cancel())
    lost = [line for line in found.lines if line.mismatch is Mismatch.LOST_IN_EXPORT]
    assert [(line.kind, line.name, line.doubt) for line in lost] == [
        ("run", "credit-risk-00006", "")
    ]
    assert "deleted there" in lost[0].detail
    others = {line.mismatch for line in found.lines} - {Mismatch.LOST_IN_EXPORT}
    assert others == {Mismatch.STAGE_AGAINST_ALIAS}
    (exports,) = [c for c in found.comparisons if c.between is Between.EXPORTS]
    told = {reason.partition(":")[0] for reason, _ in exports.left}
    assert told == {"logged models", "relations “run informed-by run”"}


def test_a_case_without_a_log_says_so(case: CaseStore) -> None:
    found = reconciling.reconcile(case, cancel=Cancel())
    log = next(c for c in found.comparisons if c.between is Between.CATALOG_LOG)
    assert log.compared == 0
    assert [reason for reason, _ in log.left] == [
        "No source of this case is a log whose events were read"
    ]
    assert found.exit == 1

"""A report is a function of the case: of what was handed over and trusted, in any order."""

import itertools
import json
import shutil
from pathlib import Path

import pytest
from situations import ALL_KEYS, LOG_KEY, MODEL_ROOT, SAMPLE, context_of

from workbench.report.build import build_report

EVIDENCE = SAMPLE / "evidence"
PATHS = (EVIDENCE / "audit", EVIDENCE / "models", EVIDENCE / "registry")


@pytest.fixture(scope="module")
def built() -> bytes:
    return build_report(context_of(*PATHS, trust=ALL_KEYS)).pdf


@pytest.mark.parametrize("trust", list(itertools.permutations(ALL_KEYS))[1:4:2])
def test_the_order_of_trusted_keys_changes_no_byte(built: bytes, trust: tuple[str, ...]) -> None:
    assert build_report(context_of(*PATHS, trust=trust)).pdf == built


def test_the_order_of_paths_and_a_key_named_twice_change_no_byte(built: bytes) -> None:
    assert build_report(context_of(*PATHS[::-1], trust=(*ALL_KEYS, LOG_KEY))).pdf == built


def test_the_order_of_confirmed_keys_changes_no_byte() -> None:
    trust = context_of(PATHS[1], trust=ALL_KEYS).trust
    confirm = tuple(anchor.fingerprint for anchor in trust.anchors)
    one, other = (
        build_report(context_of(PATHS[1], trust=ALL_KEYS, confirm=each)).pdf
        for each in (confirm, confirm[::-1])
    )
    assert one == other


def test_the_manifest_tells_that_a_trusted_key_also_lies_in_the_evidence(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    shutil.copytree(EVIDENCE / "models" / "credit-scoring-v7", drop)
    shutil.copy(SAMPLE / "trust" / "model-root.pem", drop.parent / "drop" / "root.pem")
    built = build_report(context_of(drop, trust=(MODEL_ROOT, LOG_KEY)))
    anchors = json.loads(built.manifest)["trust"]["anchors"]
    assert {a["name"]: a["in_evidence"] for a in anchors} == {
        "aldermoor.example/audit-log": False,
        "model-root.pem": True,
    }

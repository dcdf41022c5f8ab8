"""The recipes of real logs are found in the logs themselves, with no profile named.

By the profile that is found each log is judged as its own recipe judges it.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from tests.verify.infer.judging import verdict_by
from workbench.model.progress import Cancel, Silent
from workbench.model.verdict import DiagnosisClass
from workbench.services import profiles
from workbench.verify.infer.log import Inference
from workbench.verify.infer.words import found_in_words

Unpack = Callable[[str], Path]
#: Published vectors of one record each.
SINGLE = ("comptext-evidence", "igs-pharmacy", "lemma-ocsf")
#: The search takes longest there: two of its logs stand for all.
LARGEST = "agt-fileauditsink"
TWO = {"good.jsonl", "bad-edited-line3.jsonl"}


def inferred(log: Path) -> tuple[Inference, tuple[str, ...]]:
    """Return what is found in a log, with the key beside it."""
    key = log.parent / "key.txt"
    secrets = (str(key),) if key.exists() else ()
    return profiles.infer(log, secrets=secrets, progress=Silent(), cancel=Cancel()), secrets


def first_bad(log: Path, tmp_path: Path) -> tuple[int | None, str]:
    """Return the first bad record of a log by the recipe found in it; "" with what was found."""
    found, secrets = inferred(log)
    if found.found is None:
        return None, "not found"
    drop = tmp_path / "drop"
    drop.mkdir(exist_ok=True)
    for other in drop.iterdir():
        other.unlink()
    (drop / log.name).write_bytes(log.read_bytes())
    (tmp_path / "found.yaml").write_bytes(found.text)
    verdict = verdict_by(tmp_path / "found.yaml", drop, secrets)
    gone = DiagnosisClass.HEAD_TRUNCATED
    told = [d.record for d in verdict.diagnoses if d.record is not None and d.kind is not gone]
    return min(told, default=None), ""


def test_every_recomputable_log_is_judged_by_the_recipe_that_is_found_in_it(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
) -> None:
    folder = evidence_archive("integrity/chains") / "generated"
    cases = json.loads((folder / "cases.json").read_text())
    agreed, wrong = 0, []
    for case in cases:
        name = case["file"]
        if name.startswith("bundle") or (case["project"] == LARGEST and name not in TWO):
            continue
        headless = case["expected"] == "no-genesis"
        said, why = first_bad(folder / case["project"] / name, tmp_path)
        good = not why and said == (None if headless else case["first_bad_line"])
        agreed += good
        wrong += [] if good else [(case["project"], name, said, why)]
    conforms(agreed=agreed, wrong=len(wrong))
    assert wrong == []


@pytest.mark.parametrize("name", SINGLE)
def test_a_log_of_one_record_is_too_short_for_a_recipe(name: str, evidence_archive: Unpack) -> None:
    found, _ = inferred(evidence_archive("integrity/chains") / "published" / name / "good.jsonl")
    assert found.found is None
    assert found_in_words(found) == [
        "No recipe was found: a recipe must reproduce 3 records in a row, and there are 1."
    ]

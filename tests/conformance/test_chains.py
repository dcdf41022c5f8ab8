"""Our verdicts on real logs against the expected ones that came with them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verify.chain.judging import in_words, judge, told
from workbench.model.verdict import Indication, SubjectVerdict

PROFILES = {
    "certmate": "certmate",
    "hashchainalgo": "hashchainalgo",
    "earcrawler": "earcrawler",
    "bernstein-hmac": "bernstein",
    "cmcp": "cmcp",
    "agt-fileauditsink": "agentmesh",
}
LOGS = (
    "good.jsonl",
    "bad-edited-line3.jsonl",
    "bad-deleted-line4.jsonl",
    "bad-swapped-4-5.jsonl",
    "bad-duplicated-line3.jsonl",
    "truncated-tail.jsonl",
    "head-removed.jsonl",
)
Unpack = Callable[[str], Path]


def verdict_on(folder: Path, name: str, tmp_path: Path) -> SubjectVerdict:
    key = folder / "key.txt"
    return judge(
        tmp_path,
        (folder / name).read_bytes(),
        secret=key.read_bytes() if key.exists() else None,
        container="json-array" if name.endswith(".json") else "jsonl",
    )


def expected_of(folder: Path, project: str, name: str) -> dict[str, object]:
    cases = json.loads((folder / "generated" / "cases.json").read_text())
    (case,) = (c for c in cases if (c["project"], c["file"]) == (project, name))
    assert isinstance(case, dict)
    return case


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("project", PROFILES)
def test_first_bad_record_is_the_expected_one(
    project: str, name: str, evidence_archive: Unpack, tmp_path: Path
):
    chains = evidence_archive("integrity/chains")
    case = expected_of(chains, project, name)
    verdict = verdict_on(chains / "generated" / project, name, tmp_path)
    assert verdict.profile == PROFILES[project]
    first = case["first_bad_line"]
    assert [record for _, record in told(verdict)] == ([] if first is None else [first])
    match str(case["expected"]):
        case "tampered":
            assert verdict.integrity.indication is Indication.FAILED
        case "no-genesis":
            assert told(verdict) == [("HEAD_TRUNCATED", 1)]
            assert verdict.completeness.indication is not Indication.PASSED
        case _:
            assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
            assert in_words(verdict)[2] == "INDETERMINATE NO_ANCHOR"


def test_hmac_log_without_its_secret_is_not_recomputable(evidence_archive: Unpack, tmp_path: Path):
    data = (
        evidence_archive("integrity/chains") / "generated/bernstein-hmac/good.jsonl"
    ).read_bytes()
    verdict = judge(tmp_path, data)
    assert in_words(verdict)[:2] == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        "INDETERMINATE SYMMETRIC_ONLY",
    )


def test_signed_bundle_is_consistent_but_its_key_came_with_it(
    evidence_archive: Unpack, tmp_path: Path
):
    folder = evidence_archive("integrity/chains") / "generated/certmate"
    verdict = verdict_on(folder, "bundle-good.json", tmp_path)
    assert verdict.profile == "certmate-bundle"
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE SELF_SUPPLIED_KEY",
        "INDETERMINATE NO_ANCHOR",
    )


def test_bundle_that_lacks_its_last_entry_is_incomplete(evidence_archive: Unpack, tmp_path: Path):
    folder = evidence_archive("integrity/chains") / "generated/certmate"
    verdict = verdict_on(folder, "bundle-bad-truncated.json", tmp_path)
    assert told(verdict) == [("TAIL_TRUNCATED", 5)]
    assert verdict.completeness.indication is Indication.FAILED


def test_comptext_vector_is_reproduced(evidence_archive: Unpack, tmp_path: Path):
    folder = evidence_archive("integrity/chains") / "published/comptext-evidence"
    verdict = verdict_on(folder, "good.jsonl", tmp_path)
    assert (verdict.profile, verdict.integrity.code) == ("comptext", "SELF_CONSISTENT")


@pytest.mark.parametrize("name", ["igs-pharmacy/good.jsonl", "lemma-ocsf/good.jsonl"])
def test_log_of_an_unknown_recipe_is_never_green(
    name: str, evidence_archive: Unpack, tmp_path: Path
):
    data = (evidence_archive("integrity/chains") / "published" / name).read_bytes()
    assert in_words(judge(tmp_path, data))[0] == "INDETERMINATE UNKNOWN_PROFILE"

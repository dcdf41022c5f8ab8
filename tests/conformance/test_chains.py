"""Our verdicts on real logs against the expected ones that came with them.

No profile is named: each log is recognised by its content. ``pytest -s`` prints the table.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conformance.table import Conforms
from tests.verify.chain.judging import AT, in_words, told
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust

PROFILES = {
    "agt-export": "agentmesh-export",
    "agt-fileauditsink": "agentmesh",
    "bernstein-hmac": "bernstein",
    "caura": "caura",
    "certmate": "certmate",
    "cmcp": "cmcp",
    "earcrawler": "earcrawler",
    "hashchainalgo": "hashchainalgo",
}
#: Cases of which more is said than that a chain holds: see the tests below.
BUNDLES = {"bundle-good.json", "bundle-bad-truncated.json"}
Unpack = Callable[[str], Path]


def verdict_on(
    path: Path, tmp_path: Path, *, secret: Path | None = None, trust: tuple[Path, ...] = ()
) -> SubjectVerdict:
    """Return the verdict on a file that lies alone in a drop, as anybody would ask for it."""
    drop = tmp_path / "drop"
    drop.mkdir(exist_ok=True)
    for other in drop.iterdir():
        other.unlink()
    (drop / path.name).write_bytes(path.read_bytes())
    secrets = (str(secret),) if secret is not None and secret.exists() else ()
    keys = tuple(f"log={key}" for key in trust)
    given = load_trust(keys, confirm=(), secrets=secrets, at=AT, threshold=1)
    request = VerifyRequest(paths=(drop,), at=AT)
    (source,) = verified(request, given, Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    return source.verdict


def test_every_case_is_met_and_the_first_bad_record_is_right(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
):
    folder = evidence_archive("integrity/chains") / "generated"
    cases = json.loads((folder / "cases.json").read_text())
    assert {case["project"] for case in cases} == set(PROFILES)
    wrong = []
    for case in cases:
        path = folder / case["project"] / case["file"]
        verdict = verdict_on(path, tmp_path, secret=path.parent / "key.txt")
        good = case["file"] in BUNDLES or is_met(case, verdict)
        said = ", ".join(f"{kind} {record}" for kind, record in told(verdict)) or "-"
        row = f"{case['project']:<18} {case['file']:<28} {case['expected'][:24]:<24} {said}\n"
        sys.stdout.write(row)
        if not good:
            wrong.append((case["project"], case["file"], said))
    conforms(agreed=len(cases) - len(wrong), wrong=len(wrong))
    assert wrong == []


def is_met(case: dict[str, object], verdict: SubjectVerdict) -> bool:
    """Tell whether a verdict is the expected one."""
    first = case["first_bad_line"]
    if verdict.profile != PROFILES[str(case["project"])]:
        return False
    if [record for _, record in told(verdict)] != ([] if first is None else [first]):
        return False
    integrity, _, completeness = in_words(verdict)
    match str(case["expected"]):
        case "tampered":
            return integrity.startswith("FAILED")
        case "no-genesis":
            return told(verdict) == [("HEAD_TRUNCATED", 1)] and not completeness.startswith("P")
        case _:
            said = (integrity, completeness)
            return said == ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_ANCHOR")


def test_hmac_log_without_its_secret_is_not_recomputable(evidence_archive: Unpack, tmp_path: Path):
    log = evidence_archive("integrity/chains") / "generated/bernstein-hmac/good.jsonl"
    verdict = verdict_on(log, tmp_path)
    assert in_words(verdict)[:2] == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        "INDETERMINATE SYMMETRIC_ONLY",
    )


def test_signed_bundle_is_consistent_but_its_key_came_with_it(
    evidence_archive: Unpack, tmp_path: Path
):
    folder = evidence_archive("integrity/chains") / "generated/certmate"
    verdict = verdict_on(folder / "bundle-good.json", tmp_path)
    assert verdict.profile == "certmate-bundle"
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE SELF_SUPPLIED_KEY",
        "INDETERMINATE NO_ANCHOR",
    )


def test_bundle_that_lacks_its_last_entry_is_incomplete(evidence_archive: Unpack, tmp_path: Path):
    folder = evidence_archive("integrity/chains") / "generated/certmate"
    verdict = verdict_on(folder / "bundle-bad-truncated.json", tmp_path)
    assert told(verdict) == [("TAIL_TRUNCATED", 5)]
    assert verdict.completeness.indication is Indication.FAILED


def test_comptext_vector_is_reproduced(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
):
    folder = evidence_archive("integrity/chains") / "published/comptext-evidence"
    verdict = verdict_on(folder / "good.jsonl", tmp_path)
    assert (verdict.profile, verdict.integrity.code) == ("comptext", "SELF_CONSISTENT")
    conforms(agreed=1)


def test_pharmacy_vector_is_reproduced_and_its_spoilt_twin_is_not(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
):
    folder = evidence_archive("integrity/chains") / "published/igs-pharmacy"
    good = verdict_on(folder / "good.jsonl", tmp_path)
    assert (good.profile, good.integrity.code) == ("igs-audit", "SELF_CONSISTENT")
    assert told(verdict_on(folder / "bad.jsonl", tmp_path)) == [("RECORD_ALTERED", 1)]
    conforms(agreed=2)


def test_signed_records_are_proven_as_far_as_their_recipe_is_published(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
):
    """The tool of the project calls the good one proven; the event itself nobody can recompute."""
    folder = evidence_archive("integrity/chains") / "published/lemma-ocsf"
    key = (folder / "TestProducer.public.pem",)
    good = verdict_on(folder / "good.jsonl", tmp_path, trust=key)
    assert in_words(good)[:2] == ("INDETERMINATE NOT_RECOMPUTABLE",) * 2
    assert good.signatures[0].covers.startswith("1 of 1 records")
    bad = verdict_on(folder / "bad-signature.jsonl", tmp_path, trust=key)
    assert in_words(bad)[:2] == ("FAILED RECORD_ALTERED", "FAILED SIG_CRYPTO_FAILURE")
    unknown = verdict_on(folder / "good.jsonl", tmp_path)
    assert in_words(unknown)[1] == "INDETERMINATE NO_TRUST_ANCHOR"
    gone = (*key, folder / "crl-revoked-before.json")
    revoked = verdict_on(folder / "good.jsonl", tmp_path, trust=gone)
    assert in_words(revoked)[1] == "FAILED REVOKED"
    why = "how its digest is made of the event is not published, so the event is not proven"
    conforms(agreed=1, stricter={"lemma-ocsf/good.jsonl": why})

"""Deliveries of CloudTrail with the verdicts of the AWS command line, which needs the network.

``cases.json`` holds what awscli 1.46.3 said. Where our verdict differs its reason stands beside it:
stricter, or more is proven than the peer looks for. ``pytest -s`` prints the table of all cases.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from recipes import commands, require_reproduced

from tests.conformance.table import Conforms
from workbench.model.cloudtrail import digest_from, signature_bytes
from workbench.model.expectation import Expectation, Period
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Code, DiagnosisClass, Dimension, SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust

Unpack = Callable[[str], Path]
ARCHIVE = "integrity/cloudtrail"
AT = datetime(2026, 6, 30, tzinfo=UTC)
D = DiagnosisClass
SIGNED = "PASSED"


@dataclass(frozen=True)
class Known:
    """A verdict: Integrity, Authenticity, Completeness, Time; diagnoses; why the peer differs."""

    integrity: str = "PASSED ANCHORED"
    authenticity: str = SIGNED
    completeness: str = "PASSED ANCHORED"
    time: str = SIGNED
    diagnoses: tuple[D, ...] = ()
    why: str = ""


GREEN = Known()
UNDATED = "INDETERMINATE NO_TRUSTED_TIME"

CASES: dict[str, Known] = {
    "chain_ok": GREEN,
    "key-rotation_ok": GREEN,
    "log-trailing-data_fail": Known(
        "FAILED FILE_ALTERED",
        completeness="INDETERMINATE TRAILING_DATA",
        diagnoses=(D.FILE_ALTERED,),
    ),
    "log-not-gzip_fail": Known(
        "FAILED FILE_ALTERED",
        completeness="INDETERMINATE NOT_AN_ARCHIVE",
        diagnoses=(D.FILE_ALTERED,),
    ),
    "digest-modified_fail": Known(
        "FAILED FILE_ALTERED",
        "FAILED SIG_CRYPTO_FAILURE",
        "INDETERMINATE NOT_COVERED",
        UNDATED,
        (D.FILE_ALTERED,),
    ),
    "digest-reserialised_fail": Known(
        "FAILED FILE_ALTERED",
        "FAILED SIG_CRYPTO_FAILURE",
        "INDETERMINATE NOT_COVERED",
        UNDATED,
        (D.FILE_ALTERED,),
    ),
    "digest-deleted_fail": Known(
        completeness="FAILED SEGMENT_MISSING", diagnoses=(D.SEGMENT_MISSING,)
    ),
    "two-digests-deleted_peer": Known(
        "INDETERMINATE NOT_COVERED",
        completeness="FAILED SEGMENT_MISSING",
        diagnoses=(D.SEGMENT_MISSING,),
        why="the peer reports one of two missing digests, and passes over the logs of both",
    ),
    "newest-digest-deleted_peer": Known(
        why="nothing names the newest digest; with --period it is PARTIAL_COVERAGE"
    ),
    "signature-missing_fail": Known(
        why="its signature stands in the next digest, where the peer does not look"
    ),
    "no-metadata-at-all_peer": Known(
        "PASSED SELF_CONSISTENT",
        completeness="INDETERMINATE NO_ANCHOR",
        time=UNDATED,
        why="five of six signatures stand in the next digests, where the peer does not look",
    ),
    "signature-bit_fail": Known(authenticity="FAILED SIG_CRYPTO_FAILURE"),
    "digest-moved_fail": Known("FAILED FILE_RENAMED", diagnoses=(D.FILE_RENAMED,)),
    "forged-key_fail": Known(
        "FAILED RECHAINED_AFTER",
        "FAILED SIG_CRYPTO_FAILURE",
        "INDETERMINATE NOT_COVERED",
        UNDATED,
        (D.RECHAINED_AFTER,),
    ),
    "gap_ok-with-gap": Known(
        completeness="INDETERMINATE COVERAGE_GAP",
        diagnoses=(D.COVERAGE_GAP,),
        why="nothing shows what happened in five hours without digests",
    ),
    "prev-hash-wrong-but-signed_peer": Known(
        "FAILED LINK_BROKEN",
        completeness="INDETERMINATE LINK_BROKEN",
        diagnoses=(D.LINK_BROKEN, D.LINK_BROKEN),
        why="the peer never compares the SHA-256 and the signature of the previous digest",
    ),
}


def judge(folder: Path, period: Period | None = None) -> SubjectVerdict:
    paths = [folder / name for name in ("s3", "head-object") if (folder / name).exists()]
    request = VerifyRequest(tuple(paths), AT, expectation=Expectation(period))
    trust = load_trust([f"log={folder / 'list-public-keys.json'}"], at=AT)
    found = [s for s in verified(request, trust, Silent(), Cancel(), None).sources if s.verdict]
    assert [s.format for s in found] == ["cloudtrail"]
    assert found[0].verdict is not None
    return found[0].verdict


def known(verdict: SubjectVerdict) -> Known:
    words = []
    for dimension in Dimension:
        part = verdict.dimension(dimension)
        signed = dimension in {Dimension.AUTHENTICITY, Dimension.TIME}
        plain = signed and part.indication == "PASSED"
        words.append(SIGNED if plain else f"{part.indication} {part.code}")
    return Known(*words, tuple(d.kind for d in verdict.diagnoses))


def test_every_case_has_its_verdict_here(evidence_archive: Unpack) -> None:
    folder = evidence_archive(ARCHIVE) / "generated"
    assert {case["case"] for case in json.loads((folder / "cases.json").read_bytes())} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_judged_as_known(case: str, evidence_archive: Unpack, conforms: Conforms) -> None:
    folder = evidence_archive(ARCHIVE) / "generated"
    cases = {c["case"]: c for c in json.loads((folder / "cases.json").read_bytes())}
    verdict = judge(folder / case)
    found = known(verdict)
    assert found == replace(CASES[case], why="")
    accepted = not cases[case]["peer_invalid"]
    green = all(verdict.dimension(d).indication == "PASSED" for d in Dimension)
    agreed = accepted is green
    assert agreed or CASES[case].why
    conforms(
        agreed=agreed or not accepted,
        stricter={} if agreed or not accepted else {case: CASES[case].why},
    )
    stands = "agreed" if agreed else "stricter" if accepted else "proven otherwise"
    ours = " | ".join((found.integrity, found.authenticity, found.completeness, found.time))
    said = "; ".join(cases[case]["peer_summary"])
    print(f"\n{case:32} {stands:17} peer: {said}")  # noqa: T201 - the table is what -s is asked for
    print(f"{'':32} {ours} {' '.join(found.diagnoses)} {CASES[case].why}")  # noqa: T201


@pytest.mark.parametrize("case", ["chain_ok", "no-metadata-at-all_peer", "digest-deleted_fail"])
def test_commands_do_the_same_by_hand(case: str, evidence_archive: Unpack) -> None:
    folder = evidence_archive(ARCHIVE) / "generated" / case
    verdict = judge(folder)
    require_reproduced(verdict.steps, folder)
    assert commands(verdict.steps) >= 3


def test_the_genuine_digest_is_read_and_not_taken_for_proven(evidence_archive: Unpack) -> None:
    body = (evidence_archive(ARCHIVE) / "real-samples" / "llm-guard-digest.json").read_bytes()
    assert hashlib.sha256(body).hexdigest().startswith("4277102dccf54c0c")
    digest = digest_from(json.loads(body))
    assert digest.chain == "327878933619 ap-northeast-1 llm-guard-trail (us-west-2)"
    assert digest.previous is not None
    assert signature_bytes(digest.previous.signature) is not None


def test_two_missing_digests_are_counted(evidence_archive: Unpack) -> None:
    folder = evidence_archive(ARCHIVE) / "generated" / "two-digests-deleted_peer"
    (missing,) = judge(folder).diagnoses
    assert (missing.kind, missing.count, missing.record) == (D.SEGMENT_MISSING, 2, 3)


@pytest.mark.parametrize(
    ("case", "last", "code"),
    [
        ("chain_ok", 15, Code.ANCHORED),
        ("chain_ok", 16, Code.PARTIAL_COVERAGE),
        ("newest-digest-deleted_peer", 15, Code.PARTIAL_COVERAGE),
        ("no-metadata-at-all_peer", 14, Code.ANCHORED),
    ],
)
def test_period_says_whether_the_end_is_there(
    case: str, last: int, code: str, evidence_archive: Unpack
) -> None:
    day = datetime(2023, 7, 10, 11, tzinfo=UTC)
    period = Period(day, day.replace(hour=last, minute=18))
    folder = evidence_archive(ARCHIVE) / "generated" / case
    assert judge(folder, period).completeness.code == code

"""Real checkpoints of a real log: notes, keys, roots, consistency, and four that were spoilt."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.services.verification import verify
from workbench.verify.heads.head import Head, HeadProblem, judge_head, read_head
from workbench.verify.heads.merkle import Accumulator
from workbench.verify.trust.anchors import load_trust

AT = datetime(2026, 6, 30, tzinfo=UTC)
SIZES = range(16)


@pytest.fixture
def tlog(evidence_archive: Callable[[str], Path]) -> Path:
    return evidence_archive("integrity/tlog")


@pytest.fixture
def trust(tlog: Path) -> Trust:
    return load_trust([f"log={tlog / 'tessera-log' / 'KEY.vkey'}"], at=AT)


def entries(bundle: bytes) -> Iterator[bytes]:
    """Yield the records of a C2SP tlog-tiles entry bundle."""
    while bundle:
        length = int.from_bytes(bundle[:2])
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


def test_every_checkpoint_verifies_and_its_root_is_recomputed(tlog: Path, trust: Trust) -> None:
    log = tlog / "tessera-log"
    tree = Accumulator(marks=SIZES)
    for record in entries((log / "tile" / "entries" / "000.p" / "15").read_bytes()):
        tree.add_leaf(record)
    assert tree.size == 15
    for size in SIZES:
        head = read_head((log / f"checkpoint.{size}").read_bytes())
        assert isinstance(head, Head)
        assert (head.origin, head.size, head.root) == (
            "example.com/log/testdata",
            size,
            tree.roots[size],
        )
        assert [v.indication for v in judge_head(head, trust)] == [Indication.PASSED]
    print(f"{len(SIZES)} checkpoints")  # noqa: T201 - the count is what the reader of a run wants


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("checkpoint-root-changed_fail", True),
        ("checkpoint-size-changed_fail", True),
        ("checkpoint-crlf_fail", False),
        ("checkpoint-hyphen-instead-of-emdash_fail", False),
    ],
)
def test_no_tampered_checkpoint_passes(tlog: Path, trust: Trust, name: str, reads: bool) -> None:
    head = read_head((tlog / "tampered" / name).read_bytes())
    if reads:
        assert isinstance(head, Head)
        assert [v.code for v in judge_head(head, trust)] == ["SIG_CRYPTO_FAILURE"]
    else:
        assert isinstance(head, HeadProblem)


def judged(log: Path, key: Path) -> SubjectVerdict:
    request = VerifyRequest(paths=(log,), at=AT, trust=(f"log={key}",))
    found = verify(request, progress=Silent(), cancel=Cancel()).subjects
    (verdict,) = [s.verdict for s in found if s.format == "tlog"]
    assert verdict is not None
    return verdict


def test_the_whole_log_is_green_and_a_tampered_head_fails_it(
    tlog: Path, tmp_path: Path, conforms: Conforms
) -> None:
    log, key = tmp_path / "log", tlog / "tessera-log" / "KEY.vkey"
    shutil.copytree(tlog / "tessera-log", log, ignore=shutil.ignore_patterns("KEY.vkey"))
    verdict = judged(log, key)
    assert (verdict.integrity.code, verdict.completeness.code) == ("ANCHORED", "ANCHORED")
    assert (verdict.authenticity.code, verdict.records) == ("example.com/log/testdata", 15)
    agreed = 17
    for spoilt in sorted((tlog / "tampered").iterdir()):
        shutil.copy(spoilt, log / "checkpoint.99")
        assert judged(log, key).authenticity.indication is Indication.FAILED, spoilt.name
        agreed += 1
    conforms(agreed=agreed)
    print(f"tlog: {agreed} heads, agreed {agreed}, stricter 0, wrong 0")  # noqa: T201

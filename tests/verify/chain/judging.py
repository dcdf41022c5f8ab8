"""Judge a log in a test, with trust and what the auditor states."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import KEY, SECRET, LogBuilder
from workbench.evidence.drop import open_drop
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Secret, Trust
from workbench.model.verdict import SubjectVerdict
from workbench.verify.chain import library
from workbench.verify.chain_log import VERIFIER
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

AT = datetime(2026, 6, 30, tzinfo=UTC)
NOTHING = Expectation()


def trust_in(folder: Path, *keys: Ed25519PrivateKey, threshold: int = 1) -> Trust:
    """Return a trust in keys for logs."""
    names = []
    folder.mkdir(exist_ok=True)
    for n, key in enumerate(keys):
        path = folder / f"key{n}.pem"
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        path.write_bytes(pem)
        names.append(f"log={path}")
    return load_trust(tuple(names), confirm=(), secrets=(), at=AT, threshold=threshold)


def judge(
    folder: Path,
    data: bytes | LogBuilder,
    *,
    heads: Sequence[bytes] = (),
    trust: Trust | None = None,
    secret: bytes | None = None,
    expect: Expectation = NOTHING,
    container: str = "jsonl",
    limits: Limits = LIMITS,
    executor: Executor | None = None,
) -> SubjectVerdict:
    """Return the verdict on a log with paired heads."""
    drop = folder / "drop"
    drop.mkdir(exist_ok=True)
    _put(drop / "log.jsonl", data if isinstance(data, bytes) else data.data())
    for n, head in enumerate(heads):
        _put(drop / f"log.jsonl.head{n}", head)
    given = trust or Trust(AT)
    if secret is not None:
        given = replace(given, secrets=(Secret(None, secret),))
    with open_drop([drop], cancel=Cancel(), progress=Silent()) as opened:
        log = next(file for file in opened.files if file.name == "log.jsonl")
        given_heads = {f"log.jsonl.head{n}" for n in range(len(heads))}
        anchors = tuple(file for file in opened.files if file.name in given_heads)
        subject = Subject(log.path, None, "chain", (log,), anchors=anchors, container=container)
        bench = Bench(
            given,
            expectation=expect,
            profiles=library.shipped(),
            limits=limits,
            executor=executor,
        )
        return VERIFIER.verify(subject, bench)


def _put(path: Path, data: bytes) -> None:
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)


def secret_for(kind: str) -> bytes | None:
    """Return the secret that a kind of log needs to be recomputed."""
    return SECRET if kind == "bernstein" else None


def told(verdict: SubjectVerdict) -> list[tuple[str, int | None]]:
    """Return classes and records of all diagnoses."""
    return [(found.kind.value, found.record) for found in verdict.diagnoses]


def in_words(verdict: SubjectVerdict) -> tuple[str, str, str]:
    """Return integrity, authenticity and completeness as ``INDICATION CODE``."""
    parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
    first, second, third = (f"{p.indication.value} {p.code}" for p in parts)
    return first, second, third


__all__ = ["AT", "KEY", "in_words", "judge", "secret_for", "told", "trust_in"]

"""An entry of a transparency log: that the log holds it, and that it is of this very signature.

Sigstore client specification, transparency log entry; RFC 9162 2.1.3; C2SP tlog-checkpoint.
"""

from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.model.bundle import InclusionProof, LogEntry
from workbench.model.trusted_root import TrustedLog
from workbench.model.verdict import (
    Code,
    DimensionVerdict,
    Indication,
    Step,
    failed,
    indeterminate,
    passed,
)
from workbench.verify.by_hand import because
from workbench.verify.heads.head import Head, HeadProblem, read_head
from workbench.verify.heads.merkle import leaf_hash, verify_inclusion
from workbench.verify.keys.public import verify_signature
from workbench.verify.keys.signable import load_key
from workbench.verify.sigstore.body import why_of_another
from workbench.verify.sigstore.commands import of_proof
from workbench.verify.sigstore.findings import Case, Found
from workbench.verify.sigstore.times import log_of, verifies_promise

_SPECIFICATION = "Sigstore client specification, transparency log entry"


def judge_entries(case: Case, signer: bytes, found: Found) -> None:
    """Judge every entry of a bundle; ``signer``: DER of the certificate, or of the bare key."""
    if not case.bundle.entries:
        why = "The bundle holds no entry of a transparency log."
        found.who.append((indeterminate(Code.NOT_IN_LOG), why))
    for number, entry in enumerate(case.bundle.entries):
        problems = list(_problems(case, entry, signer, found))
        for part, why in problems:
            # Proofs that disagree speak of bytes; of the signer, that no log shows the signature.
            failing = part.indication is Indication.FAILED
            found.protection += [part] if failing else []
            found.who.append((indeterminate(Code.NOT_IN_LOG) if failing else part, why))
        if not problems:
            found.logged = True
            found.protection.append(passed(Code.ANCHORED))
        found.steps.append(_step(case, entry, number, [why for _, why in problems]))


def _step(case: Case, entry: LogEntry, number: int, problems: list[str]) -> Step:
    log = log_of(case, entry)
    where = log.name if log else "a log that the trusted root does not name"
    proof = entry.proof
    command = because("No command: the entry comes without a proof of inclusion."), ""
    if proof is not None and _includes(entry, proof):
        command = of_proof(case.scratch, entry, number, proof)
    return Step(
        f"{_SPECIFICATION}; RFC 9162 2.1.3.2",
        f"Check entry {entry.index:,} ({entry.kind} {entry.version}) of {where}: proof of "
        "inclusion, signed head, and whether it is of this signature.",
        " ".join(problems) or "The log, whose head is signed, holds it; it is of this signature.",
        *command,
    )


Problem = tuple[DimensionVerdict, str]


def _problems(case: Case, entry: LogEntry, signer: bytes, found: Found) -> Iterator[Problem]:
    """Yield what is wrong with an entry: a failure where bytes disagree, else what is open."""
    # 1. Bytes that agree with each other, whoever made them.
    if entry.proof is not None and not _includes(entry, entry.proof):
        yield failed(Code.HASH_FAILURE), "The proof does not lead from the entry to the log's root."
    why = why_of_another(entry, case.bundle, case.signables, signer)
    if why:
        yield why
    # 2. A log that the auditor trusts, through the root, for that time.
    log = log_of(case, entry)
    if log is None:
        yield indeterminate(Code.NO_TRUST_ANCHOR), "The trusted root names no log with its id."
        return
    if not any(log.window.holds(at) for at, _ in found.times):
        yield (
            indeterminate(Code.OUT_OF_BOUNDS_NO_POE),
            f"{log.name} is not trusted for a time that is known of the signature.",
        )
    # 3. The log's own word: a signed head over the proof, or, in bundles of 0.1, its promise.
    yield from _unsigned(case, entry, log)


def _includes(entry: LogEntry, proof: InclusionProof) -> bool:
    return verify_inclusion(
        leaf_hash(entry.body),
        index=proof.index,
        size=proof.size,
        proof=proof.hashes,
        root=proof.root,
    )


def _unsigned(case: Case, entry: LogEntry, log: TrustedLog) -> Iterator[Problem]:
    """Yield why the log is not shown to hold the entry."""
    proof = entry.proof
    if proof is not None and proof.checkpoint:
        yield from _bad_checkpoint(proof, log)
        return
    if case.bundle.version != "0.1":
        what = "no proof of inclusion" if proof is None else "no signed head of the log"
        yield indeterminate(Code.NOT_IN_LOG), f"The entry comes with {what}."
    elif not entry.promise or not verifies_promise(log, entry):
        yield indeterminate(Code.NOT_IN_LOG), "The log has not signed that it holds the entry."


def _bad_checkpoint(proof: InclusionProof, log: TrustedLog) -> Iterator[Problem]:
    head = read_head(proof.checkpoint)
    if isinstance(head, HeadProblem):
        yield failed(Code.FORMAT_FAILURE), f"The signed head cannot be read. {head.message}"
        return
    if (head.size, head.root) != (proof.size, proof.root):
        yield failed(Code.HASH_FAILURE), "The signed head is of another tree than the proof."
    yield from _unsigned_head(head, log)


def _unsigned_head(head: Head, log: TrustedLog) -> Iterator[Problem]:
    """Yield why a head is not the log's: a line of its key verifies, others change nothing."""
    key = load_key(log.key)
    named = [line for line in head.signatures if _is_of_origin(line.name, head.origin)]
    mine = [line for line in named if line.key_id == log.log_id[:4]]
    if key is None or not mine:
        yield indeterminate(Code.NOT_IN_LOG), f"The signed head is not signed by {log.name}."
        return
    # Logs sign notes with Ed25519, else with SHA-256 on whatever curve (C2SP signed-note).
    algorithm = None if isinstance(key, Ed25519PublicKey) else hashes.SHA256()
    if not any(verify_signature(key, line.value, head.text, algorithm) for line in mine):
        yield failed(Code.SIG_CRYPTO_FAILURE), f"The signed head does not verify with {log.name}."


def _is_of_origin(name: str, origin: str) -> bool:
    """Tell whether a line of a head is signed in the name of its log (C2SP tlog-checkpoint).

    The name is all that no signature covers; the origin is covered. Rekor v1 puts the number of
    its tree behind the name.
    """
    return name == origin or origin.startswith(f"{name} - ")

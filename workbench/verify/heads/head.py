"""Signed heads of logs: C2SP tlog-checkpoints with two extension lines of ours (VERDICTS 6).

https://c2sp.org/tlog-checkpoint@v1.0.0. A head says how many records a log has, and which: the
RFC 6962 root over the raw bytes of its records.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.model.trust import Trust, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.heads.merkle import HASH_BYTES, MOST_LEAVES
from workbench.verify.heads.note import Note, NoteProblem, NoteSignature, judge_note, read_note
from workbench.verify.keys.vkey import decode_base64

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_CHAIN_HEAD = re.compile(r"chain-head ([a-z0-9]+(?:-[a-z0-9]+)*):((?:[0-9a-f]{2}){1,64})")
_PROFILE = re.compile(r"profile ([A-Za-z0-9._-]{1,100}) sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """What a log stated about itself, read but not yet judged.

    Attributes:
        origin: name of the log.
        size: number of its records.
        root: RFC 6962 root over them, 32 bytes.
        chain_head: algorithm and digest of the last record of a hash chain, or None.
        profile: id of the chain profile and lower hex SHA-256 of its file, or None.
        extensions: extension lines that we do not know, as they stand.
        signatures: the signature lines.
        text: exactly the bytes that are signed.
    """

    origin: str
    size: int
    root: bytes
    chain_head: tuple[str, bytes] | None
    profile: tuple[str, str] | None
    extensions: tuple[str, ...]
    signatures: tuple[NoteSignature, ...]
    text: bytes


@dataclass(frozen=True, slots=True)
class HeadProblem:
    """Why bytes are not a signed head: a sentence, and the line from 1 where there is one."""

    message: str
    line: int | None = None
    code: str = Code.FORMAT_FAILURE


def read_head(data: bytes) -> Head | HeadProblem:
    """Return the head that ``data`` states, or why it states none. It never raises."""
    note = read_note(data)
    if isinstance(note, NoteProblem):
        return HeadProblem(note.message, note.line)
    lines = note.text.decode().removesuffix("\n").split("\n")
    if "" in lines:
        return HeadProblem("A line is empty.", lines.index("") + 1)
    if len(lines) < 3:
        return HeadProblem("It lacks origin, number of records or root.")
    size, root = lines[1], decode_base64(lines[2])
    if not _SIZE.fullmatch(size) or int(size) > MOST_LEAVES:
        return HeadProblem("This is not a number of records in decimal.", 2)
    if root is None or len(root) != HASH_BYTES:
        return HeadProblem("This is not a root: 32 bytes in base64.", 3)
    extensions = _extensions(lines)
    if isinstance(extensions, HeadProblem):
        return extensions
    return _head(note, lines[0], int(size), root, extensions)


def judge_head(head: Head, trust: Trust) -> tuple[SignatureVerdict, ...]:
    """Return what each signature of a head is worth, in order of its lines.

    PASSED is a key that the auditor trusts for logs, or one for witnesses with the time at which it
    saw the head. An unknown key is NO_TRUST_ANCHOR, a trusted one whose signature does not verify
    FAILED.
    """
    note = Note(head.text, head.signatures)
    return judge_note(note, trust, role=TrustRole.LOG, covers=f"head of {head.size:,} records")


def is_trusted(signatures: Iterable[SignatureVerdict], threshold: int) -> bool:
    """Tell whether a head is the log's, by as many of its trusted keys as the auditor asks for.

    Witnesses are counted apart: they saw a head, and do not say that it is the log's (C2SP
    tlog-witness; a policy names log and witnesses with a quorum of their own).
    """
    return len(_signers(signatures)[0]) >= max(1, threshold)


def witnesses_of(
    signatures: Sequence[SignatureVerdict], threshold: int
) -> tuple[SignatureVerdict, ...]:
    """Return the cosignatures of a head where as many witnesses saw it as are asked for, else ().

    A log is no witness of itself.
    """
    _, witnesses = _signers(signatures)
    if len(witnesses) < max(1, threshold):
        return ()
    return tuple(s for s in signatures if s.witness and s.fingerprint in witnesses and _passed(s))


def _signers(signatures: Iterable[SignatureVerdict]) -> tuple[set[str], set[str]]:
    """Return the trusted keys of the log and of witnesses, by their fingerprints."""
    good = [s for s in signatures if _passed(s)]
    log = {s.fingerprint for s in good if not s.witness}
    return log, {s.fingerprint for s in good if s.witness} - log


def _passed(signature: SignatureVerdict) -> bool:
    return signature.indication is Indication.PASSED


def _extensions(lines: list[str]) -> dict[str, re.Match[str]] | HeadProblem:
    """Return the two extension lines that we know, by name; each may stand once."""
    known = {"chain-head": _CHAIN_HEAD, "profile": _PROFILE}
    found: dict[str, re.Match[str]] = {}
    for number, line in enumerate(lines[3:], 4):
        name = line.partition(" ")[0]
        if name not in known:
            continue
        match = known[name].fullmatch(line)
        if match is None or name in found:
            again = "stands twice" if match else "cannot be understood"
            return HeadProblem(f"The extension {name} {again}.", number)
        found[name] = match
    return found


def _head(note: Note, origin: str, size: int, root: bytes, found: dict[str, re.Match[str]]) -> Head:
    chain_head, profile = found.get("chain-head"), found.get("profile")
    known = {match.string for match in found.values()}
    lines = note.text.decode().removesuffix("\n").split("\n")
    return Head(
        origin=origin,
        size=size,
        root=root,
        chain_head=(chain_head[1], bytes.fromhex(chain_head[2])) if chain_head else None,
        profile=(profile[1], profile[2]) if profile else None,
        extensions=tuple(line for line in lines[3:] if line not in known),
        signatures=note.signatures,
        text=note.text,
    )

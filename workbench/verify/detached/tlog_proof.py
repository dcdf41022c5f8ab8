"""Transparency log proofs, which lie beside a file as a signature does (C2SP tlog-proof).

A proof says that the record made of a file stands in a log under a head, and the head's signatures
say who says so. The record is the file itself; by custom of some logs it is the SHA-256 of the
file, which is tried as well, and said.
"""

import base64
import re
from contextlib import suppress
from dataclasses import dataclass, replace

from workbench.errors import LimitError
from workbench.model.verdict import Code, Indication, SignatureVerdict, Step
from workbench.verify import by_hand
from workbench.verify.content import Content
from workbench.verify.detached.checked import Checked, Question, covers, malformed
from workbench.verify.heads.head import (
    Head,
    HeadProblem,
    is_trusted,
    judge_head,
    read_head,
    witnesses_of,
)
from workbench.verify.heads.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from workbench.verify.keys.vkey import decode_base64

CLAUSE = "C2SP tlog-proof, RFC 6962 2.1.1"
FIRST_LINE = b"c2sp.org/tlog-proof@v1\n"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof, read but not yet judged: index from 0, hashes from the leaf up, the head."""

    index: int
    hashes: tuple[bytes, ...]
    head: Head

    def holds(self, content: Content) -> bool:
        """Tell whether a record made of ``content`` stands where the proof says."""
        return self.record_of(content) is not None

    def record_of(self, content: Content) -> str | None:
        """Return which record of the content stands there, in words, or None."""
        made = {"its SHA-256": leaf_hash(content.digest("sha256"))}
        with suppress(LimitError):  # too large to be a record by itself
            made = {"the file itself": leaf_hash(content.whole())} | made
        size, root = self.head.size, self.head.root
        for what, leaf in made.items():
            if verify_inclusion(leaf, index=self.index, size=size, proof=self.hashes, root=root):
                return what
        return None


def judge_tlog_proof(question: Question) -> Checked:
    """Return what a proof is worth: its head by whom the auditor trusts as a log."""
    found = read_proof(question.data)
    if isinstance(found, str):
        return malformed(question, "proof", found)
    record = found.record_of(question.content)
    trust = question.trust
    signatures = judge_head(found.head, trust)
    trusted = is_trusted(signatures, trust.threshold)
    covered = covers(question, f"record {found.index + 1:,} of {found.head.origin}")
    verdict = replace(_best(signatures, trusted=trusted), covers=covered)
    if record is None and trusted:
        verdict = replace(verdict, indication=Indication.FAILED, code=Code.HASH_FAILURE)
    good = record is not None and trusted
    return Checked(
        over=question.over,
        verdict=verdict,
        identity=verdict.fingerprint if good else "",
        holds=record is not None,
        again=found.holds,
        enough=good,
        witnesses=witnesses_of(signatures, trust.threshold) if good else (),
        steps=(_step(question, found, record, trusted=trusted),),
    )


def _best(signatures: tuple[SignatureVerdict, ...], *, trusted: bool) -> SignatureVerdict:
    """Return the one signature that says what the head is worth."""
    log = [s for s in signatures if not s.witness] or list(signatures)
    wrong = [s for s in signatures if s.indication is Indication.FAILED]
    best = min((wrong or log), key=lambda s: s.indication.severity)
    if best.indication is Indication.PASSED and not trusted:
        few = Code.NO_TRUST_ANCHOR if best.witness else Code.TOO_FEW_SIGNERS
        return replace(best, indication=Indication.INDETERMINATE, code=few)
    return best


def read_proof(data: bytes) -> Proof | str:
    """Return the proof that a file holds, or why it holds none. It never raises."""
    before, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = before.decode("ascii").split("\n")
    except UnicodeDecodeError:
        return "it is not ASCII before its head."
    if not data.startswith(FIRST_LINE) or not blank:
        return "it lacks the first line of a proof, or the empty line before its head."
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    if rest != lines[1:] and decode_base64(lines[1].removeprefix("extra ")) is None:
        return "its extra data is not base64."
    index = _INDEX.fullmatch(rest[0]) if rest else None
    hashes = [decode_base64(line) for line in rest[1:]]
    if index is None or len(hashes) > _MOST_HASHES:
        return "it states no index, or more hashes than any tree needs."
    head = read_head(checkpoint)
    if isinstance(head, HeadProblem):
        return f"its head cannot be read: {head.message}"
    whole = tuple(one for one in hashes if one is not None and len(one) == HASH_BYTES)
    if len(whole) < len(hashes):
        return "a line of it is not a hash."
    return Proof(int(index[1]), whole, head)


def _step(question: Question, found: Proof, record: str | None, *, trusted: bool) -> Step:
    did = (
        f"Read {question.file.display}: record {found.index + 1:,} of {found.head.size:,} of "
        f"{found.head.origin}, {len(found.hashes)} hashes; made the record of "
        f"{question.over.display}, computed the root and verified the head."
    )
    by = "by a log that the auditor trusts" if trusted else "by no log that the auditor trusts"
    stands = f"The record ({record}) stands there" if record else "No record of it stands there"
    result = f"{stands}; the head is {by}."
    if record is None:
        return Step(CLAUSE, did, result, by_hand.because("No command: nothing agrees."))
    return Step(CLAUSE, did, result, *_by_hand(question, found, record))


#: RFC 9162 2.1.3.2, from the leaf up.
_CLIMB = (
    "import base64, hashlib, sys; h = lambda b: hashlib.sha256(b).digest(); "
    "d = open(sys.argv[1], 'rb').read(); i, n, k = int(sys.argv[3]), int(sys.argv[4]), 0; "
    "r = h(b'\\x00' + (h(d) if sys.argv[5] == 'hashed' else d)); "
    "p = open(sys.argv[2], 'rb').read().split(b'\\n\\n')[0].split(b'\\n'); "
    "p = [base64.b64decode(x) for x in p[[x[:6] for x in p].index(b'index ') + 1:]]; "
    "u = lambda i, n: (i >> 1, n >> 1); "
    "f = lambda r, i, n, p: r if not n else f(r, *u(i, n), p) if not i & 1 and i == n else "
    "f(h(b'\\x01' + p[0] + r) if i & 1 or i == n else h(b'\\x01' + r + p[0]), *u(i, n), p[1:]); "
    "print(base64.b64encode(f(r, i, n - 1, p)).decode())"
)


def _by_hand(question: Question, found: Proof, record: str) -> tuple[str, str]:
    how = "plain" if record == "the file itself" else "hashed"
    numbers = (str(found.index), str(found.head.size), how)
    commands = (
        by_hand.SCRATCH,
        by_hand.file_at(question.over, "F"),
        by_hand.file_at(question.file, "G"),
        by_hand.python(_CLIMB, '"$F"', '"$G"', *numbers),
        """sed '1,/^$/d' "$G" | sed -n 3p""",
    )
    root = base64.b64encode(found.head.root).decode()
    return "\n".join(commands), f"{root}\n{root}"

"""Signed notes, heads, verifier keys, proofs and tiles of transparency logs, RFC 6962 trees."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from tests.builders import KEY, OTHER_KEY, LogBuilder
from tests.fuzz.parsers import SELFTEST, Harness, Parser, files, require
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Indication, SignatureVerdict
from workbench.verify.detached.tlog_proof import Proof, read_proof
from workbench.verify.heads.head import Head, HeadProblem, judge_head, read_head
from workbench.verify.heads.merkle import (
    Accumulator,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)
from workbench.verify.heads.note import Note, NoteProblem, judge_note, read_note
from workbench.verify.heads.tree_head import read_tree_head
from workbench.verify.keys.public import load_public
from workbench.verify.keys.vkey import NoteKeyType, decode_base64, note_key_id, read_vkeys
from workbench.verify.tlog.tiles import MalformedBundle, entries_of, root_of
from workbench.verify.trust.anchors import load_trust

AT = datetime(2026, 6, 30, tzinfo=UTC)
NOTES = ("head/*/drop/*.head", "head/*/drop/*.note", "tlog/*/drop/**/checkpoint*")
LEAVES = [b"record %d" % n for n in range(7)]


def notes() -> Iterator[bytes]:
    """Yield heads of the self-test and some that are larger than any log."""
    yield from files(*NOTES)
    log = LogBuilder("workbench")
    head = log.head()
    yield head
    for size in (b"-1", b"0", b"00", b"18446744073709551616", b"1" + b"0" * 400, b"\xd9\xa1"):
        yield head.replace(b"\n12\n", b"\n" + size + b"\n", 1)
    yield head + head.rpartition(b"\n\n")[2] * 101


def signed(key_of_text: bytes) -> bool:
    """Tell whether one of our keys signed a text: then it stands in one of the seeds."""
    return key_of_text in _signed()


@cache
def _signed() -> frozenset[bytes]:
    read = [read_note(data) for data in notes()]
    return frozenset(note.text for note in read if isinstance(note, Note))


@cache
def _trust() -> Trust:
    specs = [f"log={path}" for path in sorted(SELFTEST.glob("head/*/trust/*"))]
    specs += [f"log={path}" for path in sorted(SELFTEST.glob("tlog/*/trust/log*"))]
    specs += [f"witness={path}" for path in sorted(SELFTEST.glob("tlog/*/trust/witness*"))]
    found = load_trust(specs, at=AT)
    own = [_anchor(key) for key in (KEY, OTHER_KEY)]
    return found.with_anchors([*found.anchors, *own])


def _anchor(key: object) -> TrustAnchor:
    from workbench.sign.keys import public_pem

    [found] = load_public(public_pem(key.public_key()), path="x")  # type: ignore[attr-defined]
    return TrustAnchor("x", AnchorKind.PUBLIC_KEY, TrustRole.LOG, found.fingerprint,
                       found.key_fingerprint, found.der)  # fmt: skip


def note(data: bytes) -> None:
    """Read and judge a note: a trusted key passes only what it signed; it is written as it lies."""
    found = read_note(data)
    if isinstance(found, NoteProblem):
        return
    require(data.startswith(found.text + b"\n"), "what is signed is not what lies there")
    passed(judge_note(found, _trust(), role=TrustRole.LOG, covers="x"), found.text)
    for line in found.signatures:
        read_tree_head(line.name, line.value, found.text)


def passed(verdicts: tuple[SignatureVerdict, ...], text: bytes) -> None:
    """Require that nothing passes but what was signed."""
    good = any(verdict.indication is Indication.PASSED for verdict in verdicts)
    require(not good or text in _signed(), "a changed note passes")


def head(data: bytes) -> None:
    """Read and judge a head."""
    found = read_head(data)
    if isinstance(found, HeadProblem):
        return
    require(isinstance(found, Head) and 0 <= found.size <= 1 << 63, "no size of a log")
    passed(judge_head(found, _trust()), found.text)


def vkeys(data: bytes) -> None:
    """Read verifier keys: the id of each belongs to it."""
    for key in read_vkeys(data.decode("utf-8", "replace")):
        if key is not None and key.kind in set(NoteKeyType):
            note_key_id(key.name, NoteKeyType(key.kind), key.raw)


def keys() -> Iterator[bytes]:
    """Yield verifier keys."""
    yield from files("*/*/trust/*.vkey")


def base64(data: bytes) -> None:
    """Decode base64: there is one spelling of everything."""
    import base64 as library

    found = decode_base64(data)
    require(found is None or library.b64encode(found) == data, "another spelling")


class _Bytes:
    """What a proof may be about, without a file."""

    def digest(self, name: str, suffix: bytes = b"") -> bytes:
        import hashlib

        return hashlib.new(name, LEAVES[3] + suffix).digest()

    def whole(self) -> bytes:
        return LEAVES[3]


def proof(data: bytes) -> None:
    """Read a proof: one that holds is about a record that was signed."""
    found = read_proof(data)
    if isinstance(found, Proof):
        found.holds(_Bytes())  # type: ignore[arg-type]  # as much of a file as is asked


def _tree(size: int) -> bytes:
    tree = Accumulator()
    for leaf in LEAVES[:size]:
        tree.add_leaf(leaf)
    return tree.root()


def proofs() -> Iterator[bytes]:
    """Yield a proof over a log of seven records."""
    import base64 as library

    from workbench.sign.head import write_head

    left = node_hash(leaf_hash(LEAVES[0]), leaf_hash(LEAVES[1]))
    right = node_hash(node_hash(leaf_hash(LEAVES[4]), leaf_hash(LEAVES[5])), leaf_hash(LEAVES[6]))
    checkpoint = write_head("x.example/log", 7, _tree(7), None, None, KEY, "x.example/log")
    hashes = [library.b64encode(h) for h in (leaf_hash(LEAVES[2]), left, right)]
    lines = [b"c2sp.org/tlog-proof@v1", b"extra QUJD", b"index 3", *hashes]
    yield b"\n".join(lines) + b"\n\n" + checkpoint
    yield b"\n".join([lines[0], *lines[2:]]).replace(b"index 3", b"index 9223372036854775808")


def entries(data: bytes) -> None:
    """Cut bundles of entries: each ends where the next begins, and the last at the end."""
    for of_certificates in (False, True):
        at = 0
        try:
            for end, leaf in entries_of(data, of_certificates=of_certificates):
                require(at < end <= len(data) and len(leaf) == 32, "an entry of no length")
                at = end
        except MalformedBundle as error:
            require(error.offset == at, "an entry begins elsewhere")
    root_of(data[:8192])


def bundles() -> Iterator[bytes]:
    """Yield bundles of entries and of certificates."""
    yield from files("tlog/*/drop/**/entries/**/*", "tlog/*/drop/**/data/**/*", most=8000)
    yield b"\0\3abc\0\0\0\1x" * 3
    yield bytes(10) + b"\0\0\3abc\0\0\0\2xy"
    yield bytes(9) + b"\1" + bytes(32) + b"\0\0\1a\0\0\0\0\1b\0\0"


def trees(data: bytes) -> None:
    """Ask for proofs with any numbers: only a true one holds, and no number takes long."""
    numbers = [int.from_bytes(data[i : i + 9], signed=True) for i in range(0, 27, 9)]
    first, second, third = (number >> data[27 + n] % 72 if len(data) > 30 else number
                            for n, number in enumerate(numbers))  # fmt: skip
    hashes = [data[i : i + 32] for i in range(31, len(data), 32)]
    root = _tree(7)
    held = verify_inclusion(leaf_hash(data[:5]), index=first, size=second, proof=hashes, root=root)
    require(not held, "what is no record is included")
    verify_consistency(first=first, second=second, proof=hashes, first_root=root, second_root=root)
    verify_subtree_inclusion(root, index=first, start=second, end=third, proof=hashes, root=root)
    verify_subtree_consistency(
        start=first, end=second, size=third, proof=hashes, subtree_root=root, root=root
    )


def numbers() -> Iterator[bytes]:
    """Yield numbers around the edges, each with digests."""
    for number in (0, 1, 6, 7, -1, 1 << 63, (1 << 71) - 1, -(1 << 71)):
        one = number.to_bytes(9, signed=True)
        yield one * 3 + bytes(4) + leaf_hash(LEAVES[2]) * 3
        yield one + (7).to_bytes(9) * 2 + bytes(4) + leaf_hash(LEAVES[2]) * 64


HARNESS = Harness(
    (
        Parser("note", note, notes),
        Parser("head", head, notes),
        Parser("verifier keys", vkeys, keys),
        Parser("base64", base64, lambda: [b"QUJD", b"QUJDRA==", b"QUJDRB=="]),
        Parser("proof", proof, proofs),
        Parser("entries", entries, bundles),
        Parser("trees", trees, numbers),
    )
)

"""Merkle trees of transparency logs: roots, inclusion and consistency (RFC 6962 2.1, RFC 9162 2.1).

A tree is over records, its leaves; a root stands for the records and their order. What holds:

* a proof is measured before anything is hashed: a proof of the wrong length proves nothing;
* a proof is true or false, never an exception: it comes from evidence;
* an ``Accumulator`` keeps one digest a level, however long the log is.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32

#: RFC 6962 2.1: the root of the empty tree is the hash of nothing.
EMPTY_ROOT = hashlib.sha256(b"").digest()

#: No tree is larger; keeps numbers out of evidence from growing into work.
MOST_LEAVES = 1 << 63


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one record."""
    # RFC 6962 2.1: 0x00 here and 0x01 below keep a leaf from posing as a node.
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Accumulator:
    """The root of a growing tree in bounded memory: the peaks of its perfect subtrees.

    Roots at earlier sizes are kept in ``roots`` for the sizes in ``marks``, which must be asked
    for before they are passed.
    """

    def __init__(self, marks: Iterable[int] = ()) -> None:
        self.size = 0
        self.roots: dict[int, bytes] = {}
        self._peaks: list[bytes] = []  # by level, b"" where there is none
        self._marks = sorted({mark for mark in marks if mark >= 0}, reverse=True)
        self._record_mark()

    def add_leaf(self, data: bytes) -> None:
        """Add one record."""
        self.add_packed(leaf_hash(data))

    def add_leaf_hash(self, digest: bytes) -> None:
        """Add one record by its leaf hash."""
        self.add_packed(digest)

    def add_leaf_hashes(self, digests: Iterable[bytes]) -> None:
        """Add records by their leaf hashes, in order: faster than one by one."""
        self.add_packed(b"".join(digests))

    def add_packed(self, digests: bytes) -> None:
        """Add records by their leaf hashes, 32 bytes each, one after the other: the fastest way.

        Raises:
            ValueError: the length is no multiple of 32.
        """
        if len(digests) % HASH_BYTES:
            raise ValueError("leaf hashes are 32 bytes each")
        done, count = 0, len(digests) // HASH_BYTES
        while done < count:
            end = count
            if self._marks:
                end = min(count, done + self._marks[-1] - self.size)
            self._extend(digests[done * HASH_BYTES : end * HASH_BYTES])
            self.size += end - done
            done = end
            self._record_mark()

    def root(self) -> bytes:
        """Return the root over all records added so far."""
        root = b""
        for peak in self._peaks:
            if peak:
                root = node_hash(peak, root) if root else peak
        return root or EMPTY_ROOT

    def _record_mark(self) -> None:
        if self._marks and self._marks[-1] == self.size:
            self.roots[self._marks.pop()] = self.root()

    def _extend(self, nodes: bytes) -> None:
        """Pair nodes level by level; what is left over at a level becomes its peak."""
        level = 0
        while nodes:
            if level == len(self._peaks):
                self._peaks.append(b"")
            nodes = self._peaks[level] + nodes
            paired = len(nodes) // 64 * 64
            self._peaks[level] = nodes[paired:]
            nodes = b"".join(
                [hashlib.sha256(b"\x01" + nodes[i : i + 64]).digest() for i in range(0, paired, 64)]
            )
            level += 1


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether ``leaf``, a leaf hash, is record ``index`` from 0 under ``root`` of ``size``.

    RFC 9162 2.1.3.2.
    """
    if not 0 <= index < size <= MOST_LEAVES:
        return False
    turns = _turns(index, size - 1)
    if not _fits(proof, len(turns), leaf, root):
        return False
    digest = leaf
    for turn, other in zip(turns, proof, strict=True):
        digest = node_hash(other, digest) if turn.left else node_hash(digest, other)
    return digest == root


def verify_consistency(
    *, first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Tell whether the tree of ``second`` records begins with that of ``first``, 0 excluded.

    RFC 9162 2.1.4.2. Everything begins with nothing, so a proof of that is refused.
    """
    return verify_subtree_consistency(
        start=0, end=first, size=second, proof=proof, subtree_root=first_root, root=second_root
    )


def verify_subtree_inclusion(
    leaf: bytes, *, index: int, start: int, end: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether ``leaf`` is record ``index`` of the log, within the subtree [start, end).

    draft-ietf-plants-merkle-tree-certs, subtree inclusion proofs.
    """
    if not _is_subtree(start, end):
        return False
    return verify_inclusion(leaf, index=index - start, size=end - start, proof=proof, root=root)


def verify_subtree_consistency(
    *, start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes
) -> bool:
    """Tell whether the subtree [start, end) is part of the tree of ``size`` records.

    draft-ietf-plants-merkle-tree-certs, subtree consistency proofs: RFC 9162 2.1.4.2 is the
    case that ``start`` is 0.
    """
    if not (_is_subtree(start, end) and end <= size <= MOST_LEAVES):
        return False
    # 1. Climb from the subtree's last record to the largest node that ends with it.
    first, last, end_of_tree = start, end - 1, size - 1
    while first != last and (last & 1 or last == end_of_tree):
        first, last, end_of_tree = first >> 1, last >> 1, end_of_tree >> 1
    # 2. That node is the subtree itself, or the first digest of the proof.
    whole = first == last
    turns = _turns(last, end_of_tree)
    if not _fits(proof, len(turns) + (not whole), subtree_root, root):
        return False
    inner = outer = subtree_root if whole else proof[0]
    # 3. What lies to the left belongs to both roots while still within the subtree.
    for turn, other in zip(turns, proof[not whole :], strict=True):
        if turn.left and first >> turn.level < last >> turn.level:
            inner = node_hash(other, inner)
        outer = node_hash(other, outer) if turn.left else node_hash(outer, other)
    return inner == subtree_root and outer == root


@dataclass(frozen=True, slots=True)
class _Turn:
    """A step up: whether the other child is the left one, and at which level it stands."""

    left: bool
    level: int


def _turns(index: int, last: int) -> list[_Turn]:
    """Return the way from node ``index`` to the root, where ``last`` is the last of its level.

    RFC 9162 2.1.3.2 steps 2 to 4, without the hashes: at most 63 steps.
    """
    turns: list[_Turn] = []
    level = 0
    while last:
        left = bool(index & 1) or index == last
        turns.append(_Turn(left, level))
        while left and not index & 1:
            index, last, level = index >> 1, last >> 1, level + 1
        index, last, level = index >> 1, last >> 1, level + 1
    return turns


def _is_subtree(start: int, end: int) -> bool:
    """Tell whether [start, end) starts where a perfect tree large enough for it would start."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def _fits(proof: Sequence[bytes], count: int, *digests: bytes) -> bool:
    return len(proof) == count and all(len(d) == HASH_BYTES for d in (*proof, *digests))

"""Merkle roots and proofs, against the recursive definitions of RFC 6962 2.1."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.verify.heads.merkle import (
    EMPTY_ROOT,
    MOST_LEAVES,
    Accumulator,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:k]), root_of(leaves[k:]))


def inclusion_of(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m < k:
        return [*inclusion_of(m, leaves[:k]), root_of(leaves[k:])]
    return [*inclusion_of(m - k, leaves[k:]), root_of(leaves[:k])]


def consistency_of(m: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """RFC 6962 2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [root_of(leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return [*consistency_of(m, leaves[:k], whole=whole), root_of(leaves[k:])]
    return [*consistency_of(m - k, leaves[k:], whole=False), root_of(leaves[:k])]


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(b"record %d" % i) for i in range(count)]


def test_roots_of_rfc_6962_are_reproduced() -> None:
    tree = Accumulator()
    assert tree.root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    tree.add_leaf(b"")
    assert tree.root().hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.lists(st.integers(0, 40), max_size=8), st.sets(st.integers(0, 200)))
def test_any_batching_gives_the_same_roots_at_every_mark(
    batches: list[int], marks: set[int]
) -> None:
    leaves = leaves_of(sum(batches))
    tree = Accumulator(marks)
    for size in batches:
        tree.add_leaf_hashes(leaves[tree.size : tree.size + size])
    assert tree.size == len(leaves)
    assert tree.root() == root_of(leaves)
    reached = {mark for mark in marks if mark <= len(leaves)}
    assert tree.roots == {mark: root_of(leaves[:mark]) for mark in reached}


def test_one_by_one_is_the_same_as_all_at_once() -> None:
    leaves = leaves_of(100)
    tree = Accumulator(marks=(64, 99))
    for leaf in leaves:
        tree.add_leaf_hash(leaf)
    assert (tree.root(), tree.roots[64]) == (root_of(leaves), root_of(leaves[:64]))


def test_half_a_leaf_hash_is_refused() -> None:
    tree = Accumulator()
    with pytest.raises(ValueError, match="32 bytes"):
        tree.add_packed(bytes(33))
    assert tree.size == 0


@pytest.mark.parametrize("size", range(1, 34))
def test_every_inclusion_proof_holds_and_no_neighbour_does(size: int) -> None:
    leaves = leaves_of(size)
    root = root_of(leaves)
    for index, leaf in enumerate(leaves):
        proof = inclusion_of(index, leaves)
        assert verify_inclusion(leaf, index=index, size=size, proof=proof, root=root)
        others = set(range(size + 1)) - {index}
        assert not any(
            verify_inclusion(leaf, index=other, size=size, proof=proof, root=root)
            for other in others
        )
        assert not verify_inclusion(leaf, index=index, size=size, proof=[*proof, root], root=root)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_consistency_proof_holds_and_with_no_other_size(size: int) -> None:
    leaves = leaves_of(size)
    root = root_of(leaves)
    for first in range(1, size + 1):
        first_root, proof = root_of(leaves[:first]), consistency_of(first, leaves)
        held = [
            other
            for other in range(size + 1)
            if verify_consistency(
                first=other, second=size, proof=proof, first_root=first_root, second_root=root
            )
        ]
        assert held == [first]


@given(st.integers(2, 64), st.data())
def test_a_flipped_bit_anywhere_in_a_proof_is_refused(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    first = data.draw(st.integers(1, size - 1))
    proof = consistency_of(first, leaves)
    place = data.draw(st.integers(0, len(proof) * 256 - 1))
    spoilt = bytearray(proof[place // 256])
    spoilt[place % 256 // 8] ^= 1 << place % 8
    proof[place // 256] = bytes(spoilt)
    assert not verify_consistency(
        first=first,
        second=size,
        proof=proof,
        first_root=root_of(leaves[:first]),
        second_root=root_of(leaves),
    )


def test_a_proof_from_nothing_is_refused() -> None:
    root = root_of(leaves_of(3))
    assert not verify_consistency(
        first=0, second=3, proof=[], first_root=EMPTY_ROOT, second_root=root
    )


@pytest.mark.parametrize("size", [0, -1, MOST_LEAVES + 1, 1 << 4000])
def test_sizes_out_of_range_are_refused_at_once(size: int) -> None:
    assert not verify_inclusion(bytes(32), index=0, size=size, proof=[], root=bytes(32))
    assert not verify_consistency(
        first=1, second=size, proof=[], first_root=bytes(32), second_root=bytes(32)
    )


def test_digests_of_another_length_are_refused() -> None:
    assert not verify_inclusion(b"x", index=0, size=1, proof=[], root=b"x")

"""Bytes are found by the engine where they stand, and nowhere else."""

import random

import pytest

from workbench.evidence.linear_regex import LONGEST_SOUGHT, BytesSought


@pytest.mark.parametrize("size", [1, 2, 32, LONGEST_SOUGHT, LONGEST_SOUGHT + 1])
def test_bytes_are_found_as_by_the_language_itself(size: int) -> None:
    chance = random.Random(size)
    for _ in range(60):
        # Few values: line ends, zeros and what is special in a pattern stand everywhere.
        values = chance.choice([b"\0\n\r", b".*\\[(", bytes(range(256)), b"\xff\xfe\x80"])
        sought = bytes(chance.choice(values) for _ in range(size))
        data = bytes(chance.choice(values) for _ in range(3000))
        at = chance.randrange(len(data))
        for block in (data, data[:at] + sought + data[at:], data + sought, sought + data, b""):
            assert BytesSought(sought).is_in(block) == (sought in block)


def test_a_part_of_the_bytes_is_not_enough() -> None:
    sought = bytes(range(1, 33))
    assert not BytesSought(sought).is_in(sought[:-1] + b"\0" + sought[1:])

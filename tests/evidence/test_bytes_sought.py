"""Bytes are found where they stand, and nowhere else, by each way that a processor offers."""

import random
from collections.abc import Iterator

import pytest
import stringzilla

from workbench.evidence.bytes_in import is_in


@pytest.fixture(params=stringzilla.__capabilities__)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let the library have only one of the ways that this processor knows."""
    known = stringzilla.__capabilities__
    stringzilla.reset_capabilities([request.param])
    yield request.param
    stringzilla.reset_capabilities(known)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 31, 32, 33, 65, 91, 270, 1025])
def test_bytes_are_found_as_by_the_language_itself(way: str, size: int) -> None:
    chance = random.Random(size)
    for _ in range(60):
        # Few values: what is sought begins, goes on and ends everywhere.
        values = chance.choice([b"\0\n\r", b"\0", b".*\\[(", bytes(range(256)), b"\xff\xfe\x80"])
        sought = bytes(chance.choice(values) for _ in range(size))
        data = bytes(chance.choice(values) for _ in range(chance.choice([0, size - 1, 70, 3000])))
        at = chance.randrange(len(data) + 1)
        for block in (data, data[:at] + sought + data[at:], data + sought, sought + data):
            assert is_in(sought, block) == (sought in block), way


def test_a_part_of_the_bytes_is_not_enough(way: str) -> None:
    sought = bytes(range(1, 92))
    for wrong in range(len(sought)):
        changed = sought[:wrong] + b"\0" + sought[wrong + 1 :]
        assert not is_in(sought, b"x" * 100 + changed + b"x" * 100), way


def test_bytes_are_found_at_every_place_of_a_block(way: str) -> None:
    sought = bytes(range(1, 34))
    for at in range(200):
        assert is_in(sought, bytes(at) + sought + bytes(200 - at)), way

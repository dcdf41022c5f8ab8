from random import Random

import pytest

from workbench.evidence.textual import is_text

NOISE = Random(1).randbytes(256 * 1024)
LINE = b'{"seq": 1, "actor": "ann", "hash": "00ff"}\n'


@pytest.mark.parametrize("size", [64, 300, 5000, 256 * 1024])
def test_noise_is_no_text_and_a_log_is(size: int) -> None:
    assert not is_text(NOISE[:size])
    assert is_text((LINE * (size // len(LINE) + 1))[:size])


@pytest.mark.parametrize("lines", [2, 40, 7000])
@pytest.mark.parametrize("junk", [b"\xff", b"\x00\xff\xfe", NOISE[:40]])
def test_a_log_with_a_few_bytes_before_it_is_still_text(lines: int, junk: bytes) -> None:
    assert is_text(junk + LINE * lines)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
def test_a_text_in_another_encoding_is_text(encoding: str) -> None:
    assert is_text(("who;what;when\nänne;löscht;2026\n" * 50).encode(encoding))


def test_a_part_is_told_by_itself() -> None:
    assert is_text(NOISE + LINE * 100, len(NOISE))
    assert not is_text(LINE * 100 + NOISE, len(LINE) * 100)

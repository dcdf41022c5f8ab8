"""Tell text from what is none (weights, databases, pictures), by a sample of its bytes."""

_TEXTUAL = bytes([0, 9, 10, 13, *range(32, 127)])
_SAMPLE = 4096
#: Every so many bytes one is looked at, of short ones every so many of at least, and which share of
#: those has to be textual. The first sample noise (two bytes in five are textual) seldom passes and
#: text always does; the second tells for certain.
_GLANCE = 4093, 64, 0.5
_SECOND = 509, 512, 0.6


def is_text(block: bytes, begin: int = 0, end: int | None = None) -> bool:
    """Tell whether a part of a block is text for the most part, by a sample of it."""
    end = len(block) if end is None else end
    start = block[begin : min(begin + _SAMPLE, end)]
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:  # not only a character cut in two
            return all(_looks_textual(block, begin, end, *how) for how in (_GLANCE, _SECOND))
    return True


def _looks_textual(
    block: bytes, begin: int, end: int, every: int, least: int, share: float
) -> bool:
    sample = block[begin : end : max(1, min(every, (end - begin) // least))]
    rest = len(sample.translate(None, _TEXTUAL))
    return len(sample) - rest >= share * len(sample)

"""Evidence text made safe to show: plain, visible, never interpreted (VERDICTS section 8)."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Unicode general categories that a reader cannot see or that move what he sees.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: Letters, marks and symbols of other categories that are drawn as nothing, so that two names look
#: alike: fillers, joiners, selectors (Unicode 15.1, Default_Ignorable_Code_Point) and blanks. Not
#: U+FE0E and U+FE0F, which stand behind what every keyboard offers as a picture.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0"
    "\U00013441\U00013442\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)
_ELISION = "…"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Marks(dict[int, str]):
    """For ``str.translate``: a code point to what is shown for it, worked out once each."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        hidden = unicodedata.category(character) in _HIDDEN or _UNSEEN.match(character)
        shown = f"[U+{code_point:04X}]" if hidden else character
        self[code_point] = shown
        return shown


_MARKS = _Marks()


def visible(text: str, *, limit: int | None = None) -> str:
    """Return ``text`` with everything hidden in it shown as a mark like ``[U+202E]``.

    Control characters (line breaks among them), format and bidi characters, private use,
    unassigned code points, lone surrogates and letters that are drawn as nothing are marked.

    Args:
        text: anything that evidence says.
        limit: characters to return at most; what is too long is cut in the middle.
    """
    if limit is not None and len(text) > limit:
        return _elided(text, max(limit, 1))
    shown = text if _is_plain(text) else text.translate(_MARKS)
    return shown if limit is None or len(shown) <= limit else _elided(text, max(limit, 1))


def _is_plain(text: str) -> bool:
    return text.isprintable() and (text.isascii() or not _UNSEEN.search(text))


def _elided(text: str, limit: int) -> str:
    """Keep both ends of ``text``; no mark is cut in two."""
    room = limit - len(_ELISION)
    head = _fitting(text[:limit], room - room // 2)
    tail = _fitting(text[: -limit - 1 : -1], room // 2)
    return "".join((*head, _ELISION, *reversed(tail)))


def _fitting(characters: str, room: int) -> list[str]:
    """Return what is shown for the first of ``characters``, as many as ``room`` allows."""
    shown: list[str] = []
    for character in characters:
        mark = _MARKS[ord(character)]
        room -= len(mark)
        if room < 0:
            break
        shown.append(mark)
    return shown


def safe_cell(text: str) -> str:
    """Return ``text`` as a CSV or spreadsheet cell that no program takes for a formula."""
    return f"'{visible(text)}" if text.startswith(_FORMULA_STARTS) else visible(text)


def csv_line(cells: Iterable[str | int | None]) -> str:
    """Return a line of CSV without its end; no cell is a formula, and None is an empty one."""
    line = io.StringIO()
    safe = (safe_cell(c) if isinstance(c, str) else "" if c is None else c for c in cells)
    csv.writer(line, lineterminator="").writerow(safe)
    return line.getvalue()


def csv_of_rows(rows: Iterable[Mapping[str, str | int | None]]) -> Iterator[str]:
    """Yield rows as lines of CSV without their ends, the names of the columns first."""
    for number, row in enumerate(rows):
        if number == 0:
            yield csv_line(row.keys())
        yield csv_line(row.values())


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows of as many cells each, every cell below the one above it."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()

"""A log that goes on where another file of the drop ends was rotated, as far as one can tell.

Where no file ends so, the names of files may tell which one is missing: it is said, and decides
nothing, for a row of names proves nothing either.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_range
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.verdict import Code, DiagnosisClass, SubjectVerdict, indeterminate

#: The last two records of a file are looked for in so many bytes at its end.
_END = 64 * 1024


def with_file_before(
    verdict: SubjectVerdict, subject: Subject, others: Iterable[EvidenceFile], stated: Expectation
) -> SubjectVerdict:
    """Name the file that ends with what the first record continues, if there is one.

    Then a first number other than the declared one is no contradiction: Completeness is open, if
    neither an anchor nor the auditor says how the log begins, and nothing else is wrong with it.
    """
    if subject.format != "chain":
        return verdict
    cut = [d for d in verdict.diagnoses if d.kind == DiagnosisClass.HEAD_TRUNCATED and d.stored]
    files = [file for file in others if file not in subject.files]
    before = next((file for file in files if cut and _ends_with(file, cut[0].stored)), None)
    if before is None:
        told = _gap(subject.files[0], files, continues=bool(cut))
        return replace(verdict, notes=(*verdict.notes, told)) if told else verdict
    note = f"{before.display} ends with the digest that the first record here continues."
    verdict = replace(verdict, notes=(*verdict.notes, note))
    said = bool(subject.anchors) or replace(stated, profile=None) != Expectation()
    if said or len(verdict.diagnoses) != 1:
        return verdict
    return replace(verdict, completeness=indeterminate(Code.HEAD_UNKNOWN))


def _ends_with(file: EvidenceFile, digest: str) -> bool:
    """Tell whether the last line holds a digest that the one before has not: it is no link."""
    try:
        end = read_range(file, max(0, file.size - _END), _END)
    except SourceError:
        return False
    *_, link, last = b"", b"", *end.rstrip().split(b"\n")
    return bool(link) and digest.encode() in last and digest.encode() not in link


#: Of files that are missing by their names so many are listed.
_MOST = 3
_DAY = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")
_PLACE = re.compile(r"\d+|\0")


@dataclass(frozen=True)
class _Place:
    """A file in a row of files: what its name is without numbers, and its numbers and days."""

    file: EvidenceFile
    shape: str
    values: tuple[date | int, ...]


def _place_of(file: EvidenceFile) -> _Place:
    days: list[date] = []

    def day(found: re.Match[str]) -> str:
        try:
            days.append(date(int(found[1]), int(found[3]), int(found[4])))
        except ValueError:
            return found[0]
        return "\0"

    name, left = _DAY.sub(day, file.place), iter(days)
    values = tuple(next(left) if f[0] == "\0" else int(f[0][-18:]) for f in _PLACE.finditer(name))
    return _Place(file, _PLACE.sub(lambda f: "\0" if f[0] == "\0" else "#", name), values)


def _gap(file: EvidenceFile, others: Sequence[EvidenceFile], *, continues: bool) -> str:
    """Say what the names of files tell of what lay between them and this one; "" for nothing.

    Args:
        file: the log.
        others: those beside it, none of which ends with what it goes on from.
        continues: whether it goes on from another one.
    """
    mine = _place_of(file)
    row = [place for place in map(_place_of, others) if place.shape == mine.shape]
    for at, value in enumerate(mine.values):
        rest = mine.values[:at], mine.values[at + 1 :]
        near = {p.values[at]: p.file for p in row if (p.values[:at], p.values[at + 1 :]) == rest}
        beside = _beside(value, near, both=continues)
        missing = [n for one in beside for n in _between(one, value)]
        names = " and ".join(near[one].display for one in beside)
        if beside and continues:
            said = "No file here ends with the digest that the first record continues, also not "
            return f"{said}{names}, next to this file by name{_listed(value, missing)}."
        if missing and isinstance(value, int):
            said = f"{names} comes before this file by name{_listed(value, missing)}."
            return f"{said} A chain that begins in this file shows nothing of one before it."
    return ""


def _beside(value: date | int, near: Iterable[date | int], *, both: bool) -> list[date | int]:
    """Return what comes before a name and, where the oldest may have the highest number, after."""
    lower = [one for one in near if _number(one) < _number(value)]
    higher = [one for one in near if _number(one) > _number(value)]
    after = both and isinstance(value, int)
    return [*sorted(lower, key=_number)[-1:], *(sorted(higher, key=_number)[:1] if after else [])]


def _between(one: date | int, other: date | int) -> range:
    low, high = sorted((_number(one), _number(other)))
    return range(low + 1, high)


def _number(value: date | int) -> int:
    return value if isinstance(value, int) else value.toordinal()


def _listed(value: date | int, missing: Sequence[int]) -> str:
    """Return what stands between names of a row."""
    if not missing:
        return ""
    is_number = isinstance(value, int)
    shown = [str(n) if is_number else str(date.fromordinal(n)) for n in missing[:_MOST]]
    more = f" and {len(missing) - _MOST:,} more" if len(missing) > _MOST else ""
    return f"; {', '.join(shown)}{more} by name {'is' if len(missing) == 1 else 'are'} not here"

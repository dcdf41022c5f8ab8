"""The cases that were open lately, as they stood then: what the Start page lists."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from workbench.gui.context import CaseHeader
from workbench.gui.parts.mark import Mark
from workbench.gui.settings import Settings
from workbench.gui.text import tr
from workbench.model.verdict import Dimension, DimensionVerdict, Indication

_KEY = "recent"
MOST = 50


@dataclass(frozen=True, slots=True)
class Recent:
    """A case as it stood when it was last open.

    Attributes:
        place: its folder.
        title: its name.
        detail: number, sources.
        verdict: the worst verdict, in words.
        mark: the mark of that, by the name of ``Mark``.
        opened: when, ISO 8601 in UTC.
    """

    place: str
    title: str
    detail: str
    verdict: str
    mark: str
    opened: str

    @property
    def is_there(self) -> bool:
        """Whether the folder is where it was."""
        return Path(self.place).is_dir()


def recents(settings: Settings) -> tuple[Recent, ...]:
    """Return the cases, the last one first; what cannot be read is left out."""
    found = settings.remembered(_KEY)
    rows = found if isinstance(found, list) else []
    kept = (_read(row) for row in rows if isinstance(row, dict))
    return tuple(case for case in kept if case is not None)[:MOST]


def remember(settings: Settings, folder: Path, header: CaseHeader, *, at: datetime) -> None:
    """Put a case at the head of the list, as it stands."""
    mark, verdict = worst_of(header.dimensions)
    sources = tr("1 source") if header.sources == 1 else tr("{} sources").format(header.sources)
    detail = " · ".join(part for part in (header.number, sources) if part)
    place = str(folder.resolve())
    case = Recent(place, header.title, detail, verdict, mark.name, at.isoformat())
    others = [each for each in recents(settings) if each.place != place]
    settings.remember(_KEY, [asdict(each) for each in (case, *others[: MOST - 1])])


def forget(settings: Settings, place: str) -> None:
    """Take a case off the list; the case itself stays where it is."""
    left = [asdict(each) for each in recents(settings) if each.place != place]
    settings.remember(_KEY, [*left])


def worst_of(dimensions: Mapping[Dimension, DimensionVerdict]) -> tuple[Mark, str]:
    """Return the worst verdict of a case as mark and words: ``FAILED: integrity``."""
    if not dimensions:
        return Mark.NONE, tr("Not verified")
    worst = max((v.indication for v in dimensions.values()), key=lambda each: each.severity)
    named = [which.value for which, v in dimensions.items() if v.indication is worst]
    whole = worst is Indication.PASSED and len(named) == len(Dimension)
    return Mark[worst.name], f"{worst}: {tr('all four') if whole else ', '.join(named)}"


def _read(row: Mapping[str, object]) -> Recent | None:
    texts = {name: row.get(name) for name in Recent.__slots__}
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    case = Recent(**{name: str(text) for name, text in texts.items()})
    return case if case.mark in Mark.__members__ else None

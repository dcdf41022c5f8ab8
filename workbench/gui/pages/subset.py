"""Hand over a part of the case, with pseudonyms for names; what is withheld is counted."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit

from workbench.gui.amounts import Unit
from workbench.gui.context import WindowContext, read_only
from workbench.gui.page import Group, Page
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.path_field import PathField
from workbench.gui.tasks.page import TaskPage, Told
from workbench.gui.tasks.places import beside, first, no_file, no_place
from workbench.gui.text import tr
from workbench.model.progress import Cancel, Progress
from workbench.model.query_fields import Area

if TYPE_CHECKING:
    from workbench.services.subset import Asked, Personal, Subset
    from workbench.store.case_store import CaseStore

_AREAS = (Area.EVENTS, Area.THINGS, Area.FINDINGS)
_MOST_PLACES = 5
_NOBODY = "Nothing looks like a person's."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be handed over, as it was typed."""

    queries: dict[Area, str | None]
    also: Path | None
    keep: frozenset[str]
    accept: bool

    def asked(self) -> "Asked":
        """Return it with the further names read.

        Raises:
            SourceError: the file of names cannot be read.
        """
        from workbench.evidence.file import read_whole, single
        from workbench.services import subset

        data = b"" if self.also is None else read_whole(single(self.also))
        lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
        return subset.Asked(self.queries, tuple(filter(None, lines)), self.keep, self.accept)


def surveyed(case: "CaseStore", wanted: Wanted, cancel: Cancel) -> "Personal":
    """Return what may point to a person in what is chosen."""
    from workbench.services import subset

    return subset.survey(case, wanted.asked(), cancel=cancel)


def written(
    case: "CaseStore", out: Path, mapping: Path, wanted: Wanted, progress: Progress, cancel: Cancel
) -> "Subset":
    """Write it, and who stands behind which pseudonym.

    Raises:
        WorkbenchError: nothing was written.
    """
    from workbench.services import subset

    return subset.write(case, out, mapping, wanted.asked(), progress=progress, cancel=cancel)


class SubsetPage(TaskPage):
    """What goes in, whose names stay, where it goes, and who keeps the names."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr(
            "Names are replaced by pseudonyms wherever they stand; what is left out is counted."
        )
        act = (tr("Write part"), "share-2")
        super().__init__(context, tr("Hand over a part of the case"), facts, act)
        theme = context.theme
        names = {
            Area.EVENTS: tr("Events"),
            Area.THINGS: tr("Things"),
            Area.FINDINGS: tr("Findings"),
        }
        self.wanted = {area: QCheckBox(names[area]) for area in _AREAS}
        self.queries = {area: QLineEdit() for area in _AREAS}
        self.keep = QLineEdit()
        self.also = PathField(theme, tr("Further names"), saves=False)
        self.accept = QCheckBox(tr("Let stay what only looks like a person's"))
        self.out = PathField(theme, tr("Folder to make"), saves=True)
        self.mapping = PathField(theme, tr("Who is who"), saves=True)
        self.look = Button(theme, tr("Look first"), "eye")
        self.beside.addWidget(self.look)
        self.look.clicked.connect(self._look)
        for area in _AREAS:
            self.queries[area].setPlaceholderText(tr("All of them, or a query"))
            self.queries[area].setAccessibleName(tr("Which {}").format(area.value))
            self.queries[area].textEdited.connect(
                lambda _text, area=area: self.wanted[area].setChecked(True)
            )
        self._fill()
        self.suggest()
        fields = (*self.wanted.values(), *self.queries.values())
        self.watch(*fields, self.keep, self.also, self.accept, self.out, self.mapping)

    def why_not(self) -> str:
        """Return why nothing can be handed over now, or ""."""
        mapping = self.mapping.path()
        return first(
            (
                read_only(self.context.services),
                self._nothing(),
                no_place(self.out.path(), tr("Say which folder is to be made.")),
                tr("Say where the names are kept.") if mapping is None else "",
            )
        )

    def check(self, *changed: object) -> None:
        """Say why it cannot be written, or looked at."""
        super().check(*changed)
        self.look.allow(self._busy or self._nothing())

    def begin(self) -> None:
        """Write it."""
        out, mapping, wanted = self.out.path(), self.mapping.path(), self._wanted()
        if out is None or mapping is None:
            return
        self.change(
            tr("Write {}").format(out.name),
            lambda case, progress, cancel: written(case, out, mapping, wanted, progress, cancel),
            lambda made: self._show(out, mapping, made),
            unit=Unit.ITEMS,
        )

    def _look(self) -> None:
        wanted = self._wanted()
        self.change(
            tr("Look for what points to a person"),
            lambda case, _progress, cancel: surveyed(case, wanted, cancel),
            self._show_look,
            unit=Unit.ITEMS,
        )

    def _show_look(self, found: "Personal") -> None:
        said = tr("Patterns see what looks like a name, not what is one. Nothing was written.")
        lines = _personal(found) or [(tr("Nothing"), tr(_NOBODY))]
        self.tell(tr("What may point to a person"), lines, said)

    def _show(self, out: Path, mapping: Path, made: "Subset") -> None:
        lines: list[Told] = [(tr("Folder"), str(out))]
        for area in _AREAS:
            given, withheld = made.rows.get(area, 0), made.withheld.get(area, 0)
            counts = tr("{} handed over, {} withheld").format(f"{given:,}", f"{withheld:,}")
            lines.append((area.value.capitalize(), counts))
        lines.append((tr("Pseudonyms"), tr("{} names").format(f"{made.replaced:,}")))
        lines.append((tr("Who is who"), tr("{} (keep it to yourself)").format(mapping)))
        left = [(tr("Left"), f"{kind}: {told}") for kind, told in _personal(made.after)]
        lines += left or [(tr("Left"), tr(_NOBODY))]
        self.tell(tr("Part written"), lines, tr("Read it before you hand it over."))

    def _wanted(self) -> Wanted:
        queries: dict[Area, str | None] = {
            area: self.queries[area].text().strip() if self.wanted[area].isChecked() else None
            for area in _AREAS
        }
        kept = frozenset(self.keep.text().replace(",", " ").split())
        return Wanted(queries, self.also.path(), kept, self.accept.isChecked())

    def _nothing(self) -> str:
        if not any(box.isChecked() for box in self.wanted.values()):
            return tr("Choose events, things or findings.")
        also = self.also.path()
        return "" if also is None else no_file(also, "")

    def suggest(self) -> None:
        """Name a folder beside the case; who is who stays in one file."""
        if (case := self.context.services.case) is not None:
            self.propose(self.out, beside(case, " part"))
            if self.mapping.path() is None:
                self.mapping.show_path(beside(case, " names.json"))

    def _fill(self) -> None:
        chosen = column(gap=4)
        for area in _AREAS:
            chosen.addWidget(self.wanted[area])
            chosen.addWidget(self.queries[area])
        form = self.form
        form.add(tr("What is handed over"), boxed(chosen))
        form.add(
            tr("Further names to replace, one a line (may be empty)"),
            self.also,
            tr("Who is an actor, owner or author anywhere in the case is replaced without that."),
        )
        form.add(tr("Columns of persons to leave as they are (may be empty)"), self.keep)
        form.add("", self.accept)
        form.add(tr("Folder to make"), self.out)
        form.add(
            tr("Who is who: the file that you keep"),
            self.mapping,
            tr("With one that is there already, the same people are called the same."),
        )


def _personal(found: "Personal") -> list[Told]:
    return [
        (kind.value, f"{count:,}: {'; '.join(found.places[kind][:_MOST_PLACES])}")
        for kind, count in found.counts.items()
    ]


PAGE = Page("subset", "Hand over a part", "share-2", 8, Group.TASK, SubsetPage, inspects=False)

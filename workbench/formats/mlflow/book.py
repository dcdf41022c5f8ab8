"""What is known of a store that is handed over as many files, while it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile
from workbench.formats.doubts import digest_doubt, is_licence, licence_doubt
from workbench.formats.part import Part
from workbench.formats.sheet import DOCUMENT, Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Lifecycle,
    stage_against_alias,
)
from workbench.model.progress import Cancel
from workbench.model.source import Problem


@dataclass(slots=True)
class Book:
    """A store; each of its files has a sheet, and all share the keys that were told.

    Attributes:
        cancel: checked once a thing.
        whole: numbers and gaps of the whole store.
        known: the keys that were told.
        held: what each of them was told from.
        aliases: aliases of versions by name of the model and version, with their places.
        datasets: keys of datasets by experiment, name and digest, which is how metrics name them.
    """

    cancel: Cancel
    whole: Sheet
    known: set[str] = field(default_factory=set)
    held: dict[str, Part] = field(default_factory=dict)
    aliases: dict[tuple[str, str], list[Attribute]] = field(default_factory=dict)
    datasets: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _open: list[Sheet] = field(default_factory=list)
    _doubts: dict[tuple[str, str], list[tuple[Sheet, str]]] = field(default_factory=dict)

    def sheet(self, file: EvidenceFile) -> Sheet:
        """Return the sheet of one more file."""
        made = Sheet(file, self.cancel, known=self.known)
        made.document_key = key_of(DOCUMENT, file.place)
        self._open.append(made)
        return made

    def is_first(self, key: str, part: Part) -> bool:
        """Tell whether a thing was not told yet; the same again says nothing new.

        Where it says another, that is noted, and what it says is kept with its file.
        """
        self.cancel.check()
        before = self.held.setdefault(key, part)
        if before is part:
            self.known.add(key)
            return True
        if before.members == part.members:
            part.rest()
            return False
        part.give_back()
        what = f"says another of {key} than {before.pointer or '/'} of {before.sheet.file.display}"
        part.sheet.problem(CatalogProblem.CONTRADICTION, part.pointer, what)
        return False

    def doubt(self, code: str, sheet: Sheet, pointer: str, what: str) -> None:
        """Note what is doubtful at a place; the same of many places is told once (``close``)."""
        if what:
            self._doubts.setdefault((code, what), []).append((sheet, pointer))

    def doubt_digest(self, sheet: Sheet, digest: str, pointer: str) -> list[Attribute]:
        """Return the digest of a dataset; it is short, and whatever the client made of it."""
        self.doubt(CatalogProblem.WEAK_DIGEST, sheet, pointer, digest_doubt(digest))
        return [Attribute(AttributeGroup.DIGEST, "digest", digest, pointer)] if digest else []

    def doubt_tags(self, sheet: Sheet, tags: Sequence[Attribute]) -> None:
        """Note what is doubtful about licences among some tags."""
        for tag in tags:
            if is_licence(tag.name):
                what = licence_doubt(tag.value)
                self.doubt(CatalogProblem.UNKNOWN_LICENCE, sheet, tag.pointer, what)

    def doubt_stage(
        self, part: Part, stage: Lifecycle, word: str, names: Sequence[Attribute]
    ) -> None:
        """Note an alias that says in production where the stage says another."""
        if alias := stage_against_alias(stage, [name.name for name in names]):
            what = f"is called {alias} and stands in stage {word}"
            self.doubt(CatalogProblem.CONTRADICTION, part.sheet, part.pointer, what)

    def note(self, problem: Problem) -> None:
        """Note a problem with a place of its own."""
        self.whole.note(problem)

    def drain(self, records: Iterator[CatalogRecord]) -> Iterator[CatalogRecord | Problem]:
        """Yield records with what was noted on the way."""
        for record in records:
            yield record
            for sheet in (self.whole, *self._open):
                yield from sheet.problems()

    def turn(self) -> Iterator[CatalogRecord | Problem]:
        """Close the sheets that are open: tell what was told of nothing else, and what is wrong."""
        for sheet in self._open:
            yield from sheet.document()
            yield from sheet.problems()
        self._open.clear()
        yield from self.whole.problems()

    def close(self) -> Iterator[CatalogRecord | Problem]:
        """Tell what is left at the end."""
        yield from self.turn()
        for (code, what), places in self._doubts.items():
            more = f", and so {len(places) - 1:,} more" if len(places) > 1 else ""
            sheet, pointer = places[0]
            sheet.problem(code, pointer, what + more)
            yield from sheet.problems()

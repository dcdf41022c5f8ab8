"""What the folders of a store hold, as things: by the same words as every other form of a store."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.strict_yaml import load_yaml
from workbench.formats.document import unread
from workbench.formats.mlflow import edges, entities
from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.edges import At
from workbench.formats.mlflow.lists import peek, seen
from workbench.formats.mlflow.words import CONTEXT_TAG, EDGES
from workbench.formats.mlflow_files.shape import Folder, Shape
from workbench.formats.mlflow_files.values import Values
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    Attribute,
    CatalogProblem,
    CatalogRecord,
    Relation,
    Thing,
)
from workbench.model.locator import Locator
from workbench.model.source import Problem

if TYPE_CHECKING:
    from workbench.evidence.strict_json import JsonValue


@dataclass(slots=True)
class Teller:
    """Tells a store folder by folder.

    Attributes:
        book: what is known of the store.
        shape: how its files lie.
        values: reads files of one value.
        limits: bounds a file.
    """

    book: Book
    shape: Shape
    values: Values
    limits: Limits

    def told(self) -> Iterator[CatalogRecord | Problem]:
        """Yield the whole store; after each folder what is wrong with it."""
        for experiment in self.shape.experiments.values():
            yield from self._settled(self._experiment(experiment))
            for id_, file in experiment.linked.get("datasets", ()):
                yield from self._settled(self._dataset(experiment, id_, file))
            for model in experiment.logged.values():
                yield from self._settled(self._logged_model(model))
            for run in experiment.inner.values():
                yield from self._settled(self._run(experiment, run))
        for model in self.shape.models.values():
            yield from self._settled(self._model(model))
            for version in model.inner.values():
                yield from self._settled(self._version(model, version))

        for file in self.shape.strays:
            yield from self._settled(self._stray(file))

    def _stray(self, file: EvidenceFile) -> Iterator[CatalogRecord]:
        """Keep what a file says that lies where no store has one of its kind."""
        part = self._part(file)
        what = "says what it is of and lies where no store has that"
        part.sheet.problem(CatalogProblem.MALFORMED_RECORD, "", what)
        yield from ()

    def _settled(self, records: Iterator[CatalogRecord]) -> Iterator[CatalogRecord | Problem]:
        yield from self.book.drain(records)
        yield from self.book.turn()

    def _meta(self, folder: Folder, kind: str, name: str) -> Part:
        """Return what a ``meta.yaml`` says; one that is missing or damaged says nothing.

        MLflow itself leaves out what such a folder holds, with nothing but a warning.
        """
        if folder.meta is None:
            file = next(iter(_files_of(folder)), self.book.whole.file)
            what = f"the {kind} {folder.name} has no meta.yaml"
            self.values.problem(file, CatalogProblem.MALFORMED_RECORD, what)
            return Part(self.book.sheet(file), {}, "")
        part = self._part(folder.meta)
        stated = seen(part, name)
        if part.members and folder.name and stated != folder.name:
            what = f"says {stated or 'nothing'} and lies in the folder of {folder.name}"
            part.sheet.problem(CatalogProblem.CONTRADICTION, part.at(name), what)
        return part

    def _part(self, file: EvidenceFile) -> Part:
        sheet = self.book.sheet(file)
        try:
            data = read_whole(file, limits=self.limits)
            value = cast("JsonValue", load_yaml(data, what=file.display, limits=self.limits))
        except SourceError as error:
            sheet.note(unread(file, error))
            return Part(sheet, {}, "")
        return Part.apart(sheet, value, "")

    def _experiment(self, folder: Folder) -> Iterator[CatalogRecord]:
        tags = self.values.of(folder, "tags")
        if folder.meta is None and not tags:
            return  # only a part of the experiment was handed over
        part = self._meta(folder, "experiment", "experiment_id")
        key = key_of("experiment", seen(part, "experiment_id") or folder.name)
        if self.book.is_first(key, part):
            part.text("experiment_id")
            yield entities.experiment(part, key, tags)

    def _dataset(self, experiment: Folder, id_: str, file: EvidenceFile) -> Iterator[CatalogRecord]:
        part = self._part(file)
        key = key_of("dataset", experiment.name, id_)
        known = experiment.name, seen(part, "name"), seen(part, "digest")
        self.book.datasets[known] = key
        if self.book.is_first(key, part):
            yield entities.dataset(self.book, part, key)

    def _run(self, experiment: Folder, folder: Folder) -> Iterator[CatalogRecord]:
        info = self._meta(folder, "run", "run_id")
        self._doubt_home(info, experiment)
        key = key_of("run", seen(info, "run_id") or folder.name)
        if not self.book.is_first(key, info):
            return
        tags, params = (self.values.of(folder, kind) for kind in ("tags", "params"))
        self.book.doubt_tags(info.sheet, tags)
        links, around = self._links(key, experiment, folder)
        more = [*params, *self.values.points(folder), *around]
        yield entities.run(info, key, tags, more)
        yield from edges.of_run(self.book, info, key, tags, self._at(folder))
        yield from links

    def _doubt_home(self, info: Part, experiment: Folder) -> None:
        stated = seen(info, "experiment_id")
        if stated and experiment.name and stated != experiment.name:
            what = f"says {stated} and lies in the folder of {experiment.name}"
            info.sheet.problem(CatalogProblem.CONTRADICTION, info.at("experiment_id"), what)

    def _links(
        self, run: str, experiment: Folder, folder: Folder
    ) -> tuple[list[Relation], list[Attribute]]:
        """Return what a run read and wrote, and what is said of that beyond it."""
        found: list[Relation] = []
        around: list[Attribute] = []
        for side in ("inputs", "outputs"):
            for id_, file in folder.linked.get(side, ()):
                part = self._part(file)
                found += self._link(part, run, experiment, id_)
                for other in part.rest(f"{side}.{id_}.") if part.members else ():
                    pointer = f"{side}/{id_}/meta.yaml {other.pointer}"
                    around.append(replace(other, pointer=pointer))
        return found, around

    def _link(self, part: Part, run: str, experiment: Folder, id_: str) -> Iterator[Relation]:
        """Yield what one input or output relates; the run is that in whose folder it lies."""
        ends = seen(part, "source_type"), seen(part, "destination_type")
        edge = EDGES.get(ends)
        if edge is None:
            what = f"relates {' to '.join(ends)}, which has no known meaning"
            part.sheet.problem(CatalogProblem.UNKNOWN_RELATION, part.pointer, what)
            return
        other, end = (edge[1], "destination_id") if edge[0] == "run" else (edge[0], "source_id")
        around = (experiment.name,) if other == "dataset" else ()
        target = key_of(other, *around, seen(part, end) or id_)
        tags = peek(part, "tags")
        yield Relation(edge[2], run, target, part.sheet.place(""), tags.see(CONTEXT_TAG))

    def _at(self, folder: Folder) -> At:
        """Return what gives the place of a tag, which has a file of its own."""
        files = dict(folder.values.get("tags", ()))

        def place(tag: Attribute) -> Locator:
            file = files[tag.name]
            return Locator(file.path, file.member)

        return place

    def _logged_model(self, folder: Folder) -> Iterator[CatalogRecord]:
        info = self._meta(folder, "logged model", "model_id")
        key = key_of("logged_model", seen(info, "model_id") or folder.name)
        if not self.book.is_first(key, info):
            return
        tags, params = (self.values.of(folder, kind) for kind in ("tags", "params"))
        named = [(m.name, m.digest, m.place) for m in self.values.measured(folder)]
        yield entities.logged_model(info, key, [*params, *self.values.points(folder), *tags])
        yield from edges.of_logged_model(info, key, tags, self._at(folder))
        yield from edges.measured_on(self.book, info, key, named)

    def _model(self, folder: Folder) -> Iterator[Thing]:
        part = self._meta(folder, "registered model", "name")
        names, tags = (self.values.of(folder, kind) for kind in ("aliases", "tags"))
        for alias in names:
            self.book.aliases.setdefault((folder.name, alias.value), []).append(alias)
        self._doubt_aliases(part, names)
        key = entities.model_key(part, folder.name)
        if self.book.is_first(key, part):
            yield entities.registered_model(self.book, part, key, names, tags)

    def _doubt_aliases(self, part: Part, names: list[Attribute]) -> None:
        """Note that the files of aliases say another than the list of them does."""
        held = part.members.get("aliases")
        files = {name.name: name.value for name in names}
        if isinstance(held, dict) and held != files:
            what = "says other aliases than the files beside it"
            part.sheet.problem(CatalogProblem.CONTRADICTION, part.at("aliases"), what)

    def _version(self, model: Folder, folder: Folder) -> Iterator[CatalogRecord]:
        part = self._meta(folder, "model version", "version")
        tags = self.values.of(folder, "tags")
        key = entities.version_key(part, model.name, folder.name)
        if self.book.is_first(key, part):
            yield entities.version(self.book, part, key, [], tags)
            yield from edges.of_version(part, key, entities.model_key(part, model.name))


def _files_of(folder: Folder) -> Iterator[EvidenceFile]:
    for held in (*folder.values.values(), *folder.linked.values()):
        yield from (file for _, file in held)

"""DVC: ``dvc.lock``, which states what each stage of a pipeline read and wrote, and data files.

The lock gives the digest of every input, the command and the parameters of the last run of each
stage. Digests are MD5 (``.dir``: of a listing of a folder). One path with two digests in one lock
is two things: a stage read something other than what the stage before it wrote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from workbench.errors import SourceError
from workbench.evidence.file import read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonValue
from workbench.evidence.strict_yaml import load_yaml
from workbench.evidence.subject import Subject
from workbench.formats.document import ORDER, account_of, told, unread
from workbench.formats.doubts import Stated, digests
from workbench.formats.dvc import SUFFIX
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

_STAGES = re.compile(rb"^stages:[ \t]*\r?$", re.MULTILINE)
_SCHEMA = re.compile(rb"^schema:[ \t]*['\"]?(\d[\d.]*)['\"]?[ \t]*\r?$", re.MULTILINE)
_OUTS = re.compile(rb"^outs:[ \t]*\r?$", re.MULTILINE)
_DIGEST = re.compile(rb"^\s*(?:- )?(?:md5|etag|checksum|hash):", re.MULTILINE)
_NEVER = (
    "when a stage ran, and who ran it: the lock keeps no times and no names",
    "runs before the last one of each stage",
    "whether the data in the cache are what the digests say",
)
_DIGESTS = ("md5", "sha256", "etag", "checksum")
_CODE = (".py", ".r", ".R", ".sh", ".ipynb", ".jl", ".scala", ".sql")
_SIDES = (("deps", RelationKind.USED), ("outs", RelationKind.GENERATED))


@dataclass(frozen=True, slots=True)
class DvcReader:
    """Tells a lock by its schema and stages, a data file by its outputs with digests."""

    id: str = "dvc"
    title: str = "DVC file"
    order: int = ORDER

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format by content; the name only tells a data file from other YAML."""
        head = look.head
        schema = _SCHEMA.search(head)
        if schema is not None and _STAGES.search(head):
            return Recognition(self.id, Role.SUBJECT, schema[1].decode(), cannot_show=_NEVER)
        if look.suffix == SUFFIX and _OUTS.search(head) and _DIGEST.search(head):
            return Recognition(self.id, Role.SUBJECT, cannot_show=_NEVER)
        return None

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what a lock or data file says."""
        file = subject.files[0]
        sheet = Sheet(file, cancel)
        progress.advance(0, file.size, file.display)
        try:
            value = load_yaml(read_whole(file, limits=limits), what=file.display, limits=limits)
            yield from told(sheet, _told(sheet, cast("JsonValue", value)))
        except SourceError as error:
            yield unread(file, error)
        return account_of(sheet, _NEVER)


def _told(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    sheet.version = root.see("schema")
    states: dict[str, str] = {}
    for name, stage in root.apart_named("stages"):
        yield from _stage(sheet, name, stage, states)
    made = [(part, state) for part in root.apart_each("outs") for state in [_key(part)]]
    for part, key in made:
        yield from _data(sheet, part, key, states)
    origins: list[str] = []
    for part in root.apart_each("deps"):
        origin = _key(part)
        yield from _data(sheet, part, origin, states)
        origins.append(origin)
    for key, origin in sheet.pairs([key for _, key in made], origins, ""):
        yield sheet.relation(RelationKind.DERIVED_FROM, key, origin, "/deps", "import")


def _stage(sheet: Sheet, name: str, stage: Part, states: dict[str, str]) -> Iterator[CatalogRecord]:
    """Yield a stage, what it read and what it wrote."""
    key = key_of("stage", name)
    if not sheet.is_new(key, stage, stage.pointer):
        return
    sheet.count("stages")
    sides = [(part, kind) for member, kind in _SIDES for part in stage.apart_each(member)]
    again = [part for part, _ in sides if _key(part) in sheet.known]
    yield Thing(
        ThingKind.JOB,
        "stage",
        key,
        name,
        sheet.place(stage.pointer),
        attributes=(
            *_parameters(stage),
            *stage.rest(),
            *(attribute for part in again for attribute in part.rest(f"{part.see('path')}.")),
        ),
    )
    for part, kind in sides:
        target = _key(part)
        yield from _data(sheet, part, target, states)
        sheet.count("inputs" if kind is RelationKind.USED else "outputs")
        yield sheet.relation(kind, key, target, part.pointer)


def _parameters(stage: Part) -> Iterator[Attribute]:
    """Yield the parameters of all files that they came from; lists stay as they are."""
    held = stage.part("params")
    for name in held.members:
        for parameter, value in held.part(name).members.items():
            if isinstance(value, str):
                place = held.part(name).at(parameter)
                yield Attribute(AttributeGroup.PARAM, parameter, value, place)


def _digest(part: Part) -> tuple[str, str]:
    """Return the name and value of the first digest that is stated."""
    return next(((name, part.see(name)) for name in _DIGESTS if part.see(name)), ("", ""))


def _key(part: Part) -> str:
    path, (_, digest) = part.see("path"), _digest(part)
    return key_of("data", path or part.pointer, digest) if digest else key_of("data", path)


def _data(sheet: Sheet, part: Part, key: str, states: dict[str, str]) -> Iterator[CatalogRecord]:
    """Yield a file or folder once, as it is stated first; note another content of one path."""
    path, (name, value) = part.see("path"), _digest(part)
    if not path:
        sheet.problem(CatalogProblem.NO_KEY, part.pointer, "has no path")
    before = states.setdefault(path, value)
    if before != value:
        what = f"has another content than {path} has elsewhere in this file: {before or 'none'}"
        sheet.problem(CatalogProblem.CONTRADICTION, part.pointer, what)
    if key in sheet.known:
        return
    sheet.known.add(key)
    stated = [Stated(name, value, part.at(name))] if name else []
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.CODE if path.endswith(_CODE) else ArtifactType.DATASET,
        key,
        path,
        sheet.place(part.pointer),
        version=value[:_SHOWN],
        attributes=(*digests(sheet, stated), *part.rest()),
    )


#: Of a digest, so much stands for the version of a file.
_SHOWN = 12

READER = DvcReader()

"""Read catalogs in tests, and the small ones that the real tools made."""

import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.drops import opened
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.subject import Subject
from workbench.formats.reader import Account
from workbench.formats.sniff import catalog_reader
from workbench.formats.table import sort_out
from workbench.formats.tally import Inventory, inventory
from workbench.model.catalog import Attribute, AttributeGroup, Relation, RelationKind, Thing
from workbench.model.progress import Cancel, Silent
from workbench.model.source import Problem

STORES = Path(__file__).parent / "stores"


@dataclass(frozen=True)
class Read:
    """What a reader said of a source."""

    things: dict[str, Thing]
    relations: tuple[Relation, ...]
    problems: tuple[Problem, ...]
    account: Account

    def edges(self, kind: RelationKind) -> set[tuple[str, str]]:
        """Return both ends of each relation of a kind."""
        return {(r.subject, r.object) for r in self.relations if r.kind is kind}

    def codes(self) -> list[str]:
        """Return the code of each problem."""
        return [str(problem.code) for problem in self.problems]


def store(folder: Path, generation: str) -> Path:
    """Unpack a store that the real MLflow made."""
    target = folder / f"mlflow-{generation}.db"
    target.write_bytes(lzma.decompress((STORES / f"{target.name}.xz").read_bytes()))
    return target


def read(path: Path, *, limits: Limits = LIMITS, cancel: Cancel | None = None) -> Read:
    """Open a path as a drop with one catalog in it, and read that."""
    with opened(path) as drop:
        (subject,) = sort_out(drop, ()).subjects
        return read_subject(subject, limits=limits, cancel=cancel)


def read_subject(
    subject: Subject, *, limits: Limits = LIMITS, cancel: Cancel | None = None
) -> Read:
    """Read a subject to its end."""
    reader = catalog_reader(subject.format)
    assert reader is not None, f"{subject.format} is no catalog"
    reading = reader.read(subject, limits=limits, cancel=cancel or Cancel(), progress=Silent())
    things: dict[str, Thing] = {}
    relations: list[Relation] = []
    problems: list[Problem] = []
    while True:
        try:
            record = next(reading)
        except StopIteration as stop:
            return Read(things, tuple(relations), tuple(problems), stop.value)
        match record:
            case Thing():
                assert record.key not in things, f"{record.key} was told twice"
                things[record.key] = record
            case Relation():
                relations.append(record)
            case Problem():
                problems.append(record)


def counted(path: Path) -> Inventory:
    """Count what a catalog holds."""
    with opened(path) as drop:
        (subject,) = sort_out(drop, ()).subjects
        reader = catalog_reader(subject.format)
        assert reader is not None, f"{subject.format} is no catalog"
        return inventory(reader.read(subject, limits=LIMITS, cancel=Cancel(), progress=Silent()))


def pairs(attributes: Iterable[Attribute], group: AttributeGroup) -> list[tuple[str, str]]:
    """Return name and value of each attribute of a group."""
    return [(a.name, a.value) for a in attributes if a.group is group]

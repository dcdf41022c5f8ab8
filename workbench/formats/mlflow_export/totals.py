"""What an export says that it holds, and that it could not export, held against what is there."""

import re
from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.mlflow.book import Book
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import CatalogProblem

_FAILED = re.compile(r"(?:num_)?failed_(\w+)\Z")
_SHOWN = 3


def compare(book: Book, files: list[tuple[Part, Part]]) -> None:
    """Note what failed, and what a list names that has no file."""
    for root, held in files:
        _failures(book, root)
        _failures(book, held)
        for what, names, name in _named(held):
            lost = [each for each in names if key_of(what, each) not in book.held]
            if lost:
                plain, shown = what.replace("_", " "), ", ".join(lost[:_SHOWN])
                note = f"names {len(lost)} {plain}s that have no file here: {shown}"
                held.sheet.problem(CatalogProblem.TOTALS_DISAGREE, held.at(name), note)
    for kind in ("experiment", "run", "registered_model", "model_version"):
        number = sum(key.startswith(f"{kind}/") for key in book.held)
        if number:
            book.whole.totals[f"{kind.replace('_', ' ')}s"] = number


def _failures(book: Book, part: Part) -> None:
    """Note each number of things that failed, at whatever depth of what is said of the export."""
    for name, number in _numbers(part.members.get("info")):
        what = _FAILED.match(name)
        if what is not None and number > 0:
            file, plain = part.sheet.file.display, what[1].replace("_", " ")
            book.whole.gaps.append(f"{number} {plain} that the export says failed ({file})")
    number = part.members.get("failed_exports")
    if type(number) is int and number > 0:
        file = part.sheet.file.display
        book.whole.gaps.append(f"{number} things that the export says failed ({file})")


def _numbers(value: JsonValue) -> Iterator[tuple[str, int]]:
    wanted = [value]
    while wanted:
        found = wanted.pop()
        for name, inner in found.items() if isinstance(found, dict) else ():
            if isinstance(inner, dict):
                wanted.append(inner)
            elif type(inner) is int:
                yield name, inner


def _named(held: Part) -> Iterator[tuple[str, list[str], str]]:
    """Yield what a file lists: the kind of things, their names, and the list."""
    if "experiment" in held.members:
        yield "run", _texts(held.members.get("runs"), "run_id"), "runs"
    for what, name, member in (
        ("registered_model", "models", "name"),
        ("experiment", "experiments", "id"),
        ("evaluation_dataset", "datasets", "dataset_id"),
    ):
        yield what, _texts(held.members.get(name), member), name


def _texts(value: JsonValue, member: str) -> list[str]:
    """Return the texts of a list, or of one member of its objects."""
    listed = value if isinstance(value, list) else []
    found = [each.get(member) if isinstance(each, dict) else each for each in listed]
    return [text for text in found if isinstance(text, str)]

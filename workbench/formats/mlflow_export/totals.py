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
    failed: dict[str, tuple[int, str]] = {}
    for root, held in files:
        for what, number in _failures(root, held):
            before, _ = failed.get(what, (0, ""))
            if number > before:
                failed[what] = number, root.sheet.file.display
        for kind, names, name in _named(held):
            lost = [each for each in names if key_of(kind, each) not in book.held]
            if lost:
                plain, shown = kind.replace("_", " "), ", ".join(lost[:_SHOWN])
                note = f"names {len(lost)} {plain}s that have no file here: {shown}"
                held.sheet.problem(CatalogProblem.TOTALS_DISAGREE, held.at(name), note)
    for what, (number, file) in failed.items():
        book.whole.gaps.append(f"{number} {what} that the export says failed ({file})")
    for kind in ("experiment", "run", "registered_model", "model_version"):
        count = sum(key.startswith(f"{kind}/") for key in book.held)
        if count:
            book.whole.totals[f"{kind.replace('_', ' ')}s"] = count


def _failures(root: Part, held: Part) -> Iterator[tuple[str, int]]:
    """Yield each number of things that failed, at whatever depth of what is said of the export."""
    for name, number in _numbers(root.members.get("info")):
        what = _FAILED.match(name)
        if what is not None and number > 0:
            yield what[1].replace("_", " "), number
    stated = held.members.get("failed_exports")
    if type(stated) is int and stated > 0:
        yield "things", stated


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

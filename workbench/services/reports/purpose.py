"""What a report is for: its template, and what the auditor states where the template asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.model.template import PLAIN, Template
from workbench.report.templates import chosen, path_of, shipped


@dataclass(frozen=True, slots=True)
class Purpose:
    """A template and the statements that it asks for."""

    template: Template = PLAIN
    statements: tuple[tuple[str, str], ...] = ()


NO_PURPOSE = Purpose()


def templates() -> tuple[Template, ...]:
    """Return the templates that ship with the program."""
    return shipped()


def text_of_template(name: str) -> str:
    """Return the file of a shipped template, to begin an own one from.

    Raises:
        UsageError: there is none of that name, or it has no file.
    """
    path = next((path_of(each) for each in shipped() if each.id == name), None)
    if path is None:
        named = ", ".join(each.id for each in shipped() if path_of(each))
        raise UsageError(f"There is no file of a template {name}; there is {named}.")
    return path.read_text(encoding="utf-8")


def purpose(template: str = "", statements: Sequence[tuple[str, str]] = ()) -> Purpose:
    """Return what a report is for, as it was asked: a template's id or file, and statements.

    Raises:
        SourceError: there is no such template.
        ProfileError: its file cannot be understood.
        UsageError: something is stated that the template does not ask for.
    """
    found = chosen(template) if template else PLAIN
    asked = [ask.key for ask in found.asks]
    for key, _ in statements:
        if key not in asked:
            known = f"it asks for {', '.join(asked)}" if asked else "it asks for nothing"
            raise UsageError(f"The template {found.id} does not ask for {key}; {known}.")
    return Purpose(found, tuple(sorted(dict(statements).items())))


def statement_in(file: Path) -> str:
    """Return the text in a file.

    Raises:
        SourceError: the file cannot be read, is too long, or is not UTF-8.
    """
    data = read_whole(single(file), limit=LIMITS.yaml)
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise SourceError("A statement is a text in UTF-8.", path=str(file)) from error

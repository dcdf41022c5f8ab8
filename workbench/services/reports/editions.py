"""How a report is made up, as it is asked for: template, statements, look, marking, language."""

from collections.abc import Sequence
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.model.edition import Edition, EditionAsked
from workbench.model.template import PLAIN, Template
from workbench.report import branding
from workbench.report.templates import chosen, path_of, shipped
from workbench.report.translation import tongue, tongues

_LONGEST_MARK = 60


def templates() -> tuple[Template, ...]:
    """Return the templates that ship with the program."""
    return shipped()


def languages() -> tuple[tuple[str, str], ...]:
    """Return the languages that reports are written in: id, and what each calls itself."""
    return tuple((each.id, each.name) for each in tongues().values())


def text_of_template(name: str) -> str:
    """Return the file of a shipped template, to begin an own one from.

    Raises:
        UsageError: there is none of that name, or it has no file.
    """
    path = next((path_of(each) for each in shipped() if each.id == name), None)
    if path is None:
        named = ", ".join(each.id for each in shipped() if path_of(each))
        raise UsageError(f"There is no file of a template {name}; there is {named}.")
    return read_whole(single(path), limit=LIMITS.yaml).decode()


def edition(asked: EditionAsked) -> Edition:
    """Return how a report is made up.

    Raises:
        SourceError: a file cannot be read.
        ProfileError: a file cannot be understood.
        UsageError: something is stated that the template does not ask for; or there is no such
            language.
    """
    marking = asked.classification.strip()
    if len(marking) > _LONGEST_MARK:
        raise UsageError(f"A classification has at most {_LONGEST_MARK} characters.")
    template = chosen(asked.template) if asked.template else PLAIN
    return Edition(
        template,
        _stated(template, asked.statements),
        branding.load(asked.branding) if asked.branding else None,
        marking,
        asked.draft,
        tongue(asked.language).id,
    )


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


def _stated(
    template: Template, statements: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    asked = [ask.key for ask in template.asks]
    for key, _ in statements:
        if key not in asked:
            known = f"it asks for {', '.join(asked)}" if asked else "it asks for nothing"
            raise UsageError(f"The template {template.id} does not ask for {key}; {known}.")
    return tuple(sorted(dict(statements).items()))

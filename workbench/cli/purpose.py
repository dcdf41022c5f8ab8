"""Options of what a report is for: its template, and what it asks the auditor to state."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.services import reports


def _list(wanted: bool) -> None:
    if wanted:
        from workbench.services import reports

        for each in reports.templates():
            say(f"{each.id:<20} {each.title}: {each.summary}", hang=21)
            for ask in each.asks:
                say(f"{'':<20}   --statement {ask.key}=…  {ask.label}", hang=23)
        raise typer.Exit(0)


def _show(name: str) -> str:
    if name:
        from workbench.services import reports

        for line in reports.text_of_template(name).splitlines():
            say(line, hang=0)
        raise typer.Exit(0)
    return name


Template = Annotated[
    str,
    typer.Option(
        "--template",
        metavar="ID|FILE",
        help="What the report is for: a template (--templates lists them) or a file of your own.",
    ),
]
Statements = Annotated[
    list[str] | None,
    typer.Option(
        "--statement",
        metavar="KEY=TEXT|@FILE",
        help="What you state where the template asks for it; @FILE for the text in a file.",
    ),
]
Templates = Annotated[
    bool,
    typer.Option(
        "--templates", is_eager=True, callback=_list, help="List the templates, and what each asks."
    ),
]
ShowTemplate = Annotated[
    str,
    typer.Option(
        "--show-template",
        metavar="ID",
        is_eager=True,
        callback=_show,
        help="Print a template, to make one of your own from.",
    ),
]


def purpose_of(template: str, statements: list[str] | None) -> "reports.Purpose":
    """Return what a report is for, as it was typed.

    Raises:
        UsageError: a statement has no key, or the template does not ask for it.
        SourceError: a file cannot be read.
    """
    from workbench.services import reports

    if not template and not statements:
        return reports.NO_PURPOSE
    return reports.purpose(template, [_statement(text) for text in statements or ()])


def _statement(text: str) -> tuple[str, str]:
    key, equals, said = text.partition("=")
    if not (key and equals and said):
        raise UsageError(f"A statement is KEY=TEXT or KEY=@FILE; not {text}.")
    if not said.startswith("@"):
        return key, said
    from workbench.services import reports

    return key, reports.statement_in(Path(said[1:]))

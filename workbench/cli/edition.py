"""Options of how a report is made up: template, statements, look, marking."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say
from workbench.errors import UsageError
from workbench.model.edition import EditionAsked


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

Branding = Annotated[
    Path | None,
    typer.Option(
        "--branding",
        metavar="FILE",
        help="YAML file with the look of your house: name, colour, logo.",
        parser=o.named_path,
    ),
]
Classification = Annotated[
    str,
    typer.Option("--classification", metavar="TEXT", help="Marking on every page."),
]
Language = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="en|de",
        help="Language of the report's own words; what is not translated stays English.",
    ),
]
Draft = Annotated[
    bool,
    typer.Option("--draft", help="Mark it as a draft, signed or not; unsigned ones always are."),
]


def asked_for(
    template: str,
    statements: list[str] | None,
    branding: Path | None = None,
    classification: str = "",
    *,
    draft: bool = False,
    language: str = "en",
) -> EditionAsked:
    """Return how a report shall be made up, as it was typed.

    Raises:
        UsageError: a statement has no key.
        SourceError: a file cannot be read.
    """
    stated = tuple(_statement(text) for text in statements or ())
    return EditionAsked(template, stated, branding, classification, draft, language)


def inputs_of(
    template: str, statements: list[str] | None, branding: Path | None
) -> tuple[Path, ...]:
    """Return the files that are read for it."""
    said = (text.partition("=")[2] for text in statements or ())
    texts = (Path(text[1:]) for text in said if text.startswith("@"))
    return (*o.files_in(template), *texts, *filter(None, [branding]))


def _statement(text: str) -> tuple[str, str]:
    key, equals, said = text.partition("=")
    if not (key and equals and said):
        raise UsageError(f"A statement is KEY=TEXT or KEY=@FILE; not {text}.")
    if not said.startswith("@"):
        return key, said
    from workbench.services import reports

    return key, reports.statement_in(Path(said[1:]))

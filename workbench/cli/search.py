"""``workbench search``: one question to everything of a case."""

from collections.abc import Iterator
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json
from workbench.cli.opening import Folder, opened
from workbench.evidence.text import visible
from workbench.model.query_fields import Area
from workbench.model.search import AreaFound, Facet, Found, Hit, Match, search_to_json

_LONGEST = 160

Wanted = Annotated[str, typer.Argument(help="What to look for.", metavar="QUERY")]
Areas = Annotated[
    list[Area] | None,
    typer.Option(
        "--area",
        metavar="LIST",
        case_sensitive=False,
        help=f"Ask this list only ({', '.join(Area)}); may be given again. Relations and the "
        "journal are asked only so.",
    ),
]
Limit = Annotated[
    int, typer.Option("--limit", min=0, max=o.MOST_ROWS, help="Hits of each list to print.")
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search", help="Look for something in everything of a case.")(search)


def search(
    folder: Folder, query: Wanted, areas: Areas = None, limit: Limit = 5, as_json: o.AsJson = False
) -> int:  # fmt: skip
    """Ask every list and print; the exit code says only that it was done."""
    from workbench.services import searching

    with opened(folder, write=False) as case:
        asked = tuple(dict.fromkeys(areas or ())) or searching.AREAS
        found = searching.search(case, query, areas=asked, hits=limit)
    if as_json:
        say_json(search_to_json(found))
        return 0
    for line in _lines(found):
        say(line)
    return 0


def _lines(found: Found) -> Iterator[str]:
    for each in found.areas:
        if each.total:
            yield from _area(each)
    none = [each.area.value for each in found.areas if not each.total and not each.not_asked]
    if none:
        yield f"Nothing in {', '.join(none)}."
    for each in found.areas:
        if each.not_asked:
            yield f"Not asked: {each.area.value}, {each.not_asked}."
    lists = sum(1 for each in found.areas if each.total)
    yield f"{found.total:,} found in {lists} {'list' if lists == 1 else 'lists'}."
    yield from (f"Note: {note}" for note in found.notes)


def _area(found: AreaFound) -> Iterator[str]:
    yield f"{found.area.value}: {found.total:,}"
    for hit in found.hits:
        yield from _hit(hit)
    if found.hits and found.total > len(found.hits):
        yield f"  and {found.total - len(found.hits):,} more"
    yield from (f"  {_facet(facet)}" for facet in found.facets if len(facet.values) > 1)
    yield ""


def _hit(hit: Hit) -> Iterator[str]:
    yield f"  {hit.place}  {visible(hit.title, limit=_LONGEST)}  ({visible(hit.detail)})"
    if hit.match is not None and hit.match.text not in {hit.title, hit.place}:
        yield f"      {hit.match.field}: {_marked(hit.match)}"


def _marked(match: Match) -> str:
    """Return the text with the match between ``«`` and ``»``."""
    end = match.start + match.length
    parts = match.text[: match.start], match.text[match.start : end], match.text[end:]
    return visible("{}«{}»{}".format(*parts), limit=2 * _LONGEST)


def _facet(facet: Facet) -> str:
    values = ", ".join(f"{each.term} {each.count:,}" for each in facet.values)
    return f"{facet.title}: {values}"

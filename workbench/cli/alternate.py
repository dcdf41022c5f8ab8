"""``workbench alternate``: the same thing in two exports, and what the auditor says of it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import Folder, Who, opened
from workbench.errors import UsageError
from workbench.evidence.text import csv_line
from workbench.model.alternate import Alternate, Confidence
from workbench.model.lineage import NodeId
from workbench.model.reconciliation_contract import alternates_to_json

if TYPE_CHECKING:
    from workbench.services.alternates import Linked

#: Links that are printed; ``--all`` prints them all, as do CSV and JSON.
_MOST = 40
_COLUMNS = (
    *("one_source", "one_key", "one", "other_source", "other_key", "other", "confidence"),
    *("crossed", "evidence", "against", "ruled", "reason", "who"),
)

Of = Annotated[
    str | None, typer.Option("--of", metavar="SOURCE/KEY", help="Links of one thing only.")
]
One = Annotated[str, typer.Argument(metavar="SOURCE/KEY", help="A thing, as the list names it.")]
Other = Annotated[str, typer.Argument(metavar="SOURCE/KEY", help="The thing of another export.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is journalled.")]
All = Annotated[bool, typer.Option("--all", help="Print every link.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the links as CSV.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="The same thing in two exports: list links, confirm them, part them.")
    group.command("list", help="List what links things of several exports.")(list_links)
    group.command("confirm", help="Put on record that two things are one.")(_acting("confirm"))
    group.command("part", help="Put on record that two things are two.")(_acting("part"))
    group.command("undo", help="Take back what was said of two things.")(_acting("undo"))
    app.add_typer(group, name="alternate")


def list_links(
    folder: Folder, of: Of = None, everything: All = False, as_json: o.AsJson = False,
    as_csv: AsCsv = False,
) -> int:  # fmt: skip
    """Print the links; the exit code says only that it was done."""
    from workbench.services import alternates

    with opened(folder, write=False) as case, work() as (_, cancel):
        found = alternates.of(case, _node(of)) if of else alternates.every(case, cancel=cancel)
    if as_json:
        names = {node: found.name(node) for node in found.things}
        say_json(alternates_to_json(found.links, found.unclear, names))
        return 0
    for line in _csv_lines(found) if as_csv else _lines(found, everything=everything):
        say(line)
    return 0


def _acting(what: str) -> Callable[[Folder, str, str, str, str | None], int]:
    def act(folder: Folder, one: One, other: Other, reason: Reason, who: Who = None) -> int:
        """Record it; the exit code says only that it was done."""
        from workbench.services import alternates

        ends = _node(one), _node(other)
        with opened(folder, who=who, write=True) as case:
            getattr(alternates, what)(case, *ends, reason=reason)
            found = alternates.of(case, ends[0])
        for link in found.links:
            if set(ends) == {link.one, link.other}:
                say(_summary(link, found))
                return 0
        say("Recorded. Nothing in the evidence links the two.")
        return 0

    return act


def _node(text: str) -> NodeId:
    source, slash, key = text.partition("/")
    if not (slash and source.isascii() and source.isdigit() and len(source) < 10):
        raise UsageError(f"A thing is named by its source and key, as 3/run/abc; {text} is none.")
    return int(source), key


def _lines(found: "Linked", *, everything: bool) -> Iterator[str]:
    most = len(found.links) if everything else _MOST
    ranked = sorted(found.links, key=_rank)
    for link in ranked[:most]:
        yield _summary(link, found)
        yield f"    {_ends(link)}"
        for each in link.likenesses:
            yield f"    {each.ground.value}: {each.value}"
        yield from (f"    against it: {sentence}" for sentence in link.against)
        if link.ruling:
            said, when = link.ruling, f"{link.ruling.at:%Y-%m-%d %H:%M} UTC"
            yield f"    {said.ruled.value} by {said.who} at {when}: {said.reason}"
    if len(ranked) > most:
        yield f"and {len(ranked) - most:,} more (--all)"
    for unclear in found.unclear[: None if everything else 10]:
        names = ", ".join(f"{n[0]}/{n[1]}" for n in unclear.things[:6])
        more = f" and {len(unclear.things) - 6:,} more" if len(unclear.things) > 6 else ""
        why = f"{unclear.likeness.ground.value} ({unclear.likeness.value})"
        yield f"not concluded: {why}: {names}{more}"
    yield _count(found)
    yield from (f"Note: {note}" for note in found.notes)


def _rank(link: Alternate) -> tuple[bool, int, NodeId, NodeId]:
    return link.ruling is None, -list(Confidence).index(link.confidence), link.one, link.other


def _summary(link: Alternate, found: "Linked") -> str:
    said = link.ruling.ruled.value if link.ruling else link.confidence.value
    crossed = ", crossed by lineage" if link.is_sure else ""
    return f"{said:<9} {found.said(link.one)} = {found.said(link.other)}{crossed}"


def _ends(link: Alternate) -> str:
    """Return both things as ``confirm`` and ``part`` take them."""
    return " = ".join(f"{node[0]}/{node[1]}" for node in (link.one, link.other))


def _count(found: "Linked") -> str:
    if not found.links:
        return "Nothing of one export of this case is found in another."
    counts = found.found.counts()
    told = [f"{n:,} {each.value}" for each, n in counts.items() if n]
    ruled = sum(link.ruling is not None for link in found.links)
    told += [f"{ruled:,} ruled on"] if ruled else []
    open_ones = f"; {len(found.unclear):,} not concluded" if found.unclear else ""
    return f"{len(found.links):,} links: {', '.join(told)}{open_ones}."


def _csv_lines(found: "Linked") -> Iterator[str]:
    yield csv_line(_COLUMNS)
    for link in found.links:
        evidence = " | ".join(f"{like.ground.value}: {like.value}" for like in link.likenesses)
        said = link.ruling
        yield csv_line(
            (*link.one, found.name(link.one), *link.other, found.name(link.other),
             link.confidence.value, "yes" if link.is_sure else "no", evidence,
             " | ".join(link.against), said.ruled.value if said else "",
             said.reason if said else "", said.who if said else "")
        )  # fmt: skip

"""``workbench lineage``: what a thing was made from, what rests on it, how far that is proven."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.lineage_answers import Question, answered
from workbench.cli.opening import Folder, opened
from workbench.errors import UsageError
from workbench.model.alternate import Crossing
from workbench.model.moment import nanoseconds
from workbench.output import write_whole

if TYPE_CHECKING:
    from workbench.model.lineage import LineageView
    from workbench.model.progress import Cancel
    from workbench.services.lineage import CaseLineage
    from workbench.store.case_store import CaseStore

_FORMATS = ("text", "svg", "pdf", "json", "graphml", "csv", "prov")
_ASKS = "--of NAME, --all, --path A B, --impact, --problems or --carry LABEL"

Of = Annotated[
    str,
    typer.Option(
        "--of", metavar="NAME[:VERSION]|KEY", help="Thing in the middle: a name or a key."
    ),
]
All = Annotated[bool, typer.Option("--all", help="Everything there is, from end to end.")]
Up = Annotated[int, typer.Option("--up", metavar="N", min=0, help="Steps towards its data.")]
Down = Annotated[
    int, typer.Option("--down", metavar="N", min=0, help="Steps towards what rests on it.")
]
Alternates = Annotated[
    Crossing,
    typer.Option(
        "--alternates", metavar="WHICH", case_sensitive=False,
        help="Follow one thing into other exports: none, sure (same strong digest, or confirmed "
        "by the auditor), all (whatever links them).",
    ),
]  # fmt: skip
Ends = Annotated[
    tuple[str, str] | None,
    typer.Option("--path", metavar="A B", help="Why two things are connected, edge by edge."),
]
ImpactOf = Annotated[
    bool, typer.Option("--impact", help="Everything that rests on the thing, counted by kind.")
]
Problems = Annotated[
    bool,
    typer.Option("--problems", help="Loose ends, circles, and times that contradict each other."),
]
Carry = Annotated[
    str | None,
    typer.Option(
        "--carry", metavar="LABEL", help="What consent, licence or sensitivity of data reaches."
    ),
]
State = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="NAME=VALUE", help="A label that you state yourself."),
]
Value = Annotated[
    str, typer.Option("--value", metavar="TEXT", help="Only labels whose value holds this.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="Only what had been recorded by a moment."),
]
Undated = Annotated[bool, typer.Option("--undated", help="With --as-of: also what claims no time.")]
Run = Annotated[
    str | None, typer.Option("--run", metavar="NAME|KEY", help="Only what one run states.")
]
Columns = Annotated[bool, typer.Option("--columns", help="Of columns instead of whole tables.")]
As = Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(_FORMATS)}.")]
Every = Annotated[
    bool, typer.Option("--every", help="Draw each thing on its own, however many there are.")
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="FILE", help="File to write.", parser=o.named_path),
]


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of a lineage is asked for, and how it is written."""

    of: str
    everything: bool
    up: int
    down: int
    form: str
    unfolded: bool


@dataclass(frozen=True, slots=True)
class _Of:
    """Of which lineage: all that the case states, or what of it."""

    at: str | None
    undated: bool
    run: str | None
    columns: bool
    alternates: Crossing


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lineage", help="Show what a thing was made from and what rests on it.")(lineage)


def lineage(
    folder: Folder,
    of: Of = "",
    everything: All = False,
    up: Up = 1,
    down: Down = 1,
    path: Ends = None,
    impact: ImpactOf = False,
    problems: Problems = False,
    carry: Carry = None,
    state: State = None,
    value: Value = "",
    as_of: AsOf = None,
    undated: Undated = False,
    run: Run = None,
    columns: Columns = False,
    form: As = "text",
    every: Every = False,
    alternates: Alternates = Crossing.SURE,
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> int:
    """Print or write a part of the lineage; the exit code says only that it was done."""
    from workbench.store.handing import require_outside

    question = Question(path, impact, problems, carry, tuple(state or ()), value, of)
    part = _Part(of, everything, up, down, form, every)
    _require_possible(part, question, out)
    chosen = _Of(as_of, undated, run, columns, alternates)
    with opened(folder, write=False) as case, work() as (_, cancel):
        require_outside(case, out, force=force)
        graph = _chosen(case, chosen, cancel)
        data, told = _written(case, graph, part, question, cancel)
    if out is None:
        for line in data.decode().splitlines():
            say(line, hang=0)
        return 0
    write_whole(out, data, replace=force)
    say(f"{out}: {told}{len(data):,} bytes.")
    return 0


def _chosen(case: "CaseStore", chosen: _Of, cancel: "Cancel") -> "CaseLineage":
    """Return the lineage of a case, or what of it was asked for."""
    from workbench.services import lineage as lineages

    graph = lineages.read(case, crossing=chosen.alternates, cancel=cancel)
    if chosen.run is not None:
        graph = graph.of_run(lineages.find(graph, chosen.run))
    if chosen.at is not None:
        graph = graph.until(nanoseconds(o.end_of(chosen.at)), undated=chosen.undated)
    return graph.columns() if chosen.columns else graph


def _written(
    case: "CaseStore", graph: "CaseLineage", part: _Part, question: Question, cancel: "Cancel"
) -> tuple[bytes, str]:
    """Return what was asked for as a file, and what it holds, in words."""
    from workbench.services import lineage as lineages

    if question.is_asked and not question.is_drawn(part.form):
        return answered(case, graph, question, part.form, cancel=cancel), ""
    view = _view(graph, part, question)
    name = graph.name(view.focus)
    title = "Lineage of the case" if part.everything else f"Lineage of {name}"
    data = lineages.exported(
        graph, view, lineages.Format(part.form), title=title, unfolded=part.unfolded, cancel=cancel
    )
    return data, f"{view.things:,} things, {view.relations:,} edges, "


def _view(graph: "CaseLineage", part: _Part, question: Question) -> "LineageView":
    from workbench.services import lineage as lineages

    if question.path:
        ends = [lineages.find(graph, end) for end in question.path]
        return graph.of_connection(graph.connection(*ends))
    if part.everything:
        return graph.whole()
    return graph.view(lineages.find(graph, part.of), up=part.up, down=part.down)


def _require_possible(part: _Part, question: Question, out: Path | None) -> None:
    if part.form not in _FORMATS:
        raise UsageError(f"Lineage is written as {', '.join(_FORMATS)}; not as {part.form}.")
    _require_one(part, question)
    if out is None and part.form == "pdf":
        raise UsageError("A PDF goes to a file: name it with -o FILE.")


def _require_one(part: _Part, question: Question) -> None:
    """Refuse no question, and two at once."""
    asked = (
        bool(question.path), question.impact, question.problems, question.carry is not None,
        part.everything,
    )  # fmt: skip
    if sum(asked) > 1 or (not any(asked) and not part.of):
        raise UsageError(f"Ask one thing: {_ASKS}.")
    if question.impact and not part.of:
        raise UsageError("--impact needs the thing: --of NAME.")
    if question.is_asked and not question.is_drawn(part.form) and part.form not in question.forms:
        raise UsageError(f"That is answered as {', '.join(question.forms)}; not as {part.form}.")

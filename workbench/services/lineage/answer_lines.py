"""Answers to questions about lineage as lines for a person; each edge with its evidence."""

from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.analysis.carrying import counts
from workbench.analysis.folding import plural
from workbench.model.lineage import NodeId, kind_of
from workbench.model.lineage_answer import (
    Carried,
    Connection,
    Labelled,
    LineageProblems,
    Step,
)
from workbench.services.lineage.export import told
from workbench.services.lineage.graph import Answer, CaseLineage, Impact

#: Things of one kind of problem, and labels, that are named; the JSON has all.
MOST_NAMED = 20
Said = Iterator[str]


def lines(lineage: CaseLineage, answer: Answer) -> Said:
    """Yield an answer as lines."""
    match answer:
        case Connection():
            yield from connection_lines(lineage, answer)
        case Impact():
            yield from impact_lines(lineage, answer)
        case LineageProblems():
            yield from problem_lines(lineage, answer)
        case Carried():
            yield from carried_lines(lineage, answer)


def named(lineage: CaseLineage, node: NodeId) -> str:
    """Return a thing with what it is: ``model version credit 8``; a decision says that itself."""
    kind, name = kind_of(lineage.things.get(node)), lineage.name(node)
    return name if name.startswith(f"{kind} ") else f"{kind} {name}"


def connection_lines(lineage: CaseLineage, found: Connection) -> Said:
    """Yield why two things are connected, edge by edge."""
    one, other = lineage.name(found.start), lineage.name(found.end)
    if found.steps:
        start, end = found.steps[0].start, found.steps[-1].end
        yield (
            f"Data flows from {lineage.name(start)} to {lineage.name(end)} in "
            f"{plural('step', len(found.steps))}; no way is shorter."
        )
        yield from _steps(lineage, found.steps)
    elif found.shared is not None:
        what = "were made from" if found.is_made_from else "went into"
        yield (
            f"No data flows between {one} and {other}. Both {what} "
            f"{named(lineage, found.shared)}, the nearest thing that they share."
        )
        for steps in found.ways:
            yield from _steps(lineage, steps)
    elif found.start == found.end:
        yield f"{one} is one thing."
    else:
        yield (
            f"Nothing in the evidence connects {one} and {other}. That is no proof that they are "
            "not connected."
        )
    yield from _cut(lineage)


def impact_lines(lineage: CaseLineage, impact: Impact) -> Said:
    """Yield what rests on a thing: counts by kind, then each by its distance."""
    total = len(impact.reached)
    more = f": {impact.words}" if total else ""
    rests = "thing rests" if total == 1 else "things rest"
    yield f"{total:,} {rests} on {named(lineage, impact.of)}{more}."
    for each in impact.reached:
        yield f"  {each.steps:>3}  {named(lineage, each.id)}"
    yield from _cut(lineage)


def problem_lines(lineage: CaseLineage, found: LineageProblems) -> Said:
    """Yield what does not hang together; every kind is told, also where there is none of it."""
    for words, nodes in (
        ("Tied to nothing by any relation", found.orphans),
        ("Made from nobody says what", found.originless),
        ("Runs without the data that they read", found.dataless),
    ):
        yield f"{words}: {_kinds(lineage, nodes)}"
        yield from _named(lineage, nodes)
    yield f"Named by relations, described by no source: {len(found.dangling):,}"
    for each in found.dangling[:MOST_NAMED]:
        place = each.edges[0].locators[0] if each.edges and each.edges[0].locators else "a source"
        yield f"  {each.id[0]}/{each.id[1]} (named at {place})"
    yield from _more(len(found.dangling))
    yield f"Circles of things that are made from each other: {len(found.cycles):,}"
    for group in found.cycles[:MOST_NAMED]:
        yield f"  {' → '.join(lineage.name(node) for node in group)}"
    yield from _more(len(found.cycles))
    yield from _contradictions(lineage, found)
    yield from _cut(lineage)


def carried_lines(lineage: CaseLineage, found: Carried) -> Said:
    """Yield which things a label reaches, each with a way to it, and what cannot be told."""
    many = plural("label", len(found.origins))
    reached = [each for each in found.touched if each.steps]
    kinds = counts(found, lambda node: kind_of(lineage.things.get(node)))
    total = ", ".join(plural(kind, count) for kind, count in kinds)
    yield f"{found.label.value.capitalize()}: {many} carried; {total or 'nothing'} touched."
    for each in found.origins[:MOST_NAMED]:
        yield f"  {_label(lineage, each)}"
    yield from _more(len(found.origins))
    for touched in reached:
        yield ""
        yield f"{named(lineage, touched.id)}: {touched.labelled.value}"
        yield from _steps(lineage, touched.steps)
    if found.held:
        yield ""
        yield f"{plural('label', len(found.held))} found that restrict nothing, and not carried."
    yield from (f"Not known: {doubt}" for doubt in found.doubts)
    yield from _cut(lineage)


def _steps(lineage: CaseLineage, steps: Iterable[Step]) -> Said:
    for number, step in enumerate(steps, 1):
        row = told(lineage, step.edge)
        subject, item = (lineage.name(end) for end in (step.edge.subject, step.edge.object))
        role = f" ({step.edge.role})" if step.edge.role else ""
        yield f"  {number:>2}. {subject} {row.relation} {item}{role}"
        yield f"      {row.status}, level {row.level}: {row.evidence or 'no place'}"


def _named(lineage: CaseLineage, nodes: tuple[NodeId, ...]) -> Said:
    for node in nodes[:MOST_NAMED]:
        yield f"  {named(lineage, node)}"
    yield from _more(len(nodes))


def _more(count: int) -> Said:
    if count > MOST_NAMED:
        yield f"  and {count - MOST_NAMED:,} more (--format json or csv has all)"


def _kinds(lineage: CaseLineage, nodes: tuple[NodeId, ...]) -> str:
    found = Counter(kind_of(lineage.things.get(node)) for node in nodes)
    kinds = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(plural(kind, count) for kind, count in kinds) or "0"


def _contradictions(lineage: CaseLineage, found: LineageProblems) -> Said:
    count = len(found.contradictions)
    yield (
        f"Edges whose times contradict: {count:,} ({found.compared:,} compared; "
        f"{found.untimed:,} claim too little to be compared)"
    )
    for each in found.contradictions[:MOST_NAMED]:
        row = told(lineage, each.edge)
        yield f"  {row.tail} → {row.head}: {each.why} ({row.evidence})"
    yield from _more(count)


def _label(lineage: CaseLineage, found: Labelled) -> str:
    at = f" at {found.place}" if found.place else ""
    column = f", column {found.column}" if found.column else ""
    return f"{named(lineage, found.node)}{column}: {found.value} ({found.where}{at})"


def _cut(lineage: CaseLineage) -> Said:
    if lineage.cut:
        yield lineage.cut.words
    if lineage.stale:
        yield f"Out of date: {lineage.stale}"

"""What a label of a thing reaches: consent, licence or sensitivity, carried with the data.

What holds here:

* a label goes on along relations by which data flows, and across links of one thing in two places;
  it does not go to owners, approvals or domains;
* what is said of a thing is said of its versions, and of a column, of the table that has it;
* a version tells on the thing that it is a version of, and there it ends: what another version
  went into was not touched;
* each thing that is reached is shown with a shortest way, and each step of that with its evidence.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from workbench.analysis.columns import column_node
from workbench.analysis.folding import plural
from workbench.analysis.incoherent import dataless, originless
from workbench.analysis.labels import restricts
from workbench.analysis.lineage import Lineage
from workbench.analysis.ways import BY_DATA, along, steps_to, walk
from workbench.model.catalog import ArtifactType, RelationKind
from workbench.model.lineage import NodeId
from workbench.model.lineage_answer import Carried, Label, Labelled, Step, Touched
from workbench.model.progress import Cancel

#: Labels that are followed one by one; of more, each thing is listed with the nearest of a value.
ONE_BY_ONE = 200
_FLOWS = BY_DATA - {RelationKind.SPECIALIZATION_OF}


def carried(
    lineage: Lineage,
    label: Label,
    found: Iterable[Labelled],
    *,
    doubts: Sequence[str] = (),
    cancel: Cancel,
) -> Carried:
    """Return what labels of one kind reach.

    Args:
        lineage: along which they are carried.
        label: the kind.
        found: the labels; those that restrict nothing are only told.
        doubts: what else leaves open whether there are more.
        cancel: the user may not want to wait.

    Raises:
        Cancelled: the user stopped it.
    """
    every = list(dict.fromkeys(found))
    origins = [each for each in every if restricts(each)]
    groups = [[each] for each in origins]
    if len(origins) > ONE_BY_ONE:
        groups = [
            [each for each in origins if each.value == value]
            for value in dict.fromkeys(each.value for each in origins)
        ]
    touched: list[Touched] = []
    for group in groups:
        cancel.check()
        touched += _touched(lineage, group)
    touched.sort(key=lambda each: len(each.steps))
    open_ = (*_doubts(lineage, label, every, is_many=len(groups) < len(origins)), *doubts)
    held = tuple(each for each in every if not restricts(each))
    return Carried(label, tuple(origins), held, tuple(touched), open_)


def counts(found: Carried, word: Callable[[NodeId], str]) -> list[tuple[str, int]]:
    """Return how many things of each kind are touched, the most frequent first."""
    reached = {each.id for each in found.touched if each.steps}
    kinds = Counter(word(node) for node in reached)
    return sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))


def _touched(lineage: Lineage, group: Sequence[Labelled]) -> Iterator[Touched]:
    """Yield what one label reaches, or several of one value."""
    at = {_where(lineage, each): each for each in reversed(group)}
    inherited = {end: step for start in at for end, step in _heirs(lineage, start)}
    came = dict(walk((*at, *inherited), along(lineage, 1, _FLOWS)))
    came |= {end: step for end, step in inherited.items() if end not in at}
    for node in tuple(came):
        for edge in lineage.steps(node, 1):
            if edge.kind is RelationKind.SPECIALIZATION_OF and edge.head not in came:
                came[edge.head] = Step(edge, node, edge.head)
    for node in came:
        steps = steps_to(came, node)
        yield Touched(node, at[steps[0].start if steps else node], steps)


def _where(lineage: Lineage, found: Labelled) -> NodeId:
    """Return what a label is carried from: the column itself where the lineage has columns."""
    column = column_node(found.node, found.column)
    return column if found.column and column in lineage else found.node


def _heirs(lineage: Lineage, start: NodeId) -> Iterator[tuple[NodeId, Step]]:
    """Yield what a label holds for too: the versions of a thing, the table of a column."""
    for edge in lineage.steps(start, -1):
        if edge.kind is RelationKind.SPECIALIZATION_OF:
            yield edge.tail, Step(edge, start, edge.tail)
    thing = lineage.things.get(start)
    if thing is not None and thing.type == ArtifactType.COLUMN:
        for edge in lineage.steps(start, 1):
            if edge.kind is RelationKind.MEMBER_OF:
                yield edge.head, Step(edge, start, edge.head)


def _doubts(
    lineage: Lineage, label: Label, every: Sequence[Labelled], *, is_many: bool
) -> Iterator[str]:
    if not every:
        yield f"No source of the case states {label.value}: that nothing is listed proves nothing."
    blind = sum(1 for _ in dataless(lineage))
    if blind:
        yield (
            f"{plural('run', blind)} {'does' if blind == 1 else 'do'} not say which data "
            f"{'it' if blind == 1 else 'they'} read: what came of it may be touched unseen."
        )
    bare = Counter(lineage.things[node].type for node in originless(lineage))
    for type_, count in sorted(bare.items()):
        verb = "says" if count == 1 else "say"
        yield (
            f"{plural(type_.replace('_', ' '), count)} {verb} nothing of what "
            f"{'it was' if count == 1 else 'they were'} made from."
        )
    loose = len(lineage.dangling())
    if loose:
        yield (
            f"{plural('thing', loose)} {'is' if loose == 1 else 'are'} named and described "
            "nowhere: whether labelled is not known."
        )
    if any(each.column and _where(lineage, each) == each.node for each in every):
        yield "A label of a column is carried as one of its table; the lineage of columns has more."
    if is_many:
        yield (
            f"There are more than {ONE_BY_ONE} labels: each thing is listed with the nearest one "
            "of each value."
        )

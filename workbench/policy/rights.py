"""What consent and licences of data mean for what was made from it: three answers, never a guess.

It rests on restricted data where a way of data leads there; it does not where everything it was
made from is known and each data set of that says so itself; else it is not known, with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.analysis.carrying import carried
from workbench.analysis.incoherent import dataless, originless
from workbench.analysis.labels import consents, labels, restricts
from workbench.analysis.lineage import Lineage
from workbench.analysis.ways import BY_DATA, along, walk
from workbench.model.catalog import DATA
from workbench.model.event import IndexedEvent
from workbench.model.lineage import NodeId
from workbench.model.lineage_answer import Label, Labelled
from workbench.model.progress import Cancel
from workbench.policy.licences import is_non_commercial

_UNSEEN = "Not all that it was made from is in the evidence."
_SILENT = {
    Label.CONSENT: "Not every data set that it was made from states its consent.",
    Label.LICENCE: "Not every data set that it was made from states a licence.",
}
#: Whether something rests on restricted data, or why that is not known.
Answer = bool | str


@dataclass(frozen=True)
class Rights:
    """What is known of the things of a case; nothing is of one that no set names.

    Attributes:
        made: what data leads to.
        unseen: what also came of something that nobody describes or that names no origin.
        reached: what a restriction reaches, by label.
        unsaid: what also came of data that does not say that it is free.
    """

    made: frozenset[NodeId] = frozenset()
    unseen: frozenset[NodeId] = frozenset()
    reached: Mapping[Label, frozenset[NodeId]] = field(default_factory=dict)
    unsaid: Mapping[Label, frozenset[NodeId]] = field(default_factory=dict)

    def rests(self, node: NodeId, label: Label) -> Answer:
        """Return whether a thing rests on data that a label restricts, or why nobody can tell."""
        if node in self.reached.get(label, ()):
            return True
        if node not in self.made or node in self.unseen:
            return _UNSEEN
        return _SILENT[label] if node in self.unsaid[label] else False


def rights_of(lineage: Lineage, events: Iterable[IndexedEvent]) -> Rights:
    """Return what is known of a case: from its catalogs, and from records of consent."""
    recorded, _ = consents(events, lineage.things)
    found = {
        Label.CONSENT: [*labels(lineage.things, Label.CONSENT), *recorded],
        Label.LICENCE: [*labels(lineage.things, Label.LICENCE)],
    }
    data = {node for node, thing in lineage.things.items() if thing.type in DATA}
    unknown = {*dataless(lineage), *originless(lineage), *lineage.dangling()}
    return Rights(
        _after(lineage, data),
        _after(lineage, unknown),
        {label: _reached(lineage, label, said) for label, said in found.items()},
        {label: _after(lineage, data - _free(said)) for label, said in found.items()},
    )


def _after(lineage: Lineage, starts: Iterable[NodeId]) -> frozenset[NodeId]:
    """Return some things and all that came of them."""
    return frozenset(walk(sorted(starts), along(lineage, 1, BY_DATA)))


def _binds(found: Labelled) -> bool | None:
    """Return whether a label restricts what it reaches; None: nobody can tell."""
    return is_non_commercial(found.value) if found.label is Label.LICENCE else restricts(found)


def _reached(lineage: Lineage, label: Label, found: Sequence[Labelled]) -> frozenset[NodeId]:
    bound = [each for each in found if _binds(each)]
    touched = carried(lineage, label, bound, cancel=Cancel()).touched
    return frozenset(each.id for each in touched if each.steps)


def _free(found: Sequence[Labelled]) -> set[NodeId]:
    """Return what says of itself that it restricts nothing, and nothing else."""
    bound = {each.node for each in found if _binds(each) is not False}
    return {each.node for each in found} - bound

"""The lineage that the report of a case shows: few pictures, of what it is about."""

from workbench.analysis import of_case
from workbench.analysis.folding import folded
from workbench.analysis.in_question import InQuestion, in_question
from workbench.analysis.layout import place
from workbench.analysis.lineage import Lineage
from workbench.analysis.linked import with_alternates
from workbench.model.alternate import Crossing
from workbench.model.case import Finding
from workbench.model.lineage import LineageOf
from workbench.model.progress import Cancel
from workbench.store.case_store import CaseStore

#: Pictures at most: whoever wants more exports them.
MOST = 4
#: Steps towards the data, and towards what rests on it.
_UP, _DOWN = 3, 2
#: Boxes in a layer and in all that are drawn one by one on paper.
_IN_LAYER, _IN_ALL = 22, 90


def shown_lineage(
    case: CaseStore, findings: tuple[Finding, ...], *, cancel: Cancel
) -> tuple[tuple[LineageOf, ...], int]:
    """Return the lineage of what the findings are about, and of how many things it is left out.

    Raises:
        Cancelled: the user stopped it.
    """
    found = of_case.read(case, cancel=cancel)
    graph = with_alternates(case, found, Crossing.SURE, cancel=cancel).lineage()
    if not graph.edge_count:
        return (), 0
    wanted = in_question(graph, findings)
    return tuple(_of(graph, each, cancel) for each in wanted[:MOST]), len(wanted[MOST:])


def _of(graph: Lineage, each: InQuestion, cancel: Cancel) -> LineageOf:
    whole = graph.view(each.node, up=_UP, down=_DOWN)
    shown = folded(whole, in_layer=_IN_LAYER, in_all=_IN_ALL)
    placed = place(shown, cancel=cancel)
    return LineageOf(graph.name(each.node), each.findings, whole, shown, placed)

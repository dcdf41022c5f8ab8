"""What stood in a case at a moment: versions deployed, who had approved them, on what record."""

from workbench.analysis import as_of, of_case
from workbench.analysis.as_of import AsOf as AsOf
from workbench.analysis.as_of import RegistryWord as RegistryWord
from workbench.analysis.as_of import VersionAsOf as VersionAsOf
from workbench.analysis.as_of import serving as serving
from workbench.model.progress import Cancel
from workbench.store import sources
from workbench.store.case_store import CaseStore


def at_moment(case: CaseStore, at: int, *, cancel: Cancel) -> AsOf:
    """Return what stood at a moment, in nanoseconds since 1970-01-01 UTC.

    Raises:
        Cancelled: the user stopped it.
    """
    graph = of_case.read(case, cancel=cancel)
    return as_of.as_of(at, graph.decisions, graph.things)


def source_names(case: CaseStore) -> dict[int, str]:
    """Return the paths of the sources of a case by their numbers."""
    with case.reading() as session:
        return {source.id: source.path for source in sources.every(session)}

"""Ask a case the checks of a pack, and make a finding of what they find."""

from collections.abc import Mapping, Sequence
from functools import cache

from workbench.analysis import of_case
from workbench.evidence.text import visible
from workbench.model.case import EvidenceRef, Finding
from workbench.model.policy import CheckResult, Framework, Pack, Population, Row
from workbench.model.progress import Cancel, Progress
from workbench.model.verification import SourceVerdict
from workbench.policy import library
from workbench.policy.engine import run_pack
from workbench.policy.facts import CaseFacts
from workbench.policy.populations import rows_of
from workbench.store import sources, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.soundness import require_derivable

#: Exceptions among events that are kept as rows; all of them are counted.
MOST_ROWS = 10_000
#: Exceptions that a finding names; its evidence has all of them.
MOST_NAMED = 20


def packs() -> tuple[Pack, ...]:
    """Return the packs that ship with the program."""
    return library.shipped()


def frameworks() -> tuple[Framework, ...]:
    """Return the frameworks that checks are mapped to."""
    return library.frameworks()


def run(
    case: CaseStore, pack: str, *, progress: Progress, cancel: Cancel
) -> tuple[Pack, tuple[CheckResult, ...]]:
    """Ask a case the checks of a pack, put that on record, and return what they say.

    Raises:
        SourceError: there is no such pack.
        ProfileError: it cannot be understood.
        StoreError: it could not be recorded.
        Cancelled: the user stopped it.
    """
    chosen, results = answers(case, pack, progress=progress, cancel=cancel)
    with case.acting("check.run", subject=chosen.id) as act:
        act.detail = {
            "pack": chosen.id,
            "version": chosen.version,
            "sha256": chosen.sha256,
            "results": {result.check.id: result.outcome.value for result in results},
        }
    return chosen, results


def answers(
    case: CaseStore, pack: str, *, progress: Progress, cancel: Cancel
) -> tuple[Pack, tuple[CheckResult, ...]]:
    """Return a pack, by its id or file, and what each of its checks says of the case.

    Raises:
        SourceError: there is no such pack.
        ProfileError: it cannot be understood.
        StoreError: the case is not what its journal recorded.
        Cancelled: the user stopped it.
    """
    chosen = library.chosen(pack)
    require_derivable(case.look_again())
    facts = _facts(case)

    @cache
    def rows(population: Population) -> Sequence[Row] | None:
        return rows_of(facts, population)

    results = run_pack(
        chosen,
        rows=rows,
        events=lambda query: _events(case, query),
        progress=progress,
        cancel=cancel,
    )
    return chosen, results


def finding_of(result: CheckResult, rows: Sequence[Row] | None = None) -> Finding:
    """Return the draft of a finding for exceptions of a check, its evidence linked.

    Args:
        result: what the check said.
        rows: those of its exceptions that the finding is about; default: all of them.
    """
    check = result.check
    chosen = result.exceptions if rows is None else tuple(rows)
    return Finding(
        id="",
        title=check.title,
        severity=check.severity,
        criteria=check.criteria,
        condition=_condition(result, chosen),
        consequence=check.consequence,
        corrective_action=check.remedy,
        evidence=tuple(place for row in chosen for place in _noted(row)),
        origin=f"check {check.id}",
    )


def _condition(result: CheckResult, rows: Sequence[Row]) -> str:
    """Say how many of how many, by name, and of how many nothing can be said."""
    named = ", ".join(visible(row.label) for row in rows[:MOST_NAMED])
    more = f" and {len(rows) - MOST_NAMED:,} more" if len(rows) > MOST_NAMED else ""
    found = f"{len(result.exceptions):,} of {result.tested:,} tested"
    about = found if len(rows) == len(result.exceptions) else f"{len(rows):,} of {found}"
    open_ones = result.population - result.tested
    untested = f" {open_ones:,} could not be decided." if open_ones else ""
    return f"{about} are exceptions: {named}{more}.{untested}"


def _noted(row: Row) -> Sequence[EvidenceRef]:
    return [EvidenceRef(place.sha256, place.locator, row.label) for place in row.evidence]


def _facts(case: CaseStore) -> CaseFacts:
    graph = of_case.read(case)
    return CaseFacts(
        verdicts=_verdicts(case),
        things=graph.things,
        relations=[(p.source, p.relation) for p in graph.placements],
        edges=tuple(graph.lineage().edges()),
        decisions=graph.decisions,
    )


def _verdicts(case: CaseStore) -> Mapping[int, SourceVerdict]:
    """Return every source of the case, with the newest verdict on it where there is one."""
    with case.reading() as session:
        known = sources.every(session)
        newest = verdicts.latest(session)
    judged = {(s.path, s.member, s.sha256): s for s in newest.sources} if newest else {}
    return {
        source.id: judged.get(
            (source.path, source.member, source.sha256),
            SourceVerdict(
                source.path, source.member, source.role, source.sha256, source.size, source.format
            ),
        )
        for source in known
    }


def _events(case: CaseStore, query: str) -> tuple[int, Sequence[Row]]:
    found = Events(case, query)
    rows = [
        Row(str(event.event.locator), {}, (event.ref,))
        for event in found.page(first=0, count=MOST_ROWS)
    ]
    return Events(case).count(), rows

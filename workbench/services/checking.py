"""Ask a case the checks of a pack, and make a finding of what they find."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

from workbench.analysis import of_case
from workbench.analysis.linked import once
from workbench.evidence.text import visible
from workbench.model.case import EvidenceRef, Finding
from workbench.model.case_source import CaseSource
from workbench.model.policy import (
    CheckResult,
    Footing,
    Framework,
    KeptRun,
    Pack,
    Population,
    Row,
)
from workbench.model.progress import Cancel, Progress
from workbench.model.verification import SourceVerdict, Verification
from workbench.policy import library
from workbench.policy.engine import FoundEvents, run_pack
from workbench.policy.facts import LEVELS, CaseFacts
from workbench.policy.gaps import gaps_of
from workbench.policy.populations import rows_of
from workbench.policy.rights import rights_of
from workbench.store import check_runs, journal, sources, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.marks import NOT_JUDGED
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
    """Ask a case the checks of a pack, keep what they say, put that on record, and return it.

    Raises:
        SourceError: there is no such pack.
        ProfileError: it cannot be understood.
        StoreError: it could not be recorded.
        Cancelled: the user stopped it.
    """
    chosen, results = answers(case, pack, progress=progress, cancel=cancel)
    with case.acting(check_runs.RAN, subject=chosen.id) as act:
        act.areas = {"checks"}
        act.detail = {
            "pack": chosen.id,
            "version": chosen.version,
            "sha256": chosen.sha256,
            "results": {result.check.id: result.outcome.value for result in results},
        }
        check_runs.put(act, chosen, results, who=case.who)
    return chosen, results


def kept(case: CaseStore) -> Mapping[str, KeptRun]:
    """Return what each shipped pack said last, by its id; what is out of date says so."""
    with case.reading() as session:
        found = {pack.id: check_runs.latest(session, pack) for pack in library.shipped()}
    return {pack: run for pack, run in found.items() if run is not None}


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
    facts, notes = _facts(case)

    @cache
    def rows(population: Population) -> Sequence[Row] | None:
        return rows_of(facts, population)

    results = run_pack(
        chosen,
        rows=rows,
        events=lambda query: _events(case, query, facts),
        gaps=partial(gaps_of, facts),
        notes=notes,
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


def _facts(case: CaseStore) -> tuple[CaseFacts, tuple[str, ...]]:
    """Return what the case says, equal bytes once, and what must be known of that."""
    with case.reading() as session:
        known = sources.every(session)
        newest = verdicts.latest(session)
        stale = journal.stale(session)
    first, repeated = once(known)
    current = {source.id for source in first}
    graph = of_case.read(case).only(current)
    lineage = graph.lineage()
    consents = (found for found in of_case.consents(case) if found.source in current)
    facts = CaseFacts(
        verdicts=_verdicts(first, newest),
        things=graph.things,
        relations=[(p.source, p.relation) for p in graph.placements],
        edges=tuple(lineage.edges()),
        decisions=graph.decisions,
        marks=graph.marks,
        sources={source.id: source for source in first},
        stale=stale,
        is_cut=graph.is_cut,
        rights=rights_of(lineage, consents),
    )
    return facts, (*filter(None, (stale,)), *repeated)


def _verdicts(
    known: Sequence[CaseSource], newest: Verification | None
) -> Mapping[int, SourceVerdict]:
    """Return sources of the case, each with its newest verdict where there is one."""
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


def _events(case: CaseStore, query: str, facts: CaseFacts) -> FoundEvents:
    """Return what a query finds among the events, and how the events are protected."""
    only = frozenset(facts.sources)
    found, every = Events(case, query, sources=only), Events(case, sources=only)
    page = found.page(first=0, count=MOST_ROWS)
    failed = [
        source.display
        for number, source in facts.sources.items()
        if source.events and facts.is_failed(number)
    ]
    return FoundEvents(
        every.count(),
        found.count(),
        tuple(Row(str(event.event.locator), {}, (event.ref,)) for event in page),
        _counted(_footings(case, facts)),
        tuple(failed),
    )


def _counted(footings: Iterable[tuple[Footing, int]]) -> Counter[Footing]:
    counts: Counter[Footing] = Counter()
    for footing, count in footings:
        counts[footing] += count
    return +counts


def _footings(case: CaseStore, facts: CaseFacts) -> Iterator[tuple[Footing, int]]:
    """Yield how many events are protected how."""
    judged = frozenset(n for n in facts.sources if facts.marks.get(n, NOT_JUDGED).judged)
    unjudged = frozenset(facts.sources) - judged
    bare = frozenset(source for source in judged if facts.is_bare(source))
    yield Footing.BROKEN, Events(case, "flag:broken", sources=judged).count()
    yield Footing.UNVERIFIED, Events(case, sources=unjudged).count()
    yield Footing.UNPROTECTED, Events(case, "-flag:broken", sources=bare).count()
    for level, footing in enumerate(LEVELS):
        asked = f"level={level} -flag:broken"
        yield footing, Events(case, asked, sources=judged - bare).count()

"""Count the distinct things of a catalog, as VERDICTS section 7 names them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from workbench.formats.reader import Account, EventReading, Reading
from workbench.model.catalog import (
    DATA,
    DOUBTS,
    ArtifactType,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Lifecycle,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.inspection import Count
from workbench.model.locator import Locator
from workbench.model.log_event import READ_ALL_THE_SAME, LogEvent
from workbench.model.source import Problem

#: Problems of one code that are told one by one.
MOST_PROBLEMS = 100

_GROUPS = {
    AttributeGroup.PARAM: "params",
    AttributeGroup.METRIC: "metric_points",
    AttributeGroup.TAG: "tags",
}
_Ends = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """Counts records as they come.

    * A run counts for the job that it is a run of, where the source states one: relations are
      then of jobs, as they are of runs where the source knows no jobs;
    * A relation counts once, and only where both of its ends are things of the source;
    * A relation of columns counts as one of columns only;
    * ``used`` is of datasets; experiments are folders of runs and not counted as artifacts.
    * Parameters, metric points and tags are those of runs, where the source knows no jobs.
    """

    _artifacts: dict[str, ArtifactType] = field(default_factory=dict)
    _jobs: set[str] = field(default_factory=set)
    _agents: set[str] = field(default_factory=set)
    _runs: dict[str, str] = field(default_factory=dict)
    _deleted: set[str] = field(default_factory=set)
    _fed: set[str] = field(default_factory=set)
    _open: int = 0
    _attributes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_GROUPS.values(), 0))
    _relations: dict[RelationKind, set[_Ends]] = field(default_factory=dict)
    _columns: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, record: CatalogRecord) -> None:
        """Take in a thing or a relation."""
        if isinstance(record, Thing):
            self._thing(record)
        else:
            self._relation(record)

    def counts(self, *, events: int = 0) -> dict[str, Count]:
        """Return what was counted; what there is none of is left out."""
        artifacts: dict[str, int] = {}
        for kind in self._artifacts.values():
            if kind is not ArtifactType.EXPERIMENT:
                artifacts[kind.value] = artifacts.get(kind.value, 0) + 1
        counts: dict[str, Count] = {
            "artifacts": dict(sorted(artifacts.items())),
            "jobs": len(self._jobs),
            "runs": len(self._runs),
            "runs_deleted": len(self._deleted),
            "runs_open": self._open,
            "agents": len(self._agents),
            "events": events,
            **({} if self._jobs else self._attributes),
            "relations": self._counted_relations(),
            "column_relations": len(self._columns),
        }
        return {name: count for name, count in counts.items() if count}

    def gaps(self) -> Iterator[str]:
        """Yield what is missing from this very source, in sentences like those of an account."""
        live = self._runs.keys() - self._deleted
        unfed = len(live - self._fed)
        if unfed:
            yield (
                f"which data {unfed} of {len(live)} runs were made from: "
                "no training-data lineage is recorded for them"
            )
        if self._open:
            yield f"how {self._open} of {len(self._runs)} runs ended: no end is recorded for them"

    def _thing(self, thing: Thing) -> None:
        match thing.kind:
            case ThingKind.ARTIFACT:
                self._artifacts[thing.key] = ArtifactType(thing.type)
            case ThingKind.JOB:
                self._jobs.add(thing.key)
            case ThingKind.RUN:
                self._run(thing)
            case ThingKind.AGENT:
                self._agents.add(thing.key)

    def _run(self, run: Thing) -> None:
        self._runs.setdefault(run.key, "")
        self._open += not run.state.is_terminal
        if run.lifecycle is Lifecycle.DELETED:
            self._deleted.add(run.key)
        for attribute in run.attributes:
            name = _GROUPS.get(attribute.group)
            if name is not None:
                self._attributes[name] += 1

    def _relation(self, relation: Relation) -> None:
        subject, target = relation.subject, relation.object
        if relation.kind is RelationKind.ASSOCIATED_WITH and relation.role == "job":
            self._runs[subject] = self._runs.get(subject) or target
            return
        if all(relation.columns) and relation.columns:
            self._columns.add((subject, target, *relation.columns))
            return
        if relation.kind is RelationKind.USED and self._may_be_data(target):
            self._fed.add(subject)
        ends = self._runs.get(subject) or subject, self._runs.get(target) or target
        self._relations.setdefault(relation.kind, set()).add(ends)

    def _may_be_data(self, key: str) -> bool:
        """Tell whether a thing is a dataset, or one that the source does not describe."""
        return self._artifacts.get(key, ArtifactType.DATASET) in DATA

    def _counted_relations(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        for kind in RelationKind:
            known = {ends for ends in map(self._ends, self._relations.get(kind, ())) if ends}
            if kind is RelationKind.USED:
                known = {ends for ends in known if self._may_be_data(ends[1])}
            if known:
                counted[kind.value] = len(known)
        return counted

    def _ends(self, ends: _Ends) -> _Ends | None:
        """Return both ends, a run as its job, or None where one is no thing of the source."""
        subject, target = (self._runs.get(end) or end for end in ends)
        known = all(
            any(end in things for things in (self._artifacts, self._jobs, self._runs, self._agents))
            for end in (subject, target)
        )
        return (subject, target) if known else None


@dataclass(frozen=True, slots=True)
class Inventory:
    """A source, read to the end and counted.

    Attributes:
        counts: what there is of each.
        problems: what is wrong with it; of many of one code the first, and how many more.
        account: what is known of it as a whole, with what is missing from it.
    """

    counts: dict[str, Count]
    problems: tuple[Problem, ...]
    account: Account


def inventory(reading: Reading) -> Inventory:
    """Read a source to its end and count what it holds."""
    tally, problems = Tally(), _Problems()
    account: Account | None = None
    while account is None:
        try:
            record = next(reading)
        except StopIteration as stop:
            account = stop.value or Account()
            continue
        if isinstance(record, Problem):
            problems.add(record)
        else:
            tally.add(record)
    shown = (*account.cannot_show, *tally.gaps())
    whole = Account(account.version, account.events, shown, account.control_totals)
    return Inventory(tally.counts(events=account.events), problems.told(), whole)


def inventory_of_events(
    reading: EventReading, take: Callable[[LogEvent], None] | None = None
) -> Inventory:
    """Read a plain log to its end; each event is given to ``take`` on its way."""
    problems = _Problems()
    while True:
        try:
            read = next(reading)
        except StopIteration as stop:
            account: Account = stop.value or Account()
            counts: dict[str, Count] = {"events": account.events}
            return Inventory(counts, problems.told(), account)
        if isinstance(read, Problem):
            problems.add(read)
        elif take is not None:
            take(read)


@dataclass(slots=True)
class _Problems:
    """The first problems of each code, and how many there were."""

    _told: list[Problem] = field(default_factory=list)
    _counted: dict[str, int] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        self._counted[problem.code] = self._counted.get(problem.code, 0) + 1
        if self._counted[problem.code] <= MOST_PROBLEMS:
            self._told.append(problem)

    def told(self) -> tuple[Problem, ...]:
        more = []
        for code, count in self._counted.items():
            if count > MOST_PROBLEMS:
                last = next(p.locator for p in reversed(self._told) if p.code == code)
                message = f"{count - MOST_PROBLEMS} more problems are {code}."
                place = Locator(last.path, last.member)
                is_doubt = code in DOUBTS or code in READ_ALL_THE_SAME
                told = code if is_doubt else CatalogProblem.MORE_PROBLEMS
                more.append(Problem(told, place, message))
        return (*self._told, *more)

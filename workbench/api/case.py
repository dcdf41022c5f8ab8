"""A case, or evidence that is looked at as one, open for reading."""

from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar
from weakref import finalize

from workbench.api import html
from workbench.api.asking import PathText, Several, moment, path_of, paths_of, request_of
from workbench.api.rows import Rows
from workbench.errors import UsageError
from workbench.evidence.text import visible
from workbench.model.catalog import Relation, RelationKind, Thing, ThingKind
from workbench.model.difference import Compared
from workbench.model.event import Event, IndexedEvent
from workbench.model.expectation import Expectation, Period
from workbench.model.kept import KeptRelation, KeptThing
from workbench.model.locator import Locator
from workbench.model.moment import nanoseconds
from workbench.model.progress import Cancel, Silent
from workbench.model.query_fields import Area
from workbench.model.request import VerifyRequest
from workbench.model.verification import Verification
from workbench.services.case_place import means_case

if TYPE_CHECKING:
    from workbench.analysis.digraph import LineageGraph
    from workbench.model.case import Finding
    from workbench.model.case_source import CaseSource
    from workbench.model.lineage import NodeId
    from workbench.model.reconciliation import Reconciled
    from workbench.services.cases import Standing
    from workbench.services.lineage import CaseLineage
    from workbench.services.standing import AsOf
    from workbench.store.case_store import CaseStore

L = TypeVar("L", KeptThing, KeptRelation)

_NOWHERE = Locator("")
_NO_EVENT = IndexedEvent(0, "", Event(_NOWHERE))
_NO_THING = KeptThing(0, 0, Thing(ThingKind.ARTIFACT, "", "", "", _NOWHERE))
_NO_RELATION = KeptRelation(0, 0, Relation(RelationKind.USED, "", "", _NOWHERE))


def opened(*paths: PathText) -> "Case":
    """Open a case, or evidence: a drop, an archive, a log, an export of a catalog.

    Evidence is read and hashed at once and never changed; what is derived from it lies in a
    private folder that is gone when the case is closed, or at the end of Python.

    Raises:
        SourceError: a path cannot be read.
        StoreError: the case is none, is newer than this program, or cannot be opened.
    """
    from workbench.services import cases

    named = paths_of(paths)
    if not named:
        raise UsageError("There is nothing to open: name a case, or evidence.")
    kept = any(map(means_case, named))
    if kept and len(named) > 1:
        raise UsageError("A case is opened by itself: what it holds is in it already.")
    closing = ExitStack()
    store = closing.enter_context(
        cases.open_case(named[0], who=cases.login(), write=False)
        if kept
        else cases.private_case(named, progress=Silent(), cancel=Cancel())
    )
    return Case(store, closing, kept=kept)


def diff(earlier: PathText, later: PathText) -> Compared:
    """Return how the catalog at ``later`` differs from the one at ``earlier``.

    Raises:
        UsageError: there is not exactly one catalog at a path.
        SourceError: a path cannot be read.
    """
    from workbench.services import comparing

    return comparing.compare(path_of(earlier), path_of(later), progress=Silent(), cancel=Cancel())


class Case:
    """A case open for reading; close it, or use it in a ``with``.

    ``events``, ``things``, ``lineage`` and ``as_of`` answer as the newest verification left the
    case. Of evidence that is not yet in a case there is none before ``verify``: until then no
    event has a level of assurance, and no edge counts as verified.
    """

    def __init__(self, store: "CaseStore", closing: ExitStack, *, kept: bool) -> None:
        """Take an open case, what closes it, and whether anybody keeps it."""
        self._open: CaseStore | None = store
        self._kept = kept
        self._lineage: CaseLineage | None = None
        self._end = finalize(self, closing.close)

    def close(self) -> None:
        """Close it; what was derived from evidence for this session is gone."""
        self._open = None
        self._lineage = None
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _store(self) -> "CaseStore":
        if self._open is None:
            raise UsageError("This case is closed; open it again.")
        return self._open

    @property
    def standing(self) -> "Standing":
        """How it stands: engagement, deliveries, sources, verdicts, journal."""
        from workbench.services import cases

        return cases.standing(self._store)

    @property
    def sources(self) -> "tuple[CaseSource, ...]":
        """The pieces of evidence, each with its path, size in bytes, SHA-256 and format."""
        return self.standing.sources

    @property
    def verification(self) -> Verification | None:
        """The newest verification of it, or None; ``standing.stale`` says if it is out of date."""
        return self.standing.verification

    @property
    def findings(self) -> "tuple[Finding, ...]":
        """The findings, by number."""
        from workbench.services import findings

        return tuple(findings.every(self._store))

    def verify(
        self,
        *,
        trust: Several = (),
        confirm: Several = (),
        secrets: Several = (),
        threshold: int = 1,
        profile: PathText | None = None,
        period: str | Period | None = None,
        expect: Expectation | None = None,
        required: Several | None = None,
        at: str | datetime | None = None,
    ) -> Verification:
        """Return the verdict on all its evidence, read again from the original bytes.

        What is trusted here adds to whom the case trusts. In a case that somebody keeps nothing
        is recorded: ``events`` and ``lineage`` go on by the verification that is on record. Of
        other evidence they go by this one from now on.

        Args:
            trust: ``[ROLE=]FILE`` each: keys, certificates, revocation lists, trust stores.
            confirm: SHA-256 of trusted keys, compared out of band, as hex.
            secrets: ``[ID=]FILE`` each, for HMAC chains.
            threshold: how many trusted identities must have signed.
            profile: id or file of the chain profile to use.
            period: audit period, or ``"FROM..TO"``; None: that of the case.
            expect: what else you state: count of records, digest of the last one, who signed.
            required: dimensions that decide ``exit_code``.
            at: time for which trust is judged (UTC where it names no zone); None: now.

        Raises:
            UsageError: what is asked for makes no sense as asked.
            SourceError: a trust file cannot be read.
        """
        request = request_of(
            (), trust, confirm, secrets, threshold, profile, period, expect, required, at
        )
        return self._verified(request)

    def _verified(self, request: VerifyRequest) -> Verification:
        from workbench.services.verification.case import (
            judge_case,
            verify_case,
            with_blast_radius,
        )

        judge = judge_case if self._kept else verify_case
        found = judge(self._store, request, progress=Silent(), cancel=Cancel())
        self._lineage = None
        return with_blast_radius(self._store, found)

    def events(
        self, query: str = "", *, sort: str = "", descending: bool = False
    ) -> Rows[IndexedEvent]:
        """Return the events of its logs that satisfy a query.

        Args:
            query: in the language of ``workbench query``; "" is everything.
            sort: record, time, actor, action or object; "": as in the evidence.
            descending: the greatest first.

        Raises:
            QueryError: the query cannot be understood; ``offset`` is where.
        """
        from workbench.services.investigation import Events, event_order

        asked, order = Events(self._store, query), event_order(sort, descending=descending)

        def page(first: int, count: int) -> list[IndexedEvent]:
            self._store  # noqa: B018 - says that it is closed
            return asked.page(first=first, count=count, order=order)

        return Rows(asked.count(), page, _NO_EVENT)

    def things(
        self, query: str = "", *, sort: str = "", descending: bool = False
    ) -> Rows[KeptThing]:
        """Return the artifacts, runs, jobs and agents of its catalogs that satisfy a query.

        Raises:
            QueryError: the query cannot be understood, or there is no such field to sort by.
        """
        return self._listed(Area.THINGS, query, sort, descending, _NO_THING)

    def relations(
        self, query: str = "", *, sort: str = "", descending: bool = False
    ) -> Rows[KeptRelation]:
        """Return what its catalogs say of how things hang together, as they state it.

        Raises:
            QueryError: the query cannot be understood, or there is no such field to sort by.
        """
        return self._listed(Area.RELATIONS, query, sort, descending, _NO_RELATION)

    def _listed(self, area: Area, query: str, sort: str, descending: bool, blank: L) -> Rows[L]:
        from workbench.services import investigation

        def page(first: int, count: int) -> list[L]:
            found = investigation.listed(
                self._store, area, query, by=sort, descending=descending, first=first, count=count
            )
            return [row for row in found.rows if isinstance(row, type(blank))]

        asked = investigation.listed(self._store, area, query, by=sort, count=0)
        return Rows(asked.total, page, blank)

    def find(self, name: str) -> "NodeId":
        """Return the (source, key) of what is called ``NAME``, ``NAME:VERSION`` or by its key.

        Raises:
            UsageError: nothing is called so, or more than one thing is.
        """
        from workbench.services import lineage

        return lineage.find(self._graph(), name)

    def lineage(
        self, of: "str | NodeId | None" = None, *, up: int | None = 1, down: int | None = 1
    ) -> "LineageGraph":
        """Return what a thing was made from and what rests on it, as a NetworkX ``DiGraph``.

        Nodes are (source, key) and carry ``thing``, ``name``, ``version``, ``kind``,
        ``in_evidence``, ``broken``, ``locator`` and ``layer`` (steps from ``of`` along the flow).
        Edges run as data flows and carry ``relations``, ``status`` (missing, broken, claimed or
        verified: that of the weakest relation between the two), ``level`` (of assurance, 0 to 4),
        ``locators`` and ``edges``. The graph is yours: changing it changes nothing else.

        Args:
            of: the thing, by its name or as ``find`` returns it; None: the whole case.
            up: steps towards what it was made from; None: as far as it goes.
            down: steps towards what rests on it; None: as far as it goes.

        Raises:
            UsageError: nothing is called so, or more than one thing is.
        """
        from workbench.services import lineage

        for steps in (up, down):
            if steps is not None and steps < 0:
                raise UsageError(f"Lineage goes 0 steps or more; not {steps}.")
        graph = self._graph()
        focus = lineage.find(graph, of) if isinstance(of, str) else of
        return lineage.as_digraph(graph, focus, up=up, down=down)

    def _graph(self) -> "CaseLineage":
        """Return the lineage; it is read once, and anew after a verification."""
        from workbench.services import lineage

        store = self._store
        if self._lineage is None:
            self._lineage = lineage.read(store)
        return self._lineage

    def as_of(self, time: str | datetime) -> "AsOf":
        """Return which versions stood at a moment, who had approved them, on which records.

        Args:
            time: a moment (UTC where it names no zone); a date means the end of that day.

        Raises:
            UsageError: it is no time.
        """
        from workbench.services import standing

        at = nanoseconds(moment(time, last=True))
        return standing.at_moment(self._store, at, cancel=Cancel())

    def diff(self, earlier: int, later: int) -> Compared:
        """Return how a source of the case differs from an earlier one, both by their numbers.

        Raises:
            UsageError: one of them is none of the case, or no catalog.
        """
        from workbench.services import comparing

        return comparing.compare_kept(self._store, earlier, later, cancel=Cancel())

    def reconcile(self) -> "Reconciled":
        """Return where catalogs, logs and files of the case contradict each other.

        What could not be compared, and what is not sure, stands in it beside the differences.
        """
        from workbench.services import reconciling

        return reconciling.reconcile(self._store, cancel=Cancel())

    @property
    def warning(self) -> str:
        """Whether the case was changed by anything but this program, in a sentence, or ""."""
        from workbench.services import cases

        return cases.warning_of(self._store)

    def __repr__(self) -> str:
        if self._open is None:
            return "<Case, closed>"
        warning = f"; {self.warning}" if self.warning else ""
        standing = self.standing
        title = visible(standing.engagement.title)
        return f"<Case {title}: {len(standing.sources):,} sources{warning}>"

    def _repr_html_(self) -> str:
        if self._open is None:
            return html.text("This case is closed.")
        standing = self.standing
        rows = (
            (s.id, s.display, s.role.value, s.format, s.size, s.sha256) for s in standing.sources
        )
        names = ("id", "path", "role", "format", "bytes", "sha256")
        said = (standing.engagement.title, self.warning, standing.stale)
        return html.table(names, rows, caption=". ".join(part for part in said if part))

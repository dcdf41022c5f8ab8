"""The open case, for the window: one thread writes it, readers ask it, everybody hears of acts.

What holds here:

* the case is opened, changed and closed on the one thread that writes, one thing after another;
* ``standing`` is replaced whole, on that thread, before anybody is told that something changed;
* an act that fails or is stopped half-way has still done what is in the journal: that is told too.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from workbench.errors import StoreError
from workbench.gui.amounts import Unit
from workbench.gui.collecting import keep_what_is_loaded
from workbench.gui.context import ANOTHER_CASE, CaseHeader, FindKind, Hit
from workbench.gui.faults import Fault
from workbench.gui.jobs import JobRunner, Lane
from workbench.gui.searching import find
from workbench.gui.settings import Settings, data_folder
from workbench.gui.text import tr
from workbench.model.case import CASE_SUFFIX, CaseChanges, Engagement
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Dimension, Indication
from workbench.model.verification import Verification

if TYPE_CHECKING:
    from workbench.services.cases import Added, Standing, Stated
    from workbench.services.sample import Sample
    from workbench.store.case_store import CaseStore

T = TypeVar("T")
_MOST_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Means:
    """With what a case is verified beside its own trust store; kept for this session only.

    Attributes:
        secrets: ``[ID=]FILE`` each, for HMAC chains; never put on record.
        at: the time for which trust is judged, or None: the time of the verification.
        threshold: how many trusted identities must have signed.
    """

    secrets: tuple[str, ...] = ()
    at: datetime | None = None
    threshold: int = 1

    def request(self) -> VerifyRequest:
        """Return what is asked for; paths and trust are those of the case."""
        at = self.at or datetime.now(UTC).replace(microsecond=0)
        return VerifyRequest((), at, secrets=self.secrets, threshold=self.threshold)


class CaseServices:
    """What the window asks of the program; see ``context.Services``."""

    def __init__(self, jobs: JobRunner, settings: Settings) -> None:
        self._jobs = jobs
        self._settings = settings
        self._case: CaseStore | None = None
        self._standing: Standing | None = None
        self._header: CaseHeader | None = None
        self._areas: set[str] = set()
        self._turning = False
        self.means = Means()
        #: Writes what is typed and not in the case yet; returns why it cannot, or "".
        self.before_leaving: Callable[[], str] = lambda: ""

    @property
    def case(self) -> "CaseStore | None":
        """The open case, or None."""
        return self._case

    @property
    def standing(self) -> "Standing | None":
        """How the case stands after the last act, or None."""
        return self._standing

    def header(self) -> CaseHeader | None:
        """Return what the frame says of the case, or None."""
        return self._header

    def read(
        self,
        work: Callable[["CaseStore"], T],
        *,
        owner: QObject | None = None,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[Fault], None] | None = None,
    ) -> None:
        """Ask the case something, off the thread of the window."""
        case = self._case
        if case is not None:
            self._jobs.read(lambda: work(case), owner=owner, on_done=on_done, on_failed=on_failed)

    def act(
        self,
        title: str,
        work: Callable[["CaseStore", Progress, Cancel], T],
        *,
        unit: Unit = Unit.ITEMS,
        listed: bool = True,
        owner: QObject | None = None,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[Fault], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Change the case, on the thread that writes it."""
        case = self._case
        if case is None:
            return

        def run(progress: Progress, cancel: Cancel) -> T:
            try:
                return work(case, progress, cancel)
            finally:
                self._announce(case)

        self._jobs.start(
            title,
            run,
            unit=unit,
            lane=Lane.WRITE,
            owner=owner,
            on_done=on_done,
            on_failed=on_failed,
            on_cancelled=on_cancelled,
            listed=listed,
        )

    def find(self, text: str, kind: FindKind, limit: int) -> Sequence[Hit]:
        """Return what of the case matches a text."""
        case = self._case
        return () if case is None else find(case, text, kind, limit)

    def close(self) -> None:
        """Let go of the case; nothing runs any more."""
        case, self._case = self._case, None
        self._standing = self._header = None
        self.means = Means()
        if case is not None:
            case.close()

    def open(self, folder: Path, *, then: Callable[[], None] | None = None) -> None:
        """Open a case in place of the one that is open, for writing where that is possible."""
        from workbench.services import cases

        if self._case is not None and self._case.folder.resolve() == folder.resolve():
            if then is not None:
                then()
            return
        opening = partial(cases.open_case, folder, who=self.who)
        self._turn_to(tr("Open {}").format(folder.stem), opening, then)

    def create(
        self, folder: Path, engagement: Engagement, *, then: Callable[[], None] | None = None
    ) -> None:
        """Make a case and open it in place of the one that is open."""
        from workbench.services import cases
        from workbench.store.handing import require_outside

        def making() -> "CaseStore":
            if self._case is not None and not folder.exists():
                require_outside(self._case, folder)
            return cases.create(folder, engagement, who=self.who)

        self._turn_to(tr("Make {}").format(engagement.title), making, then)

    def open_sample(self) -> None:
        """Open the sample case; where there is none yet, make it and verify it."""
        from workbench.services import sample

        found = sample.load()
        opening = partial(sample_case, found, who=self.who)
        self._turn_to(tr("Open the sample case"), opening, lambda: self._go_on_with(found))

    def keep(self, folder: Path) -> None:
        """Move the case, which lies where nobody would look for it, to a place of its own."""
        case = self._case
        if case is not None:
            self._turn_to(tr("Keep the case"), partial(self._moved, case, folder), None)

    @property
    def is_quick(self) -> bool:
        """Whether the case lies where nobody would look for it."""
        return self._case is not None and self._case.folder.is_relative_to(data_folder())

    def leave(self) -> None:
        """Close the case: none is open then."""
        self._turn_to(tr("Close the case"), lambda: None, None)

    @property
    def who(self) -> str:
        """Return who works on the case, for the journal."""
        from workbench.services import cases

        return str(self._settings.value("who")) or cases.login()

    def add_evidence(
        self,
        paths: Sequence[Path],
        *,
        stated: "Stated | None" = None,
        on_done: Callable[["Added"], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Add evidence; events of chained logs are left to the verification that follows."""
        from workbench.services import cases

        what = paths[0].name if len(paths) == 1 else tr("{} items").format(len(paths))
        self.act(
            tr("Take in {}").format(what),
            lambda case, progress, cancel: cases.add_evidence(
                case, paths, stated=stated, chains_later=True, progress=progress, cancel=cancel
            ),
            unit=Unit.BYTES,
            on_done=on_done,
            on_cancelled=on_cancelled,
        )

    def verify(
        self,
        *,
        on_done: Callable[[Verification], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Verify all evidence of the case with whom it trusts, and index what is not indexed."""
        from workbench.services import cases
        from workbench.services.verification.case import verify_case

        request = self.means.request()

        def work(case: "CaseStore", progress: Progress, cancel: Cancel) -> Verification:
            judge = partial(verify_case, case, request, progress=progress, cancel=cancel)
            return cases.with_index(
                case,
                lambda tap, executor: judge(tap=tap, executor=executor),
                progress=progress,
                cancel=cancel,
            )

        self.act(
            tr("Verify all sources"),
            work,
            unit=Unit.BYTES,
            on_done=on_done,
            on_cancelled=on_cancelled,
        )

    def _go_on_with(self, found: "Sample") -> None:
        """Do with the sample what is not done yet."""
        self.means = Means(found.secrets, found.at)
        standing = self._standing
        if standing is None or not standing.sources:
            self.add_evidence([found.evidence], on_done=lambda _added: self.verify())
        elif standing.unjudged:
            self.verify()

    def _moved(self, case: "CaseStore", folder: Path) -> "CaseStore":
        from workbench.services import cases
        from workbench.store.handing import require_outside

        place = (
            folder if folder.suffix == CASE_SUFFIX else folder.with_name(folder.name + CASE_SUFFIX)
        )
        if place.exists():
            raise StoreError(f"{place} exists already; choose another name.", path=str(place))
        require_outside(case, place)
        case.close()
        try:
            shutil.move(case.folder, place)
        except OSError as error:
            self._case = cases.open_case(case.folder, who=self.who)
            raise StoreError(f"{place} cannot be written: {error.strerror}.") from error
        return cases.open_case(place, who=self.who)

    def _turn_to(
        self, title: str, opening: Callable[[], "CaseStore | None"], then: Callable[[], None] | None
    ) -> None:
        """Open first, then close what was open: a case that cannot be opened changes nothing.

        What is typed is written first; one case is opened at a time, however often that is asked.
        """
        if self._turning:
            return
        if unkept := self.before_leaving():
            self._jobs.faulted.emit(Fault(tr("The case stays open: {}").format(unkept)))
            return
        self._turning = True

        def run(_progress: Progress, _cancel: Cancel) -> None:
            before = self._case
            case = opening()
            self._case = case
            self.means = Means()
            if case is None:
                self._standing = self._header = None
            else:
                case.when_acted = self._note
                self._look(case)
            if before is not None:
                before.close()

        def turned(progress: Progress, cancel: Cancel) -> None:
            try:
                run(progress, cancel)
            finally:
                self._turning = False
            self._jobs.case_changed.emit(ANOTHER_CASE)

        def stopped() -> None:
            self._turning = False

        def done(_none: None) -> None:
            keep_what_is_loaded()  # on the thread of the window, as every collection
            if then is not None:
                then()

        self._jobs.start(
            title, turned, unit=Unit.ITEMS, lane=Lane.WRITE, on_done=done, on_cancelled=stopped,
            on_failed=self._jobs.faulted.emit, listed=False,
        )  # fmt: skip

    def _note(self, changes: CaseChanges) -> None:
        self._areas |= changes.areas

    def _announce(self, case: "CaseStore") -> None:
        """Tell what was recorded, if anything was."""
        areas, self._areas = self._areas, set()
        if areas:
            self._look(case)
            self._jobs.case_changed.emit(CaseChanges(frozenset(areas)))

    def _look(self, case: "CaseStore") -> None:
        from workbench.services import cases

        found = cases.standing(case)
        self._standing = found
        self._header = replace(header_of(found), read_only=case.why_read_only)


def sample_case(found: "Sample", *, who: str) -> "CaseStore":
    """Return the sample case, made anew where it is not there or its evidence moved."""
    from workbench.services import cases, trusting

    folder = data_folder() / "sample"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(1, _MOST_SAMPLES):
        place = folder / f"Sample {number}{CASE_SUFFIX}"
        if not place.exists():
            case = cases.create(place, found.engagement, who=who)
            trusting.add(case, found.trust)
            return case
        with suppress(StoreError):
            case = cases.open_case(place, who=who)
            here = {Path(d.place) for d in cases.standing(case).deliveries}
            if case.writable and here <= {found.evidence.resolve()}:
                return case
            case.close()
    raise StoreError(f"{folder} holds too many sample cases: remove some.", path=str(folder))


def header_of(found: "Standing") -> CaseHeader:
    """Return what the frame says of a case.

    While a subject is not judged, or the verdicts are out of date, nothing is said of the whole
    case but what FAILED already.
    """
    verification = found.verification
    answers = {d: verification.dimension(d) for d in Dimension} if verification else {}
    said = {
        which: answer
        for which, answer in answers.items()
        if not (found.unjudged or found.stale) or answer.indication is Indication.FAILED
    }
    return CaseHeader(
        title=found.engagement.title,
        number=found.engagement.number,
        dimensions=said,
        sources=len(found.sources),
        journal_entries=found.journal.entries,
        network=(*(verification.network if verification else ()), *found.network),
    )

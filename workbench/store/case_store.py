"""A case on disk: the folder ``NAME.case``, opened by one writer and many readers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workbench.errors import StoreError, WorkbenchError
from workbench.evidence.drop import Drop, open_drop
from workbench.evidence.names import raw_path
from workbench.evidence.strict_json import JsonValue
from workbench.model.case import CASE_SUFFIX, CaseChanges, Engagement, JournalState
from workbench.model.progress import Cancel, Silent
from workbench.output import whole_folder
from workbench.store import checkpoint, index_files, journal, seals, soundness
from workbench.store.case_file import fill, opened
from workbench.store.database import (
    FILE,
    Mode,
    copy_to,
    engine_for,
    put_into_one_file,
    told,
)
from workbench.store.index_files import remove_strangers
from workbench.store.lock import WriterLock
from workbench.store.open_index import OpenIndex
from workbench.store.verdicts import DOUBTED

INDEX = "index"
REPORTS = "reports"

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time by this machine's clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Act:
    """An act while it is done; what it says at the end goes into the journal.

    Attributes:
        session: where its changes are made; they are committed with the entry, or not at all.
        name: verb and noun, as ``evidence.add``.
        subject: what it is done to.
        detail: what else must be known to repeat it: texts, whole numbers, lists of them.
        areas: what views have to read again.
        at: its time.
    """

    session: Session
    name: str
    at: datetime
    subject: str = ""
    detail: dict[str, JsonValue] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)

    @property
    def changes(self) -> CaseChanges:
        """Return what it touched."""
        return CaseChanges(frozenset({*self.areas, "journal"}))


class CaseStore:
    """An open case."""

    def __init__(
        self, folder: Path, *, who: str, clock: Clock, lock: WriterLock | None, engine: Engine
    ) -> None:
        self.folder = folder
        self.who = journal.plain(who)
        self.clock = clock
        self._lock = lock
        self._writer = engine if lock else None
        self._reader = engine_for(folder / FILE, Mode.READ) if lock else engine
        self._one_at_a_time = threading.RLock()
        self._open_index: OpenIndex | None = None
        self._former_index: OpenIndex | None = None
        self._drops = ExitStack()
        self._opened: dict[tuple[str, Path], Drop] = {}
        self.why_read_only = ""
        #: Told of each act once it is on disk, on the thread that did it.
        self.when_acted: Callable[[CaseChanges], None] = _nobody
        try:
            self.journal_at_opening = self._looked_at()
            if lock is not None:
                with self.reading() as session:
                    remove_strangers(session, self.index_folder, now=clock())
        except BaseException:
            self._reader.dispose()
            raise

    @classmethod
    def create(
        cls, folder: Path, engagement: Engagement, *, who: str, clock: Clock = utc_now
    ) -> "CaseStore":
        """Make a new case, whole or not at all, and open it for writing.

        Raises:
            StoreError: something is there already, or it cannot be written.
        """
        folder = named(folder)
        with new_folder(folder) as part:
            fill(part / FILE, engagement, who=who, at=clock())
        return cls.open(folder, who=who, clock=clock)

    @classmethod
    def open(
        cls, folder: Path, *, who: str, write: bool = True, clock: Clock = utc_now
    ) -> "CaseStore":
        """Open a case.

        Raises:
            CaseInUse: another program writes to it, and ``write`` was asked for.
            StoreError: it is no case, is newer than this program, or cannot be opened.
        """
        folder = named(folder)
        if not (folder / FILE).is_file():
            raise StoreError(f"{folder} is not a case: it holds no {FILE}.", path=str(folder))
        lock = WriterLock(folder) if write else None
        engine: Engine | None = None
        try:
            with told(f"{folder} cannot be opened"):
                engine = opened(folder, write=write, who=who)
                return cls(folder, who=who, clock=clock, lock=lock, engine=engine)
        except BaseException:
            if engine is not None:
                engine.dispose()
            if lock is not None:
                lock.release()
            raise

    @property
    def writable(self) -> bool:
        """Tell whether acts can be recorded."""
        return self._writer is not None

    @property
    def index_folder(self) -> Path:
        """Return where the index lies; it need not exist."""
        return self.folder / INDEX

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees the case as it is now and cannot change it.

        Raises:
            StoreError: it cannot be read.
        """
        with told(f"{self.folder} cannot be read"), self._session(self._reader) as session:
            yield session

    def _session(self, engine: Engine) -> Session:
        state = self.journal_at_opening
        return Session(engine, info={DOUBTED: state.doubted, journal.STATE: state})

    @contextmanager
    def acting(self, name: str, *, subject: str = "") -> Iterator[Act]:
        """Yield an act; at the end what it changed and its journal entry are committed together.

        Raises:
            StoreError: it could not be recorded; the case is as it was before.
        """
        if self._writer is None:
            raise StoreError(f"{self.folder} is open for reading only.", path=str(self.folder))
        what = f"{name} was not recorded, {self.folder} is as it was"
        with (
            self._one_at_a_time,
            told(what),
            self._session(self._writer) as session,
            session.begin(),
        ):
            act = Act(session, name, self.clock(), subject)
            state = soundness.note(session, self.journal_at_opening, at=act.at, who=self.who)
            session.flush()
            seals.begin(session)
            yield act
            session.flush()
            if sealed := seals.of_act(session):
                act.detail = {**act.detail, journal.SEALS: dict(sealed)}
            entry = journal.append(
                session,
                at=act.at,
                who=self.who,
                act=act.name,
                subject=act.subject,
                detail=act.detail,
            )
        self.journal_at_opening = state
        checkpoint.write(self.folder, checkpoint.Checkpoint(entry.number, entry.digest))
        self.when_acted(act.changes)

    @property
    def index(self) -> OpenIndex:
        """Return the index as the case states it now.

        Raises:
            StoreError: its engine cannot be started.
        """
        with self.reading() as session:
            files, events = index_files.files(session), index_files.events(session)
        with self._one_at_a_time:
            if self._open_index is None or self._open_index.files != files:
                # The one before may still be asked in another thread; the one before that not.
                if self._former_index is not None:
                    self._former_index.close()
                self._former_index = self._open_index
                self._open_index = OpenIndex(self.index_folder, files, events)
            return self._open_index

    def drop(self, label: str, place: Path, *, cancel: Cancel) -> Drop:
        """Return a delivery opened as a drop; it stays open as long as the case.

        Raises:
            SourceError: it cannot be read.
        """
        with self._one_at_a_time:
            if (label, place) not in self._opened:
                names = [raw_path(label)]
                opening = open_drop([place], names=names, cancel=cancel, progress=Silent())
                self._opened[label, place] = self._drops.enter_context(opening)
            return self._opened[label, place]

    def look_again(self) -> JournalState:
        """Hold the whole case against its journal once more, also what its catalogs say.

        To be done before anything is derived from it that is handed on.
        """
        state = self._looked_at(whole=True)
        with self._one_at_a_time:
            self.journal_at_opening = state
        return state

    def _looked_at(self, *, whole: bool = False) -> JournalState:
        with Session(self._reader) as session:
            return soundness.looked_at(session, self.folder, whole=whole)

    def journal_state(self) -> JournalState:
        """Return the head of the journal now, and what was found when the case was opened."""
        with self.reading() as session:
            now = journal.head(session)
        return replace(self.journal_at_opening, entries=now.entries, head=now.head)

    def copy_file(self, file: Path) -> None:
        """Copy the case file as it is now.

        Raises:
            StoreError: it could not be read or written.
        """
        copy_to(self._reader, file)

    def close(self) -> None:
        """Put everything into the one file and let the next writer in."""
        self._drops.close()
        for index in filter(None, (self._open_index, self._former_index)):
            index.close()
        self._reader.dispose()
        if self._lock is not None and self._writer is not None:
            put_into_one_file(self._writer)
            self._writer.dispose()
            self._lock.release()
            self._lock = None

    def __enter__(self) -> "CaseStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _nobody(_changes: CaseChanges) -> None:
    """Tell nobody."""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a private folder to fill; at the end it is the new case, whole or not at all.

    Raises:
        StoreError: something is there already, or it cannot be written.
    """
    if folder.exists() or folder.is_symlink():
        raise StoreError(f"{folder} exists already; name a new case.", path=str(folder))
    try:
        with whole_folder(folder) as part:
            (part / REPORTS).mkdir(mode=0o700)
            yield part
    except WorkbenchError as error:
        if type(error) is not WorkbenchError:  # somebody else's reason
            raise
        raise StoreError(error.message, path=str(folder)) from error


def named(folder: Path) -> Path:
    """Return the folder of a case: its name ends in ``.case``."""
    return folder if folder.suffix == CASE_SUFFIX else folder.with_name(folder.name + CASE_SUFFIX)

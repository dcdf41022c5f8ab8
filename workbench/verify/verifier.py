"""What a verifier is: a file with ``VERIFIER``, found by ``plugins.discover``."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.line_columns import LineColumns
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Progress, Silent
from workbench.model.trust import Trust
from workbench.model.verdict import SubjectVerdict

if TYPE_CHECKING:
    from workbench.model.profile import ChainProfile


class PieceReading(Protocol):
    """Makes something of one piece of a log, with what its judge has read already."""

    @property
    def wanted(self) -> tuple[str, ...] | None:
        """Return names at the top of records whose texts it takes by column; None: it cannot."""
        ...

    def by_column(self, start: int, lines: LineColumns) -> None:
        """Take whole lines of the piece from ``start`` on, to its last line end."""
        ...

    def proven(
        self,
        start: int,
        end: int,
        lengths: Sequence[int],
        records: Sequence[Mapping[str, object]],
    ) -> None:
        """Take whole lines of the piece, from ``start`` to ``end``, as they were read.

        ``lengths`` are those of the lines without their ends; the records lack their own digests.
        """
        ...

    def made(self) -> object:
        """Return what came of the piece, whatever of it was proven."""
        ...


class Tap(Protocol):
    """Takes what else is wanted of the records of a log while they are judged: one scan for both.

    A file may be gone over more than once; what is made of it is the same each time.
    """

    def begin(self, file: EvidenceFile) -> Callable[[Any], "PieceReading"] | None:
        """Return what begins to read a piece (a ``chain.frame.Cut``); None: nothing is wanted.

        It is run in any process, so it can be pickled, and so can what is made.
        """
        ...

    def take(self, file: EvidenceFile, made: object) -> None:
        """Take what was made of the next piece."""
        ...


@dataclass(frozen=True, slots=True)
class Bench:
    """What a verifier works with, beside the subject.

    Attributes:
        trust: whom the auditor trusts.
        expectation: what the auditor states.
        profiles: chain profiles that may be tried.
        limits: limits on what comes in.
        progress: told how far the work is.
        cancel: checked once a batch.
        executor: runs small picklable pieces; None: run them here.
        tap: takes records of logs on their way, or None.
        digests: of files that many subjects need, by file and hash.
        beside: the logs of the drop: one may go on where another ends.
        bags: the verdicts on bags, which what lies in them needs too.
    """

    trust: Trust
    expectation: Expectation = field(default_factory=Expectation)
    profiles: "Sequence[ChainProfile]" = ()
    limits: Limits = LIMITS
    progress: Progress = field(default_factory=Silent)
    cancel: Cancel = field(default_factory=Cancel)
    executor: Executor | None = None
    tap: Tap | None = None
    digests: dict[tuple[EvidenceFile, str], bytes] = field(default_factory=dict, compare=False)
    beside: tuple[EvidenceFile, ...] = ()
    bags: dict[tuple[str, str | None], SubjectVerdict] = field(default_factory=dict, compare=False)


class Verifier(Protocol):
    """Judges subjects of one format."""

    @property
    def id(self) -> str:
        """Return the format it judges, as ``Subject.format`` names it."""
        ...

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict; a bad subject is a verdict, never an exception."""
        ...


@dataclass(frozen=True, slots=True)
class Later:
    """A verifier that is loaded by its first subject: most drops need one or two of them.

    Attributes:
        id: as the verifier itself says it.
        module: where its ``VERIFIER`` is.
    """

    id: str
    module: str

    def loaded(self) -> Verifier:
        """Return the verifier itself."""
        found: Verifier = import_module(self.module).VERIFIER
        return found

    def verify(self, subject: Subject, bench: Bench) -> SubjectVerdict:
        """Return the verdict of the verifier itself."""
        return self.loaded().verify(subject, bench)

"""What a reader is: a file with ``READER``, found by ``plugins.discover``.

A reader recognises by content. It never judges, and never repairs. A reader of a catalog also
reads it, record by record.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, Union, runtime_checkable

from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role

if TYPE_CHECKING:
    from workbench.model.catalog import CatalogRecord
    from workbench.model.event_mapping import EventMapping
    from workbench.model.log_event import LogEvent
    from workbench.model.profile import ChainProfile


@dataclass(frozen=True, slots=True)
class Look:
    """A first look at a file: all that recognition may use.

    Attributes:
        file: the file.
        head: its first bytes, at most ``HEAD_BYTES``.
        whole: whether ``head`` is all of it.
        profiles: chain profiles whose field names are known.
        mappings: event mappings that the user brought.
    """

    file: EvidenceFile
    head: bytes
    whole: bool
    profiles: "Sequence[ChainProfile]" = ()
    mappings: "tuple[EventMapping, ...]" = ()

    @property
    def suffix(self) -> str:
        """Return the last suffix of its name, lower case, with the dot, or ""."""
        stem, dot, last = self.file.name.rpartition(".")
        return f".{last.lower()}" if dot and stem else ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file was recognised as.

    Attributes:
        format: id of the format.
        role: the part it plays.
        version: version of the format, or None.
        container: for logs, how records lie in the file, or None.
        cannot_show: what this kind of export cannot show.
        mapping: how its events are read, where that is no part of the format.
    """

    format: str
    role: Role
    version: str | None = None
    container: str | None = None
    cannot_show: tuple[str, ...] = ()
    mapping: "EventMapping | None" = None


class Reader(Protocol):
    """Recognises one kind of file."""

    @property
    def id(self) -> str:
        """Return the id of the reader."""
        ...

    @property
    def order(self) -> int:
        """Return its turn: what is recognised by a signature of its own comes first."""
        ...

    def recognise(self, look: Look) -> Recognition | None:
        """Return what the file is, or None if it is not of this kind."""
        ...


@dataclass(frozen=True, slots=True)
class Later:
    """A reader that is loaded by the first file that may be of its kind: most drops have few kinds.

    Attributes:
        id: as the reader itself says it.
        module: where its ``READER`` is.
        may_be: tells at a glance which files may be of its kind: never no where it would say yes.
        order: its turn.
    """

    id: str
    module: str
    may_be: Callable[[Look], bool]
    order: int

    def loaded(self) -> Reader:
        """Return the reader itself."""
        found: Reader = import_module(self.module).READER
        return found

    def recognise(self, look: Look) -> Recognition | None:
        """Return what the reader itself says, where it has to be asked."""
        return self.loaded().recognise(look) if self.may_be(look) else None


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a source as a whole once it was read to the end.

    Attributes:
        version: schema or specification that it follows, or None.
        events: events that were read, for what is made of events.
        cannot_show: what this source cannot show, in sentences, with numbers where there are any.
        control_totals: numbers that the source states about itself.
    """

    version: str | None = None
    events: int = 0
    cannot_show: tuple[str, ...] = ()
    control_totals: Mapping[str, int | str] = field(default_factory=dict)


#: Records and problems in the order of the source, one at a time; at the end, its account.
Reading = Generator[Union["CatalogRecord", Problem], None, Account]


#: Events and problems in the order of the log, one at a time; at the end, its account.
EventReading = Generator[Union["LogEvent", Problem], None, Account]


@runtime_checkable
class EventReader(Protocol):
    """Reads the events of a plain log."""

    @property
    def id(self) -> str:
        """Return the id of the reader, which is the format of its subjects."""
        ...

    def events(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> EventReading:
        """Return the events of ``subject``, read as far as they are asked for.

        A record that cannot be read is an event of which nothing is known, and a ``Problem``.

        Raises:
            Cancelled: the user stopped it.
        """
        ...


@runtime_checkable
class CatalogReader(Protocol):
    """Reads what a catalog says, in the words of ``model.catalog``."""

    @property
    def id(self) -> str:
        """Return the id of the reader, which is the format of its subjects."""
        ...

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what ``subject`` holds, read as far as it is asked for.

        What is wrong with the subject is a ``Problem`` in the stream; a thing has one key, which
        no other thing of the stream has; relations may come before the things at their ends.

        Raises:
            Cancelled: the user stopped it.
        """
        ...

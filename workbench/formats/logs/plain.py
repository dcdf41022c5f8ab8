"""A format of plain logs: a mapping that ships, what tells it, and what it notes of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.formats.logs.library import named
from workbench.formats.logs.mapper import Mapper, Members
from workbench.formats.logs.reading import Log, Watch, read_log
from workbench.formats.logs.recognising import fitting
from workbench.formats.reader import EventReading, Look, Recognition
from workbench.model.event_mapping import EventMapping, LogContainer
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

#: What any plain log lacks; said of one that was recognised and not read yet.
LOST = ("whether a record was changed, removed or added: records carry no digests",)


@dataclass(frozen=True, slots=True)
class PlainLogReader:
    """Reads one kind of plain log.

    Attributes:
        id: the format; its mapping has the same id.
        title: what people call it.
        order: its turn.
        words: one of them stands in the first bytes of every such log.
        watch: what it notes of its own.
        likely: what else a record of it shows; None: the signs of its mapping are enough.
    """

    id: str
    title: str
    order: int
    words: tuple[bytes, ...]
    watch: type[Watch] = Watch
    likely: Callable[[Members], bool] | None = None

    @property
    def mapping(self) -> EventMapping:
        """Return how its records are read."""
        found = named(self.id)
        if found is None:
            raise LookupError(self.id)
        return found

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format when most of the first records are of it."""
        if not any(word in look.head for word in self.words):
            return None
        container = fitting(look, self.mapping, likely=self.likely)
        if container is None:
            return None
        return Recognition(self.id, Role.SUBJECT, None, container.value, LOST)

    def events(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> EventReading:
        """Return the events of a subject, read as far as they are asked for."""
        container = LogContainer(subject.container or LogContainer.JSONL)
        log = Log(subject.files, container, Mapper(self.mapping), self.latest(subject.files))
        log = replace(log, watch=self.watch)
        return read_log(log, limits=limits, cancel=cancel, progress=progress)

    def latest(self, files: Sequence[EvidenceFile]) -> tuple[int | None, ...]:
        """Return for each file the time after which nothing in it can be."""
        return ()

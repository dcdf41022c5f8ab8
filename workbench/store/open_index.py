"""The index of a case as it is open: the engine over its files, and the pages of its events."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.store.event_index import EventIndex
from workbench.store.event_pages import EventPages
from workbench.store.index_files import IndexFile


class OpenIndex:
    """Files that were checked, and what answers questions about them.

    Attributes:
        files: what the case states.
        events: number of events of each source in it.
        engine: answers single questions.
        pages: answers for tables.
    """

    def __init__(self, folder: Path, files: Sequence[IndexFile], events: Mapping[int, int]) -> None:
        """Check the files and start the engine.

        Raises:
            StoreError: the engine cannot be started.
        """
        self.files = list(files)
        self.events = dict(events)
        self.engine = EventIndex(folder, files)
        self.pages = EventPages(self.engine, self.events)

    def close(self) -> None:
        """Stop the engine."""
        self.engine.close()

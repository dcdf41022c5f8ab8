"""How long the journal of a case was, in a file beside it: what a chain cannot say of itself.

It is replaced as a whole after each act, so after a crash it may be behind, but never ahead of a
journal that nobody shortened.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE = "journal.head"
_FIRST = "workbench-journal"
_MOST = 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The number of the last act that was written, and its digest."""

    entries: int
    head: str


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint; where that is refused, the one before stays."""
    new = folder / f".{FILE}.new"
    with suppress(OSError):
        new.write_text(f"{_FIRST}\n{checkpoint.entries}\n{checkpoint.head}\n", encoding="ascii")
        new.replace(folder / FILE)


def read(folder: Path) -> Checkpoint | None:
    """Return the checkpoint; None where there is none that can be read."""
    try:
        with (folder / FILE).open(encoding="ascii") as file:
            first, entries, head = file.read(_MOST).splitlines()
        return Checkpoint(int(entries), head) if first == _FIRST else None
    except (OSError, ValueError):
        return None

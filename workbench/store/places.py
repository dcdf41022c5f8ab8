"""Where the evidence of a case lies, as it is opened again."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from workbench.evidence.names import raw_path, shown_path
from workbench.model.case_source import CaseSource, Delivery
from workbench.store import sources


@dataclass(frozen=True, slots=True)
class Places:
    """What to open to have the evidence of a case on the table.

    Attributes:
        paths: files and folders, each once.
        names: what each is called before it is made fit to show.
        leave_out: (path, member) of what others were delivered in place of.
    """

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    leave_out: frozenset[tuple[str, str | None]]


def current_places(session: Session) -> Places:
    """Return where everything lies that was not superseded, and is still there."""
    everything = sources.every(session, superseded=True)
    known = {delivery.id: delivery for delivery in sources.deliveries(session)}
    places = {
        known[source.delivery].label: Path(known[source.delivery].place)
        for source in everything
        if source.superseded_by is None
    }
    there = {label: place for label, place in places.items() if place.exists()}
    kept = _called(source for source in everything if source.superseded_by is None)
    gone = _called(source for source in everything if source.superseded_by is not None)
    names = tuple(map(name_of, there))
    return Places(tuple(there.values()), names, frozenset(gone - kept))


def _called(some: Iterable[CaseSource]) -> set[tuple[str, str | None]]:
    return {(source.path, source.member) for source in some}


def label_for(place: Path, taken: Iterable[Delivery]) -> str:
    """Return what to call a new delivery: its last name, or as many as part it from others."""
    names = [part for part in (place.drive.strip(":\\/"), *place.parts[1:]) if part]
    used = {delivery.label for delivery in taken}
    for count in range(1, len(names) + 1):
        label = shown_path("/".join(names[-count:]))
        if label not in used:
            return label
    return shown_path("/".join(names)) or "drop"


def name_of(label: str) -> str:
    """Return the name of a delivery as it was before it was made fit to show."""
    return raw_path(label)

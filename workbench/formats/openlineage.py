"""Recognise OpenLineage events, one JSON object a line."""

from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.formats.records import glance
from workbench.model.source import Role


@dataclass(frozen=True, slots=True)
class OpenLineageReader:
    """Run, job and dataset events have no discriminator: their members tell them apart."""

    id: str = "openlineage"
    order: int = 50

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``openlineage`` when most of the first lines are such events."""
        seen = glance(look)
        if seen is None or seen[0] != "jsonl" or not seen[1]:
            return None
        events = [r for r in seen[1] if "eventTime" in r and r.keys() & {"run", "job", "dataset"}]
        if len(events) * 2 <= len(seen[1]):
            return None
        lost = ("events that were never emitted or were left out of this file",)
        return Recognition("openlineage", Role.SUBJECT, None, "jsonl", cannot_show=lost)


READER = OpenLineageReader()

"""What must be told of a changed log (VERDICTS section 4), by whoever changed it."""

from dataclasses import dataclass
from enum import StrEnum

Told = tuple[str, int | None]


class Weight(StrEnum):
    """What a change is, and what it therefore has to lead to."""

    UNPROTECTED = "nothing protects it: it changes no verdict"
    LOOSE = "nothing protects it, but a strict reader may refuse it"
    HIDDEN = "undecidable: nothing in the log or beside it can show it"
    OPEN = "undecidable: it shows, and nothing decides what it is"
    DECIDED = "class and record follow from the log"


@dataclass(frozen=True)
class Truth:
    """What a change is, and what has to be told first.

    Attributes:
        weight: what it is.
        kinds: classes that are right; of several only where a file can be read in two ways.
        record: the record that has to be named; None: any.
    """

    weight: Weight
    kinds: frozenset[str] = frozenset()
    record: int | None = None

    def words(self) -> str:
        """Return what was expected, for a reader of the table."""
        return f"{self.weight.name} {'|'.join(sorted(self.kinds)) or '-'} {self.record or '-'}"


UNPROTECTED = Truth(Weight.UNPROTECTED)
LOOSE = Truth(Weight.LOOSE)
HIDDEN = Truth(Weight.HIDDEN)
OPEN = Truth(Weight.OPEN)


def decided(kind: str, record: int | None, *others: str) -> Truth:
    """Return that a class and a record are right."""
    return Truth(Weight.DECIDED, frozenset({kind, *others}), record)


def opened(kind: str, record: int | None, *others: str) -> Truth:
    """Return that both readings have to be told, at a record."""
    return Truth(Weight.OPEN, frozenset({kind, *others}), record)

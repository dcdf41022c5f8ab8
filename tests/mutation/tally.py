"""Hold what is said of changed evidence against what has to be said, and count."""

from collections import Counter
from dataclasses import dataclass, field, fields

from tests.mutation.judging import Said
from tests.mutation.truth import Truth, Weight


@dataclass
class Tally:
    """What came of the changes of one format.

    Attributes:
        name: the format.
        changes: how many.
        caught: that changed something protected, and it shows.
        unprotected: that changed nothing protected.
        unseen: undecidable ones that nothing in the evidence can show.
        undecidable: these, and those told with both readings.
        wrong: that changed something protected, and nothing shows.
        red: that changed nothing protected, and something is said against the evidence.
        decidable: whose class and record follow from a chain and what stands beside it.
        class_right: of these, whose class was told first.
        record_right: of these, whose record was.
        both_right: of these, whose class and record were.
        said: what was not as it has to be, with how to do it again.
        base: what is said against the evidence as it was.
    """

    name: str
    changes: int = 0
    caught: int = 0
    unprotected: int = 0
    unseen: int = 0
    undecidable: int = 0
    wrong: int = 0
    red: int = 0
    decidable: int = 0
    class_right: int = 0
    record_right: int = 0
    both_right: int = 0
    said: list[str] = field(default_factory=list)
    base: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add the counts of another format."""
        for one in fields(self):
            if one.type is int:
                total = getattr(self, one.name) + getattr(other, one.name)
                setattr(self, one.name, total)

    def take(self, truth: Truth, before: Said, said: Said, words: str) -> None:
        """Count one change."""
        self.changes += 1
        silent = is_silent(before, said)
        match truth.weight:
            case Weight.UNPROTECTED | Weight.LOOSE:
                self.unprotected += 1
                if truth.weight is Weight.UNPROTECTED and not silent:
                    self.red += 1
                    self._say("false red", truth, said, words)
            case Weight.HIDDEN:
                self.undecidable += 1
                self.unseen += silent
                self.caught += not silent
            case Weight.OPEN:
                self.undecidable += bool(truth.kinds)
                self._weigh(truth, before, said, words)
            case Weight.DECIDED:
                self.decidable += 1
                self._weigh(truth, before, said, words)

    def _weigh(self, truth: Truth, before: Said, said: Said, words: str) -> None:
        """Count a change that has to show."""
        silent, told = is_silent(before, said), fresh(before, said)
        self.wrong += silent
        self.caught += not silent
        kind, record = told[0] if told else (None, None)
        right = not truth.kinds or kind in truth.kinds
        placed = truth.record is None or record == truth.record
        if truth.weight is Weight.DECIDED:
            self.class_right += right
            self.record_right += placed
            self.both_right += right and placed
        if silent or not (right and placed):
            self._say("PASSED" if silent else "told otherwise", truth, said, words)

    def _say(self, what: str, truth: Truth, said: Said, words: str) -> None:
        told = ", ".join(f"{kind} {record}" for kind, record in said.told[:4]) or "-"
        expected = f"expected {truth.words()}"
        self.said.append(f"{what}\n  {words}\n  {expected}\n  told {told}; {said.words}")


def is_silent(before: Said, said: Said) -> bool:
    """Tell whether nothing shows: as green as before, as little red, and no other diagnosis."""
    return before.passed <= said.passed and said.failed <= before.failed and not fresh(before, said)


def fresh(before: Said, said: Said) -> list[tuple[str, int | str | None]]:
    """Return the diagnoses that were not there before the change, in order."""
    left = Counter(said.told) - Counter(before.told)
    return [told for told in dict.fromkeys(said.told) if left[told]]

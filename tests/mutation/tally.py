"""Do changes, hold what is said against what had to be said, and count."""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.judging import Judge, Said
from tests.mutation.truth import Truth, Weight


@dataclass
class Tally:
    """What came of the changes of one format."""

    name: str
    changes: int = 0
    caught: int = 0
    unprotected: int = 0
    hidden: int = 0
    opened: int = 0
    wrong: int = 0
    red: int = 0
    decidable: int = 0
    class_right: int = 0
    both_right: int = 0
    said: list[str] = field(default_factory=list)

    def take(self, truth: Truth, before: Said, said: Said, words: str) -> None:
        """Count one change."""
        self.changes += 1
        silent = is_silent(before, said)
        match truth.weight:
            case Weight.UNPROTECTED | Weight.LOOSE:
                self.unprotected += 1
                if truth.weight is Weight.UNPROTECTED and not silent:
                    self.red += 1
                    self._say("FALSE RED", truth, said, words)
                return
            case Weight.HIDDEN:
                self.hidden += 1
                return
            case Weight.OPEN:
                self.opened += 1
            case Weight.DECIDED:
                self.decidable += 1
        if silent:
            self.wrong += 1
            self._say("PASSED", truth, said, words)
        else:
            self.caught += 1
        self._compare(truth, said, words)

    def _compare(self, truth: Truth, said: Said, words: str) -> None:
        kind, record = said.told[0] if said.told else (None, None)
        right = not truth.kinds or kind in truth.kinds
        placed = truth.record is None or record == truth.record
        if truth.weight is Weight.DECIDED:
            self.class_right += right
            self.both_right += right and placed
        if not (right and placed):
            self._say("TOLD OTHERWISE", truth, said, words)

    def _say(self, what: str, truth: Truth, said: Said, words: str) -> None:
        told = ", ".join(f"{kind} {record}" for kind, record in said.told[:4]) or "-"
        self.said.append(f"{what}: {words}\n    expected {truth.words()}\n    told {told}; {said.words}")


def is_silent(before: Said, said: Said) -> bool:
    """Tell whether nothing at all shows: as green as before, about the same, and no diagnosis."""
    green = before.passed <= said.passed
    return green and not set(said.told) - set(before.told)

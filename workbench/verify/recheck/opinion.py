"""What the second program found, in the few words that both programs have in common."""

from dataclasses import dataclass


class NoOpinionError(Exception):
    """The second program does not judge this; the message says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that both programs found out, each by itself.

    Attributes:
        what: what it is.
        first: the value of the program that judged.
        second: the value of the second program.
    """

    what: str
    first: str
    second: str

    @property
    def agrees(self) -> bool:
        """Tell whether both values are the same."""
        return self.first == self.second

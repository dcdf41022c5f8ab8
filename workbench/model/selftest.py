"""What the program found when it checked itself on vectors with known verdicts."""

from dataclasses import dataclass

from workbench.model import schema


@dataclass(frozen=True, slots=True)
class SelfTestCase:
    """One vector.

    Attributes:
        id: ``format/name``.
        title: what the vector is, in a sentence.
        expected: the known verdict, in words.
        differences: where the verdict differed from it; none is agreement.
    """

    id: str
    title: str
    expected: str
    differences: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Tell whether the known verdict was met."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """All vectors of a run, sorted by id."""

    cases: tuple[SelfTestCase, ...]

    @property
    def agreed(self) -> int:
        """Return how many met their known verdict."""
        return sum(case.agrees for case in self.cases)

    @property
    def passed(self) -> bool:
        """Tell whether there were vectors and all met their known verdict."""
        return bool(self.cases) and self.agreed == len(self.cases)

    def to_json(self) -> dict[str, object]:
        """Return it as a JSON document."""
        return {
            "schema": schema.SELFTEST,
            "passed": self.passed,
            "cases": [
                {
                    "id": case.id,
                    "title": case.title,
                    "expected": case.expected,
                    "differences": list(case.differences),
                }
                for case in self.cases
            ],
        }

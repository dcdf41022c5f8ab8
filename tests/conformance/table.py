"""The table of conformance, printed at the end of a run: by format, how our verdicts stand.

Tests record what they found as properties of their reports, which reach the process that prints,
however many processes run them. A test that records nothing is a further check of its format.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

PROPERTY = "conformance"
HEAD = ("format", "cases", "agreed", "stricter", "wrong", "further checks", "not present")


@dataclass
class Row:
    """How the cases of one format stand.

    Attributes:
        agreed: our verdict is the published one.
        stricter: less is called green than the peer does, and why, by case.
        wrong: neither.
        checks: tests beside the cases that passed.
        absent: tests whose evidence is not beside this checkout.
    """

    agreed: int = 0
    stricter: dict[str, str] = field(default_factory=dict)
    wrong: int = 0
    checks: int = 0
    absent: int = 0

    def take(self, found: Mapping[str, Any]) -> None:
        """Add what a test recorded."""
        self.agreed += found["agreed"]
        self.stricter |= found["stricter"]
        self.wrong += found["wrong"]

    def cells(self) -> tuple[int, ...]:
        """Return what is printed of it."""
        cases = self.agreed + len(self.stricter) + self.wrong
        return cases, self.agreed, len(self.stricter), self.wrong, self.checks, self.absent


class Conforms:
    """Records how the cases that a test went through stand."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties

    def __call__(
        self, *, agreed: int = 0, stricter: Mapping[str, str] | None = None, wrong: int = 0
    ) -> None:
        """Record cases: how many agree, which are stricter and why, how many are wrong."""
        found = {"agreed": agreed, "stricter": dict(stricter or {}), "wrong": wrong}
        self._properties.append((PROPERTY, json.dumps(found)))


def rows_of(reports: Mapping[str, Iterable[Any]]) -> dict[str, Row]:
    """Return the rows of the table from the reports of a run, by format."""
    rows: dict[str, Row] = {}
    for outcome, some in reports.items():
        for report in some:
            path = PurePosixPath(getattr(report, "nodeid", "").partition("::")[0])
            of_format = path.name.startswith("test_") and path.name != "test_table.py"
            if path.parent.name != "conformance" or not of_format:
                continue
            row = rows.setdefault(path.stem.removeprefix("test_").replace("_", " "), Row())
            _take(row, outcome, report)
    return dict(sorted(rows.items()))


def _take(row: Row, outcome: str, report: Any) -> None:
    recorded = [json.loads(v) for n, v in report.user_properties if n == PROPERTY]
    if outcome == "skipped":
        row.absent += 1
    elif report.when == "call":
        for found in recorded:
            row.take(found)
        row.checks += outcome == "passed" and not recorded
        row.wrong += outcome == "failed" and not any(found["wrong"] for found in recorded)


def lines_of(rows: Mapping[str, Row]) -> list[str]:
    """Return the table as text."""
    width = max(len(HEAD[0]), *(len(name) for name in rows)) + 2
    text = [f"{HEAD[0]:<{width}}" + "".join(f"{name:>16}" for name in HEAD[1:])]
    total = Row()
    for name, row in rows.items():
        text.append(f"{name:<{width}}" + "".join(f"{n:>16,}" for n in row.cells()))
        total.agreed += row.agreed
        total.wrong += row.wrong
        total.checks += row.checks
        total.absent += row.absent
        total.stricter |= {f"{name} {case}": why for case, why in row.stricter.items()}
    text.append(f"{'all':<{width}}" + "".join(f"{n:>16,}" for n in total.cells()))
    text += [f"stricter: {case}: {why}" for case, why in sorted(total.stricter.items())]
    return text


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table where tests of conformance ran."""
    named = ("passed", "failed", "skipped")
    rows = rows_of({name: terminalreporter.stats.get(name, ()) for name in named})
    if rows:
        terminalreporter.section("conformance")
        terminalreporter.write_line("\n".join(lines_of(rows)))

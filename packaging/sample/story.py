"""The quarter that the sample tells: who, which models, which runs, what went wrong.

Aldermoor Bank and everybody in it are invented. Planted for the auditor to find:

* version 8 of credit-scoring, in production, was approved by its own developer; the registry's
  free-form tag names somebody else;
* version 9 was registered without an approval, early-warning 1 has no run;
* one training run has no seed, one has no dataset, one never ended.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SEED = 20260401
BANK = "Aldermoor Bank"
NAMESPACE = "aldermoor"
FIRST = datetime(2026, 4, 1, tzinfo=UTC)
END = datetime(2026, 7, 1, tzinfo=UTC)

DEVELOPERS = ("maya.lindqvist", "tomas.okafor")
STEWARD = "ines.moreau"
OPERATIONS = "jonas.weber"
VALIDATOR = "priya.raman"
COMPLIANCE = "helena.strand"
TRAINER, SCORER, PIPELINE = "ci-train", "svc-scoring", "svc-pipeline"

MODELS = ("credit-scoring", "limit-setting", "early-warning")
FEATURES = (
    "income_monthly", "debt_ratio", "utilisation", "months_on_file", "late_payments", "inquiries",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Release:
    """One registered version.

    Attributes:
        approver: who approved it according to the audit log; None: nobody.
        tagged: who approved it according to the registry's tag; None: no such tag.
        deployed: when it went live; None: never.
        has_run: whether the registry knows the run that made it.
    """

    model: str
    version: int
    made: datetime
    developer: str
    approver: str | None = VALIDATOR
    tagged: str | None = VALIDATOR
    approved: datetime | None = None
    deployed: datetime | None = None
    has_run: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """One training run.

    Attributes:
        snapshot: month of the applications it learned from; None: no dataset was logged.
        seed: random seed; None: none was logged.
        minutes: how long it took; None: it never ended.
        release: the version that it made, or None.
    """

    model: str
    name: str
    start: datetime
    developer: str
    l2: float
    epochs: int
    snapshot: str | None
    seed: int | None
    minutes: int | None
    status: str = "FINISHED"
    deleted: bool = False
    release: Release | None = None


def dice(what: str) -> random.Random:
    """Return a source of chance that gives the same at every making."""
    return random.Random(f"{SEED} {what}")  # noqa: S311 - an invented story, no secret


def _at(month: int, day: int, hour: int, minute: int, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, 12, 340_000, tzinfo=UTC)


def _old(model: str, version: int, year: int, month: int, developer: str, **more: bool) -> Release:
    made = _at(month, 9, 10, 20, year=year)
    approved, deployed = made + timedelta(days=6), made + timedelta(days=8)
    return Release(model, version, made, developer, approved=approved, deployed=deployed, **more)


MAYA, TOMAS = DEVELOPERS

RELEASES = (
    _old("credit-scoring", 1, 2025, 1, MAYA),
    _old("credit-scoring", 2, 2025, 3, MAYA),
    _old("credit-scoring", 3, 2025, 5, TOMAS),
    _old("credit-scoring", 4, 2025, 8, MAYA),
    _old("early-warning", 1, 2025, 9, TOMAS, has_run=False),
    _old("credit-scoring", 5, 2025, 10, TOMAS),
    _old("limit-setting", 1, 2025, 11, MAYA),
    _old("credit-scoring", 6, 2026, 2, MAYA),
    Release(
        "credit-scoring", 7, _at(4, 14, 9, 41), MAYA,
        approved=_at(4, 21, 13, 5), deployed=_at(4, 23, 6, 30),
    ),
    Release(
        "limit-setting", 2, _at(5, 6, 11, 2), MAYA,
        approved=_at(5, 13, 9, 15), deployed=_at(5, 14, 6, 30),
    ),
    Release(
        "credit-scoring", 8, _at(5, 18, 15, 27), TOMAS, approver=TOMAS, tagged=VALIDATOR,
        approved=_at(5, 26, 17, 48), deployed=_at(5, 28, 6, 30),
    ),
    Release(
        "early-warning", 2, _at(6, 3, 10, 11), TOMAS,
        approved=_at(6, 10, 14, 32), deployed=_at(6, 11, 6, 30),
    ),
    Release("credit-scoring", 9, _at(6, 16, 16, 4), MAYA, approver=None, tagged=None),
)  # fmt: skip

#: The income feed turned from euros to cents: version 7 was taken back, version 6 put in again.
INCIDENT = "INC-2026-0517"
INCIDENT_OPENED = _at(5, 11, 7, 52)
ROLLED_BACK = _at(5, 11, 9, 18)
INCIDENT_CLOSED = _at(5, 15, 16, 40)


def release(model: str, version: int) -> Release:
    """Return one registered version."""
    return next(r for r in RELEASES if (r.model, r.version) == (model, version))


def runs() -> tuple[Run, ...]:
    """Return 60 training runs, oldest first: those that made a version, and trials."""
    made = [_run_of(found) for found in RELEASES if found.has_run]
    return tuple(sorted([*made, *_trials(60 - len(made))], key=lambda run: run.start))


def _run_of(found: Release) -> Run:
    snapshot = (found.made.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    start = found.made - timedelta(hours=1, minutes=7)
    return Run(
        found.model, f"{found.model}-v{found.version}", start, found.developer, 0.05, 400, snapshot,
        1000 + found.version, 34, release=found,
    )  # fmt: skip


def _trials(count: int) -> Iterator[Run]:
    """Yield trial runs of the quarter, three of them with a gap and two that went wrong."""
    chance = dice("trials")
    for number in range(count):
        day = FIRST + timedelta(days=number * 88 // count)
        start = day.replace(hour=8 + number % 9, minute=chance.randrange(60), second=41)
        model = MODELS[(0, 0, 1, 0, 2)[number % 5]]
        yield Run(
            model,
            f"{model}-trial-{number + 1:02}",
            start,
            DEVELOPERS[number % 2],
            chance.choice((0.01, 0.02, 0.05, 0.1)),
            chance.choice((100, 200, 400)),
            None if number == 21 else (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m"),
            None if number == 13 else 2000 + number,
            None if number == 46 else chance.randrange(9, 48),
            {30: "FAILED", 46: "RUNNING"}.get(number, "FINISHED"),
            deleted=number == 8,
        )


def production(model: str, when: datetime) -> int:
    """Return the version of ``model`` that was live at ``when``."""
    if model == "credit-scoring" and ROLLED_BACK <= when < release(model, 8).deployed:
        return 6
    live = [r for r in RELEASES if r.model == model and r.deployed and r.deployed <= when]
    return max(live, key=lambda r: r.deployed or when).version

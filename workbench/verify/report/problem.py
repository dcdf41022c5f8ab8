"""Why a part of a report is not PASSED, and how sub-indications are called here."""

from dataclasses import dataclass

from workbench.model.verdict import Code, Indication


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a signature is not PASSED: FAILED when it is wrong, else INDETERMINATE."""

    indication: Indication
    code: Code
    reason: str


def wrong(code: Code, reason: str) -> Problem:
    """Return a problem that is FAILED: something is not as it was signed."""
    return Problem(Indication.FAILED, code, reason)


def undecided(code: Code, reason: str) -> Problem:
    """Return a problem that is INDETERMINATE: something is not shown."""
    return Problem(Indication.INDETERMINATE, code, reason)

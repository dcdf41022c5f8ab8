"""Exit codes follow VERDICTS section 7, for every combination."""

from datetime import UTC, datetime
from itertools import product

import pytest

from workbench.model.source import Role
from workbench.model.verdict import (
    Dimension,
    DimensionVerdict,
    Indication,
    SubjectVerdict,
)
from workbench.model.verification import SourceVerdict, Verification

AT = datetime(2026, 6, 30, tzinfo=UTC)


def case(*rows: tuple[Indication, ...], required: tuple[Dimension, ...] | None = None) -> int:
    sources = []
    for number, row in enumerate(rows):
        parts = [DimensionVerdict(i, "CODE" if i is not Indication.PASSED else None) for i in row]
        verdict = SubjectVerdict(*parts)
        sources.append(
            SourceVerdict(f"log{number}", None, Role.SUBJECT, "0" * 64, 1, "chain", verdict)
        )
    extra = {} if required is None else {"required": required}
    return Verification(at=AT, sources=tuple(sources), **extra).exit_code


@pytest.mark.parametrize("row", list(product(Indication, repeat=4)))
def test_exit_code_of_one_subject(row: tuple[Indication, ...]) -> None:
    if Indication.FAILED in row:
        assert case(row) == 1
    elif Indication.INDETERMINATE in row[:3]:
        assert case(row) == 2
    else:
        assert case(row) == 0


def test_no_subject_is_never_zero() -> None:
    assert case() == 2


def test_one_bad_subject_spoils_the_case() -> None:
    good = (Indication.PASSED,) * 4
    assert case(good, (Indication.PASSED, Indication.FAILED, *good[:2])) == 1
    assert case(good, (Indication.INDETERMINATE, *good[:3])) == 2


def test_a_dimension_that_is_not_required_does_not_decide_unless_it_failed() -> None:
    row = (Indication.PASSED, *(Indication.INDETERMINATE,) * 3)
    assert case(row, required=(Dimension.INTEGRITY,)) == 0
    worse = (Indication.PASSED, Indication.FAILED, *(Indication.INDETERMINATE,) * 2)
    assert case(worse, required=(Dimension.INTEGRITY,)) == 1

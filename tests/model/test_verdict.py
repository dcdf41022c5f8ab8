"""Nothing checked is never green, and the worst part always decides."""

from itertools import product

import pytest

from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    DimensionVerdict,
    Indication,
    failed,
    indeterminate,
    passed,
    worst,
)

PARTS = {
    Indication.PASSED: passed(Code.ANCHORED),
    Indication.INDETERMINATE: indeterminate(Code.NO_ANCHOR),
    Indication.FAILED: failed("RECORD_ALTERED"),
}


def test_no_part_at_all_is_indeterminate() -> None:
    assert worst([]).indication is Indication.INDETERMINATE


@pytest.mark.parametrize("mix", list(product(Indication, repeat=3)))
def test_the_worst_part_decides_whatever_the_order(mix: tuple[Indication, ...]) -> None:
    found = worst(PARTS[indication] for indication in mix)
    assert found.indication is max(mix, key=lambda indication: indication.severity)
    assert found.code == PARTS[found.indication].code
    assert set(found.codes) == {PARTS[indication].code for indication in mix}


def test_of_two_passed_parts_the_weaker_code_speaks() -> None:
    found = worst([passed(Code.ANCHORED), passed(Code.SELF_CONSISTENT)])
    assert found == DimensionVerdict(
        Indication.PASSED, Code.SELF_CONSISTENT, (Code.SELF_CONSISTENT, Code.ANCHORED)
    )


def test_a_level_counts_only_flags_below_which_nothing_is_missing() -> None:
    signed_only = AssuranceRange(1, 2, frozenset({AssuranceFlag.SIGNED}))
    both = AssuranceRange(1, 2, frozenset({AssuranceFlag.SIGNED, AssuranceFlag.CONSISTENT}))
    assert (AssuranceRange(1, 2).level, signed_only.level, both.level) == (0, 0, 2)

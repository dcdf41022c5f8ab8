"""Evidence of every format with one thing changed: nothing passes wrongly, breaks are told right.

The seed is fixed; ``packaging/bench diagnose`` does the same with thousands of changes.
"""

from dataclasses import replace

import pytest

from tests.mutation import containers, flips, logs
from tests.mutation.acts import NOTHING
from tests.mutation.formats import FORMATS, run
from tests.mutation.judging import Said
from tests.mutation.tally import Tally
from tests.mutation.truth import LOOSE, OPEN, UNPROTECTED, Truth, decided
from workbench.model.verdict import Dimension

CHANGES = 20


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_changed_is_told_as_what_it_is(name: str):
    tally = run(name, CHANGES, "as in every run")
    assert tally.base == []
    assert tally.said == []
    assert (tally.changes, tally.wrong, tally.red) == (CHANGES, 0, 0)
    assert tally.both_right == tally.decidable
    assert tally.caught + tally.unprotected + tally.unseen == CHANGES
    assert tally.caught >= CHANGES // 2


def test_each_kind_of_change_is_drawn():
    chains = [
        run(name, CHANGES, "kinds") for name in FORMATS if "HMAC" in name or "signed rec" in name
    ]
    total = Tally("all")
    for tally in chains:
        total.add(tally)
    assert min(total.caught, total.unprotected, total.unseen, total.undecidable) > 0


GREEN = Said(passed=frozenset({Dimension.INTEGRITY}))


def told_of(truth: Truth, *told: tuple[str, int], green: bool) -> Tally:
    tally = Tally("any")
    tally.take(truth, GREEN, replace(GREEN if green else Said(), told=told), "byte 7 out")
    return tally


def test_change_that_does_not_show_is_counted_and_said_with_how_to_do_it_again():
    tally = told_of(decided("RECORD_ALTERED", 3), green=True)
    assert (tally.wrong, tally.caught, tally.class_right) == (1, 0, 0)
    assert "byte 7 out" in tally.said[0]


def test_change_that_is_told_as_something_else_is_caught_and_not_right():
    tally = told_of(decided("RECORD_ALTERED", 3), ("RECORD_ALTERED", 4), green=False)
    assert (tally.wrong, tally.caught, tally.class_right, tally.both_right) == (0, 1, 1, 0)
    assert len(tally.said) == 1


def test_unprotected_change_that_is_held_against_the_evidence_is_a_false_red():
    assert told_of(UNPROTECTED, ("RECORD_ALTERED", 3), green=False).red == 1
    assert told_of(LOOSE, ("RECORD_ALTERED", 3), green=False).red == 0
    assert told_of(UNPROTECTED, green=True).red == 0


def test_the_name_of_a_list_of_records_is_covered_by_no_digest():
    """A document whose list is called otherwise holds the same records."""
    log = containers.with_summary()
    data = log.data(log.records)
    renamed, shorter = data.replace(b'"entries"', b'"enries"'), data.replace(b"audit_3", b"audit_")
    assert flips.truth_of(log, NOTHING, data, renamed) == LOOSE
    assert flips.truth_of(log, NOTHING, data, shorter) != LOOSE
    assert flips.truth_of(log, NOTHING, data, shorter.replace(b"entries", b"enries")) == OPEN


def test_the_name_of_a_column_of_digests_is_covered_by_none():
    log = logs.of_writer("caura-table")
    data = log.data(log.records)
    for name in (b"prev_hash", b"event_hash"):
        renamed = data.replace(name, name[:-1], 1)
        assert flips.truth_of(log, NOTHING, data, renamed) == LOOSE
    assert flips.truth_of(log, NOTHING, data, data.replace(b"detail", b"details", 1)) == OPEN

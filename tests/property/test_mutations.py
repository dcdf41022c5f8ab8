"""Evidence of every format with one thing changed: nothing passes wrongly, breaks are told right.

The seed is fixed; ``packaging/bench diagnose`` does the same with thousands of changes.
"""

import pytest

from tests.mutation.formats import FORMATS, run
from tests.mutation.tally import Tally

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

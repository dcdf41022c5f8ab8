"""A fixed sample of recipes drawn over all lists is found; ``packaging/bench infer`` draws 200."""

from pathlib import Path
from random import Random

import pytest

from tests.verify.infer.judging import Searched
from tests.verify.infer.lists import RejectedError, draw_recipe
from tests.verify.infer.logs import draw

#: Of two recipes in one log, hard to find, or wrongly found once.
HARD = ("one:92", "one:121", "one:244", "two:159")
#: Whose first record names what is no digest, in another spelling.
BEGUN = ("beta:741", "beta:839")
#: Whose first records name the digest of the chain's name, as the log writes digests; and one whose
#: first records are by both of its recipes.
NAMED = (
    "gamma:8819",
    "gamma:17147",
    "gamma:38975",
    "2aed5e79477d0224ab6c76742daaf1f1cd9a4976:1103",
)
#: Draws of two seeds that are the names of letters.
PLAIN = (
    *(f"alpha:{n}" for n in (45, 80, 284, 287, 398, 654, 772, 793)),
    *(f"beta:{n}" for n in (506, 604, 729, 991)),
)


@pytest.mark.parametrize("seed", [*HARD, *BEGUN, *NAMED, *PLAIN])
def test_a_recipe_drawn_at_random_is_found_and_judges_as_the_truth_does(
    seed: str, tmp_path: Path
) -> None:
    log = draw(Random(seed))
    searched = Searched.of(tmp_path, log)
    assert searched.infer().found is not None
    for copy in filter(None, (log.log, log.altered, log.edited, log.longer)):
        assert searched.told(copy) == searched.expected(copy)
    if log.edited is not None and log.recipe.version is None:
        uncovered = {".".join(path) for path in log.uncovered}
        assert uncovered <= set(searched.verdict(log.edited).not_covered)


def test_draws_that_cannot_be_a_chain_are_rejected_with_their_reason() -> None:
    reasons = set()
    for number in range(400):
        try:
            draw_recipe(Random(number))
        except RejectedError as error:
            reasons.add(str(error))
    assert "the next record is over digits that the export does not show" in reasons
    assert "no HMAC over BLAKE3 is defined" in reasons

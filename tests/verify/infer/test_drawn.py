"""A fixed sample of recipes drawn over all lists is found; ``packaging/bench infer`` draws 200."""

import json
from pathlib import Path
from random import Random

import pytest
from commands import workbench

from tests.verify.infer.lists import RejectedError, draw_recipe
from tests.verify.infer.logs import Copy, Drawn, draw

#: What says nothing of what was written into a record after its digest was made.
BESIDE = {"SEQUENCE_ANOMALY", "CLOCK_REGRESSION", "HEAD_TRUNCATED"}


def verdict(folder: Path, log: Drawn, copy: Copy) -> dict[str, object]:
    """Return what is said of a copy by the profile that was found."""
    (folder / log.name).write_bytes(copy.data)
    given = ["--profile", folder / "found.yaml", *secrets(folder, log)]
    done = workbench("verify", folder / log.name, "--json", *given)
    (source,) = json.loads(done.stdout)["sources"]
    return source


def secrets(folder: Path, log: Drawn) -> list[str | Path]:
    (folder / "key").write_bytes(log.secret or b"")
    return ["--secret", folder / "key"] if log.secret else []


def told(source: dict[str, object], log: Drawn) -> set[int]:
    found = {d["record"] for d in source["diagnoses"] if d["class"] not in BESIDE}
    return found - log.unproven


@pytest.mark.parametrize("seed", ["one:92", "one:121", "one:244", "two:159"])
def test_a_recipe_drawn_at_random_is_found_and_judges_as_the_truth_does(
    seed: str, tmp_path: Path
) -> None:
    log = draw(Random(seed))
    (tmp_path / log.name).write_bytes(log.log.data)
    out = ["-o", tmp_path / "found.yaml", *secrets(tmp_path, log)]
    done = workbench("profile", "infer", tmp_path / log.name, *out)
    assert done.returncode == 0, done.stdout + done.stderr
    for copy in filter(None, (log.log, log.altered, log.edited)):
        source = verdict(tmp_path, log, copy)
        assert told(source, log) == copy.wrong - log.unproven
    if log.edited is not None and log.recipe.version is None:
        uncovered = {".".join(path) for path in log.uncovered}
        assert uncovered <= set(source["not_covered"])


def test_draws_that_cannot_be_a_chain_are_rejected_with_their_reason() -> None:
    reasons = set()
    for number in range(400):
        try:
            draw_recipe(Random(number))
        except RejectedError as error:
            reasons.add(str(error))
    assert "the next record is over digits that the export does not show" in reasons
    assert "no HMAC over BLAKE3 is defined" in reasons

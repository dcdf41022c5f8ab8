"""The shell lines of a proof trail do what they say, for every kind of log and every break."""

import shutil
from pathlib import Path

import pytest
import recipes

from tests.builders import KINDS, SECRET, LogBuilder
from tests.verify.chain.judging import judge, secret_for
from workbench.verify.by_hand import because

TOOLS = [shutil.which(name) for name in ("bash", "sha256sum", "python3", "openssl")]
pytestmark = pytest.mark.skipif(not all(TOOLS), reason="a tool of the recipe is not here")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_recipe_counts_digests_and_links_and_shows_the_broken_record(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    log.edit(5)
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    (tmp_path / "SECRET").write_bytes(SECRET)
    recipes.require_reproduced(verdict.steps, tmp_path)
    said = [line for step in verdict.steps for line in step.prints.splitlines()]
    (diagnosis,) = verdict.diagnoses
    assert said[:1] == [verdict.sha256]
    assert said[-2:] == [diagnosis.stored, diagnosis.recomputed]
    assert any(line.endswith("digests") for line in said)


@pytest.mark.parametrize("spoil", [b"{", b'{"a": 1, "a": 2}'])
def test_a_log_that_cannot_be_parsed_has_no_command_and_says_why(spoil: bytes, tmp_path: Path):
    lines = LogBuilder("workbench").data().splitlines()
    verdict = judge(tmp_path, b"\n".join((*lines[:3], spoil, *lines[4:])))
    recipes.require_reproduced(verdict.steps, tmp_path)
    assert because("No command: records cannot be parsed, or too many broke to be counted.") in [
        step.recipe for step in verdict.steps
    ]


def test_crlf_blank_lines_and_a_mark_are_read_as_the_engine_reads_them(tmp_path: Path):
    data = b"\xef\xbb\xbf" + LogBuilder("cmcp").data().replace(b"\n", b"\r\n\r\n \n")
    verdict = judge(tmp_path, data)
    assert not verdict.diagnoses
    recipes.require_reproduced(verdict.steps, tmp_path)

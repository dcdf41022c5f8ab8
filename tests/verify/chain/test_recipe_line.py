"""The shell lines of a proof trail do what they say, for every kind of log and every break."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import recipes

from tests.builders import KINDS, SECRET, LogBuilder
from tests.chain_writers import WRITERS, Record, Written, secrets_of
from tests.verify.chain.judging import judge, secret_for
from tests.verify.chain.test_projects import Judge
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


#: The digest of its records nobody else can make.
NOT_PUBLISHED = "lemma-ocsf"
#: Links that are not stored, several secrets or recipes, keys that go forward.
NOT_SIMPLE = ["agentmesh-go-upgraded", "sql-immutable-log", "sql-audit-dual", "acra"]


def spoilt(written: Written) -> Iterator[list[Record]]:
    """Yield records with one thing done to them."""
    rows, own = written.records, written.own
    text = next(name for name in ("text", "action") if name in rows[4])
    yield [*rows[:4], {**rows[4], text: rows[4][text].replace("e", "E", 1) + "\u00e9"}, *rows[5:]]
    yield [*rows[:2], {**rows[2], own: "0" * 64}, *rows[3:]]
    yield [*rows[:3], *rows[4:]]
    yield [*rows[:2], rows[4], rows[3], rows[2], *rows[5:]]


def put_secrets(written: Written, folder: Path) -> None:
    """Lay the secrets of a log where its recipe asks for them."""
    for name, secret in secrets_of(written).items():
        end = name[len(written.secret[0]) - 2 :] if len(written.secret) > 1 else ""
        (folder / f"SECRET{end}").write_bytes(secret + b"\n")


@pytest.mark.parametrize("name", [name for name in WRITERS if name != NOT_PUBLISHED])
def test_every_recipe_that_is_published_can_be_redone_by_hand(name: str, tmp_path: Path):
    written = WRITERS[name]()
    put_secrets(written, tmp_path)
    verdict = Judge(written, tmp_path)(written.records)
    recipes.require_reproduced(verdict.steps, tmp_path)
    whole = f"{len(written.records)} of {len(written.records)} digests"
    assert any(step.prints.startswith(whole) for step in verdict.steps)


@pytest.mark.parametrize("name", NOT_SIMPLE)
def test_what_is_broken_is_counted_by_hand_as_it_was_here(name: str, tmp_path: Path):
    written = WRITERS[name]()
    for number, records in enumerate(spoilt(written)):
        folder = tmp_path / str(number)
        folder.mkdir()
        put_secrets(written, folder)
        verdict = Judge(written, folder)(records)
        assert "digests" in "".join(step.prints for step in verdict.steps)
        assert verdict.diagnoses
        recipes.require_reproduced(verdict.steps, folder)


def test_a_log_beside_secrets_that_are_not_all_there_has_no_command(tmp_path: Path):
    written = WRITERS["sql-audit-dual"]()
    judged = Judge(written, tmp_path)
    trust = judged.bench.trust
    judged.bench = replace(judged.bench, trust=replace(trust, secrets=trust.secrets[:1]))
    why = because("No command: the secret of the log was not given.")
    assert why in [step.recipe for step in judged(written.records).steps]

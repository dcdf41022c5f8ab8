"""A head speaks against a log only where something says that it is of this log."""

from pathlib import Path

import pytest

from tests.builders import KEY, LogBuilder
from tests.verify.chain.judging import in_words, judge, told, trust_in
from workbench.evidence.drop import open_drop
from workbench.formats.entry import Choice
from workbench.formats.table import sort_out
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Trust
from workbench.verify.chain import library

FOREIGN = "example.org/other"


def trusted(folder: Path) -> Trust:
    return trust_in(folder / "trust", KEY)


def chained_anew(origin: str, *, profile: str | None = None) -> tuple[LogBuilder, bytes]:
    """Return a log that was written anew, and the head of what it was, of another profile."""
    log = LogBuilder("workbench")
    head = log.head(12, origin=origin, profile=profile)
    log.edit(1)
    log.rechain()
    return log, head


def test_head_that_nothing_ties_to_the_log_fails_nothing_and_turns_nothing_green(tmp_path: Path):
    log, head = chained_anew(FOREIGN, profile="0" * 64)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == []
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE AMBIGUOUS_PAIRING",
        "INDETERMINATE NO_ANCHOR",
    )


@pytest.mark.parametrize("profile", [None, "0" * 64])
def test_log_chained_anew_fails_where_name_or_profile_of_the_head_fit(
    profile: str | None, tmp_path: Path
):
    log, head = chained_anew(FOREIGN if profile is None else "example.org/log", profile=profile)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == [("RECHAINED_AFTER", 1)]
    assert in_words(verdict)[:2] == ("FAILED RECHAINED_AFTER", "FAILED RECHAINED_AFTER")


def test_log_chained_anew_fails_where_an_earlier_head_of_that_origin_agrees(tmp_path: Path):
    log = LogBuilder("workbench")
    heads = [log.head(n, origin=FOREIGN, profile="0" * 64) for n in (3, 12)]
    heads[0] = log.head(3, origin=FOREIGN)
    log.edit(6)
    log.rechain(6)
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("RECHAINED_AFTER", 4)]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(), 0),
        (Choice(anchors=frozenset({"drop/x.head"})), 1),
        (Choice(artifact="drop/log.jsonl"), 1),
    ],
)
def test_anchor_or_artifact_that_the_auditor_names_ties_a_head_to_a_log(
    choice: Choice, said: int, tmp_path: Path
):
    log, head = chained_anew(FOREIGN)
    (tmp_path / "drop").mkdir()
    log.write(tmp_path / "drop")
    (tmp_path / "drop" / "x.head").write_bytes(head)
    with open_drop([tmp_path / "drop"], cancel=Cancel(), progress=Silent()) as drop:
        (subject,) = sort_out(drop, library.shipped(), choice).subjects
    assert len(subject.said) == said

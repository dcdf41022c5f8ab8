"""Several processes give the very verdict of one, however a log lies in its file."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.chain_writers import WRITERS
from tests.verify.chain import judging
from tests.verify.chain.test_projects import Judge
from workbench.verify.chain import ahead, survey
from workbench.verify.chain.frame import Cut
from workbench.verify.chain.piece import Task


@pytest.fixture(scope="module")
def two() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Cut logs small, hand over each piece, and keep how long each was."""
    lengths: list[int] = []

    def hand_over(executor: Executor, plan: Task, cut: Cut) -> object:
        lengths.append(cut.length)
        return ahead.hand_over(executor, plan, cut)

    monkeypatch.setattr(survey, "SMALL", 0)
    monkeypatch.setattr(survey, "PIECE", 700)
    monkeypatch.setattr(survey, "EXACT_PIECE", 700)
    monkeypatch.setattr(survey, "hand_over", hand_over)
    return lengths


@pytest.mark.parametrize("spoilt", [False, True], ids=["intact", "spoilt"])
@pytest.mark.parametrize("name", WRITERS)
def test_every_container_is_judged_alike_by_two(
    name: str, spoilt: bool, two: Executor, handed: list[int], tmp_path: Path
) -> None:
    written = WRITERS[name]()
    rows = written.records
    data = written.data([*rows[:2], *rows[3:]] if spoilt else rows)
    judge = Judge(written, tmp_path)
    alone = judge(data)
    assert not handed
    judge.bench = replace(judge.bench, executor=two)
    assert repr(judge(data)) == repr(alone)
    assert handed


@pytest.mark.parametrize("spoilt", [False, True], ids=["intact", "spoilt"])
def test_columns_are_judged_alike_by_two(
    spoilt: bool, two: Executor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(survey, "SMALL", 0)
    monkeypatch.setattr(survey, "LARGE", 0)
    monkeypatch.setattr(survey, "PIECE", 200_000)
    log = LogBuilder("workbench", 2_000)
    if spoilt:
        log.edit(1_234)
    alone = judging.judge(tmp_path, log)
    assert repr(judging.judge(tmp_path, log, executor=two)) == repr(alone)
    assert judging.told(alone) == ([("RECORD_ALTERED", 1_234)] if spoilt else [])

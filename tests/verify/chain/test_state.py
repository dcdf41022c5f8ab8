"""A head is signed over a log only where every digest and link was recomputed."""

from pathlib import Path

import pytest

from tests.builders import SECRET, LogBuilder
from tests.verify.chain.judging import AT
from workbench.errors import SourceError
from workbench.evidence.drop import open_drop
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Secret, Trust
from workbench.verify.chain import library
from workbench.verify.chain.state import LogState, state_of
from workbench.verify.verifier import Bench


def state(folder: Path, log: LogBuilder, *secrets: Secret) -> LogState:
    path = log.write(folder)
    bench = Bench(Trust(AT, secrets=secrets), profiles=library.shipped())
    with open_drop([path], cancel=Cancel(), progress=Silent()) as drop:
        (file,) = drop.files
        return state_of(Subject(file.path, None, "chain", (file,), container="jsonl"), bench)


def test_state_of_a_log_names_its_last_digest(tmp_path: Path):
    log = LogBuilder("workbench")
    found = state(tmp_path, log)
    assert (found.records, found.tip.hex()) == (12, log.own(12))


def test_hmac_log_is_not_stated_without_its_secret(tmp_path: Path):
    log = LogBuilder("bernstein")
    with pytest.raises(SourceError, match="--secret"):
        state(tmp_path, log)
    assert state(tmp_path, log, Secret(None, SECRET)).records == 12
    with pytest.raises(SourceError, match="unbroken"):
        state(tmp_path, log, Secret(None, b"not it"))


def test_log_with_an_altered_record_is_not_stated(tmp_path: Path):
    log = LogBuilder("workbench")
    log.edit(5)
    with pytest.raises(SourceError, match="unbroken"):
        state(tmp_path, log)

"""A head is signed over a log only where every digest and link was recomputed."""

from pathlib import Path

import pytest

from tests.builders import KEY, SECRET, LogBuilder
from tests.chain_writers import Written, caura, sql_immutable_log
from tests.verify.chain.judging import AT, in_words, trust_in
from workbench.errors import SourceError
from workbench.evidence.drop import open_drop
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Secret, Trust
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verified
from workbench.sign.head import write_head
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


@pytest.mark.parametrize(
    "written", [caura(in_table=True), sql_immutable_log()], ids=["stored", "not"]
)
def test_head_over_chains_in_one_table_anchors_them_all(written: Written, tmp_path: Path):
    drop, rows = tmp_path / "drop", written.records
    drop.mkdir()
    log = drop / written.name
    log.write_bytes(written.data(rows))
    bench = Bench(Trust(AT), profiles=library.shipped())
    with open_drop([log], cancel=Cancel(), progress=Silent()) as opened:
        (file,) = opened.files
        found = state_of(Subject(file.path, None, "chain", (file,), container="csv"), bench)
    assert (found.records, found.tip.hex()) == (len(rows), rows[-1][written.own])
    recipe = found.profile.id, found.profile.sha256
    tip, origin = ("sha256", found.tip), f"example.org/{log.stem}"
    head = write_head(origin, found.records, found.root, tip, recipe, KEY, origin)
    (drop / f"{log.name}.head").write_bytes(head)
    trust = trust_in(tmp_path / "trust", KEY)

    def judged() -> SubjectVerdict:
        request = VerifyRequest(paths=(drop,), at=AT)
        (source,) = verified(request, trust, Silent(), Cancel(), None).subjects
        assert source.verdict is not None
        return source.verdict

    whole = judged()
    assert in_words(whole) == ("PASSED ANCHORED", "PASSED key0.pem", "PASSED ANCHORED")
    assert {part.level for part in whole.assurance} == {2}
    log.write_bytes(written.data(rows[:-2]))
    assert in_words(judged())[2] == "FAILED TAIL_TRUNCATED"
    log.write_bytes(written.data([rows[1], rows[0], *rows[2:]]))
    assert not in_words(judged())[0].startswith("PASSED ANCHORED")

"""Where a chain begins, and what in it cannot be read or is spelled otherwise."""

from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.chain_writers import SIGNER, WRITERS, Record
from tests.mutation.logs import pem
from tests.verify.chain.judging import AT, in_words, judge, secret_for, told, trust_in
from tests.verify.chain.judging import KEY as LOG_KEY
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust

KINDS = ["comptext", "hashchainalgo", "certmate", "bernstein"]


@pytest.mark.parametrize("kind", KINDS)
def test_record_forged_before_the_first_is_inserted_and_told_once(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    head, trust = log.head(), trust_in(tmp_path / "trust", LOG_KEY)
    log.records.insert(0, log.forged(1))
    for expect in (Expectation(), Expectation(count=12)):
        verdict = judge(tmp_path, log, secret=secret_for(kind), expect=expect)
        assert told(verdict) == [("RECORD_INSERTED", 1)]
        assert verdict.diagnoses[0].count == 1
    verdict = judge(tmp_path, log, heads=[head], trust=trust, secret=secret_for(kind))
    assert told(verdict) == [("RECORD_INSERTED", 1)]


def test_second_log_in_a_file_is_a_fork_where_it_is_the_shorter_one(tmp_path: Path):
    log = LogBuilder("comptext", 3)
    log.edit(1)
    log.rechain()
    data = LogBuilder("comptext", 9).data() + log.data()
    assert told(judge(tmp_path, data)) == [("FORK", 10)]


def continued(kind: str = "comptext", first: int = 4) -> LogBuilder:
    """Return a log that goes on from another file."""
    log = LogBuilder(kind)
    del log.records[:first]
    return log


def repeat(log: LogBuilder) -> tuple[str, int]:
    log.records.insert(3, log.records[0])
    return "RECORD_DUPLICATED", 4


def move_to_the_front(log: LogBuilder) -> tuple[str, int]:
    log.records.insert(0, log.records.pop(2))
    return "RECORDS_REORDERED", 1


def exchange(log: LogBuilder) -> tuple[str, int]:
    log.records[0], log.records[1] = log.records[1], log.records[0]
    return "RECORDS_REORDERED", 1


def insert_before(log: LogBuilder) -> tuple[str, int]:
    log.records.insert(0, log.forged(5, previous=log.records[0]["previous_hash"]))
    return "RECORD_INSERTED", 1


@pytest.mark.parametrize("spoil", [repeat, move_to_the_front, exchange, insert_before])
def test_log_that_begins_elsewhere_is_diagnosed_like_any_other(spoil, tmp_path: Path):
    log = continued()
    expected = spoil(log)
    verdict = judge(tmp_path, log)
    assert sorted(told(verdict)) == sorted([("HEAD_TRUNCATED", 1), expected])


def test_jump_right_after_a_head_that_was_cut_is_told(tmp_path: Path):
    log = LogBuilder("comptext")
    del log.records[5]
    log.rechain()
    del log.records[:4]
    assert told(judge(tmp_path, log)) == [("HEAD_TRUNCATED", 1), ("SEQUENCE_ANOMALY", 2)]


def judged(name: str, data: bytes, tmp_path: Path, *, recheck: bool = False) -> SubjectVerdict:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / WRITERS[name]().name).write_bytes(data)
    request = VerifyRequest(paths=(drop,), at=AT, recheck=recheck)
    (source,) = verified(request, Trust(AT), Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    return source.verdict


def upper(digest: str) -> str:
    return digest.upper()


def spaced(digest: str) -> str:
    return f"{digest[:2]} {digest[2:]}"


@pytest.mark.parametrize("spell", [upper, spaced])
def test_link_of_raw_bytes_that_is_spelled_otherwise_alters_its_own_record(spell, tmp_path: Path):
    written = WRITERS["caura"]()
    rows: list[Record] = list(written.records)
    rows[7] = {**rows[7], "prev_hash": spell(rows[7]["prev_hash"])}
    verdict = judged("caura", written.data(rows), tmp_path, recheck=True)
    assert told(verdict) == [("RECORD_ALTERED", 8)]
    assert in_words(verdict)[0] == "FAILED RECORD_ALTERED"


def test_row_that_cannot_be_read_is_told_once_though_rows_lie_in_no_order(tmp_path: Path):
    written = WRITERS["sql-journal-entries"]()
    rows = written.data(written.records).split(b"\n")
    rows[8] += b",one more"
    verdict = judged("sql-journal-entries", b"\n".join(rows), tmp_path)
    assert told(verdict) == [("MALFORMED_RECORD", 8)]


def test_row_that_is_gone_is_told_beside_one_that_cannot_be_read(tmp_path: Path):
    written = WRITERS["sql-journal-entries"]()
    rows = written.data(written.records).split(b"\n")
    rows[8] += b",one more"
    del rows[4]
    verdict = judged("sql-journal-entries", b"\n".join(rows), tmp_path)
    assert [kind for kind, _ in told(verdict)].count("LINK_BROKEN") == 1
    assert ("MALFORMED_RECORD", 7) in told(verdict)


@pytest.mark.parametrize("name", ["coreason", "pagespace-activity", "qwed"])
def test_one_record_that_points_at_nothing_makes_a_log_known(name: str, tmp_path: Path):
    first, second, *_ = WRITERS[name]().data(WRITERS[name]().records).splitlines(keepends=True)
    verdict = judged(name, first + second[:40], tmp_path)
    assert verdict.profile == WRITERS[name]().profile
    assert told(verdict) == [("MALFORMED_RECORD", 2)]


def test_signed_digest_that_is_spelled_otherwise_alters_its_own_record(tmp_path: Path):
    written = WRITERS["lemma-ocsf"]()
    rows: list[Record] = list(written.records)
    rows[2] = {**rows[2], "entry_hash": rows[2]["entry_hash"].upper()}
    key = tmp_path / "signer.pem"
    key.write_bytes(pem(SIGNER))
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / written.name).write_bytes(written.data(rows))
    trust = load_trust([f"log={key}"], at=AT)
    request = VerifyRequest(paths=(drop,), at=AT)
    (source,) = verified(request, trust, Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    assert told(source.verdict)[0] == ("RECORD_ALTERED", 3)

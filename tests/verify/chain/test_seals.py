"""Keyed values: never green where one was declared, a secret given, and nothing recomputed."""

from pathlib import Path

import pytest

from tests.builders import SECRET, LogBuilder
from tests.verify.chain.judging import AT, in_words, judge, told
from workbench.model.trust import Secret, Trust

SEALS = [("agentmesh", "signature"), ("earcrawler", "hmac")]
sealed = pytest.mark.parametrize(("kind", "field"), SEALS)


@sealed
def test_seals_stripped_from_every_record_are_no_pass(kind: str, field: str, tmp_path: Path):
    log = LogBuilder(kind)
    for record in log.records:
        del record[field]
    verdict = judge(tmp_path, log, secret=SECRET)
    assert in_words(verdict)[:2] == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        "INDETERMINATE NO_SIGNATURE",
    )
    assert f"12 of 12 records carry no seal in {field}." in verdict.notes


@sealed
@pytest.mark.parametrize("value", ["", "ab" * 32, 5, None, ["x"]])
def test_seals_that_are_all_wrong_are_no_pass(kind: str, field: str, value: object, tmp_path: Path):
    log = LogBuilder(kind)
    for record in log.records:
        record[field] = value
    verdict = judge(tmp_path, log, secret=SECRET)
    assert in_words(verdict)[0] == "INDETERMINATE NOT_RECOMPUTABLE"
    assert told(verdict) == []


@sealed
def test_seals_of_which_some_are_wrong_are_altered_records(kind: str, field: str, tmp_path: Path):
    log = LogBuilder(kind)
    for number in (3, 7):
        log.records[number - 1][field] = "ab" * 32
    verdict = judge(tmp_path, log, secret=SECRET)
    assert told(verdict) == [("RECORD_ALTERED", 3), ("RECORD_ALTERED", 7)]
    assert verdict.diagnoses[0].stored == "ab" * 32
    assert verdict.diagnoses[0].recomputed == LogBuilder(kind).records[2][field]


@sealed
def test_right_secret_among_several_is_found(kind: str, field: str, tmp_path: Path):
    secrets = (Secret(None, b"not it"), Secret(None, SECRET), Secret(None, b"nor this"))
    verdict = judge(tmp_path, LogBuilder(kind), trust=Trust(AT, secrets=secrets))
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert any("12 right" in note for note in verdict.notes)


@sealed
def test_secret_meant_for_another_log_changes_nothing(kind: str, field: str, tmp_path: Path):
    trust = Trust(AT, secrets=(Secret("bernstein", b"not for this one"),))
    verdict = judge(tmp_path, LogBuilder(kind), trust=trust)
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert field in verdict.not_covered


@pytest.mark.parametrize("value", ["", "ab" * 32])
def test_hmac_chain_with_no_right_tag_is_not_recomputable(value: str, tmp_path: Path):
    log = LogBuilder("bernstein")
    for record in log.records:
        record["hmac"] = value
    verdict = judge(tmp_path, log, secret=SECRET)
    assert verdict.integrity.indication != "PASSED"
    assert "NOT_RECOMPUTABLE" in verdict.integrity.codes


@pytest.mark.parametrize("secret", [SECRET, None])
def test_hmac_chain_stripped_of_its_tags_is_no_pass(secret: bytes | None, tmp_path: Path):
    log = LogBuilder("bernstein")
    for record in log.records:
        del record["hmac"]
    assert judge(tmp_path, log, secret=secret).integrity.indication == "INDETERMINATE"


def test_hmac_chain_of_which_one_record_has_no_tag_is_altered(tmp_path: Path):
    log = LogBuilder("bernstein")
    del log.records[4]["hmac"]
    assert told(judge(tmp_path, log, secret=SECRET)) == [("RECORD_ALTERED", 5)]


def test_a_secret_that_no_digest_needs_is_said_not_to_be_used(tmp_path: Path):
    """A keyed log that was rewritten by a recipe without a key would pass for the keyed one."""
    for secret, said in ((SECRET, 1), (None, 0)):
        verdict = judge(tmp_path, LogBuilder("certmate"), secret=secret)
        assert verdict.integrity.indication == "PASSED"
        assert sum("was not used" in note for note in verdict.notes) == said
    for kind in ("bernstein", "earcrawler"):
        notes = judge(tmp_path, LogBuilder(kind), secret=SECRET).notes
        assert not any("was not used" in note for note in notes)


def test_digits_beyond_a_double_are_covered_where_lines_are_canonical_only(tmp_path: Path):
    """A limit that is told in the rules: the writers of such logs hash doubles."""
    for kind, integrity in (("certmate", "PASSED"), ("workbench", "FAILED")):
        data = LogBuilder(kind).data().replace(b"0.9312", b"0.93120000000000000001", 1)
        assert judge(tmp_path, data).integrity.indication == integrity

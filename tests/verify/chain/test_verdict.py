"""What a log is worth with heads, statements, secrets, periods, and at the edges."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import KEY, KINDS, OTHER_KEY, SECRET, LogBuilder, bundle
from tests.verify.chain.judging import AT, in_words, judge, secret_for, told, trust_in
from workbench.evidence.limits import Limits
from workbench.model.expectation import Expectation, Period
from workbench.model.trust import Trust
from workbench.model.verdict import Indication
from workbench.verify.trust.anchors import load_trust, mark_self_supplied

ANCHORED = ("PASSED ANCHORED", "PASSED key0.pem", "PASSED ANCHORED")
ALONE = ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_SIGNATURE", "INDETERMINATE NO_ANCHOR")


def trusted(folder: Path) -> Trust:
    return trust_in(folder / "trust", KEY)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_head_by_a_trusted_key_anchors_the_whole_log(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    trust = trusted(tmp_path)
    verdict = judge(tmp_path, log, heads=[log.head()], trust=trust, secret=secret_for(kind))
    assert in_words(verdict) == ANCHORED
    assert [(part.first, part.last, part.level) for part in verdict.assurance] == [(1, 12, 2)]


def test_record_after_the_last_head_is_not_anchored(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, heads=[log.head(10)], trust=trusted(tmp_path))
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "PASSED key0.pem",
        "INDETERMINATE NO_ANCHOR",
    )
    assert "ANCHORED" in verdict.integrity.codes


def test_head_by_an_unknown_key_is_listed_without_effect(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, heads=[log.head(key=OTHER_KEY)], trust=trusted(tmp_path))
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert in_words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"
    assert [s.code for s in verdict.signatures] == ["NO_TRUST_ANCHOR"]


def test_wrong_head_by_an_unknown_key_fails_nothing(tmp_path: Path):
    log = LogBuilder("workbench")
    head = LogBuilder("workbench", 20).head(key=OTHER_KEY)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == []
    assert in_words(verdict)[2] == "INDETERMINATE NO_ANCHOR"


def test_head_by_a_key_from_the_evidence_anchors_nothing(tmp_path: Path):
    log = LogBuilder("workbench")
    trust = trusted(tmp_path)
    keys = dict.fromkeys((anchor.key_fingerprint for anchor in trust.anchors), "README.md")
    supplied = mark_self_supplied(trust, keys)
    verdict = judge(tmp_path, log, heads=[log.head()], trust=supplied)
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE SELF_SUPPLIED_KEY",
        "INDETERMINATE NO_ANCHOR",
    )


def test_head_whose_trusted_signature_is_wrong_fails(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.head().replace(b"example.org/log\n12\n", b"example.org/log\n11\n")
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert in_words(verdict)[1] == "FAILED SIG_CRYPTO_FAILURE"
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"


def test_head_of_another_profile_file_covers_nothing(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.head(profile="ab" * 32)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE UNKNOWN_PROFILE",
        "INDETERMINATE NO_ANCHOR",
    )


def test_threshold_of_two_needs_two_keys(tmp_path: Path):
    log = LogBuilder("workbench")
    trust = trust_in(tmp_path / "trust", KEY, OTHER_KEY, threshold=2)
    verdict = judge(tmp_path, log, heads=[log.head()], trust=trust)
    assert in_words(verdict)[1] == "INDETERMINATE TOO_FEW_SIGNERS"
    assert verdict.integrity.code == "SELF_CONSISTENT"


@pytest.mark.parametrize("chain_head", [True, False])
def test_complete_rechain_is_told_by_a_head(chain_head: bool, tmp_path: Path):
    log = LogBuilder("workbench")
    heads = [log.head(4, chain_head=chain_head), log.head(12, chain_head=chain_head)]
    log.edit(7)
    log.rechain(7)
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("RECHAINED_AFTER", 5)]
    assert in_words(verdict)[:2] == ("FAILED RECHAINED_AFTER", "FAILED RECHAINED_AFTER")
    assert told(judge(tmp_path, log)) == []


def test_cut_tail_is_told_by_a_head(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.head()
    del log.records[-2:]
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == [("TAIL_TRUNCATED", 10)]
    assert verdict.diagnoses[0].count == 2
    assert in_words(verdict)[2] == "FAILED TAIL_TRUNCATED"


def test_rechained_deletion_is_told_where_numbers_reach_the_head(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.head()
    del log.records[4]
    log.rechain(5)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert ("RECHAINED_AFTER", 1) in told(verdict)


def test_heads_that_disagree_are_a_fork(tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench")
    other.edit(6)
    other.rechain(6)
    heads = [log.head(4), other.head(8), log.head(12)]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("FORK", 5)]
    assert in_words(verdict)[:2] == ("FAILED FORK", "FAILED FORK")


def test_unprotected_bytes_changed_under_a_head_are_altered(tmp_path: Path):
    log = LogBuilder("certmate")
    head = log.head()
    data = log.data().replace(b'"seq": 4', b'"seq":  4')
    verdict = judge(tmp_path, data, heads=[head], trust=trusted(tmp_path))
    assert verdict.integrity.indication is Indication.FAILED
    assert verdict.authenticity.indication is not Indication.PASSED
    assert told(judge(tmp_path, data)) == []


def test_file_that_is_no_head_keeps_authenticity_open(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, heads=[b"nothing of the kind"], trust=trusted(tmp_path))
    assert in_words(verdict)[1] == "INDETERMINATE FORMAT_FAILURE"
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"


def test_stated_count_completes_but_anchors_nothing(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("workbench"), expect=Expectation(count=12))
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE NO_SIGNATURE",
        "PASSED AUDITOR_STATED",
    )


def test_stated_count_tells_a_cut_tail(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("workbench"), expect=Expectation(count=14))
    assert told(verdict) == [("TAIL_TRUNCATED", 12)]
    assert in_words(verdict)[2] == "FAILED TAIL_TRUNCATED"


def test_more_records_than_stated_fail_completeness(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("workbench"), expect=Expectation(count=9))
    assert in_words(verdict)[2] == "FAILED COUNT_MISMATCH"
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert told(verdict) == [("RECORD_INSERTED", 10)]
    (found,) = verdict.diagnoses
    assert (found.count, found.last) == (3, 12)


@pytest.mark.parametrize("style", [str.lower, str.upper])
def test_stated_head_anchors_integrity_not_authenticity(style, tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, expect=Expectation(head=style(log.own(12))))
    assert in_words(verdict) == (
        "PASSED ANCHORED",
        "INDETERMINATE NO_SIGNATURE",
        "PASSED AUDITOR_STATED",
    )


def test_stated_head_in_the_middle_leaves_the_rest_open(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, expect=Expectation(head=log.own(7)))
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert in_words(verdict)[2] == "INDETERMINATE NO_ANCHOR"


def test_stated_head_that_is_nowhere_is_never_green(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("workbench"), expect=Expectation(head="ab" * 32))
    assert told(verdict) == [("TAIL_TRUNCATED", 12)]
    both = Expectation(head="ab" * 32, count=12)
    assert told(judge(tmp_path, LogBuilder("workbench"), expect=both)) == [("RECHAINED_AFTER", 1)]


def period(first: int, last: int) -> Expectation:
    """Return a period in hours of the first day."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return Expectation(Period(start.replace(hour=first), start.replace(hour=last)))


def test_period_that_ends_inside_the_anchored_range_is_complete(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(
        tmp_path, log, heads=[log.head(10)], trust=trusted(tmp_path), expect=period(0, 8)
    )
    assert in_words(verdict) == ANCHORED


def test_period_beyond_the_log_is_partly_covered(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(
        tmp_path, log, heads=[log.head()], trust=trusted(tmp_path), expect=period(0, 20)
    )
    assert in_words(verdict)[2] == "INDETERMINATE PARTIAL_COVERAGE"


def test_no_records_are_never_green(tmp_path: Path):
    for data in (b"", b"\n\n  \n"):
        verdict = judge(tmp_path, data)
        assert verdict.integrity.indication is Indication.INDETERMINATE
        assert verdict.completeness.indication is Indication.INDETERMINATE
    assert judge(tmp_path, b"").integrity.code == "NO_RECORDS"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_innocent_line_ends_change_nothing(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    secret = secret_for(kind)
    plain = judge(tmp_path, log, secret=secret)
    variants = {
        "CRLF": log.data(b"\r\n"),
        "byte order mark": b"\xef\xbb\xbf" + log.data(),
        "line end": log.data()[:-1],
        "": log.data(b"\n\n"),
    }
    for note, data in variants.items():
        verdict = judge(tmp_path, data, secret=secret)
        assert in_words(verdict) == in_words(plain)
        assert any(note in line for line in verdict.notes) or not note


def test_offset_counts_the_byte_order_mark(tmp_path: Path):
    log = LogBuilder("workbench")
    log.edit(2)
    (found,) = judge(tmp_path, b"\xef\xbb\xbf" + log.data()).diagnoses
    assert found.offset == 3 + len(log.lines()[0]) + 1


def test_line_of_any_length_takes_bounded_memory_and_is_malformed(tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    long = b'{"seq":5,"x":"' + b"y" * 900_000 + b'"}'
    data = b"\n".join([*lines[:4], long, *lines[5:]]) + b"\n"
    verdict = judge(tmp_path, data, limits=Limits(record=100_000))
    assert told(verdict) == [("MALFORMED_RECORD", 5)]
    assert verdict.records == 12
    assert verdict.sha256 == hashlib.sha256(data).hexdigest()


def test_hmac_log_with_a_wrong_secret_is_not_recomputable(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("bernstein"), secret=b"not it")
    assert in_words(verdict)[:2] == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        "INDETERMINATE SYMMETRIC_ONLY",
    )
    assert told(verdict) == []


def test_hmac_log_without_secret_still_shows_a_broken_link(tmp_path: Path):
    log = LogBuilder("bernstein")
    del log.records[4]
    assert in_words(judge(tmp_path, log))[0] == "FAILED LINK_BROKEN"


@pytest.mark.parametrize(("kind", "field"), [("agentmesh", "signature"), ("earcrawler", "hmac")])
def test_seal_beside_the_chain_counts_only_with_the_secret(kind: str, field: str, tmp_path: Path):
    log = LogBuilder(kind)
    log.records[4][field] = "ab" * 32
    assert field in judge(tmp_path, log).not_covered
    assert told(judge(tmp_path, log)) == []
    assert told(judge(tmp_path, log, secret=SECRET)) == [("RECORD_ALTERED", 5)]
    good = judge(tmp_path, LogBuilder(kind), secret=SECRET)
    assert in_words(good)[:2] == ("PASSED SELF_CONSISTENT", "INDETERMINATE SYMMETRIC_ONLY")
    wrong = judge(tmp_path, LogBuilder(kind), secret=b"not it")
    assert in_words(wrong)[0] == "INDETERMINATE NOT_RECOMPUTABLE"
    assert told(wrong) == []
    assert any("reproduces no seal" in note for note in wrong.notes)


def test_missing_seal_is_not_green_where_others_are_sealed(tmp_path: Path):
    log = LogBuilder("agentmesh")
    del log.records[4]["signature"]
    verdict = judge(tmp_path, log, secret=SECRET)
    assert in_words(verdict)[0] == "INDETERMINATE NOT_COVERED"


def test_field_that_the_digest_leaves_out_is_listed(tmp_path: Path):
    log = LogBuilder("hashchainalgo")
    log.records[4]["severity"] = "low"
    verdict = judge(tmp_path, log)
    assert (told(verdict), verdict.not_covered) == ([], ("severity",))


def judge_bundle(folder: Path, document: dict[str, object], trust: Trust | None = None):
    data = json.dumps(document, indent=1, ensure_ascii=False).encode()
    return judge(folder, data, container="json-array", trust=trust)


def test_bundle_by_a_confirmed_key_is_authentic_and_complete(tmp_path: Path):
    trust = trusted(tmp_path)
    (anchor,) = trust.anchors
    key = str(tmp_path / "trust" / "key0.pem")
    confirmed = load_trust([f"log={key}"], confirm=[anchor.fingerprint], secrets=(), at=AT)
    document = bundle(LogBuilder("certmate"))
    assert in_words(judge_bundle(tmp_path, document, confirmed)) == ANCHORED
    unconfirmed = judge_bundle(tmp_path, document, trust)
    assert in_words(unconfirmed)[1] == "INDETERMINATE SELF_SUPPLIED_KEY"
    assert in_words(unconfirmed)[0] == "PASSED SELF_CONSISTENT"


def test_bundle_whose_manifest_was_changed_fails(tmp_path: Path):
    verdict = judge_bundle(tmp_path, bundle(LogBuilder("certmate"), seq_last=99))
    assert in_words(verdict)[0] == "FAILED SIG_CRYPTO_FAILURE"


def test_bundle_whose_entries_were_rechained_fails(tmp_path: Path):
    log = LogBuilder("certmate")
    document = bundle(log)
    log.edit(5)
    log.rechain(5)
    verdict = judge_bundle(tmp_path, {**document, "entries": log.records})
    assert told(verdict) == [("RECHAINED_AFTER", 1)]


def test_records_in_an_array_are_judged_like_lines(tmp_path: Path):
    log = LogBuilder("cmcp")
    log.edit(5)
    for document in (log.records, {"exported": 1, "events": log.records}):
        data = json.dumps(document, indent=2).encode()
        verdict = judge(tmp_path, data, container="json-array")
        assert told(verdict) == [("RECORD_ALTERED", 5)]
        offset = verdict.diagnoses[0].offset
        assert offset is not None
        assert data[offset:].lstrip().startswith(b"{")
        assert json.JSONDecoder().raw_decode(data[offset:].decode())[0] == log.records[4]


def test_broken_document_is_no_crash(tmp_path: Path):
    verdict = judge(tmp_path, b'{"entries": [', container="json-array")
    assert in_words(verdict)[0] == "INDETERMINATE MALFORMED_SOURCE"


def test_named_profile_that_does_not_fit_is_not_used(tmp_path: Path):
    verdict = judge(tmp_path, b'{"a":1}\n{"a":2}\n', expect=Expectation(profile="cmcp"))
    assert in_words(verdict)[0] == "INDETERMINATE UNKNOWN_PROFILE"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seq_first": 3}, ("RECORD_INSERTED", 1)),
        ({"seq_first": -1}, ("HEAD_TRUNCATED", 1)),
        ({"seq_last": 99}, ("TAIL_TRUNCATED", 12)),
        ({"seq_last": 9}, ("RECORD_INSERTED", 11)),
    ],
)
def test_bundle_signed_over_other_numbers_is_incomplete(
    change: dict[str, int], expected: tuple[str, int], tmp_path: Path
):
    document = bundle(LogBuilder("certmate"), signed=change)
    verdict = judge_bundle(tmp_path, document)
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert verdict.completeness.indication is Indication.FAILED
    assert "COUNT_MISMATCH" in verdict.completeness.codes
    assert told(verdict) == [expected]


def test_profile_named_by_a_trusted_head_is_used_although_nothing_reproduces(tmp_path: Path):
    log = LogBuilder("workbench", 3)
    head = log.head()
    for number in (1, 2, 3):
        log.edit(number)
    assert "UNKNOWN_PROFILE" in judge(tmp_path, log).integrity.codes
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == [("RECORD_ALTERED", number) for number in (1, 2, 3)]


def test_more_breaks_than_are_listed_are_never_green(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workbench.verify.chain.survey.MOST_STRETCHES", 5)
    log = LogBuilder("workbench", 40)
    for number in range(3, 30, 2):
        log.records[number - 1]["time"] = "2020-01-01T00:00:00Z"
    log.rechain()
    log.edit(39)
    verdict = judge(tmp_path, log)
    assert in_words(verdict)[0] == "INDETERMINATE LIMIT_EXCEEDED"
    assert verdict.assurance[-1].level == 0
    assert any("more breaks" in note for note in verdict.notes)


def test_head_over_no_records_vouches_for_nothing(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, heads=[log.head(0)], trust=trusted(tmp_path))
    assert in_words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE PARTIAL_COVERAGE",
        "INDETERMINATE NO_ANCHOR",
    )


def test_emptied_log_fails_where_records_were_signed_or_stated(tmp_path: Path):
    head = LogBuilder("workbench").head()
    signed = judge(tmp_path, b"", heads=[head], trust=trusted(tmp_path))
    stated = judge(tmp_path, b"\n", expect=Expectation(count=12))
    for verdict in (signed, stated):
        assert told(verdict) == [("TAIL_TRUNCATED", None)]
        assert in_words(verdict)[0] == "INDETERMINATE NO_RECORDS"
        assert in_words(verdict)[2] == "FAILED TAIL_TRUNCATED"


def test_member_beside_the_records_of_a_document_is_not_covered(tmp_path: Path):
    document = {**bundle(LogBuilder("certmate")), "note": "reviewed"}
    assert judge_bundle(tmp_path, document).not_covered == ("/note",)


def test_altered_record_under_a_head_leaves_the_count_complete(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.head()
    log.edit(5)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert in_words(verdict) == (
        "FAILED RECORD_ALTERED",
        "INDETERMINATE HASH_FAILURE",
        "PASSED ANCHORED",
    )
    bare = LogBuilder("workbench")
    bare_head = bare.head(chain_head=False)
    bare.edit(5)
    verdict = judge(tmp_path, bare, heads=[bare_head], trust=trusted(tmp_path))
    assert in_words(verdict)[2] == "INDETERMINATE NO_ANCHOR"

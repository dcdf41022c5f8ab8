"""Time stamps by file: a query goes out, an answer comes in, and only the right one."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import signing
from asn1crypto import algos, cms, tsp
from reports import NOW, small_report
from signing import certified, full, full_trust, judged, levels, outside

from workbench.errors import SigningError, UsageError
from workbench.model.verdict import Indication
from workbench.sign.pdf import Proof, query_for, sign_report, with_answer
from workbench.sign.time_stamp import query, taken_in
from workbench.sign.tsa_server import server_name, server_stamper
from workbench.verify.report.token_form import certificates_of

_needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl is not here: no other authority to ask"
)
_IMPRINT = hashlib.sha256(b"something").digest()


#: OpenSSL stamps by the clock of this machine.
_TODAY = datetime.now(UTC).replace(microsecond=0)


def _answer(imprint: bytes, **changes: object) -> bytes:
    """Return an answer around a token of ours, spoilt as asked."""
    token = cms.ContentInfo.load(signing.outside_stamper()(imprint))
    status = tsp.PKIStatusInfo({"status": changes.get("status", "granted")})
    return tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump()


@_needs_openssl
def test_the_air_gapped_file_verifies(tmp_path: Path) -> None:
    today = signing.new_team("Today", _TODAY - timedelta(days=1))
    proof = Proof(room=True)
    pdf = sign_report(small_report(), today.ada, reason="Test", at=_TODAY, proof=proof)
    assert judged(pdf, today.trust(at=_TODAY)).indication is Indication.PASSED
    stamped = with_answer(pdf, signing.answered(tmp_path, query_for(pdf, archive=False)))
    assert len(stamped) == len(pdf)
    found = judged(stamped, today.trust(outside().root, at=_TODAY + timedelta(days=1)))
    assert (found.indication, levels(found)) == (Indication.PASSED, ["B-T"]), found.reasons
    assert found.signatures[0].proven_time is not None


@_needs_openssl
def test_so_does_one_whose_archive_time_stamp_came_by_file(tmp_path: Path) -> None:
    material = outside().material()
    ask = query_for(full(), archive=True, material=material)
    answer = signing.answered(tmp_path, ask)
    stamped = with_answer(full(), answer, material=material)
    found = judged(stamped, full_trust(_TODAY + timedelta(days=1)))
    assert (found.indication, len(found.stamps)) == (Indication.PASSED, 4), found.reasons


@_needs_openssl
def test_no_octet_of_a_token_from_openssl_can_be_changed_once_it_was_taken_in(
    tmp_path: Path,
) -> None:
    """Its own form is not the one we admit: the importer writes it anew."""
    token = taken_in(signing.answered(tmp_path, query(_IMPRINT)), _IMPRINT)
    assert len(certificates_of(token)) == 2


def test_a_query_asks_for_the_certificate_and_for_one_digest() -> None:
    asked = tsp.TimeStampReq.load(query(_IMPRINT))
    assert asked["cert_req"].native is True
    assert asked["message_imprint"]["hashed_message"].native == _IMPRINT
    assert query(_IMPRINT) == query(_IMPRINT) != query(bytes(32))


def test_an_answer_over_something_else_is_refused() -> None:
    with pytest.raises(SigningError, match="over something else"):
        taken_in(_answer(_IMPRINT), bytes(32))


def test_an_answer_that_refuses_is_told() -> None:
    with pytest.raises(SigningError, match="refused"):
        taken_in(_answer(_IMPRINT, status="rejection"), _IMPRINT)


@pytest.mark.parametrize("reply", [b"", b"\x30\x03\x02\x01\x02", b"HTTP/1.1 404", b"\x30" * 40])
def test_what_is_no_answer_is_said_to_be_none(reply: bytes) -> None:
    with pytest.raises(SigningError, match="cannot be read as a time stamp"):
        taken_in(reply, _IMPRINT)


def test_an_answer_to_another_query_is_refused() -> None:
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": _IMPRINT,
            },
            "serial_number": 1,
            "gen_time": NOW,
            "nonce": 1,
        }
    ).dump()
    from workbench.sign.cms import time_stamp

    with pytest.raises(SigningError, match="nonce"):
        taken_in(time_stamp(info, outside().tsa), _IMPRINT)


def test_the_answer_to_an_older_query_does_not_fit_the_report() -> None:
    pdf, other = certified(room=True), certified(room=True)
    imprint = tsp.TimeStampReq.load(query_for(other, archive=False))["message_imprint"]
    answer = _answer(imprint["hashed_message"].native)
    with pytest.raises(SigningError, match="over something else"):
        with_answer(pdf, answer)


def test_a_signature_without_room_asks_for_one_over_the_report() -> None:
    with pytest.raises(SigningError, match="over the whole report"):
        query_for(certified(), archive=False)


def test_a_signature_that_has_a_time_stamp_gets_no_second_one() -> None:
    with pytest.raises(SigningError, match="over the whole report"):
        query_for(certified(stamper=signing.own_stamper()), archive=False)


@pytest.mark.parametrize(
    "url",
    [
        *("https://tsa.example:abc/secret", "https://tsa.example:99999/secret", "https://[::1/"),
        *("ftp://x/secret", "https://user:secret@tsa.example/", "https://:secret@tsa.example/"),
        *(
            "https://tsa.example/a secret",
            "https://tsa.example/secret\x01",
            "https://x/?secr\u00e9t",
        ),
    ],
)
def test_what_is_no_address_of_a_server_is_said_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(UsageError, match="not the address") as said:
        server_stamper(url)
    assert "secr" not in str(said.value), "an address may hold what a customer is known by"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://tsa.example/token/abc?key=secret#x", "https://tsa.example"),
        ("https://user:secret@tsa.example:8443/", "https://tsa.example"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]"),
        ("https://[::1/", "that server"),
        ("tsa.example/secret", "that server"),
    ],
)
def test_a_server_is_named_by_scheme_and_host_alone(url: str, name: str) -> None:
    assert server_name(url) == name


def test_that_a_server_was_asked_is_told_also_where_it_does_not_answer() -> None:
    told: list[str] = []
    stamp = server_stamper("http://127.0.0.1:1/", told=told.append)
    assert told == []
    with pytest.raises(SigningError, match="does not answer"):
        stamp(bytes(32))
    assert told == ["http://127.0.0.1"]

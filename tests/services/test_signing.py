"""Signing as a user asks for it: what would not verify is not handed over."""

import gc
import socket
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import reports
import signing
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding
from reports import NOW, Profile, new_auditor, new_root, small_report
from signing import certified, team
from tsa import Authority, server

from workbench.errors import SigningError, UsageError, WorkbenchError
from workbench.model.report_signature import Level
from workbench.services.reports import (
    Lasting,
    countersign,
    countersigned,
    query_of,
    signed,
    stamped,
)

DAY = timedelta(days=1)


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, ...]:
    paths = []
    for number, der in enumerate((*team().crls(), *signing.outside().crls())):
        paths.append(tmp_path / f"{number}.crl")
        paths[-1].write_bytes(der)
    return tuple(paths)


@pytest.fixture
def tsa_root(tmp_path: Path) -> str:
    path = tmp_path / "tsa.pem"
    certificate = signing.outside().root.certificate
    assert certificate is not None
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return f"tsa={path}"


@pytest.mark.parametrize("level", list(Level))
def test_each_level_is_reached_without_a_network(level: Level, lists: tuple[Path, ...]) -> None:
    lasting = Lasting(level=level, own_stamper=team().tsa, lists=lists)
    assert signed(small_report(), team().ada, lasting, now=NOW).level == (
        Level.T if level is Level.B else level
    )


def test_a_level_that_is_not_reached_is_not_handed_over() -> None:
    lasting = Lasting(level=Level.LT, own_stamper=team().tsa)
    with pytest.raises(SigningError, match="B-LT was not reached, only B-T"):
        signed(small_report(), team().ada, lasting, now=NOW)


def test_a_level_needs_somebody_who_stamps() -> None:
    with pytest.raises(UsageError, match="needs a time stamp"):
        signed(small_report(), team().ada, Lasting(level=Level.T), now=NOW)


def test_the_revoked_do_not_sign(tmp_path: Path) -> None:
    path = tmp_path / "x.crl"
    path.write_bytes(team().crls(signing.withdrawn(team().ada, NOW - DAY))[1])
    with pytest.raises(SigningError, match="REVOKED_NO_POE"):
        signed(small_report(), team().ada, Lasting(lists=(path,)), now=NOW)


def test_whoever_cannot_verify_does_not_countersign() -> None:
    stranger = new_auditor(new_root("Elsewhere"), name="Rita Reviewer").signing_key
    with pytest.raises(SigningError, match="does not verify"):
        countersigned(certified(), stranger, Lasting(), now=NOW)


def test_where_the_query_cannot_be_written_there_is_no_report_either(tmp_path: Path) -> None:
    report, out = tmp_path / "report.pdf", tmp_path / "reviewed.pdf"
    report.write_bytes(certified())
    lasting = Lasting(query=tmp_path / "gone" / "q.tsq")
    with pytest.raises(WorkbenchError, match="could not be written"):
        countersign(report, out, team().rita, lasting)
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]
    countersign(report, out, team().rita, Lasting(query=tmp_path / "q.tsq"))
    assert out.exists()
    assert (tmp_path / "q.tsq").exists()


def test_who_countersigns_is_told_that_an_awaited_time_stamp_comes_too_late() -> None:
    late = countersigned(certified(room=True), team().rita, Lasting(), now=NOW)
    assert "cannot be put any more" in late.note
    assert countersigned(certified(), team().rita, Lasting(), now=NOW).note == ""
    stamped_ = certified(room=True, stamper=signing.own_stamper())
    assert countersigned(stamped_, team().rita, Lasting(), now=NOW).note == ""


def test_an_altered_report_is_not_countersigned() -> None:
    altered = certified().replace(b"/Reason (I answer", b"/Reason (U answer")
    with pytest.raises(SigningError, match="does not verify"):
        countersigned(altered, team().rita, Lasting(), now=NOW)


@pytest.mark.parametrize("name", ["Ada Auditor", "ada  auditor"])
def test_nobody_countersigns_themselves(name: str) -> None:
    again = signing.authority.issue(
        team().issuer, signing.Holder.REVIEWER, name, organisation="Team", now=signing.BEFORE
    )
    for key in (team().ada, again):
        with pytest.raises(SigningError, match="somebody else"):
            countersigned(certified(), key, Lasting(), now=NOW)


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (Profile(first=-20, last=-1), "expired"),
        (Profile(first=1), "valid only from"),
        (Profile(signs=False), "may not sign"),
        (Profile(purposes=(reports.SERVER,)), "not for signatures of this kind"),
    ],
)
def test_a_reviewer_who_may_not_sign_does_not(profile: Profile, says: str) -> None:
    root = new_root()
    auditor = new_auditor(root, name="Ada")
    once = reports.sign(small_report(), auditor).data
    with pytest.raises(SigningError, match=says):
        countersigned(once, new_auditor(root, profile, name="Rita").signing_key, Lasting(), now=NOW)


def test_what_is_written_shows_who_signed_when_and_why(lists: tuple[Path, ...]) -> None:
    """21 CFR 11.50: printed name, date and time, meaning, in words that a viewer has too."""
    data = signed(small_report(), team().ada, Lasting(), now=NOW).data
    assert b"/Name (Ada Auditor)" in data
    assert rb"/M (D\07220260630000000Z)" in data
    assert b"/Reason (I performed this verification" in data


def test_a_server_is_asked_where_the_user_allows_it(tsa_root: str, lists: tuple[Path, ...]) -> None:
    with server() as url:
        lasting = Lasting(Level.T, server=url, network=True, trust=(tsa_root,))
        made = signed(small_report(), team().ada, lasting, now=NOW)
    assert (made.level, made.network) == ("B-T", ("http://127.0.0.1",))


def test_what_a_server_is_told_to_know_its_customer_by_is_not_kept(tsa_root: str) -> None:
    told: list[str] = []
    with server() as url:
        lasting = Lasting(
            Level.T, server=f"{url}/customer?key=secret", network=True, trust=(tsa_root,),
            told=told.append,
        )  # fmt: skip
        made = signed(small_report(), team().ada, lasting, now=NOW)
    assert [*made.network, *told] == ["http://127.0.0.1"] * 2


def test_a_clock_that_is_ahead_of_the_authority_s_is_noticed(tsa_root: str) -> None:
    class Earlier(Authority):
        answer = staticmethod(signing.outside_stamper(NOW - timedelta(hours=1)))

    with server(Earlier) as url:
        lasting = Lasting(Level.T, server=url, network=True, trust=(tsa_root,))
        with pytest.raises(SigningError, match="TIMESTAMP_ORDER_FAILURE"):
            signed(small_report(), team().ada, lasting, now=NOW)


def test_no_server_is_asked_without_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    with pytest.raises(UsageError, match="--allow-network"):
        signed(small_report(), team().ada, Lasting(Level.T, server="http://tsa.example"), now=NOW)


def test_a_server_that_fails_leaves_nothing(tsa_root: str) -> None:
    class Broken(Authority):
        status = 500

    with server(Broken) as url:
        lasting = Lasting(Level.T, server=url, network=True, trust=(tsa_root,))
        with pytest.raises(SigningError, match="HTTP 500"):
            signed(small_report(), team().ada, lasting, now=NOW)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_answers_drop_by_drop_is_not_waited_for(
    tsa_root: str, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    class Dripping(Authority):
        def do_POST(self) -> None:  # noqa: N802 - so it is called
            if part == "body":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
            with suppress(OSError):
                for _ in range(1200):
                    self.wfile.write(b"H")
                    time.sleep(0.05)

    monkeypatch.setattr("workbench.sign.tsa_server._SECONDS", 0.2)
    begun = time.monotonic()
    with server(Dripping) as url:
        lasting = Lasting(Level.T, server=url, network=True, trust=(tsa_root,))
        with pytest.raises(SigningError, match="does not answer"):
            signed(small_report(), team().ada, lasting, now=NOW)
    assert time.monotonic() - begun < 30, "one deadline for all of it"


def test_a_server_that_stops_amid_its_answer_leaves_nothing_open(tsa_root: str) -> None:
    class Stopping(Authority):
        def do_POST(self) -> None:  # noqa: N802 - so it is called
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nbegun\r\n5\r\nen")

    with server(Stopping) as url:
        lasting = Lasting(Level.T, server=url, network=True, trust=(tsa_root,))
        with pytest.raises(SigningError, match="does not answer"):
            signed(small_report(), team().ada, lasting, now=NOW)
    gc.collect()  # a connection that was left open would be told here


def test_a_server_that_stamps_something_else_is_not_believed(tsa_root: str) -> None:
    class Wrong(Authority):
        answer = staticmethod(lambda _imprint: signing.outside_stamper()(bytes(32)))

    with server(Wrong) as url:
        lasting = Lasting(Level.T, server=url, network=True, trust=(tsa_root,))
        with pytest.raises(SigningError, match="over something else"):
            signed(small_report(), team().ada, lasting, now=NOW)


@pytest.mark.parametrize("url", ["ftp://x", "tsa.example", "http://", "http://u:p@x/"])
def test_what_is_no_server_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="address"):
        signed(small_report(), team().ada, Lasting(Level.T, server=url, network=True), now=NOW)


def test_an_archive_time_stamp_is_renewed_by_file(lists: tuple[Path, ...], tsa_root: str) -> None:
    lasting = Lasting(lists=lists[2:], trust=(tsa_root,))
    query = query_of(signing.full(), lasting, archive=True, now=NOW)
    imprint = tsp.TimeStampReq.load(query)["message_imprint"]["hashed_message"].native
    answer = signing.outside_stamper()(imprint)
    made = stamped(signing.full(), lasting, answer=answer, now=NOW)
    found = signing.judged(made.data, signing.full_trust())
    assert (found.exit_code, len(found.stamps)) == (0, 4), found.reasons
    with pytest.raises(SigningError, match="over something else"):
        stamped(signing.full(), replace(lasting, lists=()), answer=answer, now=NOW)

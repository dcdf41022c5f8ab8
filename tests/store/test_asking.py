"""That a server was asked stands in the journal, whatever came of it; never what it is paid by."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import signing
from builders import LogBuilder
from casework import added, new_case, verified, written
from reports import NOW

from workbench.errors import SigningError, StoreError
from workbench.model.case import JournalEntry
from workbench.model.progress import Cancel, Silent
from workbench.model.report_signature import Level
from workbench.model.trust import Trust
from workbench.services import cases, packaging, reports, sealing
from workbench.sign.keys import SigningKey, new_ed25519
from workbench.sign.tsa_server import server_stamper
from workbench.store.asking import asking
from workbench.store.case_store import CaseStore

#: Nobody listens there; all but scheme and host may be what a customer is known by.
NOWHERE = "http://127.0.0.1:1/customer/secret?key=secret"
NAMED = "http://127.0.0.1"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    """Return a verified case with a signed report in it; its journal only grows."""
    folder = tmp_path_factory.mktemp("place")
    written(folder, "drop/log.jsonl", LogBuilder("workbench", 3).data())
    with new_case(folder) as made:
        added(made, folder / "drop")
        verified(made)
        written(made.folder, "reports/report.pdf", signing.certified())
        yield made


def nothing(_server: str) -> None:
    """Tell nobody."""


def ask_and_end(case: CaseStore, how: BaseException) -> None:
    with asking(case, "report.stamp", nothing) as told:
        told(NAMED)
        raise how


def last(case: CaseStore) -> JournalEntry:
    return cases.journal_entries(case)[-1]


def package(case: CaseStore, tmp_path: Path) -> None:
    wanted = packaging.Asked(
        signing.team().ada, NOW, stamper=server_stamper(NOWHERE), server=NOWHERE
    )
    packaging.write(case, tmp_path / "p.asice", wanted, progress=Silent(), cancel=Cancel())


def seal(case: CaseStore, tmp_path: Path) -> None:
    wanted = sealing.Asked(
        SigningKey(new_ed25519()), NOW, "example.com", Trust(at=NOW),
        stamper=server_stamper(NOWHERE), server=NOWHERE,
        public_key=tmp_path / "public.pem",
    )  # fmt: skip
    export = written(tmp_path, "export/log.jsonl", LogBuilder("workbench", 2).data()).parent
    sealing.seal(export, tmp_path / "sealed", wanted, case=case, progress=Silent(), cancel=Cancel())


def lasting(level: Level) -> reports.Lasting:
    return reports.Lasting(level, server=NOWHERE, network=True)


def countersign(case: CaseStore, tmp_path: Path) -> None:
    root = signing.team().root.certificate
    assert root is not None
    trust = written(tmp_path, "root.pem", root.public_bytes(signing.Encoding.PEM))
    lasts = reports.Lasting(Level.T, server=NOWHERE, network=True, trust=(str(trust),))
    report = written(tmp_path, "r.pdf", signing.certified())
    reports.countersign(report, tmp_path / "o.pdf", signing.team().rita, lasts, case=case)


def stamp(case: CaseStore, tmp_path: Path) -> None:
    report = written(tmp_path, "r.pdf", signing.certified())
    reports.stamp(report, tmp_path / "o.pdf", lasting(Level.LTA), case=case)


def sign(case: CaseStore, tmp_path: Path) -> None:
    from situations import CHECKED

    reports.write_case(
        case, tmp_path / "o.pdf", reports.Asked(CHECKED), reports.case_details(case, NOW),
        key=signing.team().ada, lasting=lasting(Level.T), progress=Silent(), cancel=Cancel(),
    )  # fmt: skip


ACTS = {
    "package.write": package,
    "folder.seal": seal,
    "report.countersign": countersign,
    "report.stamp": stamp,
    "report.sign": sign,
}


@pytest.mark.parametrize("act", ACTS)
def test_a_server_that_was_asked_and_failed_stands_in_the_journal(
    case: CaseStore, tmp_path: Path, act: str
) -> None:
    with pytest.raises(SigningError, match="does not answer"):
        ACTS[act](case, tmp_path)
    entry = last(case)
    told = json.loads(entry.detail)
    assert (entry.act, entry.subject, entry.who) == ("network.ask", NAMED, "ann")
    assert (told["for"], told["outcome"], told["network"]) == (act, "failed", [NAMED])
    assert "does not answer" in told["why"]
    assert told["asked"].startswith("2026-07-01T09:")
    assert "secret" not in entry.detail
    assert cases.standing(case).network == (NAMED,)
    made = {"p.asice", "sealed", "public.pem", "o.pdf"}
    assert not made & {path.name for path in tmp_path.iterdir()}


def test_it_bears_on_no_verdict_and_changes_no_byte_of_a_report(
    case: CaseStore, tmp_path: Path
) -> None:
    from situations import CHECKED

    def built() -> str:
        details = reports.case_details(case, NOW)
        pdf = reports.case_built(case, reports.Asked(CHECKED), details, key=None).pdf
        return hashlib.sha256(pdf).hexdigest()

    before = built()
    with pytest.raises(SigningError):
        stamp(case, tmp_path)
    assert built() == before
    assert cases.standing(case).stale == ""


def test_a_server_that_answered_beside_a_case_stands_there_too(case: CaseStore) -> None:
    with asking(case, "report.stamp", nothing) as told:
        told(NAMED)
    assert json.loads(last(case).detail)["outcome"] == "answered"
    with asking(case, "report.sign", nothing, recorded=True) as told:
        told(NAMED)
    assert json.loads(last(case).detail)["for"] == "report.stamp", "an act that records it, does"


def test_who_stops_while_a_server_is_asked_does_not_hide_it(case: CaseStore) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask_and_end(case, KeyboardInterrupt())
    assert json.loads(last(case).detail)["why"] == "KeyboardInterrupt"


def test_where_nobody_was_asked_nothing_is_put_on_record(case: CaseStore) -> None:
    before = last(case)
    with pytest.raises(SigningError), asking(case, "report.stamp", nothing):
        raise SigningError("wrong passphrase")
    with asking(None, "report.stamp", nothing) as told:
        told(NAMED)
    assert last(case) == before


def test_beside_a_case_that_cannot_record_it_nobody_is_asked(
    case: CaseStore, tmp_path: Path
) -> None:
    before, told = last(case), []
    report = written(tmp_path, "r.pdf", signing.certified())
    lasts = replace(lasting(Level.LTA), told=told.append)
    with (
        cases.open_case(case.folder, write=False) as read,
        pytest.raises(StoreError, match=f"{NAMED} was not asked"),
    ):
        reports.stamp(report, tmp_path / "o.pdf", lasts, case=read)
    assert (last(case), told) == (before, [])


def test_that_it_could_not_be_recorded_is_said(
    case: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(CaseStore, "acting", full)
    with pytest.raises(StoreError, match=r"does not answer.*asked: the disk is full"):
        ask_and_end(case, SigningError("127.0.0.1 does not answer."))

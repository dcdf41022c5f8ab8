"""Whom a case trusts is on record, with how sure that is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, OTHER_KEY
from casework import again, new_case, written

from tests.verify import tokens, trails
from workbench.errors import SourceError, UsageError
from workbench.model.trust import AnchorKind, TrustRole
from workbench.services import cases, trusting
from workbench.sign.keys import public_pem
from workbench.store.case_store import CaseStore
from workbench.verify.trust.identity import Identity


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Return an empty case."""
    with new_case(tmp_path) as case:
        yield case


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Return a key file."""
    return written(tmp_path, "log.pem", public_pem(KEY.public_key()))


def test_trusted_key_is_kept_with_its_role(case: CaseStore, key: Path) -> None:
    (entry,) = trusting.add(case, [f"log={key}"])
    assert (entry.anchor.name, entry.anchor.role) == ("log.pem", TrustRole.LOG)
    assert (entry.who, entry.confirmed_at, entry.anchor.confirmed) == ("ann", None, False)
    assert trusting.trusted(again(case)) == [entry]


def test_identity_is_kept_with_its_window_and_comes_back(case: CaseStore) -> None:
    until = datetime(2026, 12, 31, tzinfo=UTC)
    who = Identity("ann@example.org", "https://issuer.example")
    stated = trusting.Stated(last=until, source="the contract")
    (entry,) = trusting.add_identity(case, who, role=TrustRole.MODEL, stated=stated)
    assert entry.anchor.kind is AnchorKind.IDENTITY
    assert (entry.anchor.valid_to, entry.anchor.source) == (until, "the contract")
    assert trusting.trusted(again(case)) == [entry]
    assert trusting.one(case, "1") == trusting.one(case, entry.anchor.fingerprint[:8]) == entry
    assert trusting.add_identity(case, who, role=TrustRole.MODEL) == []


def test_key_of_a_trust_store_is_kept_with_how_it_was_compared(
    case: CaseStore, key: Path, tmp_path: Path
) -> None:
    digest = trusting.add(case, [f"log={key}"])[0].anchor.fingerprint
    said = f"file: log.pem\n    role: report\n    fingerprint: {digest}\n    confirmed: by phone"
    store = f"workbench-trust: 1\nanchors:\n  - {said}\n"
    path = written(tmp_path, "trust.yaml", store.encode())
    (entry,) = trusting.add(case, [str(path)])
    assert (entry.confirmed_at is not None, entry.confirmed_how) == (True, "by phone")
    window = trusting.Stated(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(UsageError, match="ends before it begins"):
        trusting.add(case, [str(key)], window)


def test_key_is_trusted_once_for_a_role(case: CaseStore, key: Path) -> None:
    trusting.add(case, [f"log={key}"])
    assert trusting.add(case, [f"log={key}"]) == []
    assert len(trusting.add(case, [f"report={key}", str(key)])) == 2
    assert [entry.id for entry in trusting.trusted(case)] == [1, 2, 3]


def test_confirmation_says_when_and_how(case: CaseStore, key: Path, tmp_path: Path) -> None:
    other = written(tmp_path, "other.pem", public_pem(OTHER_KEY.public_key()))
    first, _ = trusting.add(case, [f"log={key}", f"log={other}"])
    spelled = ":".join(first.anchor.fingerprint[n : n + 2].upper() for n in range(0, 64, 2))
    (confirmed,) = trusting.confirm(case, f"sha256:{spelled}", how="read out by telephone")
    assert confirmed.anchor.confirmed
    assert confirmed.confirmed_how == "read out by telephone"
    assert [e.anchor.confirmed for e in trusting.trusted(case)] == [True, False]


def test_what_cannot_be_confirmed_is_refused(case: CaseStore, key: Path) -> None:
    trusting.add(case, [f"log={key}"])
    for text, words in (("abc", "64 hex digits"), ("0" * 64, "no key that this case trusts")):
        with pytest.raises(UsageError, match=words):
            trusting.confirm(case, text)
    with pytest.raises(UsageError, match="no trusted key 7"):
        trusting.remove(case, 7)
    with pytest.raises(SourceError):
        trusting.add(case, ["log=missing.pem"])


def test_key_that_is_trusted_no_more_stays_on_record(case: CaseStore, key: Path) -> None:
    trusting.add(case, [f"log={key}"])
    trusting.remove(case, 1)
    assert trusting.trusted(case) == []
    with pytest.raises(UsageError, match="no trusted key 1"):
        trusting.remove(case, 1)
    (entry,) = trusting.add(case, [f"log={key}"])
    assert entry.id == 2
    acts = [e.act for e in cases.journal_entries(case)]
    assert acts == ["case.new", "trust.add", "trust.remove", "trust.add"]
    assert entry.anchor.fingerprint in cases.journal_entries(case)[2].detail


def test_lives_sources_and_lists_are_kept(case: CaseStore, tmp_path: Path) -> None:
    keys = written(tmp_path, "keys.json", trails.key_list("aws"))
    crl = written(tmp_path, "tsa.crl", tokens.crl(tokens.ROOT))
    listed, revoking = trusting.add(case, [f"log={keys}", f"tsa={crl}"])
    assert listed.anchor.key_id == trails.key_id("aws")
    assert listed.anchor.valid_to == datetime(2026, 12, 31, tzinfo=UTC)
    assert listed.anchor.source == str(keys)
    assert revoking.anchor.kind is AnchorKind.REVOCATION_LIST
    assert trusting.trusted(again(case)) == [listed, revoking]


def test_what_is_out_of_date_is_told_before_work(case: CaseStore, tmp_path: Path) -> None:
    root = written(tmp_path, "root.der", tokens.ROOT.der)
    trusting.add(
        case, [f"tsa={root}", f"log={written(tmp_path, 'k.json', trails.key_list('aws'))}"]
    )
    assert trusting.warnings(case, at=datetime(2030, 1, 1, tzinfo=UTC)) == ()
    assert trusting.warnings(case, at=datetime(2041, 1, 1, tzinfo=UTC)) == (
        "root.der is out of date: its life ended on 2040-01-01 00:00 UTC.",
    )

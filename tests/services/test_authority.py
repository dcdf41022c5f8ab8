"""A small authority in a folder: it issues, withdraws, keeps its books, and loses nothing."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from commands import workbench
from reports import NOW, small_report

from workbench.errors import SigningError, SourceError, UsageError
from workbench.model.report_signature import Level
from workbench.model.trust import Trust
from workbench.model.verdict import Indication
from workbench.services import authority
from workbench.services.authority import Holder, RevocationReason
from workbench.services.reports import Lasting, countersigned, signed, signing_key
from workbench.verify.report import verify_report
from workbench.verify.trust.anchors import load_trust

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority.new(tmp_path / "ca", "Example Audit", lambda: b"ca", now=NOW - 5 * DAY)
    return tmp_path / "ca"


def issue(folder: Path, holder: Holder, name: str) -> authority.Issued:
    return authority.issue(
        folder,
        holder,
        name,
        folder.parent / f"{holder}.p12",
        passphrase=lambda: b"ca",
        new_passphrase=lambda: b"own",
        now=NOW - 4 * DAY,
    )


def trust(folder: Path, *more: str) -> Trust:
    return load_trust([str(folder / "root.pem"), *more], at=NOW)


def lists(folder: Path) -> tuple[Path, Path]:
    return folder / "root.crl", folder / "issuing.crl"


def test_what_it_issues_signs_reviews_and_stamps(folder: Path) -> None:
    made = {
        holder: issue(folder, holder, name)
        for holder, name in (
            (Holder.AUDITOR, "Ada"), (Holder.REVIEWER, "Rita"), (Holder.TSA, "Clock"),
        )
    }  # fmt: skip
    keys = {holder: signing_key(each.key, lambda: b"own") for holder, each in made.items()}
    lasting = Lasting(level=Level.LTA, own_stamper=keys[Holder.TSA], lists=lists(folder))
    once = signed(small_report(), keys[Holder.AUDITOR], lasting, now=NOW)
    twice = countersigned(once.data, keys[Holder.REVIEWER], lasting, now=NOW)
    assert (once.level, twice.level) == ("B-LTA", "B-LTA")
    expected = [f"auditor={made[Holder.AUDITOR].fingerprint}",
                f"reviewer={made[Holder.REVIEWER].fingerprint}"]  # fmt: skip
    found = verify_report(twice.data, trust(folder), expected=expected, display="r")
    assert found.indication is Indication.PASSED, found.reasons


def test_whom_it_withdrew_signs_no_more(folder: Path) -> None:
    ada = issue(folder, Holder.AUDITOR, "Ada")
    key = signing_key(ada.key, lambda: b"own")
    before = signed(small_report(), key, Lasting(lists=lists(folder)), now=NOW)
    authority.withdraw(
        folder, ada.certificate, RevocationReason.LEFT, passphrase=lambda: b"ca", now=NOW - DAY
    )
    with pytest.raises(SigningError, match="REVOKED_NO_POE"):
        signed(small_report(), key, Lasting(lists=lists(folder)), now=NOW)
    found = verify_report(before.data, trust(folder, str(folder / "issuing.crl")), display="r")
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "REVOKED_NO_POE")


def test_its_books_survive_a_renewal_of_its_lists(folder: Path) -> None:
    ada = issue(folder, Holder.AUDITOR, "Ada")
    authority.withdraw(
        folder, ada.certificate, RevocationReason.KEY_COMPROMISE,
        passphrase=lambda: b"ca", now=NOW - DAY,
    )  # fmt: skip
    authority.renew_lists(folder, passphrase=lambda: b"ca", now=NOW)
    (row,) = json.loads((folder / "withdrawn.json").read_text())
    assert row["reason"] == "key-compromise"
    key = signing_key(ada.key, lambda: b"own")
    with pytest.raises(SigningError, match="REVOKED"):
        signed(small_report(), key, Lasting(lists=lists(folder)), now=NOW)
    with pytest.raises(UsageError, match="withdrawn already"):
        authority.withdraw(
            folder, ada.certificate, RevocationReason.LEFT, passphrase=lambda: b"ca", now=NOW
        )


def test_nothing_happens_without_its_passphrase(folder: Path) -> None:
    ada = issue(folder, Holder.AUDITOR, "Ada")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(SigningError, match="passphrase is wrong"):
        authority.renew_lists(folder, passphrase=lambda: b"guess", now=NOW)
    with pytest.raises(SigningError, match="passphrase is wrong"):
        authority.withdraw(
            folder, ada.certificate, RevocationReason.LEFT, passphrase=lambda: b"guess", now=NOW
        )
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_no_key_is_written_without_a_passphrase(folder: Path) -> None:
    with pytest.raises(SigningError, match="without a passphrase"):
        authority.issue(
            folder, Holder.AUDITOR, "Ada", folder.parent / "a.p12",
            passphrase=lambda: b"ca", new_passphrase=lambda: b"", now=NOW,
        )  # fmt: skip
    assert not (folder.parent / "a.p12").exists()
    assert not list((folder / "issued").iterdir())


def test_it_makes_no_second_authority_in_its_place(folder: Path) -> None:
    with pytest.raises(UsageError, match="exists already"):
        authority.new(folder, "Other", lambda: b"ca", now=NOW)


def test_books_that_were_damaged_are_not_written_over(folder: Path) -> None:
    (folder / "withdrawn.json").write_text('[{"serial": 1}]')
    with pytest.raises(SourceError, match="not as it was written"):
        authority.renew_lists(folder, passphrase=lambda: b"ca", now=NOW)


def test_private_keys_are_for_their_owner_alone(folder: Path) -> None:
    if os.name == "posix":
        assert (folder / "keys").stat().st_mode & 0o077 == 0


def test_the_command_says_what_it_proves(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_bytes(b"secret\n")
    descriptor = os.open(tmp_path / "passphrase", os.O_RDONLY)
    try:
        done = workbench(
            "ca", "new", tmp_path / "ca", "--name", "Team", "--passphrase-fd", str(descriptor),
            pass_fds=(descriptor,),
        )  # fmt: skip
    finally:
        os.close(descriptor)
    assert (done.returncode, "no list of trusted providers" in done.stdout) == (0, True)

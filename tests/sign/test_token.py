"""A key in a token signs: SoftHSM stands for a card, and what goes wrong is said and harmless."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import reports
import signing
from commands import workbench
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from reports import NOW
from signing import judged, team

from workbench.errors import SigningError
from workbench.model.verdict import Indication
from workbench.sign.keys import SigningKey
from workbench.sign.pdf import sign_report
from workbench.sign.token import load_token_key, read_uri

_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
MODULE = next((path for path in _MODULES if Path(path).exists()), "")
_needs_softhsm = pytest.mark.skipif(
    not MODULE or shutil.which("softhsm2-util") is None,
    reason="SoftHSM is not here (packaging/system-packages softhsm2): no token to sign with",
)
PIN = b"1234"


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a token called Audit, with Ada's key and certificates in it."""
    folder = tmp_path / "tokens"
    folder.mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    _run("--init-token", "--free", "--label", "Audit", "--so-pin", "5678", "--pin", "1234")
    _put(team().ada, "ada", tmp_path)
    yield folder
    import pkcs11

    pkcs11.lib(MODULE).finalize()


def _run(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _put(key: SigningKey, label: str, folder: Path) -> None:
    """Put a key with its certificates into the token."""
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    pem = folder / f"{label}.pem"
    private = key.private_key
    pem.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _run("--import", str(pem), "--token", "Audit", "--label", label, "--id", "01", "--pin", "1234")
    library = pkcs11.lib(MODULE)
    library.reinitialize()
    with library.get_token(token_label="Audit").open(rw=True, user_pin="1234") as session:
        for id_, der in zip((b"\x01", b"\x02", b"\x03"), key.ders, strict=False):
            attributes = decode_x509_certificate(der)
            attributes |= {pkcs11.Attribute.ID: id_, pkcs11.Attribute.TOKEN: True}
            session.create_object(attributes)


def uri(**more: str) -> str:
    named = ";".join(f"{name}={value}" for name, value in ({"token": "Audit"} | more).items())
    return f"pkcs11:{named}?module-path={MODULE}"


@_needs_softhsm
def test_a_key_in_a_token_signs_a_report(token: Path) -> None:
    key = load_token_key(uri(object="ada"), lambda: PIN)
    pdf = sign_report(reports.small_report(), key, reason="Test", at=NOW)
    found = judged(pdf, team().trust())
    assert (found.indication, found.signatures[0].signer) == (Indication.PASSED, "Ada Auditor")
    assert key.root_fingerprint == team().root.fingerprint


@_needs_softhsm
def test_an_rsa_key_in_a_token_does_too(token: Path, tmp_path: Path) -> None:
    from workbench.sign.authority import Holder

    with signing.mock.patch.object(
        signing.authority.ec,
        "generate_private_key",
        lambda _curve: rsa.generate_private_key(65537, 3072),
    ):
        key = signing.authority.issue(
            team().issuer, Holder.AUDITOR, "Rex", organisation="Team", now=signing.BEFORE
        )
    _run("--init-token", "--free", "--label", "Other", "--so-pin", "5678", "--pin", "1234")
    shutil.rmtree(token)
    token.mkdir()
    _run("--init-token", "--free", "--label", "Audit", "--so-pin", "5678", "--pin", "1234")
    _put(key, "rex", tmp_path)
    kept = load_token_key(uri(), lambda: PIN)
    pdf = sign_report(reports.small_report(), kept, reason="Test", at=NOW)
    assert judged(pdf, team().trust()).indication is Indication.PASSED


@_needs_softhsm
def test_a_wrong_pin_is_said_to_be_wrong(token: Path) -> None:
    with pytest.raises(SigningError, match="PIN is wrong"):
        load_token_key(uri(), lambda: b"4321")
    assert load_token_key(uri(), lambda: PIN).subject


@_needs_softhsm
@pytest.mark.parametrize(
    ("named", "says"),
    [({"token": "Nobody"}, "no token called Nobody"), ({"object": "eve"}, "no private key")],
)
def test_what_the_token_has_not_is_said(token: Path, named: dict[str, str], says: str) -> None:
    with pytest.raises(SigningError, match=says):
        load_token_key(uri(**named), lambda: PIN)


@_needs_softhsm
def test_a_token_taken_out_before_it_signs_is_noticed(token: Path) -> None:
    key = load_token_key(uri(), lambda: PIN)
    shutil.rmtree(token)
    token.mkdir()
    with pytest.raises(SigningError, match=r"no token|does not answer"):
        sign_report(reports.small_report(), key, reason="Test", at=NOW)


@_needs_softhsm
def test_a_wrong_pin_writes_nothing(token: Path, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("{}\n")
    (tmp_path / "pin").write_bytes(b"4321\n")
    before = {path.name for path in tmp_path.iterdir()}
    descriptor = os.open(tmp_path / "pin", os.O_RDONLY)
    try:
        done = workbench(
            "report", tmp_path / "log.jsonl", "-o", tmp_path / "report.pdf", "--sign", uri(),
            "--passphrase-fd", str(descriptor), pass_fds=(descriptor,),
        )  # fmt: skip
    finally:
        os.close(descriptor)
    assert (done.returncode, "PIN is wrong" in done.stderr) == (3, True)
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pkcs11:token=Audit", "Name the module"),
        ("pkcs11:slot=1?module-path=/x.so", "slot is not known"),
        ("pkcs11:token", "NAME=VALUE"),
        ("pkcs11:token=A?pin-value=1", "pin-value is not known"),
    ],
)
def test_a_name_that_is_none_is_refused(text: str, says: str) -> None:
    with pytest.raises(SigningError, match=says):
        read_uri(text)


def test_a_module_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.so").write_bytes(b"no module")
    with pytest.raises(SigningError, match="does not answer"):
        load_token_key(f"pkcs11:?module-path={tmp_path / 'x.so'}", lambda: PIN)

"""A small certificate authority in a folder, for teams that have none.

``root.pem`` is what readers get; ``keys/`` holds the private keys, each behind a passphrase, and
belongs on a medium that is kept apart; ``issued/`` and ``withdrawn.json`` are its books, and
``root.crl`` and ``issuing.crl`` its lists.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.evidence.strict_json import JsonValue, parse
from workbench.output import require_writable, write_whole
from workbench.sign import authority
from workbench.sign.authority import Holder, RevocationReason, Withdrawn
from workbench.sign.keys import Passphrase, SigningKey, load_signing_key

__all__ = ["Holder", "Issued", "RevocationReason", "issue", "new", "renew_lists", "withdraw"]

#: How long a list holds: whoever signs at level B-LT needs one that does.
LIST_DAYS = 180
_ROOT_LIST_DAYS = 2 * 365

_ROOT, _ISSUING, _BOOK = "root", "issuing", "withdrawn.json"


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: the key file, its certificate, the fingerprints of it and of the root."""

    key: Path
    certificate: Path
    fingerprint: str
    root: str


def new(folder: Path, name: str, passphrase: Passphrase, *, now: datetime) -> str:
    """Make an authority in a new folder; return the SHA-256 of its root.

    Raises:
        UsageError: the folder is there already, or the name is empty.
        SigningError: the passphrase is empty.
    """
    if folder.exists():
        raise UsageError(f"{folder} exists already: an authority gets a folder of its own.")
    if not name.strip():
        raise UsageError("Name the team that the authority is of.")
    secret = passphrase()
    root = authority.new_root(name, now=now)
    issuer = authority.new_issuer(root, name, now=now)
    files = {
        f"keys/{_ROOT}.p12": authority.as_pkcs12(root, secret),
        f"keys/{_ISSUING}.p12": authority.as_pkcs12(issuer, secret),
        "root.pem": authority.as_pem(root),
        "issuing.pem": authority.as_pem(issuer),
        _BOOK: _written(()),
    }
    (folder / "keys").mkdir(parents=True, mode=0o700)
    (folder / "issued").mkdir()
    for place, data in files.items():
        write_whole(folder / place, data)
    _write_lists(folder, root, issuer, (), now=now)
    return root.fingerprint


def issue(
    folder: Path,
    holder: Holder,
    name: str,
    out: Path,
    *,
    passphrase: Passphrase,
    new_passphrase: Passphrase,
    now: datetime,
) -> Issued:
    """Write a new key with its certificate, for a person or a time-stamping unit.

    Raises:
        UsageError: the place is taken, the name is empty or has a certificate that still counts.
        SigningError: a passphrase is wrong or empty.
    """
    require_writable(out, inputs=[folder / "keys"])
    if not name.strip():
        raise UsageError("Name whom the certificate is for.")
    issuer = _key(folder, _ISSUING, passphrase())
    made = authority.issue(issuer, holder, name, organisation=_organisation(issuer), now=now)
    stem = re.sub(r"\W+", "-", name).strip("-").lower() or "holder"
    certificate = folder / "issued" / f"{stem}-{made.fingerprint[:8]}.pem"
    protected = authority.as_pkcs12(made, new_passphrase())
    write_whole(certificate, authority.as_pem(made))
    write_whole(out, protected)
    return Issued(out, certificate, made.fingerprint, made.root_fingerprint)


def withdraw(
    folder: Path,
    certificate: Path,
    reason: RevocationReason,
    *,
    passphrase: Passphrase,
    now: datetime,
) -> None:
    """Put a certificate on the list of those that must not be trusted any more.

    Raises:
        UsageError: it is withdrawn already.
        SigningError: it is no certificate, or the passphrase is wrong.
    """
    serial = authority.serial_of(read_whole(single(certificate), limit=MIB))
    known = _withdrawn(folder)
    if any(each.serial == serial for each in known):
        raise UsageError(f"{certificate} is withdrawn already.")
    secret = passphrase()
    root, issuer = _key(folder, _ROOT, secret), _key(folder, _ISSUING, secret)
    listed = (*known, Withdrawn(serial, now.replace(microsecond=0), reason))
    _write_lists(folder, root, issuer, listed, now=now)
    write_whole(folder / _BOOK, _written(listed), replace=True)


def renew_lists(folder: Path, *, passphrase: Passphrase, now: datetime) -> tuple[Path, Path]:
    """Write both lists anew, so that they hold for another while; return where they are.

    Raises:
        SigningError: the passphrase is wrong.
    """
    secret = passphrase()
    root, issuer = _key(folder, _ROOT, secret), _key(folder, _ISSUING, secret)
    _write_lists(folder, root, issuer, _withdrawn(folder), now=now)
    return folder / "root.crl", folder / "issuing.crl"


def _write_lists(
    folder: Path,
    root: SigningKey,
    issuer: SigningKey,
    listed: Sequence[Withdrawn],
    *,
    now: datetime,
) -> None:
    number, moment = int(now.timestamp()), now.replace(microsecond=0)
    for name, key, of_it, days in (
        (_ROOT, root, (), _ROOT_LIST_DAYS),
        (_ISSUING, issuer, listed, LIST_DAYS),
    ):
        der = authority.revocation_list(key, of_it, number=number, now=moment, days=days)
        write_whole(folder / f"{name}.crl", der, replace=True)


def _key(folder: Path, name: str, secret: bytes) -> SigningKey:
    return load_signing_key(folder / "keys" / f"{name}.p12", lambda: secret)


def _organisation(issuer: SigningKey) -> str:
    return issuer.name.removesuffix(" Issuing CA")


def _written(listed: Sequence[Withdrawn]) -> bytes:
    rows = [
        {"serial": f"{each.serial:x}", "at": each.at.isoformat(), "reason": each.reason.value}
        for each in listed
    ]
    return f"{json.dumps(rows, indent=1)}\n".encode()


def _withdrawn(folder: Path) -> tuple[Withdrawn, ...]:
    data = read_whole(single(folder / _BOOK), limit=MIB)
    try:
        return tuple(map(_read, _rows(parse(data, what=_BOOK))))
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError(f"{folder / _BOOK} is not as it was written.") from error


def _rows(found: JsonValue) -> list[JsonValue]:
    if not isinstance(found, list):
        raise TypeError("no list")
    return found


def _read(row: JsonValue) -> Withdrawn:
    match row:
        case {"serial": str(serial), "at": str(at), "reason": str(reason)}:
            return Withdrawn(int(serial, 16), datetime.fromisoformat(at), RevocationReason(reason))
        case _:
            raise TypeError("no row")

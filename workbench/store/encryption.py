"""Encrypt a backup of a case for travel and archive, in the age format (C2SP age).

By a kept library (rage): a passphrase through scrypt, or keys of recipients (X25519); then
ChaCha20-Poly1305 in pieces, each authenticated with its place, so that nothing can be cut off,
moved or changed. Nothing of a file that does not decrypt to its end is used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import LimitError, StoreError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB

#: How every file of the format begins.
MARK = b"age-encryption.org/v1\n"
#: With a passphrase the library holds all of a backup in memory.
MOST_BY_PASSPHRASE = 1024 * MIB
_KEY_BYTES = MIB

Passphrase = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Lock:
    """To whom a backup is encrypted: those with a passphrase, or those with a key.

    Attributes:
        passphrase: asks for it, or None.
        recipients: public keys (``age1…``).
    """

    passphrase: Passphrase | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a backup.

    Attributes:
        passphrase: asks for it, or None.
        identities: file with private keys (``AGE-SECRET-KEY-1…``), or None.
    """

    passphrase: Passphrase | None = None
    identities: Path | None = None


def is_encrypted(file: Path) -> bool:
    """Tell whether a file begins as one that is encrypted so."""
    with single(file).open() as stream:
        return stream.read(len(MARK)) == MARK


def recipients_in(file: Path) -> tuple[str, ...]:
    """Return the public keys in a file, one a line, lines with # left out.

    Raises:
        StoreError: there is none, or a line is none.
    """
    found = tuple(_lines(file))
    for line in found:
        _recipient(line)
    if not found:
        raise StoreError(f"{file} holds no public key (age1…).", path=str(file))
    return found


def encrypt(plain: Path, to: Path, lock: Lock) -> None:
    """Encrypt a file into another one, which is there then.

    Raises:
        StoreError: the passphrase is empty, or a key is none.
        LimitError: the file is too large for a passphrase.
    """
    import pyrage

    source = single(plain)
    if lock.recipients:
        keys = [_recipient(text) for text in lock.recipients]
        with source.open() as stream, to.open("xb") as out:
            pyrage.encrypt_io(stream, out, keys)
        return
    if source.size > MOST_BY_PASSPHRASE:
        raise LimitError(
            f"The backup has {source.size:,} bytes; with a passphrase at most "
            f"{MOST_BY_PASSPHRASE:,} are encrypted. Use a key: --to FILE."
        )
    data = pyrage.passphrase.encrypt(read_whole(source, limit=source.size), _asked(lock.passphrase))
    with to.open("xb") as out:
        out.write(data)


def decrypt(file: Path, to: Path, key: Key) -> None:
    """Decrypt a file into another one; what is there then is whole, or an error was raised.

    Raises:
        StoreError: wrong passphrase or key, or a file that is cut off or was changed.
        LimitError: the file is too large for a passphrase.
    """
    import pyrage

    source = single(file)
    try:
        if key.identities is not None:
            identities = _identities(key.identities)
            with source.open() as stream, to.open("xb") as out:
                pyrage.decrypt_io(stream, out, identities)
            return
        if source.size > MOST_BY_PASSPHRASE + MIB:
            raise LimitError(f"{file} is larger than what is read with a passphrase.")
        sealed = read_whole(source, limit=source.size)
        data = pyrage.passphrase.decrypt(sealed, _asked(key.passphrase))
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise StoreError(
            f"{file} cannot be opened: the passphrase or key is not the one that it was encrypted "
            "for, or it was cut off or changed.",
            path=str(file),
        ) from error
    with to.open("xb") as out:
        out.write(data)


def new_identity() -> tuple[str, str]:
    """Return a new private key and its public key, as lines of text."""
    import pyrage

    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def _asked(passphrase: Passphrase | None) -> str:
    text = b"" if passphrase is None else passphrase()
    if not text:
        raise StoreError("A passphrase is needed, and none was given.")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise StoreError("The passphrase is not UTF-8.") from error


def _recipient(text: str) -> object:
    import pyrage

    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise StoreError(f"{text[:20]}… is no public key of age (age1…).") from error


def _identities(file: Path) -> Sequence[object]:
    import pyrage

    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in _lines(file)]
    except pyrage.IdentityError as error:
        raise StoreError(f"{file} holds something else than private keys of age.") from error
    if not found:
        raise StoreError(f"{file} holds no private key of age.", path=str(file))
    return found


def _lines(file: Path) -> list[str]:
    text = read_whole(single(file), limit=_KEY_BYTES).decode("utf-8", "replace")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]

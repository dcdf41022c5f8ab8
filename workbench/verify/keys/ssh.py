"""Public keys as OpenSSH writes them, and lists of allowed signers (ssh-keygen(1)).

A line of an allowed signers file says who a key is of, for which namespaces and in which time; a
line with a key alone says nothing of that.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from workbench.verify.keys.security import is_security_key, read_security_key
from workbench.verify.keys.vkey import decode_base64

SshKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

#: The namespace of a signature over a file, as ssh-keygen(1) names it, where nothing else is said.
FILE_NAMESPACE = "file"

_KEY_TYPE = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+")
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")++')
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z?", re.ASCII)
_LONGEST_LINE = 64 * 1024


class SshKeyProblem(Exception):  # noqa: N818 - it never leaves this package: a reason, as data
    """Why a line gives no key that can be trusted: the end of a sentence about its file."""


@dataclass(frozen=True, slots=True)
class SshLine:
    """One line: a key, and what the line says of its signer.

    Attributes:
        blob: the key in the encoding of RFC 4253 6.6.
        principals: who it is of, or "" where the line is a key alone.
        namespaces: patterns of the namespaces that it may sign in, or () where nothing is said.
        first: from when it may sign, aware UTC, or None.
        last: until when, aware UTC, or None.
        text: the line.
    """

    blob: bytes
    principals: str = ""
    namespaces: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    text: str = ""

    def allows(self, namespace: str) -> bool:
        """Tell whether it may sign in a namespace; one of another protocol has to be named."""
        return any(_matches(namespace, pattern) for pattern in self.namespaces or (FILE_NAMESPACE,))


def read_ssh_lines(data: bytes) -> tuple[SshLine, ...]:
    """Return the lines of a text that holds keys of OpenSSH and nothing else, or ().

    Raises:
        SshKeyProblem: it is such a text, and a line of it cannot be taken as it is meant.
    """
    text = data.decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines or not all(_looks_like_a_key(line) for line in lines):
        return ()
    return tuple(read_ssh_line(line) for line in lines)


def read_ssh_line(line: str) -> SshLine:
    """Return what one line says.

    Raises:
        SshKeyProblem: it cannot be taken as it is meant.
    """
    words = _words(line)
    at = next(n for n, word in enumerate(words) if _KEY_TYPE.fullmatch(word))
    blob = decode_base64(words[at + 1]) if len(words) > at + 1 else None
    if not blob or at > 2:
        raise SshKeyProblem("holds a line that is no OpenSSH key")
    if _type_of(blob) != words[at]:
        raise SshKeyProblem("holds an OpenSSH key of another type than its line says")
    principals = words[0] if at else ""
    said = dict(_options(words[1])) if at == 2 else {}
    return SshLine(
        blob,
        principals,
        tuple(filter(None, said.get("namespaces", "").split(","))),
        _time(said.get("valid-after")),
        _time(said.get("valid-before")),
        line,
    )


def load_ssh_key(blob: bytes) -> SshKey | None:
    """Return the key of a blob, or None: of another kind, or not in its only encoding."""
    if is_security_key(blob):
        held = read_security_key(blob)
        return None if held is None else held.key
    try:
        key = serialization.load_ssh_public_key(ssh_line(blob))
    except (ValueError, TypeError, UnsupportedAlgorithm, NotImplementedError):
        return None
    return key if isinstance(key, SshKey) and blob_of(key) == blob else None


def blob_of(key: SshKey) -> bytes:
    """Return a key in the encoding of RFC 4253 6.6."""
    line = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return base64.b64decode(line.split()[1])


def ssh_line(blob: bytes) -> bytes:
    """Return the line of a key, without anything about its signer."""
    return (_type_of(blob) or "").encode() + b" " + base64.b64encode(blob)


def _looks_like_a_key(line: str) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    words = _words(line)
    found = [n for n, word in enumerate(words[:3]) if _KEY_TYPE.fullmatch(word)]
    return bool(found) and len(words) > found[0] + 1 and words[found[0] + 1].startswith("AAAA")


def _words(line: str) -> list[str]:
    """Return the words of a line; spaces between double quotes do not end one."""
    if line.count('"') % 2:  # a quote that is not closed
        return line.split()
    return _WORD.findall(line)


def _options(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each option; one that is unknown, or would give more, is refused."""
    for option in re.findall(r'[^,"]*(?:"[^"]*"[^,"]*)*', text):
        name, equals, value = option.partition("=")
        if not option:
            continue
        if name.lower() == "cert-authority":
            raise SshKeyProblem("names a certificate authority of OpenSSH, which is not read here")
        if name.lower() not in {"namespaces", "valid-after", "valid-before"} or not equals:
            raise SshKeyProblem(f"holds an option for a signer that is not known here ({name})")
        yield name.lower(), value.strip('"')


def _time(text: str | None) -> datetime | None:
    """Return a time of ssh-keygen(1); without a zone it is UTC, the same on every machine."""
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise SshKeyProblem(f"holds a time that cannot be read ({text})")
    parts = [int(part or 0) for part in match.groups()]
    try:
        return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=UTC)
    except ValueError as error:
        raise SshKeyProblem(f"holds a time that there is not ({text})") from error


def _type_of(blob: bytes) -> str | None:
    length = int.from_bytes(blob[:4])
    name = blob[4 : 4 + length]
    try:
        return name.decode("ascii") if len(name) == length and length else None
    except UnicodeDecodeError:
        return None


def _matches(name: str, pattern: str) -> bool:
    """Tell whether a pattern of ssh_config(5) fits; one that begins with ! fits nothing."""
    escaped = pattern.replace("[", "[[]")
    return not pattern.startswith("!") and fnmatchcase(name, escaped)

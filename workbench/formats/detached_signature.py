"""Recognise signatures that lie beside a file: SSHSIG, minisign and signify, OpenPGP."""

import re
from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

DETACHED = frozenset({"sshsig", "minisign", "openpgp", "tlog-proof", "signature"})

_MINISIGN = re.compile(rb"\Auntrusted comment:[^\n]*\nR[A-Za-z0-9+/=]{99}\r?\n")
#: First byte of a signature packet (RFC 9580 4.2).
_PACKETS = {b"\x88", b"\x89", b"\x8a", b"\xc2"}
_BINARY_SUFFIXES = {".sig", ".gpg", ".pgp", ".asc"}
#: What is called so is meant as a signature of the file before the suffix, if that is here.
SUFFIXES = {
    ".minisig": "minisign",
    ".tlog-proof": "tlog-proof",
    ".sshsig": "sshsig",
    ".sig": "signature",
    ".asc": "signature",
    ".sign": "signature",
}
#: Signatures of models are called so (``model_signature``).
_OF_MODELS = "model.sig"


@dataclass(frozen=True, slots=True)
class DetachedSignatureReader:
    """A signature over another file, which its name tells."""

    id: str = "detached-signature"
    order: int = 15

    def recognise(self, look: Look) -> Recognition | None:
        """Return the form of a signature by content."""
        head = look.head.lstrip()
        if head.startswith(b"-----BEGIN SSH SIGNATURE-----"):
            return _signature("sshsig")
        if head.startswith(b"-----BEGIN PGP SIGNATURE-----"):
            return _signature("openpgp")
        if look.head.startswith(b"c2sp.org/tlog-proof@v1\n"):
            return _signature("tlog-proof")
        if _MINISIGN.match(look.head):
            return _signature("minisign")
        if look.suffix in _BINARY_SUFFIXES and look.head[:1] in _PACKETS:
            return _signature("openpgp")
        return None


def meant_as(name: str) -> str | None:
    """Return the form of signature that a file is meant as by its name, whatever its bytes are."""
    form = SUFFIXES.get(f".{name.rpartition('.')[2].lower()}")
    return None if name == _OF_MODELS else form


def _signature(form: str) -> Recognition:
    return Recognition(form, Role.SIGNATURE)


READER = DetachedSignatureReader()

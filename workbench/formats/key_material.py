"""Recognise keys, certificates, revocation lists: never trusted because they lie in the drop."""

import re
from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.media_types import TRUSTED_ROOT
from workbench.model.source import Role

#: At the start of a line: PEM text inside a JSON string is part of that document.
_PEM = re.compile(rb"^-----BEGIN ([A-Z0-9 ]+)-----", re.MULTILINE)
#: C2SP signed-note verifier key: name+8 hex digits+base64.
_VKEY = re.compile(rb"\A[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\s*\Z")
#: OpenSSH public key, alone on a line or after the names of those that it is for.
_SSH = re.compile(
    rb"^(?:[^\s#]\S* )?(?:sk-)?(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+)\S* AAAA", re.MULTILINE
)
#: Public key of minisign or signify.
_MINISIGN = re.compile(rb"\Auntrusted comment:[^\n]*\nRW[A-Za-z0-9+/]{54}\s*\Z")
#: What ``aws cloudtrail list-public-keys`` prints.
_KEY_LIST = re.compile(rb'\A\s*\{\s*"PublicKeyList"\s*:')
_DER_SUFFIXES = {".der", ".cer", ".crt", ".p7b", ".p7c"}
_REVOCATION = Recognition(
    "revocation-list",
    Role.TRUST,
    cannot_show=("A revocation list counts once it is given with --trust.",),
)


@dataclass(frozen=True, slots=True)
class KeyMaterialReader:
    """PEM blocks, verifier, SSH, minisign, OpenPGP keys, Sigstore trusted roots, DER by suffix."""

    id: str = "key-material"
    order: int = 40

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``key``, ``certificate`` or ``trusted-root``; a private key is named as such."""
        if look.head.lstrip()[:1] == b"{" and TRUSTED_ROOT.encode() in look.head[:4096]:
            return Recognition("trusted-root", Role.TRUST)
        begun = b"-----BEGIN " in look.head
        labels = {match.decode() for match in _PEM.findall(look.head)} if begun else set[str]()
        if any("PRIVATE KEY" in label for label in labels):
            return Recognition("private-key", Role.TRUST)
        if any(label.endswith("X509 CRL") for label in labels):
            return _REVOCATION
        if any("CERTIFICATE" in label for label in labels):
            return Recognition("certificate", Role.TRUST)
        if any(label.endswith(("PUBLIC KEY", "PGP PUBLIC KEY BLOCK")) for label in labels):
            return Recognition("key", Role.TRUST)
        if _KEY_LIST.match(look.head):
            return Recognition("key", Role.TRUST)
        whole = (_VKEY.match, _SSH.match, _MINISIGN.match)
        if look.whole and any(match(look.head) for match in whole):
            return Recognition("key", Role.TRUST)
        if look.head[:1] == b"\x30" and look.suffix in {".crl", *_DER_SUFFIXES}:
            crl = look.suffix == ".crl"
            return _REVOCATION if crl else Recognition("certificate", Role.TRUST)
        return None


READER = KeyMaterialReader()

"""Recognise signatures of OpenSSF Model Signing: Sigstore bundles around its statement."""

import binascii
import re
from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

_BUNDLE = b"application/vnd.dev.sigstore.bundle"
#: A damaged bundle must still be recognised as a signature, or it would silently drop out.
_PARTS = (b'"dsseEnvelope"', b'"verificationMaterial"')
_PAYLOAD = re.compile(rb'"payload"\s*:\s*"([A-Za-z0-9+/_=-]*)')
#: What only statements of model signatures speak of.
_OF_MODELS = b"https://model_signing/"
_STATEMENT = b"in-toto.io/Statement"


@dataclass(frozen=True, slots=True)
class ModelSignatureReader:
    """A signature file of a model folder."""

    id: str = "oms"
    order: int = 20

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``oms`` for a bundle with the statement of a model, whole or damaged."""
        if look.head.lstrip()[:1] != b"{":
            return _by_name(look)
        whole = any(part in look.head for part in _PARTS) or _BUNDLE in look.head[:4096]
        if whole and b'"messageSignature"' not in look.head and _may_be_of_model(look):
            return Recognition("oms", Role.SIGNATURE)
        return _by_name(look)


def _may_be_of_model(look: Look) -> bool:
    """Tell whether a bundle is about a model; where its payload cannot be read, by its name."""
    found = _PAYLOAD.search(look.head)
    said = b"" if found is None else _decoded(found[1])
    if _OF_MODELS in said:
        return True
    return _STATEMENT not in said and look.suffix == ".sig"


def _decoded(text: bytes) -> bytes:
    """Return the bytes of base64, as far as they are whole."""
    plain = text.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return binascii.a2b_base64(plain[: len(plain) // 4 * 4])
    except binascii.Error:
        return b""


def _by_name(look: Look) -> Recognition | None:
    """A file called ``model.sig`` is meant as a signature, whatever became of its bytes."""
    return Recognition("oms", Role.SIGNATURE) if look.file.name == "model.sig" else None


READER = ModelSignatureReader()

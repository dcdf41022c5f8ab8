"""Recognise Sigstore bundles around a DSSE envelope: signatures of OpenSSF Model Signing."""

from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

_BUNDLE = b"application/vnd.dev.sigstore.bundle"
#: A damaged bundle must still be recognised as a signature, or it would silently drop out.
_PARTS = (b'"dsseEnvelope"', b'"verificationMaterial"')


@dataclass(frozen=True, slots=True)
class ModelSignatureReader:
    """A signature file of a model folder."""

    id: str = "oms"
    order: int = 20

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``oms`` for a bundle with a DSSE envelope, whole or damaged."""
        if look.head.lstrip()[:1] != b"{":
            return _by_name(look)
        if any(part in look.head for part in _PARTS) or _BUNDLE in look.head[:4096]:
            return Recognition("oms", Role.SIGNATURE)
        return _by_name(look)


def _by_name(look: Look) -> Recognition | None:
    """A file called ``model.sig`` is meant as a signature, whatever became of its bytes."""
    return Recognition("oms", Role.SIGNATURE) if look.file.name == "model.sig" else None


READER = ModelSignatureReader()

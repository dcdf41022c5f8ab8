"""A Sigstore trusted root as something the auditor trusts: named by fingerprint like any key."""

import hashlib

from workbench.errors import SourceError
from workbench.evidence.quick_json import in_order, json_text
from workbench.evidence.strict_json import parse
from workbench.model.json_place import MalformedSignature
from workbench.model.media_types import TRUSTED_ROOT
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.model.trusted_root import TrustedRoot, trusted_root_from
from workbench.verify.keys.public import PublicMaterial


def means_trusted_root(data: bytes) -> bool:
    """Tell whether bytes mean to be a trusted root, sound or not."""
    return data.lstrip()[:1] == b"{" and TRUSTED_ROOT.encode() in data


def load_trusted_root(data: bytes, *, path: str) -> PublicMaterial:
    """Return a trusted root as trust; ``key_fingerprint`` is that of its content, however spaced.

    Raises:
        SourceError: it cannot be read.
    """
    _read(data, path)
    fingerprint = hashlib.sha256(data).hexdigest()
    return PublicMaterial(AnchorKind.TRUSTED_ROOT, data, fingerprint, content_fingerprint(data))


def content_fingerprint(data: bytes) -> str:
    """Return the SHA-256 of what a JSON document says, its members in order of their names.

    Raises:
        SourceError: it is not strict JSON.
    """
    return hashlib.sha256(
        json_text(in_order(parse(data, what="trusted root"))).encode()
    ).hexdigest()


def trusted_root_of(anchor: TrustAnchor) -> TrustedRoot:
    """Return what a trust anchor of this kind holds; it was read when it was given."""
    return _read(anchor.der, anchor.name)


def _read(data: bytes, path: str) -> TrustedRoot:
    try:
        return trusted_root_from(parse(data, what=path))
    except MalformedSignature as error:
        raise SourceError(f"{path} is no Sigstore trusted root: {error}.", path=path) from error

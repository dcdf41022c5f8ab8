"""Read the files that the auditor trusts: keys and certificates of every form, trust stores."""

from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.model.stated import role_and_file
from workbench.model.trust import TrustAnchor, TrustRole
from workbench.verify.keys.public import PublicMaterial, load_public
from workbench.verify.trust.file import load_trust_file, means_trust_file

#: Revocation lists of large authorities have some megabytes.
TRUST_BYTES = 32 * MIB


def anchors_in(spec: str) -> list[TrustAnchor]:
    """Return what the file of ``[ROLE=]FILE`` holds: keys, or a trust store that names files.

    Raises:
        SourceError: it is missing, unreadable, empty, or holds nothing that can be trusted.
        UsageError: it names no file, or a role for a store that has its own.
    """
    role, name = role_and_file(spec)
    data = _read(role, name)
    if not means_trust_file(data):
        return _of_keys(role, name, data)
    if role is not None:
        raise UsageError(f"{name} is a trust store, which names roles itself: leave out {role}=.")
    return load_trust_file(
        data, path=name, read=lambda role, path: _of_keys(role, path, _read(role, path))
    )


def _read(role: TrustRole | None, name: str) -> bytes:
    try:
        return read_whole(single(Path(name)), limit=TRUST_BYTES)
    except SourceError as error:
        if role is None and "=" in name:
            roles = ", ".join(TrustRole)
            raise SourceError(f"{error.message} (Roles are {roles}.)", path=name) from error
        raise


def _of_keys(role: TrustRole | None, name: str, data: bytes) -> list[TrustAnchor]:
    found = _found(data, name)
    many = len(found) > 1
    return [
        _anchor(material, role, f"{Path(name).name} ({n})" if many else Path(name).name, name)
        for n, material in enumerate(found, 1)
    ]


def _found(data: bytes, name: str) -> tuple[PublicMaterial, ...]:
    described = _described(data, name) if data.lstrip()[:1] == b"{" else None
    return load_public(data, path=name) if described is None else (described,)


def _described(data: bytes, name: str) -> PublicMaterial | None:
    """Return what a JSON document describes, or None where it is none of these."""
    from workbench.verify.keys import in_toto, revocation
    from workbench.verify.trust import sigstore_root

    if sigstore_root.means_trusted_root(data):
        return sigstore_root.load_trusted_root(data, path=name)
    if in_toto.means_in_toto_key(data):
        return in_toto.load_in_toto_key(data, path=name)
    if revocation.means_key_revocations(data):
        return revocation.load_key_revocations(data, path=name)
    return None


def _anchor(
    material: PublicMaterial, role: TrustRole | None, name: str, source: str
) -> TrustAnchor:
    return TrustAnchor(
        name=material.note_name or material.owner or name,
        kind=material.kind,
        role=role,
        fingerprint=material.fingerprint,
        key_fingerprint=material.key_fingerprint,
        der=material.der,
        note_name=material.note_name,
        key_id=material.key_id,
        valid_from=material.valid_from,
        valid_to=material.valid_to,
        source=source,
    )

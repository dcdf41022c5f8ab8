"""What the signed manifest of an export bundle claims about the records beside it."""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from workbench.model.profile import ChainProfile, Manifest, get
from workbench.model.recipe import Name
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.chain.claims import Claim, Standing, standing_of
from workbench.verify.chain.render import UnrenderableError, render
from workbench.verify.keys.life import limit_of
from workbench.verify.keys.public import keys_in, public_key_of, verify_signature


def manifest_claim(
    document: Mapping[str, object], profile: ChainProfile, trust: Trust
) -> Claim | None:
    """Return what the manifest of a bundle claims, its signature judged; None without one."""
    manifest = profile.manifest
    if manifest is None:
        return None
    value = get(document, manifest.value)
    summary = value if isinstance(value, Mapping) else {}
    signatures = tuple(_signatures(document, manifest, summary, trust))
    trusted = standing_of(signatures, trust.threshold) is Standing.TRUSTED
    codes = (s.code or "" for s in signatures if s.indication is Indication.FAILED)
    broken = next(codes, "")
    return Claim(
        "the manifest in the bundle",
        Standing.TRUSTED if trusted else Standing.INTERNAL,
        _whole(summary, manifest.count),
        None,
        _text(summary, manifest.head),
        signatures,
        broken=broken,
        exact=True,
        edges=(
            _whole(summary, manifest.first),
            _whole(summary, manifest.last),
            _text(summary, manifest.anchor),
        ),
    )


def _signatures(
    document: Mapping[str, object],
    manifest: Manifest,
    summary: Mapping[str, object],
    trust: Trust,
) -> Iterator[SignatureVerdict]:
    if manifest.signature is not None:
        yield _manifest_signature(document, manifest, manifest.signature, summary, trust)


def text_root(digests: Iterable[str]) -> str:
    """Return the root over digests as texts: no prefixes tell leaves from nodes (not RFC 6962)."""
    level = list(digests)
    while len(level) > 1:
        level += ["0" * 64] * (len(level) % 2)
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [hashlib.sha256((left + right).encode()).hexdigest() for left, right in pairs]
    return level[0] if level else "0" * 64


def _text(summary: Mapping[str, object], name: Name | None) -> str | None:
    value = None if name is None else get(summary, name)
    return value if isinstance(value, str) else None


def _whole(summary: Mapping[str, object], name: Name | None) -> int | None:
    value = None if name is None else get(summary, name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _manifest_signature(
    document: Mapping[str, object],
    manifest: Manifest,
    where: Name,
    summary: Mapping[str, object],
    trust: Trust,
) -> SignatureVerdict:
    """Judge the signature over a manifest: by a trusted key first, else by its own key."""
    try:
        signed = render(summary, manifest.style)
        signature = b64decode(str(get(document, where)), validate=True)
    except (UnrenderableError, ValueError):
        return _manifest_verdict(Indication.FAILED, Code.FORMAT_FAILURE)
    embedded = keys_in((_text(summary, manifest.public_key) or "").encode())
    own = {fingerprint for _, fingerprint, _ in embedded}
    # As with heads: a bare key vouches, a certificate does not, since nothing judges its path.
    keys = (a for a in trust.serving(TrustRole.LOG) if a.kind is AnchorKind.PUBLIC_KEY)
    for anchor in keys:
        key = public_key_of(anchor)
        if isinstance(key, Ed25519PublicKey) and verify_signature(key, signature, signed):
            return _by_trusted(anchor, own, trust)
    for _, fingerprint, der in embedded:
        own_key = load_der_public_key(der)
        if isinstance(own_key, Ed25519PublicKey):
            good = verify_signature(own_key, signature, signed)
            code = Code.SELF_SUPPLIED_KEY if good else Code.SIG_CRYPTO_FAILURE
            outcome = Indication.INDETERMINATE if good else Indication.FAILED
            return _manifest_verdict(outcome, code, fingerprint)
    if manifest.public_key is not None:
        return _manifest_verdict(Indication.FAILED, Code.FORMAT_FAILURE)
    return _manifest_verdict(Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR)


def _by_trusted(anchor: TrustAnchor, own: set[str], trust: Trust) -> SignatureVerdict:
    """Return the verdict for a trusted key; one that lies in the bundle must be confirmed."""
    supplied = anchor.key_fingerprint in own and not anchor.confirmed
    if supplied or not anchor.counts:
        code: str | None = Code.SELF_SUPPLIED_KEY
        outcome = Indication.INDETERMINATE
    elif limit := limit_of(anchor, trust):
        code, outcome = limit[0], Indication.INDETERMINATE
    else:
        code, outcome = None, Indication.PASSED
    verdict = _manifest_verdict(outcome, code, anchor.fingerprint)
    return replace(verdict, signer=anchor.name, trusted_by="" if code else anchor.name)


def _manifest_verdict(
    outcome: Indication, code: str | None, fingerprint: str = ""
) -> SignatureVerdict:
    signer = "the key in the manifest" if fingerprint else ""
    return SignatureVerdict(outcome, code, signer, fingerprint, covers="manifest of the bundle")

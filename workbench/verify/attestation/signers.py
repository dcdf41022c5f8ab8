"""Judge the signatures of one attestation: by key, by certificate, by Sigstore identity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.model.attestation import Attestation, Form
from workbench.model.bundle import Bundle, MessageSignature
from workbench.model.expectation import Origin
from workbench.model.trust import Trust, TrustRole
from workbench.model.verdict import Code, Indication
from workbench.verify.attestation.by_certificate import judge_certificate
from workbench.verify.attestation.by_key import ByKey, accept_any
from workbench.verify.attestation.by_openpgp import judge_openpgp
from workbench.verify.dsse import pae
from workbench.verify.keys.signable import Judged, Signable
from workbench.verify.sigstore.findings import Scratch
from workbench.verify.sigstore.judge import judge_bundle, with_log

#: How Cloud Build names its keys; a region ends in a number.
_CLOUD_BUILD = re.compile(
    r"projects/verified-builder/locations/(?:global|[a-z]+-[a-z]+[0-9]+)/keyRings/attestor/"
    r"cryptoKeys/[A-Za-z0-9_-]+/cryptoKeyVersions/[0-9]+"
)


@dataclass(frozen=True, slots=True)
class Signing:
    """What signatures are judged with.

    Attributes:
        trust: whom the auditor trusts.
        origin: what the auditor states of the signer.
        covers: what is signed, in words.
        data: the artifact's bytes where a signature over them needs all of them, else None.
        digests: the artifact's digests by algorithm; of an artifact that is not here, ().
        scratch: where commands of a recipe find the attestation.
    """

    trust: Trust
    origin: Origin
    covers: str
    scratch: Scratch
    data: bytes | None = None
    digests: tuple[tuple[str, str], ...] = ()


def judge_attestation(attestation: Attestation, signing: Signing) -> tuple[Judged, ...]:
    """Return what each signature is worth, in order."""
    bundle = attestation.bundle
    if bundle is not None and bundle.certificates:
        return (_by_certificate(bundle, signables_of(attestation, signing), signing),)
    if attestation.envelope is None and bundle is None:
        return ()
    return tuple(held_to(one, signing.origin) for one in _by_keys(attestation, bundle, signing))


def held_to(judged: Judged, origin: Origin, der: bytes | None = None) -> Judged:
    """Return a signature by nobody of Sigstore's as open, where the auditor asks for another.

    ``der``: the signer's certificate, or None where there is only a key.
    """
    if not (origin.names_signer and judged.verdict.indication is Indication.PASSED):
        return judged
    from workbench.verify.sigstore.asked import why_not_asked_for

    why = why_not_asked_for(origin, der)
    if not why:
        return judged
    open_ = Indication.INDETERMINATE
    verdict = replace(judged.verdict, indication=open_, code=Code.SIG_CONSTRAINTS_FAILURE)
    return replace(
        judged, verdict=replace(verdict, time=None), why=f"{judged.why} {why}", identity=""
    )


def _by_keys(
    attestation: Attestation, bundle: Bundle | None, signing: Signing
) -> tuple[Judged, ...]:
    """Judge signatures that come with no certificate."""
    built = attestation.form is Form.CLOUD_BUILD
    judge = ByKey(
        signing.trust,
        signables_of(attestation, signing),
        signing.covers,
        _refuse_odd_names if built else accept_any,
        "It is over the payload without the encoding of DSSE, as Cloud Build signed."
        if built
        else "",
    ).judge
    if bundle is not None:
        names = frozenset({_plain(bundle.hint)} if bundle.hint else ())
        return (_with_log(judge(bundle.signature, names), attestation, bundle, signing),)
    signatures = attestation.envelope.signatures if attestation.envelope else ()
    return tuple(
        judge_openpgp(one, attestation.envelope.payload, signing.trust, signing.covers)
        if one.headers and attestation.envelope
        else judge(one.value, frozenset({_plain(one.keyid)} if one.keyid else ()))
        for one in signatures
    )


def _with_log(judged: Judged, attestation: Attestation, bundle: Bundle, signing: Signing) -> Judged:
    return with_log(
        judged,
        bundle,
        signables_of(attestation, signing),
        signing.trust,
        role=TrustRole.ATTESTATION,
        scratch=signing.scratch,
    )


def _by_certificate(bundle: Bundle, signables: Sequence[Signable], signing: Signing) -> Judged:
    """Judge by a trusted root; where it leads nowhere, by an authority that the auditor brought."""
    trust, covers, leaf = signing.trust, signing.covers, bundle.certificates[0]
    if not trust.roots:
        own = judge_certificate(bundle, signables, trust, covers)
        return held_to(own, signing.origin, leaf)
    found = judge_bundle(
        bundle,
        signables,
        trust,
        signing.origin,
        role=TrustRole.ATTESTATION,
        covers=covers,
        scratch=signing.scratch,
    )
    if found.verdict.code == Code.NO_CERTIFICATE_CHAIN_FOUND:
        other = held_to(judge_certificate(bundle, signables, trust, covers), signing.origin, leaf)
        return other if other.verdict.trusted_by else found
    return found


def signables_of(attestation: Attestation, signing: Signing) -> tuple[Signable, ...]:
    """Return what the signatures of an attestation may be over."""
    envelope = attestation.envelope
    if envelope is not None:
        encoded = Signable(pae(envelope.payload_type, envelope.payload))
        bare = Signable(envelope.payload, bare=True)
        match attestation.form:
            case Form.DSSE:
                return (encoded,)
            case Form.CLOUD_BUILD:
                return encoded, bare
            case Form.METABLOCK:
                return (bare,)
    return _of_message(attestation.bundle, signing)


def _of_message(bundle: Bundle | None, signing: Signing) -> tuple[Signable, ...]:
    """Return the artifact as it is here, or, where it is not here, by its stated digest."""
    content = bundle.content if bundle else None
    if not isinstance(content, MessageSignature):
        return ()
    digests = tuple((name, bytes.fromhex(value)) for name, value in signing.digests)
    if not digests and content.algorithm:
        digests = ((content.algorithm, content.digest),)
    found = [Signable(digests=digests)] if digests else []
    if signing.data is not None:
        found.append(Signable(signing.data))
    return tuple(found)


def _refuse_odd_names(keyid: str) -> str:
    """Say why a key id of Cloud Build does not count: it is how its key is chosen there."""
    return "" if _CLOUD_BUILD.fullmatch(keyid) else "The key id is none of Cloud Build."


def _plain(name: str) -> str:
    return name.removeprefix("sha256:").removeprefix("SHA256:")

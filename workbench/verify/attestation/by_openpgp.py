"""Whose an OpenPGP signature in a link or layout is, by the certificates that the auditor brought.

It is put together again and judged as one beside a file is: the certificate has to bind the key.
"""

from workbench.model.envelope import EnvelopeSignature
from workbench.model.trust import AnchorKind, Trust, TrustRole
from workbench.model.verdict import Code, Indication, SignatureVerdict
from workbench.verify.detached.checked import best_of, identity_of, verdict_by
from workbench.verify.detached.openpgp import names_of, worth_by
from workbench.verify.keys.openpgp import read_certificate_packets, read_signatures, verifies
from workbench.verify.keys.openpgp_parts import packet_of
from workbench.verify.keys.signable import Judged, PgpCheck


def judge_openpgp(one: EnvelopeSignature, payload: bytes, trust: Trust, covers: str) -> Judged:
    """Return what a signature is worth; its key id is the fingerprint of the key that made it."""
    keyid = one.keyid.lower()
    packet = packet_of(one.headers, one.value, payload, _short(keyid))
    found = read_signatures(packet) if packet else ()
    if not found:
        verdict = SignatureVerdict(
            Indication.INDETERMINATE, Code.UNSUPPORTED_SIGNATURE, keyid, covers=covers
        )
        return Judged(verdict, "It is an OpenPGP signature of a kind that is not read here.")
    (signature,) = found
    known = [
        (anchor, read_certificate_packets(anchor.der))
        for anchor in trust.anchors
        if anchor.kind is AnchorKind.OPENPGP_CERTIFICATE
    ]
    named = [(a, c) for a, c in known if names_of(c) & {keyid, *signature.issuers}]
    asked = [(a, c, verifies(signature, c, data=payload)) for a, c in named]
    role = TrustRole.ATTESTATION
    worth = best_of(worth_by(signature, a, c, role, trust, holds=holds) for a, c, holds in asked)
    verdict = verdict_by(worth, unknown=f"OpenPGP key {keyid}", covered=covers, proven=trust.proven)
    return Judged(
        verdict,
        _why(worth.why if worth else "", verdict),
        identity_of(worth),
        openpgp=next(
            (PgpCheck(signature.data, c.data, keyid) for _, c, holds in asked if holds), None
        ),
        holds=any(holds for _, _, holds in asked),
    )


def _short(keyid: str) -> bytes:
    """Return the eight bytes of a fingerprint that OpenPGP calls a key id."""
    try:
        return bytes.fromhex(keyid)[-8:]
    except ValueError:
        return b""


def _why(limit: str, verdict: SignatureVerdict) -> str:
    match verdict.indication:
        case Indication.PASSED:
            return f"Verifies with the OpenPGP certificate of {verdict.trusted_by}."
        case Indication.FAILED:
            return (
                f"It names the OpenPGP certificate of {verdict.trusted_by} and does not verify "
                "with it. Payload or signature were changed."
            )
        case Indication.INDETERMINATE:
            return limit or _OPEN.get(verdict.code or "", _OPEN[""])


_OPEN = {
    Code.ROLE_MISMATCH: "The auditor trusts its OpenPGP certificate for something else.",
    Code.SELF_SUPPLIED_KEY: "The same OpenPGP certificate lies in the evidence.",
    "": "The auditor trusts no OpenPGP certificate with its key.",
}

"""Whether a signer who is no Sigstore identity is the one that the auditor asks for.

A bare key has no name, and the names in a certificate of somebody's own authority are what that
authority wrote: who asks for an identity must not be told that it was met where nobody looked.
"""

from workbench.model.expectation import Origin
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.sigstore.certificate import identities_of, issuer_of


def why_not_asked_for(origin: Origin, der: bytes | None) -> str:
    """Return why a signer is not who must have signed, as a sentence; "" where nothing says so.

    Args:
        origin: what the auditor states of the signer.
        der: the signer's certificate, or None where there is only a key.
    """
    if not origin.names_signer:
        return ""
    asked = origin.identity or "an identity"
    by = f", vouched for by {origin.issuer}" if origin.issuer else ""
    certificate = None if der is None else read_certificate(der)
    if certificate is None:
        return f"But it is by a key without an identity, and must be by {asked}{by}."
    names, issuer = identities_of(certificate), issuer_of(certificate)
    if origin.identity in {None, *names} and origin.issuer in {None, issuer}:
        return ""
    shown = f"{', '.join(names) or 'nobody'}, vouched for by {issuer or 'nobody'}"
    return f"But it is by {shown}, and must be by {asked}{by}."

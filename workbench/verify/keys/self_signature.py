"""Notice a damaged trust anchor: a certificate that says it is self-signed, and is not.

A path never checks the signature of its anchor (RFC 5280 6.1), so that a changed byte in a root
that the auditor brought, its dates or its constraints, would stay unseen.
"""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import AuthorityKeyIdentifier, SubjectKeyIdentifier


def claims_another_signature(certificate: x509.Certificate) -> bool:
    """Tell whether a self-signed certificate is not what its key signed."""
    if certificate.subject != certificate.issuer or _names_another_key(certificate):
        return False
    try:
        certificate.verify_directly_issued_by(certificate)
    except InvalidSignature:
        return True
    except (ValueError, TypeError, UnsupportedAlgorithm):  # too weak or too new to tell anything
        return False
    return False


def _names_another_key(certificate: x509.Certificate) -> bool:
    """Tell whether another key of the same name signed it, as at a change of keys (4.2.1.1)."""
    try:
        extensions = certificate.extensions
        issuer = extensions.get_extension_for_class(AuthorityKeyIdentifier).value.key_identifier
        own = extensions.get_extension_for_class(SubjectKeyIdentifier).value.digest
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    return issuer not in {None, own}

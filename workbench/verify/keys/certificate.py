"""Certificates (RFC 5280), read strictly; loaded where there is one."""

import warnings

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

#: How the library says that bytes are no certificate, or none that it knows.
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    CryptographyDeprecationWarning,
)


def read_certificate(der: bytes) -> x509.Certificate | None:
    """Return a certificate, or None when it is not one that RFC 5280 allows."""
    try:
        with warnings.catch_warnings():
            # A warning here is about a certificate that the RFC forbids, as a serial below 1.
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            certificate = x509.load_der_x509_certificate(der)
            for parsed_late in ("subject", "issuer", "not_valid_before_utc", "not_valid_after_utc"):
                getattr(certificate, parsed_late)
            certificate.public_key()
    except _UNREADABLE:
        return None
    # RFC 5280 4.1.1.3: the signature is whole octets. A lenient reader passes over the count of
    # unused bits before it, so that one certificate would have several encodings.
    whole = b"\x00" + certificate.signature
    return certificate if certificate.signature and der.endswith(whole) else None

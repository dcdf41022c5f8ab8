"""Read revocation lists (RFC 5280 5) and OCSP responses (RFC 6960): what they are, not yet whose.

Nothing in them is believed here: ``verify.revocation`` asks who signed them.
"""

import warnings
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import ocsp

from workbench.model.trust import AnchorKind

Revocation = x509.CertificateRevocationList | ocsp.OCSPResponse

#: How the library says that bytes are none of these.
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    CryptographyDeprecationWarning,
)


@dataclass(frozen=True, slots=True)
class RevocationFacts:
    """What a revocation list or OCSP response says of itself.

    Attributes:
        kind: which of the two it is.
        made: when it was made, aware UTC.
        due: when the next one was due, aware UTC, or None.
    """

    kind: AnchorKind
    made: datetime
    due: datetime | None


def read_revocation(der: bytes) -> RevocationFacts | None:
    """Return what DER bytes say, or None where they are neither list nor successful response."""
    match parsed(der):
        case x509.CertificateRevocationList() as crl:
            return RevocationFacts(
                AnchorKind.REVOCATION_LIST, crl.last_update_utc, crl.next_update_utc
            )
        case ocsp.OCSPResponse() as response:
            answers = list(response.responses)
            due = [answer.next_update_utc for answer in answers]
            known = [moment for moment in due if moment is not None]
            soonest = min(known) if len(known) == len(due) and known else None
            return RevocationFacts(AnchorKind.OCSP_RESPONSE, response.produced_at_utc, soonest)
        case None:
            return None


@lru_cache(maxsize=16)
def parsed(der: bytes) -> Revocation | None:
    """Return a list or response as the library has it, or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        try:
            crl = x509.load_der_x509_crl(der)
            for parsed_late in ("issuer", "last_update_utc", "next_update_utc", "extensions"):
                getattr(crl, parsed_late)
        except (*UNREADABLE, x509.DuplicateExtension):
            return _response(der)
        return crl


def _response(der: bytes) -> ocsp.OCSPResponse | None:
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        response.produced_at_utc  # noqa: B018 - parsed when first asked for
        list(response.responses)
    except UNREADABLE:
        return None
    return response

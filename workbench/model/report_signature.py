"""What a signature on our report has to be: agreed between who signs it and who verifies it."""

from dataclasses import dataclass
from enum import StrEnum

#: Signature field of the lead auditor, who certifies, and of the reviewer, who signs after that.
LEAD_AUDITOR_FIELD = "LeadAuditor"
REVIEWER_FIELD = "Reviewer"

#: What a person calls a field, as ``--expect auditor=SHA256``.
FIELD_OF_ROLE = {"auditor": LEAD_AUDITOR_FIELD, "reviewer": REVIEWER_FIELD}

#: ETSI EN 319 142-1 clauses 4.2 and 5.4.3: a CAdES signature detached in a PDF; a time stamp.
SUBFILTER = "/ETSI.CAdES.detached"
STAMP_SUBFILTER = "/ETSI.RFC3161"

#: Width and height of a visible signature, in points, and the named destinations at the top left
#: corner of its place: ``signature:LeadAuditor``.
BOX_WIDTH, BOX_HEIGHT = 230.0, 74.0
PLACE = "signature:{}"

#: Policy of time stamps by a key that the signer keeps (an identifier by UUID, ITU-T X.667): they
#: prove in which order things were signed, and no time, for whoever holds it can set any clock.
ORDER_ONLY_POLICY = "2.25.163214371088601197374231107353681210219"


class Level(StrEnum):
    """Baseline levels of ETSI EN 319 142-1 clause 6."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"

    @property
    def rank(self) -> int:
        """Return 0 for B-B, up to 3 for B-LTA."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs, as far as a certificate tells: name, SHA-256 of the certificate and of its key."""

    name: str
    fingerprint: str
    key_fingerprint: str

    def is_same(self, other: "Person") -> bool:
        """Tell whether two certificates may be one person's: four eyes need two people."""
        names = {" ".join(each.name.casefold().split()) for each in (self, other)}
        same_key = self.key_fingerprint == other.key_fingerprint
        return len(names) == 1 or same_key or self.fingerprint == other.fingerprint


#: Elliptic curves, and the smallest RSA modulus in bits, that may sign a report.
CURVES = frozenset({"secp256r1", "secp384r1"})
MINIMUM_RSA_BITS = 3072

#: Extended key usages of which a signer's certificate must have one: a key that may serve for
#: anything, or for a web server, does not vouch for an opinion.
DOCUMENT_PURPOSES = frozenset(
    {
        "1.3.6.1.5.5.7.3.36",  # documentSigning, RFC 9336
        "1.3.6.1.5.5.7.3.4",  # emailProtection: what NSS, so poppler, asks for
        "1.2.840.113583.1.1.5",  # Adobe authentic documents
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft document signing
    }
)

"""What a signature on our report has to be: agreed between who signs it and who verifies it."""

#: Signature field of the lead auditor; a second signer gets a field of another name.
LEAD_AUDITOR_FIELD = "LeadAuditor"

#: ETSI EN 319 142-1 clause 4.2: a CAdES signature detached inside a PDF.
SUBFILTER = "/ETSI.CAdES.detached"

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

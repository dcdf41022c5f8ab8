"""Names of what an ASiC-E container with a manifest holds (ETSI EN 319 162-1)."""

MIMETYPE = "application/vnd.etsi.asic-e+zip"
MIMETYPE_FILE = "mimetype"
META = "META-INF/"
#: Namespaces of its manifest, and of digests in it.
ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
#: Digests that count, by how a manifest names them.
DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
REPORT = "report.pdf"
LIST = "manifest.json"
EVIDENCE = "evidence/"

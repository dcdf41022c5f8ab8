"""Media types by which files are told that are read elsewhere."""

#: How those of all versions of a Sigstore trusted root begin (``sigstore_trustroot.proto``).
TRUSTED_ROOT = "application/vnd.dev.sigstore.trustedroot"

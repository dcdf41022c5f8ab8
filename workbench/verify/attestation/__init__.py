"""Judge attestations: DSSE envelopes, in-toto statements, SLSA provenance, Sigstore bundles.

What holds here:

* a signature is checked over the payload's own bytes, which are then read once, and never again;
* a key id is a hint: whose a signature is, the key says that verifies it;
* a statement proves something of an artifact only where the artifact's own digest is in it;
* what a policy asks for is met by something signed and trusted, or is not met.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("attestation", "workbench.verify.attestation.verifier")

"""Judge exports of the Pangea Secure Audit Log: hashes, signatures and proofs of single events.

What holds here:

* an event is hashed anew from what the export says of it, and only then do its proofs count;
* nodes of this tree are hashed without the prefixes of RFC 6962, so the sides that a proof states
  are held against the place in the tree that the export states;
* a root in the export was written by whoever wrote the export; only one that the auditor names
  anchors anything.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("pangea", "workbench.verify.pangea.verifier")

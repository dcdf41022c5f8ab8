"""Judge OpenSSF Model Signing: a model's files against a signed manifest (OMS 1.0, 8).

What holds here:

* the signature is checked over the payload's own bytes, and only then does the payload count;
* the signed manifest decides what belongs to the model; what it leaves out is listed by name;
* a link is followed only where the manifest allows links, and never out of what was handed over.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("oms", "workbench.verify.oms.verifier")

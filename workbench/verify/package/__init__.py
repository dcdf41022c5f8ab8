"""Judge ASiC-E containers with CAdES signatures (ETSI EN 319 162-1, EN 319 122-1).

What holds here:

* every member is hashed from the container's own bytes, within the limits of any archive;
* what counts is what a signed manifest names: a member that none names was added by anybody;
* a signature is read in the one form that ours have (``verify.report.cms``). One in another form
  may be good, and is not judged;
* what lies in a container is not judged by itself: it is what the signer put there, no more.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("asice", "workbench.verify.package.verifier")

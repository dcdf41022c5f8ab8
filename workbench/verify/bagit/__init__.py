"""Judge bags: files with the lists of digests that were packed with them (RFC 8493, BagIt 0.93 on).

What holds here:

* nothing is ever fetched; what ``fetch.txt`` names and is not here is not judged;
* a list names what lies in the bag, or it names nothing: no path of it is opened, only compared
  with the names of what was delivered;
* MD5 and SHA-1 show damage, not tampering: whoever may choose the bytes can make two files that
  share one. So a signature over such a list anchors nothing.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("bagit", "workbench.verify.bagit.verifier")

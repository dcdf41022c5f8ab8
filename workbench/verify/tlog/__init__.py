"""Judge tiled transparency logs (C2SP tlog-tiles, RFC 6962 2.1, static-ct-api).

What holds here:

* every leaf hash is recomputed from the entry itself, every hash of a higher tile from the tiles
  below it, every root from the leaves; nothing of a tile is taken on trust;
* the heads decide: a head that the auditor trusts and the leaves do not give is a fault of the log;
* two trusted heads of one origin that cannot both be true are a fork, wherever they lay.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("tlog", "workbench.verify.tlog.verifier")

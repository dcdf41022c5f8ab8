"""Statements of in-toto that nobody signed: what was made of what, by which builder (SLSA).

A bare one is a claim like any catalog. Those in envelopes are proof, and judged; what provenance in
them says is lineage too (``enveloped.py``).
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("statement", "workbench.formats.statement.reader", is_document, order=60)

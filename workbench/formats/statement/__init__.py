"""Statements of in-toto that nobody signed: what was made of what, by which builder (SLSA).

Those in envelopes are proof, and judged; a bare one is a claim like any catalog, and read as one.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("statement", "workbench.formats.statement.reader", is_document, order=60)

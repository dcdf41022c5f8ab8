"""Croissant: a data set described for machine learning (MLCommons Croissant 1.0, JSON-LD).

The document is the data set. Its files carry the digests, its record sets say which column of which
file each field comes from. No context is ever fetched.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("croissant", "workbench.formats.croissant.reader", is_document, order=60)

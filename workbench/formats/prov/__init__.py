"""PROV-JSON (W3C member submission): entities, activities, agents and what relates them.

Ids stay as they are written: a prefix is never expanded. What a bundle says is told apart from what
the document says of the same ids.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("prov-json", "workbench.formats.prov.reader", is_document, order=60)

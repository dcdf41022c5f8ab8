"""Exports of Apache Atlas: a ZIP, or what was unpacked of it, with one file an entity.

``atlas-export-info.json`` says who exported what, and how many entities of each type; the order
list names every entity that the export should hold. Both are held against what is there.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

ATLAS = "atlas"
READER = Later(ATLAS, "workbench.formats.atlas.reader", is_document, order=60)

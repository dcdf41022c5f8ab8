"""DataHub's metadata as its file sink and ``datahub get`` write it: MCE and MCP, mixed.

Everything said of one entity, in however many records, is one thing. Edges are made of whatever
aspect states them: the catalog's own lineage leaves those of models out, and a connector may state
in one aspect what it lost in another.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("datahub", "workbench.formats.datahub.reader", is_document, order=60)

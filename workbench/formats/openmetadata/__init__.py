"""OpenMetadata: answers of its API, and the lists of entities that its loaders write.

There is no export of everything: tables, models, pipelines and lineage come as files of their own,
and entities are joined by their fully qualified names.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("openmetadata", "workbench.formats.openmetadata.reader", is_document, order=60)

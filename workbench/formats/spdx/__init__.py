"""SPDX 3 documents in JSON-LD: AI packages, data sets, software, and what relates them.

The graph is read as the specification serialises it (SPDX 3.0.1, clause 4.5): a list of elements,
each with its type and ``spdxId``. No context is ever fetched.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("spdx", "workbench.formats.spdx.reader", is_document, order=60)

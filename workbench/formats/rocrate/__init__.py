"""RO-Crates 1.1 and 1.2, with runs of workflows: ``ro-crate-metadata.json``.

The graph is flat (RO-Crate 1.1, appendix on JSON-LD): entities name each other by ``@id``. No
context is ever fetched, and the files of the crate are not opened.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("ro-crate", "workbench.formats.rocrate.reader", is_document, order=60)

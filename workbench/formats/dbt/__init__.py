"""dbt's artifacts: what its project holds (``manifest.json``), what it did (``run_results.json``).

Schemas 1 to 12; the tables that ``catalog.json`` found are data sets. All three name nodes alike.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("dbt", "workbench.formats.dbt.reader", is_document, order=60)

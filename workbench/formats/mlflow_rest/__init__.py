"""Answers of MLflow's REST API that somebody saved: what a search or a look-up returned, as JSON.

The answers of one folder are one source: a store is asked for its runs, its experiments and its
models one by one, and page by page.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

MLFLOW_REST = "mlflow-rest"
READER = Later(MLFLOW_REST, "workbench.formats.mlflow_rest.reader", is_document, order=59)

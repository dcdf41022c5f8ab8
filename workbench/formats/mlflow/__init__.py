"""MLflow tracking stores and model registries in SQLite, of every generation of their schema."""

from workbench.evidence.database_files import MAGIC
from workbench.formats.reader import Later, Look


def _may_be(look: Look) -> bool:
    return look.head.startswith(MAGIC)


READER = Later("mlflow", "workbench.formats.mlflow.reader", _may_be, order=9)

"""Recognise SQLite databases, and among them MLflow stores, without opening them as databases."""

from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

MAGIC = b"SQLite format 3\x00"
#: Names that the schema table of every MLflow generation holds (facts: 12 to 65 tables).
_MLFLOW = (b"alembic_version", b"experiments", b"runs")


@dataclass(frozen=True, slots=True)
class SqliteReader:
    """A database file: a catalog, protected by nothing."""

    id: str = "sqlite"
    order: int = 10

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``mlflow`` where the schema names its tables, else ``sqlite``."""
        if not look.head.startswith(MAGIC):
            return None
        lost = ("who changed a row, when, and what it held before: the store keeps no history",)
        mlflow = all(name in look.head for name in _MLFLOW)
        name = "mlflow" if mlflow else "sqlite"
        return Recognition(name, Role.SUBJECT, cannot_show=lost)


READER = SqliteReader()

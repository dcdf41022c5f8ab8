"""Metric points as MLflow stores them."""

from workbench.evidence.database_rows import Cell, Row
from workbench.formats.mlflow.store import text
from workbench.formats.times import from_milliseconds
from workbench.model.catalog import Attribute, AttributeGroup

#: MLflow stores an infinite metric as the largest double, and NaN as a flag beside a zero.
_MOST = 1.7976931348623157e308


def point(row: Row, *, name: str, value: str, step: str, time: str) -> Attribute:
    """Return a metric point; the columns are called as the table calls them."""
    cells = row.cells
    number = cells.get(step)
    return Attribute(
        AttributeGroup.METRIC,
        text(cells.get(name)),
        _value(cells.get(value), nan=bool(cells.get("is_nan"))),
        f"{row.pointer}.{value}",
        step=number if type(number) is int else None,
        time=from_milliseconds(cells.get(time)),
    )


def _value(cell: Cell, *, nan: bool) -> str:
    if nan:
        return "NaN"
    if isinstance(cell, float) and abs(cell) >= _MOST:
        return "Infinity" if cell > 0 else "-Infinity"
    return text(cell)

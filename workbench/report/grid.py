"""Tables that break between pages without leaving a row alone, and what does not break."""

from typing import Any

from reportlab.platypus import KeepTogether, Table

from workbench.report import look

#: Rows of a table that stay together, under its head and at its end.
TOGETHER = 2


class Grid(Table):  # type: ignore[misc]  # ReportLab ships no types
    """A table of which no page gets a single row, where it has more than two.

    Its tints and rules are no content; what stands in its cells knows itself what it is.
    """

    def _drawBkgrnd(self) -> None:  # noqa: N802 - as ReportLab has it
        if self._bkgrndcmds:
            with self.canv.tagged(None):
                super()._drawBkgrnd()

    def _drawLines(self) -> None:  # noqa: N802
        if self._linecmds:
            with self.canv.tagged(None):
                super()._drawLines()

    @property
    def rows(self) -> int:
        """Return how many rows it has without its repeated head."""
        return int(self._nrows) - int(self.repeatRows)

    def split(self, width: float, height: float) -> list[Any]:
        """Return the parts for this page and the next; none where all of it should move on."""
        parts = list(super().split(width, height))
        if self.rows <= TOGETHER and sum(self._rowHeights) <= look.ROOM_OF_A_PAGE:
            return []
        if len(parts) != 2 or self.rows <= TOGETHER:
            return parts
        if parts[1].rows < TOGETHER:
            kept = self.repeatRows + parts[0].rows - 1
            parts = list(super().split(width, sum(self._rowHeights[:kept]) + 0.01))
        return parts if len(parts) == 2 and parts[0].rows >= TOGETHER else []

    def beginning(self) -> float:
        """Return how tall what must stand together is, once it was wrapped: all of a short one."""
        rows = TOGETHER if self.rows >= 2 * TOGETHER else self.rows
        return float(sum(self._rowHeights[: self.repeatRows + rows]))


class Together(KeepTogether):  # type: ignore[misc]  # ReportLab ships no types
    """Flowables that stay on one page."""

    def parts(self) -> list[Any]:
        """Return them."""
        return list(self._content)

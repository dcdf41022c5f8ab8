"""Commands on paper: each line exactly as it is typed, none broken, none of them alone."""

from reportlab.platypus.flowables import Flowable

from workbench.report import look
from workbench.report.fonts import MONO, width_of
from workbench.report.tags import Element, Role
from workbench.report.typeset import pieces

_PAD = 6.0
_INDENT = 8.0
_CONTINUED = "\\"


def _fitting(line: str) -> list[tuple[str, str]]:
    """Return the pieces of a line; one that no page has room for is cut, and shows it."""
    found = pieces(line, MONO)
    most = look.MEASURE - 2 * _INDENT
    cut = len(line)
    while sum(width_of(text, face, look.CODE.fontSize) for face, text in found) > most:
        cut -= 1
        found = pieces(f"{line[:cut]}…", MONO)
    return found


class Listing(Flowable):  # type: ignore[misc]  # ReportLab ships no types
    """Lines of a fixed face on a tinted ground; comments stand back.

    ``tag`` is the paragraph that they are lines of.
    """

    def __init__(self, lines: tuple[str, ...], tag: Element) -> None:
        super().__init__()
        self._lines = lines
        self._tag = tag
        self.width = look.MEASURE

    @property
    def height(self) -> float:
        """Return how tall it is."""
        return len(self._lines) * float(look.CODE.leading) + 2 * _PAD

    @height.setter
    def height(self, value: float) -> None:
        """Ignore what ReportLab sets before it asks."""

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size."""
        return self.width, self.height

    def split(self, _width: float, height: float) -> list["Listing"]:
        """Return two listings where one page is not enough, cut between two commands."""
        if self.height <= look.ROOM_OF_A_PAGE:
            return []  # it moves to the next page as a whole
        most = int((height - 2 * _PAD) / look.CODE.leading)
        cuts = [n for n in range(1, most + 1) if not self._lines[n - 1].endswith(_CONTINUED)]
        if not cuts:
            return []
        return [
            Listing(part, self._tag) for part in (self._lines[: cuts[-1]], self._lines[cuts[-1] :])
        ]

    def draw(self) -> None:
        """Paint the lines from the top down."""
        canvas = self.canv
        canvas.saveState()
        with canvas.tagged(None):
            canvas.setFillColor(look.CHROME)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        y = self.height - _PAD - look.CODE.fontSize
        for line in self._lines:
            canvas.setFillColor(look.SECONDARY if line.startswith("#") else look.TEXT)
            with canvas.tagged(self._tag.child(Role.CODE)):
                canvas.draw_pieces(_INDENT, y, _fitting(line), look.CODE.fontSize)
            y -= look.CODE.leading
        canvas.restoreState()

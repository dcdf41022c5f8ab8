"""Which part of a drawing is on screen, and how large."""

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

SMALLEST, LARGEST = 0.08, 2.0
#: A drawing is not made smaller than this to fit: nobody could read it.
_STILL_READ = 0.85
_STEP = 1.25


@dataclass(frozen=True, slots=True)
class Lens:
    """A zoom, and which place of the drawing is at the upper left corner of the view."""

    zoom: float = 1.0
    corner: QPointF = field(default_factory=QPointF)

    @property
    def transform(self) -> QTransform:
        """Return what turns places of the drawing into places of the view."""
        found = QTransform.fromScale(self.zoom, self.zoom)
        return found.translate(-self.corner.x(), -self.corner.y())

    def to_drawing(self, point: QPointF) -> QPointF:
        """Return the place of the drawing at a place of the view."""
        return point / self.zoom + self.corner

    def seen(self, view: QSizeF) -> QRectF:
        """Return the part of the drawing that is on screen."""
        return QRectF(self.corner, view / self.zoom)

    def zoomed(self, steps: float, at: QPointF) -> "Lens":
        """Return it nearer or farther; what is at ``at`` of the view stays there."""
        zoom = min(max(self.zoom * _STEP**steps, SMALLEST), LARGEST)
        return Lens(zoom, self.to_drawing(at) - at / zoom)

    def moved(self, by: QPointF) -> "Lens":
        """Return it moved by pixels of the view."""
        return replace(self, corner=self.corner - by / self.zoom)

    def showing(self, part: QRectF, view: QSizeF) -> "Lens":
        """Return it moved so far that a part of the drawing is on screen."""
        seen = self.seen(view)
        x = min(max(self.corner.x(), part.right() - seen.width()), part.left())
        y = min(max(self.corner.y(), part.bottom() - seen.height()), part.top())
        return replace(self, corner=QPointF(x, y))


def fitting(area: QRectF, view: QSizeF, *, top: float, whole: bool = False) -> Lens | None:
    """Return the lens that shows all of a drawing, or None: it could not be read then.

    Args:
        area: the drawing.
        view: the view.
        top: pixels at the top of the view that are taken.
        whole: also when it cannot be read.
    """
    room = QSizeF(max(view.width() - 16, 1), max(view.height() - top - 16, 1))
    zoom = min(room.width() / max(area.width(), 1), room.height() / max(area.height(), 1), 1.0)
    if zoom < _STILL_READ and not whole:
        return None
    zoom = max(zoom, SMALLEST)
    spare = QPointF(
        (view.width() / zoom - area.width()) / 2,
        top / zoom + ((view.height() - top) / zoom - area.height()) / 2,
    )
    return Lens(zoom, area.topLeft() - spare)


def centred(on: QPointF, view: QSizeF, zoom: float = 1.0) -> Lens:
    """Return the lens that has a place in the middle."""
    return Lens(zoom, on - QPointF(view.width(), view.height()) / (2 * zoom))

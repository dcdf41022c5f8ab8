"""The whole drawing, small, in a corner of the view, when not all of it is on screen."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter, QPen

from workbench.gui.lineage.lens import Lens
from workbench.gui.lineage.scene import Scene
from workbench.gui.parts import pen
from workbench.gui.theme import Theme

_WIDTH, _HEIGHT = 140.0, 76.0
_MARGIN, _PAD = 12, 6


def map_area(scene: Scene, view: QSize) -> QRectF:
    """Return where the map lies in the view."""
    size = scene.area.size() * _share(scene)
    width, height = size.width() + 2 * _PAD, size.height() + 2 * _PAD
    left = view.width() - width - _MARGIN
    return QRectF(left, view.height() - height - _MARGIN, width, height)


def place_on_map(scene: Scene, view: QSize, at: QPointF) -> QPointF:
    """Return the place of the drawing at a place of the map."""
    corner = map_area(scene, view).topLeft() + QPointF(_PAD, _PAD)
    return (at - corner) / _share(scene) + scene.area.topLeft()


def draw_map(painter: QPainter, theme: Theme, scene: Scene, lens: Lens, view: QSize) -> None:
    """Draw boxes as bars, and what is on screen as a frame."""
    area, share = map_area(scene, view), _share(scene)
    pen.fill(painter, area.toRect(), theme.colour("chrome"))
    pen.outline(painter, area.toRect(), theme.colour("line"))
    corner = area.topLeft() + QPointF(_PAD, _PAD) - scene.area.topLeft() * share
    ink = theme.colour("ctl")
    for box in scene.boxes.values():
        top = corner + box.area.topLeft() * share
        width, height = box.area.width() * share, box.area.height() * share
        bar = QRect(round(top.x()), round(top.y()), max(round(width), 2), max(round(height), 1))
        pen.fill(painter, bar, ink)
    seen = lens.seen(QSizeF(view))
    frame = QRectF(corner + seen.topLeft() * share, seen.size() * share)
    painter.setPen(QPen(theme.colour("accent"), 1))
    painter.drawRect(frame.intersected(area.adjusted(1, 1, -2, -2)))


def _share(scene: Scene) -> float:
    return min(_WIDTH / max(scene.area.width(), 1), _HEIGHT / max(scene.area.height(), 1))

"""Line icons: SVG files whose colour and stroke are set when they are drawn."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workbench import resources

SIZE = 16
_STROKE = (b'stroke-width="2"', b'stroke-width="1.75"')


@cache
def _source(name: str) -> bytes:
    data = resources.path("third_party", "lucide", f"{name}.svg").read_bytes()
    return data.replace(*_STROKE)


@cache
def pixmap(name: str, colour: str, size: int = SIZE, ratio: float = 1.0, gap: int = 0) -> QPixmap:
    """Return an icon in one colour, ``size`` pixels wide and ``gap`` empty ones after it."""
    drawn = QPixmap(round((size + gap) * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    svg = QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode())))
    painter = QPainter(drawn)
    svg.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def make_icon(name: str, size: int, gap: int, *, colour: str, off: str, on: str) -> QIcon:
    """Return an icon for a button: its colour, the one when disabled, the one when checked."""
    icon = QIcon()
    for ratio in (1.0, 2.0):
        for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, off)):
            icon.addPixmap(pixmap(name, ink, size, ratio, gap), mode, QIcon.State.Off)
        icon.addPixmap(pixmap(name, on, size, ratio, gap), QIcon.Mode.Normal, QIcon.State.On)
    return icon

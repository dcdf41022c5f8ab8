"""The faces of the window: Inter for words and numbers, JetBrains Mono for bytes.

Both ship with the program, so that the window looks the same on every machine. Where numbers
stand in columns or on an axis, figures have one width (``tnum``, which also widens hyphens, so
names are set without it); digests are set without ligatures.
"""

from enum import StrEnum

from PySide6.QtGui import QFont, QFontDatabase

from workbench import resources

_FILES = (
    ("inter", "Inter-Regular.ttf"),
    ("inter", "Inter-Medium.ttf"),
    ("inter", "Inter-SemiBold.ttf"),
    ("jetbrains-mono", "JetBrainsMono-Regular.ttf"),
    ("jetbrains-mono", "JetBrainsMono-SemiBold.ttf"),
)
_SANS = ("Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")
_MONO = ("JetBrains Mono", "Cascadia Mono", "DejaVu Sans Mono")


class Face(StrEnum):
    """What a text is. Nothing is under 11 pixels."""

    START = "start"
    VALUE = "value"
    TITLE = "title"
    SECTION = "section"
    STRONG = "strong"
    BUTTON = "button"
    BODY = "body"
    NUMBER = "number"
    HEAD = "head"
    WORD = "word"
    SECONDARY = "secondary"
    SMALL_STRONG = "small strong"
    SMALL_HEAD = "small head"
    SMALL = "small"
    MONO = "mono"
    MONO_STRONG = "mono strong"


#: Pixels, weight, and how the letters run.
_SHAPES = {
    Face.START: (28, 600, ""),
    Face.VALUE: (24, 600, "tnum"),
    Face.TITLE: (20, 600, ""),
    Face.SECTION: (15, 600, ""),
    Face.STRONG: (13, 600, ""),
    Face.BUTTON: (13, 500, ""),
    Face.BODY: (13, 400, ""),
    Face.NUMBER: (13, 400, "tnum"),
    Face.HEAD: (12, 500, ""),
    Face.WORD: (12, 600, ""),
    Face.SECONDARY: (12, 400, ""),
    Face.SMALL_STRONG: (11, 600, "tnum"),
    Face.SMALL_HEAD: (11, 500, ""),
    Face.SMALL: (11, 400, ""),
    Face.MONO: (12, 400, "mono"),
    Face.MONO_STRONG: (12, 600, "mono"),
}


def load_fonts() -> None:
    """Make the faces known to Qt; what cannot be loaded is stood in for by the next family."""
    for folder, name in _FILES:
        QFontDatabase.addApplicationFont(str(resources.path("third_party", folder, name)))


def make_font(face: Face, scale: float = 1.0) -> QFont:
    """Return a face at the user's text size."""
    pixels, weight, run = _SHAPES[face]
    font = QFont()
    font.setFamilies(list(_MONO if run == "mono" else _SANS))
    font.setPixelSize(max(round(pixels * scale), 1))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if run:
        font.setFeature(QFont.Tag("calt" if run == "mono" else run), 0 if run == "mono" else 1)
    return font

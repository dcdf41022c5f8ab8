"""The faces of the window: Inter for words and numbers, JetBrains Mono for bytes.

Both ship with the program, so that the window looks the same on every machine. Figures have one
width (``tnum``), so that numbers line up; digests are set without ligatures.
"""

from enum import Enum

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


class Face(Enum):
    """What a text is: (pixels, weight, whether of equal width). Nothing is under 11 pixels."""

    START = (28, 600, False)
    VALUE = (24, 600, False)
    TITLE = (20, 600, False)
    SECTION = (15, 600, False)
    STRONG = (13, 600, False)
    BUTTON = (13, 500, False)
    BODY = (13, 400, False)
    HEAD = (12, 500, False)
    WORD = (12, 600, False)
    SECONDARY = (12, 400, False)
    SMALL_STRONG = (11, 600, False)
    SMALL_HEAD = (11, 500, False)
    SMALL = (11, 400, False)
    MONO = (12, 400, True)
    MONO_STRONG = (12, 600, True)


def load_fonts() -> None:
    """Make the faces known to Qt; what cannot be loaded is stood in for by the next family."""
    for folder, name in _FILES:
        QFontDatabase.addApplicationFont(str(resources.path("third_party", folder, name)))


def make_font(face: Face, scale: float = 1.0) -> QFont:
    """Return a face at the user's text size."""
    pixels, weight, mono = face.value
    font = QFont()
    font.setFamilies(list(_MONO if mono else _SANS))
    font.setPixelSize(max(round(pixels * scale), 1))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("calt" if mono else "tnum"), 0 if mono else 1)
    return font

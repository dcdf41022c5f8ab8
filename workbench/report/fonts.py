"""The faces of the report, and which of them has a glyph for a character.

Only these faces are ever used, so the PDF needs no font of the reader's machine.
"""

from functools import cache, lru_cache
from struct import unpack

from reportlab.pdfbase.pdfmetrics import getFont, registerFont
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

from workbench import resources

SANS = "Inter"
MEDIUM = "Inter-Medium"
BOLD = "Inter-SemiBold"
MONO = "JetBrainsMono"
MONO_BOLD = "JetBrainsMono-SemiBold"
WIDE = "DejaVuSans"
DEVANAGARI = "NotoSansDevanagari"
HANGUL = "NanumGothic"
HAN = "DroidSansFallback"

#: Faces for what the others do not have, in the order in which they are asked.
_FALLBACKS = (WIDE, DEVANAGARI, HANGUL, HAN)

_FILES = {
    SANS: ("inter", "Inter-Regular.ttf"),
    MEDIUM: ("inter", "Inter-Medium.ttf"),
    BOLD: ("inter", "Inter-SemiBold.ttf"),
    MONO: ("jetbrains-mono", "JetBrainsMono-Regular.ttf"),
    MONO_BOLD: ("jetbrains-mono", "JetBrainsMono-SemiBold.ttf"),
    WIDE: ("dejavu", "DejaVuSans.ttf"),
    DEVANAGARI: ("noto-devanagari", "NotoSansDevanagari-Regular.ttf"),
    HANGUL: ("nanum-gothic", "NanumGothic-Regular.ttf"),
    HAN: ("droid-fallback", "DroidSansFallbackFull.ttf"),
}

#: Glyph of "zero.tf" in Inter 4.001; the other figures of equal width follow it.
_INTER_TABULAR_ZERO = 1357


def register() -> None:
    """Make the faces known to ReportLab. Those for what is rare are loaded when first needed."""
    for name in _FILES:
        if name not in _FALLBACKS:
            _load(name)


def face_for(char: str, name: str) -> str | None:
    """Return the face that draws ``char``: ``name``, else the first that has it, else None."""
    for candidate in (name, *_FALLBACKS):
        if _load(candidate).face.charToGlyph.get(ord(char), 0):
            return candidate
    return None


def width_of(text: str, name: str, size: float) -> float:
    """Return how wide ``text`` is in points."""
    return _width_of(text, name) * size


@lru_cache(maxsize=65536)
def _width_of(text: str, name: str) -> float:
    return float(getFont(name).stringWidth(text, 1))


@cache
def _load(name: str) -> TTFont:
    font = TTFont(name, str(resources.path("third_party", *_FILES[name])))
    _repair_advances(font.face)
    if name.startswith(SANS):
        _use_tabular_figures(font.face)
    registerFont(font)
    return font


def _repair_advances(face: TTFontFace) -> None:
    """Give glyphs past numberOfHMetrics the advance of the last full entry.

    ReportLab 5.1 scales that advance to 1000 units an em and then writes it into a font of
    another scale (OpenType ``hmtx``: the advance of the last entry applies to all that follow).
    """
    (full,) = unpack(">H", face.get_table("hhea")[34:36])
    advance = face.hmetrics[full - 1][0]
    face.hmetrics[full:] = [(advance, bearing) for _, bearing in face.hmetrics[full:]]


def _use_tabular_figures(face: TTFontFace) -> None:
    """Draw 0 to 9 with Inter's figures of equal width, so that numbers line up."""
    scale = 1000 / face.unitsPerEm
    for digit in range(10):
        glyph = _INTER_TABULAR_ZERO + digit
        face.charToGlyph[ord("0") + digit] = glyph
        face.charWidths[ord("0") + digit] = face.hmetrics[glyph][0] * scale

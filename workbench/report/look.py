"""Colours, sizes and paragraph styles: a workpaper on a white sheet."""

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from workbench.model.verdict import Indication
from workbench.report.fonts import BOLD, MEDIUM, MONO, SANS

WIDTH, HEIGHT = A4
MARGIN = 62.0
TOP, BOTTOM = 74.0, 68.0
MEASURE = WIDTH - 2 * MARGIN
ROOM_OF_A_PAGE = HEIGHT - TOP - BOTTOM

TEXT = HexColor("#1A1F26")
SECONDARY = HexColor("#4C5561")
TERTIARY = HexColor("#5F6975")
LINE = HexColor("#DFE2E6")
EDGE = HexColor("#838B96")
CHROME = HexColor("#F3F4F6")
WATERMARK = HexColor("#EDEFF2")
CANVAS = HexColor("#FFFFFF")
ACCENT = HexColor("#2A58B8")

INK = {
    Indication.PASSED: HexColor("#0A6B50"),
    Indication.INDETERMINATE: HexColor("#855400"),
    Indication.FAILED: HexColor("#B0241C"),
}
TINT = {
    Indication.PASSED: HexColor("#E4F2EC"),
    Indication.INDETERMINATE: HexColor("#FAF0D9"),
    Indication.FAILED: HexColor("#FBE9E7"),
}
LEVELS = (
    CANVAS,
    HexColor("#C3CAD4"),
    HexColor("#93A5C4"),
    HexColor("#5272AB"),
    HexColor("#2F5597"),
)

ALIGNMENTS = {"left": TA_LEFT, "right": TA_RIGHT, "centre": TA_CENTER}


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    options: dict[str, object] = {
        "fontName": SANS,
        "textColor": TEXT,
        "allowWidows": 0,
        "allowOrphans": 0,
        "shaping": 0,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **(options | more))


BODY = _style("body", 9.2, 13.2, spaceAfter=6)
SMALL = _style("small", 8, 11.4, textColor=SECONDARY, spaceAfter=5)
KIND = _style("kind", 9.2, 13, fontName=MEDIUM, textColor=SECONDARY, spaceAfter=3)
TITLE = _style("title", 22, 27, fontName=BOLD, spaceAfter=14)
HEADINGS = {
    1: _style("h1", 16, 20, fontName=BOLD, spaceBefore=22, spaceAfter=9),
    2: _style("h2", 11.4, 15, fontName=BOLD, spaceBefore=15, spaceAfter=6),
    3: _style("h3", 9.2, 13, fontName=BOLD, spaceBefore=10, spaceAfter=4),
}
LABEL = _style("label", 8.4, 12, fontName=MEDIUM, textColor=SECONDARY)
CELL = _style("cell", 8.4, 11.8)
ENTRY = _style("entry", 8.4, 11.8, leftIndent=16)
HEAD = _style("head", 7.6, 10.4, fontName=MEDIUM, textColor=SECONDARY)
WORD = _style("word", 9.2, 12, fontName=BOLD)
SUBCODE = _style("subcode", 6.9, 9.4, fontName=MONO, textColor=SECONDARY)
MONOCELL = _style("monocell", 7.6, 11.2, fontName=MONO)
CODE = _style("code", 7.6, 10.8, fontName=MONO)

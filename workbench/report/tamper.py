"""The tamper map: all records of a log on one strip, and a close look at the first break."""

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from workbench.model.verdict import LEVEL_NAMES, AssuranceRange, Indication
from workbench.report import look
from workbench.report.document import TamperMap
from workbench.report.figures import Picture, paint_mark
from workbench.report.fonts import BOLD, SANS, width_of

_STRIP = 20.0
_CELLS = 11
_FLAG_ROOM = 17.0
_FLAG = 90.0
#: Ranges, and breaks, that are told in words.
_TOLD = 12


def tamper_map(block: TamperMap) -> Picture:
    """Return the strip of all records, flags where it breaks, a close look at the first break."""
    height = 118.0 if block.breaks else 46.0

    def paint(canvas: Canvas) -> None:
        top = height - (_FLAG_ROOM if block.breaks else 0) - _STRIP
        _paint_ranges(canvas, block, top)
        _paint_scale(canvas, block, top - 10)
        _paint_breaks(canvas, block, top)
        if block.breaks:
            _paint_cells(canvas, block, top - 50)
        _paint_legend(canvas, block, 4)

    return Picture(look.MEASURE, height, paint, alt=in_words(block))


def in_words(block: TamperMap) -> str:
    """Return what the map shows, for a reader who does not see it."""
    parts = [f"{_span(part)} {LEVEL_NAMES[part.level]}" for part in block.ranges[:_TOLD]]
    if len(block.ranges) > _TOLD:
        parts.append(f"{len(block.ranges) - _TOLD:,} more ranges")
    broken = ", ".join(f"{record:,}" for record in block.breaks[:_TOLD])
    if len(block.breaks) > _TOLD:
        broken = f"{broken} and {len(block.breaks) - _TOLD:,} more"
    breaks = f"Broken at {broken}." if broken else "No break."
    levels = f": {'; '.join(parts)}" if parts else ""
    return f"Map of records 1 to {block.records:,}{levels}. {breaks}"


def _span(part: AssuranceRange) -> str:
    return f"{part.first:,}" if part.first == part.last else f"{part.first:,} to {part.last:,}"


def _x(record: float, records: int) -> float:
    """Return where record number ``record`` (from 1) begins on the strip."""
    return float(look.MEASURE) * (record - 1) / max(records, 1)


def _paint_ranges(canvas: Canvas, block: TamperMap, y: float) -> None:
    for part in block.ranges:
        left = _x(part.first, block.records)
        width = max(_x(part.last + 1, block.records) - left, 0.6)
        _paint_level(canvas, (left, y, width, _STRIP), part.level)
        _paint_level_name(canvas, part, (left, y, width))
    canvas.setStrokeColor(look.EDGE)
    canvas.setLineWidth(0.5)
    canvas.rect(0, y, look.MEASURE, _STRIP, stroke=1, fill=0)


def _paint_level(canvas: Canvas, box: tuple[float, float, float, float], level: int) -> None:
    """Fill a box by level; level 1 is hatched, so that it can be told without colour."""
    x, y, width, height = box
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(x, y, width, height)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setFillColor(look.CANVAS if level == 1 else look.LEVELS[level])
    canvas.rect(x, y, width, height, stroke=0, fill=1)
    if level == 1:
        _hatch(canvas, box)
    canvas.restoreState()


def _hatch(canvas: Canvas, box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    canvas.setStrokeColor(look.LEVELS[1])
    canvas.setLineWidth(0.8)
    step = 3.6
    for number in range(int((width + height) / step) + 1):
        start = x - height + number * step
        canvas.line(start, y, start + height, y + height)


def _paint_level_name(
    canvas: Canvas, part: AssuranceRange, box: tuple[float, float, float]
) -> None:
    left, y, width = box
    name = LEVEL_NAMES[part.level]
    if part.level < 2 or width_of(name, BOLD, 7) + 12 > width:
        return  # the legend names it; a word over the hatch would not be readable
    canvas.setFillColor(look.CANVAS if part.level >= 3 else look.TEXT)
    canvas.setFont(BOLD, 7)
    canvas.drawString(left + 6, y + _STRIP / 2 - 2.4, name)


def _paint_scale(canvas: Canvas, block: TamperMap, y: float) -> None:
    """Write the first number, the last one, and those where the level changes if they fit."""
    canvas.setFont(SANS, 7)
    canvas.setFillColor(look.SECONDARY)
    canvas.drawString(0, y, "1")
    last = f"{block.records:,}"
    canvas.drawRightString(look.MEASURE, y, last)
    free, end = 14.0, look.MEASURE - width_of(last, SANS, 7) - 8
    for part in block.ranges[:-1]:
        if part.last + 1 in block.breaks:
            continue
        label = f"{part.last:,}"
        half = width_of(label, SANS, 7) / 2
        x = _x(part.last + 1, block.records)
        if x - half > free and x + half < end:
            canvas.drawCentredString(x, y, label)
            free = x + half + 8


def _paint_breaks(canvas: Canvas, block: TamperMap, y: float) -> None:
    """Draw a line for every break and a flag for every group of breaks that lie close."""
    places = [_x(record + 0.5, block.records) for record in block.breaks]
    for width, colour in ((4.0, look.CANVAS), (1.6, look.INK[Indication.FAILED])):
        for x in dict.fromkeys(round(place, 1) for place in places):
            _line(canvas, x, y - 2, _STRIP + 4, width, colour)
    for x, numbers in _flags(places, block.breaks):
        label = f"record {numbers[0]:,}" if len(numbers) == 1 else f"{len(numbers):,} breaks"
        _paint_flag(canvas, x, y + _STRIP + 5, label)


def _flags(places: list[float], numbers: tuple[int, ...]) -> list[tuple[float, list[int]]]:
    groups: list[tuple[float, list[int]]] = []
    for x, number in zip(places, numbers, strict=True):
        if groups and (x - groups[-1][0] < _FLAG or groups[-1][0] > look.MEASURE - _FLAG - 30):
            groups[-1][1].append(number)
        else:
            groups.append((x, [number]))
    return groups


def _paint_flag(canvas: Canvas, x: float, y: float, label: str) -> None:
    width = 11 + width_of(label, BOLD, 7)
    left = min(max(x - 4, 0), look.MEASURE - width)
    canvas.saveState()
    canvas.translate(left, y)
    paint_mark(canvas, Indication.FAILED, 8, half=False)
    canvas.setFillColor(look.INK[Indication.FAILED])
    canvas.setFont(BOLD, 7)
    canvas.drawString(11, 1.6, label)
    canvas.restoreState()


def _line(canvas: Canvas, x: float, y: float, height: float, width: float, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.rect(x - width / 2, y, width, height, stroke=0, fill=1)


def _paint_cells(canvas: Canvas, block: TamperMap, y: float) -> None:
    """Draw the first break and its neighbours, one cell a record, on a fan from the strip."""
    broken = block.breaks[0]
    first = max(1, min(broken - _CELLS // 2, block.records - _CELLS + 1))
    shown = range(first, min(first + _CELLS, block.records + 1))
    step = look.MEASURE / _CELLS
    _paint_fan(canvas, (_x(shown[0], block.records), _x(shown[-1] + 1, block.records)), y)
    for place, record in enumerate(shown):
        box = (place * step + 2, y, step - 4, 16.0)
        _paint_cell(canvas, block, record, box)
    for record, place in ((shown[0], 0), (shown[-1], len(shown) - 1)):
        _number(canvas, f"{record:,}", (place + 0.5) * step, y - 9, record in block.breaks)
    if broken not in (shown[0], shown[-1]):
        _number(canvas, f"{broken:,}", (broken - first + 0.5) * step, y - 9, broken=True)


def _paint_fan(canvas: Canvas, place: tuple[float, float], y: float) -> None:
    fan = canvas.beginPath()
    fan.moveTo(place[0], y + 36)
    fan.lineTo(max(place[1], place[0] + 1), y + 36)
    fan.lineTo(look.MEASURE, y + 17)
    fan.lineTo(0, y + 17)
    fan.close()
    canvas.setFillColor(look.CHROME)
    canvas.drawPath(fan, stroke=0, fill=1)


def _paint_cell(
    canvas: Canvas, block: TamperMap, record: int, box: tuple[float, float, float, float]
) -> None:
    x, y, width, height = box
    broken = record in block.breaks
    level = next((p.level for p in block.ranges if p.first <= record <= p.last), 0)
    if not broken:
        _paint_level(canvas, box, level)
    canvas.setFillColor(look.TINT[Indication.FAILED])
    canvas.setStrokeColor(look.INK[Indication.FAILED] if broken else look.EDGE)
    canvas.setLineWidth(1.2 if broken else 0.5)
    canvas.rect(x, y, width, height, stroke=1, fill=int(broken))
    if broken:
        canvas.saveState()
        canvas.translate(x + width / 2 - 5, y + 3)
        paint_mark(canvas, Indication.FAILED, 10, half=False)
        canvas.restoreState()


def _number(canvas: Canvas, label: str, x: float, y: float, broken: bool) -> None:
    canvas.setFont(BOLD if broken else SANS, 7)
    canvas.setFillColor(look.INK[Indication.FAILED] if broken else look.SECONDARY)
    half = width_of(label, BOLD, 7) / 2
    canvas.drawCentredString(min(max(x, half), look.MEASURE - half), y, label)


def _paint_legend(canvas: Canvas, block: TamperMap, y: float) -> None:
    x = 0.0
    canvas.setFont(SANS, 7)
    broken = set(block.breaks)
    shown = {p.level for p in block.ranges if p.last > p.first or p.first not in broken}
    for level in sorted(shown, reverse=True):
        _paint_level(canvas, (x, y, 14, 7), level)
        canvas.setStrokeColor(look.EDGE)
        canvas.setLineWidth(0.5)
        canvas.rect(x, y, 14, 7, stroke=1, fill=0)
        canvas.setFillColor(look.SECONDARY)
        canvas.drawString(x + 18, y + 1, LEVEL_NAMES[level])
        x += 18 + width_of(LEVEL_NAMES[level], SANS, 7) + 16

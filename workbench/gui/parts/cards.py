"""A list at the left of a page: a few lines each, one of them current."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from workbench.evidence.text import visible
from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.header import MARGIN
from workbench.gui.parts.mark import SMALL, paint_mark
from workbench.gui.parts.painted import report_fault
from workbench.gui.parts.proportion import HEIGHT, Counts, paint_bar
from workbench.gui.theme import Theme

_PAD, _LINE, _BAR, _PAST = 8, 19, 14, 3
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of the list.

    Attributes:
        key: tells it from the others.
        title: what it is.
        number: what stands before ``word`` above the title, or "".
        word: what stands above the title, or "".
        right: what stands at the right of that, or "".
        is_late: ``right`` is in red.
        foot: what stands below the title, or "".
        counts: a bar of shares below, or None.
    """

    key: str
    title: str
    number: str = ""
    word: str = ""
    right: str = ""
    is_late: bool = False
    foot: str = ""
    counts: Counts | None = None

    @property
    def said(self) -> str:
        """All of it in words."""
        counts = str(self.counts) if self.counts else ""
        parts = (self.number, self.word, self.title, self.foot, self.right, counts)
        return visible(", ".join(part for part in parts if part))


class _Cards(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.cards: Sequence[Card] = ()

    def show(self, cards: Sequence[Card]) -> None:
        """Show these; the same ones in the same places keep the current one."""
        same = [card.key for card in cards] == [card.key for card in self.cards]
        if not same:
            self.beginResetModel()
        self.cards = tuple(cards)
        if not same:
            self.endResetModel()
        elif cards:
            self.dataChanged.emit(self.index(0), self.index(len(cards) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is said of one."""
        if not index.isValid() or index.row() >= len(self.cards):
            return None
        card = self.cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return card.said
            case _:
                return None


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, cards: _Cards, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cards = cards

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return room for the lines that it has."""
        if not 0 <= index.row() < len(self._cards.cards):
            return QSize(80, 0)
        card = self._cards.cards[index.row()]
        lines = 1 + bool(card.number or card.word or card.right) + bool(card.foot)
        bar = _BAR + _LINE if card.counts is not None else 0
        return QSize(80, self._theme.px(2 * _PAD + lines * _LINE + bar) + 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one."""
        try:
            if 0 <= index.row() < len(self._cards.cards):
                self._draw(painter, option, self._cards.cards[index.row()])
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()

    def _draw(self, painter: QPainter, option: QStyleOptionViewItem, card: Card) -> None:
        area, theme = option.rect, self._theme
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            pen.fill(painter, area, theme.colour("selection"))
            pen.fill(painter, QRect(area.left(), area.top(), _PAST, area.height()),
                     theme.colour("accent"))  # fmt: skip
        bottom = QRect(area.left(), area.bottom(), area.width(), 1)
        pen.fill(painter, bottom, theme.colour("line"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            pen.outline(painter, area.adjusted(0, 0, 0, -1), theme.colour("accent"), 2)
        line = QRect(area.left() + MARGIN, area.top() + theme.px(_PAD), 0, theme.px(_LINE))
        line.setRight(area.right() - 12)
        if card.number or card.word or card.right:
            self._head(painter, line, card)
            line.translate(0, line.height())
        face = Face.STRONG if chosen else Face.BODY
        pen.write(painter, theme, line, card.title, face=face)
        line.translate(0, line.height())
        if card.foot:
            ink = "secondary"
            pen.write(painter, theme, line, card.foot, face=Face.SECONDARY, colour=ink)
            line.translate(0, line.height())
        if card.counts is not None:
            self._counts(painter, line, card.counts)

    def _head(self, painter: QPainter, line: QRect, card: Card) -> None:
        theme, left = self._theme, line
        if card.number:
            ink = "secondary"
            width = pen.width_of(theme, card.number, Face.MONO)
            pen.write(painter, theme, left, card.number, face=Face.MONO, colour=ink)
            left = left.adjusted(width + 8, 0, 0, 0)
        pen.write(painter, theme, left, card.word, face=Face.SMALL_STRONG)
        if card.right:
            ink = "failed" if card.is_late else "secondary"
            pen.write(
                painter, theme, line, card.right, face=Face.SECONDARY, colour=ink, align=pen.RIGHT
            )

    def _counts(self, painter: QPainter, line: QRect, counts: Counts) -> None:
        theme = self._theme
        paint_bar(painter, theme, QRect(line.left(), line.top() + 4, line.width(), HEIGHT), counts)
        under, left = line.translated(0, theme.px(_BAR)), line.left()
        size = theme.px(SMALL)
        for mark, count in counts.parts():
            top = under.center().y() - size / 2 + 1
            paint_mark(painter, theme, QRect(left, int(top), 1, 1).toRectF().topLeft(), mark, size)
            place = QRect(left + size + 5, under.top(), under.right() - left, under.height())
            width = pen.write(painter, theme, place, f"{count:,}", face=Face.NUMBER)
            left += size + 5 + width + 12


class CardList(QListView):
    """The list; ``chosen`` gives the key of the current one."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._cards = _Cards(self)
        self._showing = False
        self.setModel(self._cards)
        self.setItemDelegate(_Painter(theme, self._cards, self))
        self.setAccessibleName(name)
        self.setProperty("letters", True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        theme.changed.connect(self.doItemsLayout)

    @property
    def cards(self) -> Sequence[Card]:
        """What is shown."""
        return self._cards.cards

    @property
    def current(self) -> str:
        """Key of the current one, or ""."""
        row = self.currentIndex().row()
        return self.cards[row].key if 0 <= row < len(self.cards) else ""

    def show_cards(self, cards: Sequence[Card], current: str = "") -> None:
        """Show these, ``current`` the current one, without saying that it was chosen."""
        self._showing = True
        self._cards.show(cards)
        self.choose(current)
        self._showing = False

    def choose(self, key: str) -> None:
        """Make one the current one."""
        for number, card in enumerate(self.cards):
            if card.key == key and self.currentIndex().row() != number:
                self.setCurrentIndex(self._cards.index(number))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Say which one is current."""
        super().currentChanged(current, previous)
        if not self._showing and self.current:
            self.chosen.emit(self.current)

"""How everything looks at the moment: colours, faces, sizes, icons, motion.

One object, made at the start and handed to whatever is drawn. It follows the system unless the
user chose otherwise, and says ``changed`` when something has to be drawn anew.
"""

from dataclasses import asdict
from enum import StrEnum
from functools import cached_property
from string import Template

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from workbench import resources
from workbench.gui import icons
from workbench.gui.fonts import Face, load_fonts, make_font
from workbench.gui.tokens import ThemeName, Tokens, load_tokens

SMALLEST, LARGEST = 0.9, 1.5
_MOST_ADVANCES = 8192
_QSS_SIZES = (20, 22, 24, 26)


class ThemeChoice(StrEnum):
    """What the user can ask for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Theme(QObject):
    """The look of the window; ``changed`` says that it is another one now."""

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        choice: ThemeChoice = ThemeChoice.SYSTEM,
        *,
        scale: float = 1.0,
        still: bool | None = None,
    ) -> None:
        super().__init__(app)
        load_fonts()
        self._app = app
        self._hints = app.styleHints()
        self._system = self._hints.accessibility()
        self._still = still
        self._scale = min(max(scale, SMALLEST), LARGEST)
        self._choice = choice
        self._tokens = load_tokens(self._name())
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[Face, QFont] = {}
        self._metrics: dict[Face, QFontMetrics] = {}
        self._advances: dict[tuple[Face, str], int] = {}
        app.setStyle("Fusion")
        QDir.addSearchPath("workbench", str(resources.path("icons")))
        self._apply()
        self._hints.colorSchemeChanged.connect(self._follow)
        self._system.contrastPreferenceChanged.connect(self._follow)

    @property
    def tokens(self) -> Tokens:
        """The colours as text."""
        return self._tokens

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    @property
    def scale(self) -> float:
        """How large text is, 1.0 being 13 pixels."""
        return self._scale

    @property
    def is_still(self) -> bool:
        """Whether motion is unwanted."""
        if self._still is not None:
            return self._still
        return self._app.isEffectEnabled(Qt.UIEffect.UI_General) is False

    def choose(self, choice: ThemeChoice, *, scale: float | None = None) -> None:
        """Use another theme or size of text, at once."""
        self._choice = choice
        self._scale = min(max(scale or self._scale, SMALLEST), LARGEST)
        self._tell_system()
        self._follow()

    def colour(self, value: str) -> QColor:
        """Return a colour, by the name of its token or as ``#RRGGBB``."""
        known = self._colours.get(value)
        if known is None:
            hexed = value if value.startswith("#") else str(getattr(self._tokens, value))
            known = self._colours[value] = QColor(hexed)
        return known

    @property
    def track(self) -> QColor:
        """What a bar or arc fills: a line, unless lines are as strong as what fills them."""
        strong = self._tokens.line == self._tokens.ctl
        return self.colour("hover" if strong else "line")

    def font(self, face: Face) -> QFont:
        """Return a face at the user's size."""
        if face not in self._fonts:
            self._fonts[face] = make_font(face, self._scale)
        return self._fonts[face]

    def metrics(self, face: Face) -> QFontMetrics:
        """Return the measures of a face at the user's size."""
        if face not in self._metrics:
            self._metrics[face] = QFontMetrics(self.font(face))
        return self._metrics[face]

    def advance(self, face: Face, text: str) -> int:
        """Return how wide a text is; tables ask for the same words over and over."""
        known = self._advances.get((face, text))
        if known is None:
            if len(self._advances) >= _MOST_ADVANCES:
                self._advances.clear()
            known = self._advances[face, text] = self.metrics(face).horizontalAdvance(text)
        return known

    def px(self, pixels: int) -> int:
        """Return a height or width that grows with the text."""
        return round(pixels * self._scale)

    def icon(self, name: str, colour: str = "secondary", *, gap: int = 0) -> QIcon:
        """Return an icon for a button, with ``gap`` empty pixels before the button's text."""
        return icons.make_icon(
            name,
            self.px(icons.SIZE),
            gap,
            colour=self.colour(colour).name(),
            off=self.colour("tertiary").name(),
            on=self.colour("accent").name(),
        )

    def pixmap(self, name: str, colour: str, ratio: float, *, size: int = icons.SIZE) -> QPixmap:
        """Return an icon to draw."""
        return icons.pixmap(name, self.colour(colour).name(), self.px(size), ratio)

    def _name(self) -> ThemeName:
        if self._choice is not ThemeChoice.SYSTEM:
            return ThemeName(self._choice.value)
        if self._system.contrastPreference() is Qt.ContrastPreference.HighContrast:
            return ThemeName.CONTRAST
        dark = self._hints.colorScheme() is Qt.ColorScheme.Dark
        return ThemeName.DARK if dark else ThemeName.LIGHT

    def _tell_system(self) -> None:
        """Let what the system draws (title bar, file dialogs) fit what the user chose."""
        if self._choice is ThemeChoice.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            light = self._choice is ThemeChoice.LIGHT
            scheme = Qt.ColorScheme.Light if light else Qt.ColorScheme.Dark
            self._hints.setColorScheme(scheme)

    def _follow(self) -> None:
        self._tokens = load_tokens(self._name())
        self._colours.clear()
        self._fonts.clear()
        self._metrics.clear()
        self._advances.clear()
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        self._app.setFont(self.font(Face.BODY))
        self._app.setPalette(_palette(self))
        self._app.setStyleSheet(self._style_sheet())

    @cached_property
    def _template(self) -> Template:
        qss = resources.path("themes", "window.qss").read_bytes()
        return Template(qss.decode("utf-8"))

    def _style_sheet(self) -> str:
        sizes = {f"h{size}": str(self.px(size)) for size in _QSS_SIZES}
        tokens = asdict(self._tokens)
        edge = mixed(self.colour("line"), self.colour("ctl"), 0.3).name()
        return self._template.substitute(tokens, **sizes, edge=edge, theme=self._name())


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return ``one`` with ``share`` of ``other`` in it."""
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))


def _palette(theme: Theme) -> QPalette:
    """Return the palette that Fusion draws everything else from."""
    colour = theme.colour
    role = QPalette.ColorRole
    palette = QPalette()
    for group, names in {
        "canvas": (role.Window, role.Base, role.Button, role.ToolTipBase, role.AlternateBase),
        "text": (role.WindowText, role.Text, role.ButtonText, role.ToolTipText),
        "accent": (role.Highlight, role.Link, role.LinkVisited, role.Accent),
        "on_accent": (role.HighlightedText,),
        "tertiary": (role.PlaceholderText,),
        "line": (role.Mid, role.Midlight, role.Light),
        "ctl": (role.Dark, role.Shadow),
    }.items():
        for name in names:
            palette.setColor(name, colour(group))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, colour("tertiary"))
    return palette

"""The colours are those of the design, legible by computation, and change while it runs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from workbench import resources
from workbench.gui import icons
from workbench.gui.fonts import Face, make_font
from workbench.gui.theme import Theme, ThemeChoice
from workbench.gui.tokens import ThemeName, contrast, load_tokens

TEXTS = (
    "text", "secondary", "tertiary", "accent", "passed", "indeterminate", "failed",
)  # fmt: skip
GROUNDS = ("canvas", "chrome", "selection")


@pytest.mark.parametrize("name", ThemeName)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", TEXTS)
def test_every_text_colour_is_legible_on_every_ground(name, ground, ink):
    tokens = load_tokens(name)
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("name", ThemeName)
def test_text_on_the_accent_and_verdicts_on_their_tints_are_legible(name):
    tokens = load_tokens(name)
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    for word in ("passed", "indeterminate", "failed"):
        ink, ground = getattr(tokens, word), getattr(tokens, f"{word}_tint")
        assert contrast(ink, ground) >= 4.5, word


@pytest.mark.parametrize("name", ThemeName)
def test_edges_of_inputs_and_marks_are_seen(name):
    tokens = load_tokens(name)
    for ground in (tokens.canvas, tokens.chrome):
        assert contrast(tokens.ctl, ground) >= 3.0


@pytest.mark.parametrize("name", ThemeName)
@pytest.mark.parametrize("level", [2, 3, 4])
def test_a_word_on_the_fill_of_a_level_is_legible(name, level):
    tokens = load_tokens(name)
    assert contrast(tokens.on_level(level), tokens.level(level)) >= 4.5


def test_contrast_is_computed_as_the_standard_has_it():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FFFFFF", "#2A58B8") == pytest.approx(6.6, abs=0.05)


def test_tokens_are_those_of_the_design():
    light, dark = load_tokens(ThemeName.LIGHT), load_tokens(ThemeName.DARK)
    assert (light.canvas, light.text, light.accent) == ("#FFFFFF", "#1A1F26", "#2A58B8")
    assert (dark.canvas, dark.text, dark.accent) == ("#1A1D21", "#E4E7EB", "#8FB2F5")
    assert [light.level(n) for n in range(1, 5)] == ["#C3CAD4", "#93A5C4", "#5272AB", "#2F5597"]
    assert [dark.level(n) for n in range(1, 5)] == ["#4A525D", "#3E4D68", "#506A9C", "#7090C8"]


def test_a_theme_without_a_token_is_refused(monkeypatch, tmp_path):
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "light.yaml").write_text('canvas: "#FFFFFF"\n')
    monkeypatch.setattr(resources, "root", lambda: tmp_path)
    with pytest.raises(ValueError, match="must hold exactly"):
        load_tokens.__wrapped__(ThemeName.LIGHT)


def test_theme_changes_while_the_window_is_open(qtbot, theme, qapp):
    button = QPushButton("Add evidence")
    qtbot.addWidget(button)
    with qtbot.waitSignal(theme.changed):
        theme.choose(ThemeChoice.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == "#1A1D21"
    assert "#8FB2F5" in qapp.styleSheet()
    assert theme.colour("failed").name().upper() == "#FF8F85"


class System:
    """A system that wants dark, which the off-screen one cannot."""

    scheme = Qt.ColorScheme.Dark
    contrast = Qt.ContrastPreference.NoPreference

    def colorScheme(self):
        return self.scheme

    def contrastPreference(self):
        return self.contrast

    def setColorScheme(self, scheme):
        self.scheme = scheme

    def unsetColorScheme(self):
        self.scheme = Qt.ColorScheme.Dark


def test_theme_follows_the_system_until_the_user_chooses(theme, qapp, monkeypatch):
    system = System()
    monkeypatch.setattr(theme, "_hints", system)
    monkeypatch.setattr(theme, "_system", system)
    theme.choose(ThemeChoice.SYSTEM)
    assert theme.tokens == load_tokens(ThemeName.DARK)
    system.contrast = Qt.ContrastPreference.HighContrast
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens == load_tokens(ThemeName.CONTRAST)
    theme.choose(ThemeChoice.LIGHT)
    assert theme.tokens == load_tokens(ThemeName.LIGHT)
    assert system.scheme is Qt.ColorScheme.Light


def test_text_grows_within_limits(theme):
    before = theme.metrics(Face.BODY).height()
    theme.choose(ThemeChoice.LIGHT, scale=1.5)
    assert theme.metrics(Face.BODY).height() > before
    assert theme.px(26) == 39
    theme.choose(ThemeChoice.LIGHT, scale=9.0)
    assert theme.scale == 1.5


@pytest.mark.parametrize("face", Face)
def test_faces_are_the_ones_that_ship(theme, face):
    family = QFontInfo(theme.font(face)).family()
    assert family == ("JetBrains Mono" if "mono" in face else "Inter")
    assert theme.font(face).pixelSize() >= 11


def test_figures_of_numbers_have_one_width(theme):
    widths = {theme.metrics(Face.NUMBER).horizontalAdvance(digit * 8) for digit in "0123456789"}
    assert len(widths) == 1
    assert make_font(Face.BODY).weight() < make_font(Face.STRONG).weight()


def test_style_sheet_leaves_no_name_unfilled(qapp, theme):
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.CONTRAST):
        theme.choose(choice)
        assert "$" not in qapp.styleSheet()


def icon_names() -> list[str]:
    return sorted(p.stem for p in resources.path("third_party", "lucide").glob("*.svg"))


def test_icons_are_few_and_come_with_licence_and_origin():
    folder = resources.path("third_party", "lucide")
    assert 70 <= len(icon_names()) <= 100
    assert "ISC" in (folder / "LICENSE.txt").read_text()
    assert "1.62.0" in (folder / "ORIGIN.txt").read_text()


def test_icons_are_drawn_in_the_colour_asked_for(qapp):
    for name in icon_names():
        image = icons.pixmap(name, "#b0241c", 32).toImage()
        places = [(x, y) for x in range(32) for y in range(32)]
        drawn = [c for c in (image.pixelColor(*place) for place in places) if c.alpha() > 200]
        assert drawn, name
        for colour in drawn:
            near = zip(colour.toTuple()[:3], (0xB0, 0x24, 0x1C), strict=True)
            assert all(abs(a - b) <= 3 for a, b in near), name


def test_icon_is_drawn_once_for_a_theme_and_a_screen(qapp):
    first = icons.pixmap("lock", "#0a6b50", 16, 2.0)
    assert icons.pixmap("lock", "#0a6b50", 16, 2.0) is first
    assert first.width() == 32
    assert first.deviceIndependentSize().width() == 16


def test_light_theme_is_not_the_dark_one(theme, qapp: QApplication):
    assert isinstance(theme, Theme)
    light = qapp.palette().color(QPalette.ColorRole.Base)
    theme.choose(ThemeChoice.CONTRAST)
    assert qapp.palette().color(QPalette.ColorRole.Base) != light

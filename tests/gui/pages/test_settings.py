"""Settings: every one has its control, takes effect at once, and is kept."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from tests.gui.pages.desk import LEFT, gone_to
from workbench.gui.settings import SETTINGS, Settings
from workbench.gui.text import PlainLabel
from workbench.gui.theme import ThemeChoice


@pytest.fixture
def page(qtbot, window):
    return gone_to(qtbot, window, "settings")


def test_every_setting_has_a_control_with_its_name_and_help(page):
    assert set(page.controls) == {setting.key for setting in SETTINGS}
    for setting in SETTINGS:
        control = page.controls[setting.key]
        assert control.accessibleName() == setting.title
        assert control.accessibleDescription() == setting.help


def test_the_theme_changes_at_once_by_keyboard_and_is_kept(qtbot, window, page, tmp_path):
    box = page.controls["theme"]
    assert isinstance(box, QComboBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_D)
    assert window.context.theme.choice is ThemeChoice.DARK
    assert Settings(tmp_path / "settings").value("theme") == "dark"


def test_text_grows_and_shrinks_within_its_bounds(qtbot, window, page):
    box = page.controls["text_scale"]
    assert isinstance(box, QComboBox)
    assert (box.itemText(0), box.itemText(box.count() - 1)) == ("90 %", "150 %")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert window.context.theme.scale == pytest.approx(1.1)
    window.context.settings.choose("text_scale", 1.25)
    assert box.currentText() == "125 %"


def test_single_letters_can_be_turned_off_with_the_mouse(qtbot, window, page):
    box = page.controls["letter_keys"]
    assert isinstance(box, QCheckBox)
    qtbot.mouseClick(box, LEFT, pos=_inside(box))
    assert window.context.settings.value("letter_keys") is False


def _inside(box):
    return QPoint(8, box.height() // 2)


def test_a_setting_changed_elsewhere_is_shown(window, page):
    window.context.settings.choose("local_time", True)
    assert page.controls["local_time"].isChecked()


def test_a_name_is_kept_once_it_is_typed(qtbot, window, page):
    field = page.controls["who"]
    assert isinstance(field, QLineEdit)
    field.setFocus()
    qtbot.keyClicks(field, "Ana Ruiz")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.context.settings.value("who") == "Ana Ruiz"


def test_the_usual_settings_come_back_but_the_name_stays(window, page):
    window.context.settings.choose("who", "Ana Ruiz")
    window.context.settings.choose("row_height", 28)
    page._reset()
    assert window.context.settings.value("row_height") == 26
    assert window.context.settings.value("who") == "Ana Ruiz"


def test_it_says_where_settings_live(page):
    from workbench.gui.settings import config_folder

    assert str(config_folder()) in [label.text() for label in page.findChildren(PlainLabel)]

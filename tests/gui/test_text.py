"""Evidence text reaches the screen as plain text, with nothing hidden in it."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QToolButton

from tests.gui.hostile import BIDI, CONTROL, HTML, LONG, TEXTS
from workbench.gui.fonts import Face
from workbench.gui.parts.buttons import Button, IconButton
from workbench.gui.text import (
    MOST_SHOWN,
    ElidingLabel,
    Paragraph,
    PlainLabel,
    action_text,
    set_tooltip,
    tooltip_of,
)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("kind", [PlainLabel, Paragraph, ElidingLabel])
def test_labels_show_evidence_as_plain_text(qtbot, theme, kind, text):
    label = kind(theme, text)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text().isprintable()
    label.resize(200, 40)
    label.grab()


def test_hidden_characters_are_shown_as_marks(qtbot, theme):
    label = PlainLabel(theme, BIDI)
    qtbot.addWidget(label)
    assert label.text() == "invoice[U+202E]gnp.exe"
    label.setText(CONTROL)
    assert "[U+0000]" in label.text()
    assert "[U+001B]" in label.text()


def test_lines_stay_lines(qtbot, theme):
    label = PlainLabel(theme, "one\ntwo")
    qtbot.addWidget(label)
    assert label.text() == "one\ntwo"


def test_tooltips_are_escaped_because_qt_guesses(qtbot, theme):
    button = QToolButton()
    qtbot.addWidget(button)
    set_tooltip(button, HTML)
    assert "<img" not in button.toolTip()
    assert "&lt;img" in button.toolTip()
    assert QtText.mightBeRichText(button.toolTip()), "or Qt would show the escapes themselves"
    assert "U+202E" in tooltip_of(BIDI)
    assert len(tooltip_of(LONG)) < 3000
    assert tooltip_of("") == ""


def test_ampersand_in_a_name_is_no_shortcut(qtbot, theme):
    button = Button(theme, "R&D <b>log</b>")
    qtbot.addWidget(button)
    assert button.text() == action_text("R&D <b>log</b>") == "R&&D <b>log</b>"
    assert button.shortcut().isEmpty()


def test_a_long_word_is_broken_and_widens_nothing(qtbot, theme):
    paragraph = Paragraph(theme, "sha256 " + "ab" * 200, Face.MONO)
    qtbot.addWidget(paragraph)
    assert paragraph.minimumSizeHint().width() <= 40
    one_line = paragraph.fontMetrics().height()
    assert paragraph.heightForWidth(200) > 10 * one_line
    assert paragraph.heightForWidth(200) > paragraph.heightForWidth(400)


def test_a_text_of_millions_holds_nothing_up(qtbot, theme):
    label = Paragraph(theme, "ab" * 10_000_000)
    qtbot.addWidget(label)
    assert len(label.text()) < MOST_SHOWN + 10
    assert "…" in label.text()


def test_words_are_not_broken_where_a_line_can_end(qtbot, theme):
    paragraph = Paragraph(theme, "stored digest")
    qtbot.addWidget(paragraph)
    width = paragraph.fontMetrics().horizontalAdvance("stored dig")
    shape = paragraph._laid_out(width)
    assert [shape.lineAt(n).textLength() for n in range(shape.lineCount())] == [7, 6]


def test_paragraph_can_be_copied(qtbot, theme):
    paragraph = Paragraph(theme, "9c41f02b")
    qtbot.addWidget(paragraph)
    paragraph.copy()
    assert QGuiApplication.clipboard().text() == "9c41f02b"


def test_elided_text_is_whole_for_who_asks(qtbot, theme):
    label = ElidingLabel(theme, "a very long name of a very long file.jsonl")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.accessibleName() == "a very long name of a very long file.jsonl"
    assert "very long file" in label.toolTip()
    assert label.minimumSizeHint().width() <= 24
    label.resize(600, 20)
    assert label.toolTip() == ""


def test_an_icon_alone_has_a_name(qtbot, theme):
    button = IconButton(theme, "copy", "Copy the digest")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Copy the digest"
    assert "Copy the digest" in button.toolTip()
    assert button.size().width() >= 24
    small = IconButton(theme, "copy", "Copy", small=True)
    qtbot.addWidget(small)
    assert small.size() == QSize(24, 24)


def test_a_button_that_is_off_says_why(qtbot, theme):
    button = Button(theme, "Sign report…")
    qtbot.addWidget(button)
    button.allow("Signing is off until F-01 is reviewed.")
    assert not button.isEnabled()
    assert "until F-01" in button.toolTip()
    assert button.accessibleDescription() == "Signing is off until F-01 is reviewed."
    button.allow("")
    assert button.isEnabled()

"""What evidence says is shown as it is, and does nothing."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.evidence.text import safe_cell, visible

anything = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – text ✓ 🜚", "plain – text ✓ 🜚"),
        ("invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"),
        ("two\nlines\r\n", "two[U+000A]lines[U+000D][U+000A]"),
        ("\x1b[31mred", "[U+001B][31mred"),
        ("a\u2028b", "a[U+2028]b"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\ue000", "[U+E000]"),
        ("\ud800", "[U+D800]"),
        ("\U000e0041", "[U+E0041]"),
        ("\uffff", "[U+FFFF]"),
        ("filler\u3164", "filler[U+3164]"),
        ("joined\u034f", "joined[U+034F]"),
        ("select\ufe01ed\U000e0101", "select[U+FE01]ed[U+E0101]"),
        ("picture \u26a0\ufe0f", "picture \u26a0\ufe0f"),
        ("null note\U0001d159", "null note[U+1D159]"),
        ("blank\u2800", "blank[U+2800]"),
        ("no\u00a0break", "no\u00a0break"),
        ("", ""),
    ],
)
def test_hidden_characters_are_marked(text: str, shown: str) -> None:
    assert visible(text) == shown


@settings(deadline=None)
@given(anything)
def test_nothing_hidden_is_left(text: str) -> None:
    categories = {unicodedata.category(character) for character in visible(text)}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@settings(deadline=None)
@given(anything)
def test_shown_text_is_shown_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@settings(deadline=None)
@given(anything, st.integers(min_value=1, max_value=40))
def test_long_text_is_cut_in_the_middle_between_marks(text: str, limit: int) -> None:
    whole, cut = visible(text), visible(text, limit=limit)
    assert len(cut) <= limit
    if len(whole) <= limit:
        assert cut == whole
    else:
        assert any(
            cut == f"{whole[:at]}…{whole[len(whole) - (len(cut) - 1 - at) :]}"
            for at in range(len(cut))
        )
        assert cut.count("[U+") <= text.count("[U+") + sum(not c.isprintable() for c in text)


def test_both_ends_of_a_long_text_are_kept() -> None:
    assert visible("0123456789", limit=5) == "01…89"
    assert visible("\n" * 9, limit=17) == "[U+000A]…[U+000A]"


def test_cutting_does_not_look_at_all_of_a_huge_text() -> None:
    assert len(visible("\n" * 50_000_000, limit=100)) <= 100


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_cell_that_a_spreadsheet_would_run_is_escaped(start: str) -> None:
    assert safe_cell(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_other_cells_are_only_made_visible() -> None:
    assert safe_cell("a=b\u202e") == "a=b[U+202E]"
    assert safe_cell("") == ""

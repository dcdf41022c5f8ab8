"""Hebrew, Arabic and Devanagari are drawn as they are read; nothing else is turned."""

import unicodedata

import pytest

from workbench.report.scripts import as_drawn, joins


def names(text: str) -> list[str]:
    return [unicodedata.name(char).removeprefix("ARABIC LETTER ") for char in text]


def test_hebrew_is_turned_and_keeps_its_letters():
    assert as_drawn("אשראי") == "אשראי"[::-1]


def test_a_phrase_is_turned_as_a_whole_and_what_is_around_it_is_not():
    assert as_drawn("v1 ניקוד אשראי v2") == f"v1 {'ניקוד אשראי'[::-1]} v2"


def test_arabic_letters_take_the_form_that_their_neighbours_give_them():
    drawn = as_drawn("بيت")  # beh yeh teh: first, within, last
    assert names(drawn[::-1]) == ["BEH INITIAL FORM", "YEH MEDIAL FORM", "TEH FINAL FORM"]


def test_a_letter_that_joins_to_nothing_after_it_parts_a_word():
    drawn = as_drawn("دار")  # dal alef reh: none of them joins to what follows
    assert names(drawn[::-1]) == ["DAL ISOLATED FORM", "ALEF ISOLATED FORM", "REH ISOLATED FORM"]


def test_lam_and_alef_are_one_sign():
    assert [unicodedata.name(c) for c in as_drawn("لا")] == [
        "ARABIC LIGATURE LAM WITH ALEF ISOLATED FORM"
    ]


def test_a_letter_stands_between_two_that_join_to_it():
    assert "LAM WITH ALEF FINAL FORM" in " ".join(names(as_drawn("سلام")))


@pytest.mark.parametrize("text", ["", "model", "оценка", "信用スコア", "v1.2 (final)", "\u202eabc"])
def test_nothing_else_is_changed(text):
    assert as_drawn(text) == text


def test_of_a_long_text_each_word_is_turned_in_its_place():
    word = "אבג"
    assert as_drawn(" ".join([word] * 40)) == " ".join([word[::-1]] * 40)


def test_the_sign_of_a_short_i_stands_before_its_consonants():
    assert as_drawn("डि") == "िड"
    assert as_drawn("स्थि") == "िस्थ"


def test_a_mark_of_devanagari_is_drawn_at_a_letter_and_nowhere_else():
    virama = "\u094d"
    assert joins(virama, "क")
    assert not joins(virama, virama)
    assert not joins(virama, "a")
    assert not joins("\u0301", "क")

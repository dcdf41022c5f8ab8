"""The faces are sound, and every character has one or is shown by its number."""

import pytest

from workbench import resources
from workbench.report import fonts


@pytest.mark.parametrize("name", [fonts.SANS, fonts.MEDIUM, fonts.BOLD])
def test_figures_have_one_width_so_that_numbers_line_up(name):
    fonts.register()
    assert len({fonts.width_of(digit, name, 10) for digit in "0123456789"}) == 1


def test_glyphs_past_the_last_full_entry_have_its_advance():
    face = fonts._load(fonts.WIDE).face
    (full,) = {int.from_bytes(face.get_table("hhea")[34:36], "big")}
    assert len(face.hmetrics) > full
    assert {advance for advance, _ in face.hmetrics[full:]} == {face.hmetrics[full - 1][0]}


def test_a_character_is_drawn_by_its_own_face_then_by_the_wide_one():
    assert fonts.face_for("A", fonts.SANS) == fonts.SANS
    assert fonts.face_for("\N{GRINNING FACE}", fonts.SANS) == fonts.WIDE
    assert fonts.face_for("\U000e0041", fonts.SANS) is None


@pytest.mark.parametrize(
    ("script", "letters"),
    [
        ("Latin", "ÀßŁřþ"), ("Greek", "αΩἀ"), ("Cyrillic", "яЖѢ"), ("Armenian", "Հա"),
        ("Hebrew", "אבת"), ("Arabic", "ابي"), ("Devanagari", "क्षि"), ("Han", "模信漢"),
        ("Kana", "かカ"), ("Hangul", "한글"), ("signs", "→≤€№"),
    ],
)  # fmt: skip
def test_letters_of_many_scripts_have_a_face(script, letters):
    fonts.register()
    assert all(fonts.face_for(letter, fonts.SANS) for letter in letters), script


def test_everything_third_party_has_its_licence_and_origin_and_is_small():
    root = resources.path("third_party")
    folders = [folder for folder in root.iterdir() if list(folder.glob("*.ttf"))]
    assert folders
    for folder in folders:
        assert (folder / "ORIGIN.txt").is_file()
        assert list(folder.glob("OFL.txt")) or list(folder.glob("LICENSE.txt"))
    size = sum(file.stat().st_size for folder in folders for file in folder.iterdir())
    assert size < 10 * 1024 * 1024

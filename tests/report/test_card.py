"""The verification card: counts for each question, and a code that holds the digest."""

from tests.report.case import case
from workbench.report.context import Page
from workbench.report.document import KeyValues, QrCode, Table
from workbench.report.qr import QUIET, modules, qr_code
from workbench.report.sections.card import SECTION

DIGEST = "0123456789abcdef" * 4
_FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")


def card(**more):
    return tuple(SECTION.build(Page(case(**more), DIGEST, "AW-1")))


def test_the_code_holds_the_whole_digest_of_the_manifest():
    (code,) = [block for block in card() if isinstance(block, QrCode)]
    assert code.text == f"audit-workbench:AW-1:manifest.json:sha256:{DIGEST}"
    assert "proves nothing by itself" in code.beside


def test_a_code_is_a_square_with_its_three_finders():
    rows = modules(DIGEST)
    text = ["".join("1" if dark else "0" for dark in row) for row in rows]
    assert all(len(row) == len(rows) for row in rows)
    for top, left in ((0, 0), (0, len(rows) - 7), (len(rows) - 7, 0)):
        assert tuple(row[left : left + 7] for row in text[top : top + 7]) == _FINDER


def test_other_texts_give_other_codes_and_the_same_text_the_same():
    assert modules(DIGEST) == modules(DIGEST)
    assert modules(DIGEST) != modules(DIGEST[::-1])


def test_a_code_can_be_printed_large_enough_to_be_read_and_says_what_it_holds():
    picture = qr_code(f"audit-workbench:{'9' * 200}:manifest.json:sha256:{DIGEST}")
    assert picture.width < 240
    assert picture.width / (len(modules(DIGEST)) + 2 * QUIET) > 1.4  # points: half a millimetre
    assert DIGEST in picture.alt


def test_every_subject_is_counted_once_for_each_question():
    (table,) = [block for block in card() if isinstance(block, Table)]
    assert [row[1] for row in table.rows] == ["1", "1", "1", "0"]
    assert [row[2] for row in table.rows] == ["1", "2", "2", "3"]
    assert "text='1'" in str(table.rows[0][3])


def test_a_signer_is_named_with_both_digests_and_how_trust_comes_about():
    rows = dict(row for block in card() if isinstance(block, KeyValues) for row in block.rows)
    assert "Root certificate, SHA-256" in rows
    assert "by another way than this file" in str(card())


def test_without_a_signer_the_card_says_that_the_file_shows_nothing():
    said = str(card(signer="", signer_root="", signer_certificate=""))
    assert "ask for one that does" in said

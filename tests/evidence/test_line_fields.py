"""Fields of lines of text."""

from time import process_time

import pytest

from workbench.evidence.line_fields import TextError, cef_of, pairs_of


def test_pairs_are_read_with_their_quotes():
    line = b'<13>Mar 1 host app: time="2026-03-01T08:00:00Z" msg="a \\"b\\" c" n=1 integrity=00ff'
    assert pairs_of(line) == {
        "time": "2026-03-01T08:00:00Z",
        "msg": 'a "b" c',
        "n": "1",
        "integrity": "00ff",
    }


def test_cef_has_a_header_and_an_extension_with_spaces():
    line = b"CEF:0|ven\\|dor|prod|1.0|100|a name|5|act=signed a model src=10.0.0.1 eq=a\\=b"
    fields = cef_of(line)
    assert (fields["vendor"], fields["name"], fields["severity"]) == ("ven|dor", "a name", "5")
    assert (fields["act"], fields["src"], fields["eq"]) == ("signed a model", "10.0.0.1", "a=b")


@pytest.mark.parametrize("line", [b"nothing here", b"a=1 a=2", b"\xff=1"])
def test_line_without_fields_or_with_one_twice_is_refused(line: bytes):
    with pytest.raises(TextError):
        pairs_of(line)


@pytest.mark.parametrize("line", [b"a=1", b"CEF:0|a|b|c|", b"CEF:0|a|b|c|d|e|f|x=1 x=2"])
def test_what_is_no_cef_is_refused(line: bytes):
    with pytest.raises(TextError):
        cef_of(line)


@pytest.mark.parametrize(
    "line",
    [b"a" * 400_000, b"a=" * 200_000, b'a="\\" ' * 70_000, b" " * 400_000 + b"x", b"a " * 200_000],
)
def test_hostile_line_is_read_in_bounded_time(line: bytes):
    started = process_time()
    for read, before in ((pairs_of, b""), (cef_of, b"CEF:0|a|b|c|d|e|f|")):
        try:
            read(before + line)
        except TextError:
            continue
    assert process_time() - started < 2

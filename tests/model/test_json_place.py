"""What a proof says is read in one spelling: what stands between is refused, not looked over."""

import pytest

from workbench.model.json_place import MalformedSignature, Place


@pytest.mark.parametrize("text", ["0g", "0", "0a 0b", " 0a", "0a\n", "0a\x0c0b", "", "０a"])
def test_what_is_no_hexadecimal_is_refused(text: str) -> None:
    with pytest.raises(MalformedSignature):
        Place({"sig": text}, "").hexadecimal("sig")


@pytest.mark.parametrize("text", ["0a0b", "0A0b"])
def test_hexadecimal_is_read(text: str) -> None:
    assert Place({"sig": text}, "").hexadecimal("sig") == b"\x0a\x0b"

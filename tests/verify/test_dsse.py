"""What is signed is the encoding of exactly these bytes."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.verify.dsse import pae, pae_of_model_signing_0_2


def test_the_example_of_the_specification_is_reproduced() -> None:
    encoded = pae("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_lengths_count_bytes_and_not_characters() -> None:
    assert pae("té", "é".encode()) == "DSSEv1 3 té 2 é".encode()


def test_the_form_of_model_signing_0_2_spells_the_bytes_as_python_does() -> None:
    encoded = pae_of_model_signing_0_2("t", b'{\n "a": "\xc3\xa9"}')
    assert encoded == b'DSSEV1 1 t 13 b\'{\\n "a": "\\xc3\\xa9"}\''


@given(st.text(), st.binary(), st.text(), st.binary())
def test_two_payloads_never_share_an_encoding(
    kind: str, payload: bytes, other_kind: str, other: bytes
) -> None:
    same = (kind, payload) == (other_kind, other)
    assert (pae(kind, payload) == pae(other_kind, other)) is same

"""Names of members are shown for what they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.evidence.names import (
    checked_member_name,
    collision_key,
    is_decodable,
    raw_path,
    shown_path,
)


@pytest.mark.parametrize(
    ("name", "shown", "fault"),
    [
        ("log.jsonl", "log.jsonl", None),
        ("./a//b/./c", "a/b/c", None),
        ("…/ü ☃", "…/ü ☃", None),
        ("../../etc/passwd", "[..]/[..]/etc/passwd", "leads out of its folder"),
        ("a/../b", "a/[..]/b", "leads out of its folder"),
        ("/etc/passwd", "[/]etc/passwd", "is absolute"),
        ("C:/windows", "C:/windows", "names a drive"),
        ("c:x", "c:x", "names a drive"),
        ("..\\..\\x", "..[\\]..[\\]x", "holds a backslash"),
        ("a\0.txt", r"a\x00.txt", "holds a NUL"),
        ("caf\udce9", r"caf\xe9", "is not valid UTF-8"),
        ("", "[empty]", "is empty"),
        ("./", "[empty]", "is empty"),
        ("x/", "x", "ends like that of a folder"),
    ],
)
def test_name_is_shown_and_judged(name: str, shown: str, fault: str | None) -> None:
    assert checked_member_name(name) == (shown, fault)


def test_endless_name_is_cut() -> None:
    shown, fault = checked_member_name("n" * 1_000_000)
    assert len(shown) == 4096
    assert fault == "is longer than 4096 characters"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_shown_name_leads_nowhere(name: str) -> None:
    shown, _ = checked_member_name(name)
    assert shown.encode()
    assert "\0" not in shown
    assert not shown.startswith("/")
    assert not {"", ".", ".."} & set(shown.split("/"))


@pytest.mark.parametrize(
    ("one", "other"), [("A.txt", "a.TXT"), ("\u00e9", "e\u0301"), ("ß", "SS"), ("\u212a", "k")]
)
def test_names_that_some_systems_take_for_one_collide(one: str, other: str) -> None:
    assert collision_key(one) == collision_key(other)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("case/log.jsonl", "case/log.jsonl"),
        ("back\\slash/é", "back\\slash/é"),
        ("caf\udce9.txt", r"caf\xe9.txt"),
        (r"caf\xe9.txt", r"caf\\xe9.txt"),
        ("a\\b/caf\udce9\\", r"a\b/caf\xe9\\"),
        ("lone\ud800", r"lone\ud800"),
    ],
)
def test_name_that_is_not_utf8_is_shown_by_its_bytes(path: str, shown: str) -> None:
    assert shown_path(path) == shown
    assert raw_path(shown) == path


ODD = st.text(alphabet=st.sampled_from("axeuf09\\/\0é\udc80\udce9\udcff\ud800\udc05"))


@settings(deadline=None, max_examples=500)
@given(ODD, ODD)
def test_two_names_never_look_the_same(one: str, other: str) -> None:
    assert raw_path(shown_path(one)) == one
    assert (shown_path(one) == shown_path(other)) == (one == other)
    assert is_decodable(shown_path(one))

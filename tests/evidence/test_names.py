"""Names of members are shown for what they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.evidence.names import checked_member_name, collision_key


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
        ("a\0.txt", "a[U+0000].txt", "holds a NUL"),
        ("caf\udce9", "caf[U+DCE9]", "is not valid UTF-8"),
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

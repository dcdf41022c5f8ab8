"""Signed heads: what one states, and what is not one."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Indication
from workbench.sign.head import vkey, write_head
from workbench.verify.heads.head import Head, HeadProblem, judge_head, read_head
from workbench.verify.keys.public import load_public

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NAME = "example.com/audit-log"
ROOT = bytes(range(32))
PROFILE = ("workbench", "ab" * 32)
HEAD = write_head(NAME, 3000, ROOT, ("sha256", bytes(32)), PROFILE, KEY, NAME)


def trust() -> Trust:
    (found,) = load_public(vkey(NAME, KEY.public_key()).encode(), path="key")
    anchor = TrustAnchor(
        NAME,
        found.kind,
        TrustRole.LOG,
        found.fingerprint,
        found.key_fingerprint,
        found.der,
        found.note_name,
    )
    return Trust(at=datetime(2026, 6, 30, tzinfo=UTC), anchors=(anchor,))


def passes(head: Head) -> bool:
    return any(v.indication is Indication.PASSED for v in judge_head(head, trust()))


def stated(*lines: str) -> bytes:
    """Return a note with these lines and a signature line of nobody."""
    text = "".join(f"{line}\n" for line in lines)
    return f"{text}\n\u2014 x {b64encode(bytes(68)).decode()}\n".encode()


def test_a_head_states_what_was_written() -> None:
    head = read_head(HEAD)
    assert isinstance(head, Head)
    assert (head.origin, head.size, head.root) == (NAME, 3000, ROOT)
    assert head.chain_head == ("sha256", bytes(32))
    assert head.profile == PROFILE
    assert head.extensions == ()
    assert HEAD.startswith(head.text)
    (verdict,) = judge_head(head, trust())
    assert (verdict.indication, verdict.covers) == (Indication.PASSED, "head of 3,000 records")


def test_unknown_extensions_are_kept_and_signed() -> None:
    root = b64encode(ROOT).decode()
    head = read_head(stated(NAME, "7", root, "note to all", "profile x sha256:" + "0" * 64, "z"))
    assert isinstance(head, Head)
    assert head.extensions == ("note to all", "z")
    assert head.profile == ("x", "0" * 64)


GOOD_ROOT = b64encode(ROOT).decode()
CHAIN, PROFILED = "chain-head sha256:" + "0" * 64, "profile x sha256:" + "0" * 64
MALFORMED: dict[str, tuple[bytes, str, int | None]] = {
    "no note": (b"hello\n", "blank line", None),
    "no root": (stated(NAME, "7"), "lacks origin", None),
    "empty origin": (stated("", "7", GOOD_ROOT), "A line is empty", 1),
    "leading zero": (stated(NAME, "07", GOOD_ROOT), "number of records", 2),
    "negative": (stated(NAME, "-1", GOOD_ROOT), "number of records", 2),
    "plus": (stated(NAME, "+1", GOOD_ROOT), "number of records", 2),
    "other digits": (stated(NAME, "٣", GOOD_ROOT), "number of records", 2),
    "hexadecimal": (stated(NAME, "0x7", GOOD_ROOT), "number of records", 2),
    "too many": (stated(NAME, "9" * 19, GOOD_ROOT), "number of records", 2),
    "endless": (stated(NAME, "9" * 5000, GOOD_ROOT), "number of records", 2),
    "short root": (stated(NAME, "7", b64encode(bytes(31)).decode()), "not a root", 3),
    "root in hex": (stated(NAME, "7", ROOT.hex()), "not a root", 3),
    "root not padded": (stated(NAME, "7", GOOD_ROOT[:-1]), "not a root", 3),
    "root spelled otherwise": (stated(NAME, "7", GOOD_ROOT[:-2] + "9="), "not a root", 3),
    "a blank line": (stated(NAME, "7", GOOD_ROOT, "", "x"), "A line is empty", 4),
    "two chain heads": (stated(NAME, "7", GOOD_ROOT, CHAIN, CHAIN), "chain-head stands twice", 5),
    "two profiles": (stated(NAME, "7", GOOD_ROOT, PROFILED, PROFILED), "profile stands twice", 5),
    "chain head in capitals": (
        stated(NAME, "7", GOOD_ROOT, "chain-head sha256:" + "AB" * 32),
        "chain-head cannot be understood",
        4,
    ),
    "half a byte": (stated(NAME, "7", GOOD_ROOT, CHAIN + "0"), "cannot be understood", 4),
    "bare chain head": (stated(NAME, "7", GOOD_ROOT, "chain-head"), "cannot be understood", 4),
    "profile with MD5": (
        stated(NAME, "7", GOOD_ROOT, "profile x md5:" + "0" * 32),
        "profile cannot be understood",
        4,
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_no_head_is_a_problem_with_a_place(case: str) -> None:
    data, message, line = MALFORMED[case]
    problem = read_head(data)
    assert isinstance(problem, HeadProblem)
    assert message in problem.message
    assert (problem.line, problem.code) == (line, "FORMAT_FAILURE")


def test_the_largest_size_is_taken() -> None:
    head = read_head(stated(NAME, str(1 << 63), GOOD_ROOT))
    assert isinstance(head, Head)
    assert head.size == 1 << 63


def test_changing_any_byte_of_a_head_leaves_no_passed_signature() -> None:
    """Every bit of every byte; what still reads as a head says the same, or is not PASSED."""
    for place in range(len(HEAD) * 8):
        spoilt = bytearray(HEAD)
        spoilt[place // 8] ^= 1 << place % 8
        head = read_head(bytes(spoilt))
        assert isinstance(head, HeadProblem) or not passes(head), place


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    assert isinstance(read_head(data), HeadProblem)


@given(st.data())
def test_inserting_or_removing_anything_leaves_no_passed_signature(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(HEAD)))
    removed = data.draw(st.integers(0, 3))
    inserted = data.draw(st.binary(max_size=3))
    spoilt = HEAD[:place] + inserted + HEAD[place + removed :]
    head = read_head(spoilt)
    assert spoilt == HEAD or isinstance(head, HeadProblem) or not passes(head)

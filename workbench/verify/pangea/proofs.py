"""Proofs of the Pangea Secure Audit Log: a node is the SHA-256 of its two children, no more."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.evidence.strict_json import JsonValue

_HASH = re.compile(r"[0-9a-f]{64}")
_STEP = re.compile(r"([lr]):([0-9a-f]{64})")
_START = re.compile(r"x:([0-9a-f]{64})")
_MOST_STEPS = 256
MOST_LEAVES = 1 << 63


@dataclass(frozen=True, slots=True)
class Turn:
    """One step up: the other child, and whether it is the left one."""

    left: bool
    other: bytes


def canonical(value: JsonValue) -> bytes | None:
    """Return a value as it is hashed and signed; None where it is no text."""
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
        )
        return text.encode()
    except (ValueError, UnicodeEncodeError):
        return None


def digest_in(text: object) -> bytes | None:
    """Return the digest that a text is, 64 lower hex digits, or None."""
    return bytes.fromhex(text) if isinstance(text, str) and _HASH.fullmatch(text) else None


def read_membership(text: object) -> tuple[Turn, ...] | None:
    """Return the steps of a membership proof, or None where it is none."""
    if not isinstance(text, str):
        return None
    steps = [_STEP.fullmatch(part) for part in text.split(",")] if text else []
    whole = [step for step in steps if step is not None]
    if len(whole) < len(steps) or len(whole) > _MOST_STEPS:
        return None
    return tuple(Turn(step[1] == "l", bytes.fromhex(step[2])) for step in whole)


def climb(node: bytes, turns: Sequence[Turn]) -> bytes:
    """Return the root to which a node and its proof lead."""
    for turn in turns:
        pair = turn.other + node if turn.left else node + turn.other
        node = hashlib.sha256(pair).digest()
    return node


def previous_root(parts: object, root: bytes) -> bytes | None:
    """Return the root before the newest leaf, as a consistency proof gives it, or None.

    Each part is a node of the older tree with its way up to the newer root; all have to lead
    there, and together, from the smallest up, they make the older root.
    """
    if not isinstance(parts, list) or not parts or len(parts) > _MOST_STEPS:
        return None
    older = b""
    for part in parts:
        start, _, way = part.partition(",") if isinstance(part, str) else ("", "", "")
        node, turns = _START.fullmatch(start), read_membership(way)
        if node is None or turns is None:
            return None
        value = bytes.fromhex(node[1])
        if climb(value, turns) != root:
            return None
        older = hashlib.sha256(value + older).digest() if older else value
    return older


def sides(index: int, size: int) -> list[bool]:
    """Return for each step up from leaf ``index`` whether the other child is the left one."""
    found: list[bool] = []
    while size > 1:
        cut = 1 << (size - 1).bit_length() - 1
        left = index >= cut
        found.append(left)
        index, size = (index - cut, size - cut) if left else (index, cut)
    return found[::-1]


def stands_at(turns: Sequence[Turn], index: int, size: int) -> bool:
    """Tell whether a proof goes up as from leaf ``index``; a leaf holds a small tree of events."""
    if not 0 <= index < size <= MOST_LEAVES:
        return False
    way = sides(index, size)
    return [turn.left for turn in turns][len(turns) - len(way) :] == way

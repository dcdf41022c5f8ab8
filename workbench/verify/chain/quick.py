"""The fast way through canonical lines: it proves the same as the exact way, or says nothing.

``orjson`` parses a line and writes it back with its members sorted; where that gives the very same
bytes, the line is canonical and no name stands twice. The digest is over the line without its own
member. Everything else (exponents, big numbers, depth, any doubt) is left to the exact way.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import orjson

from workbench.evidence.limits import LIMITS
from workbench.model.profile import ChainProfile
from workbench.model.recipe import Algorithm, JsonObject, JsonStyle, Numbers
from workbench.verify.chain.facts import Facts

MOST_NUMBER = 10**18
_COMMA = 0x2C
#: A shorter line cannot be nested deeper than the limit.
_SHALLOW = 2 * LIMITS.json_depth
_SORTED = orjson.OPT_SORT_KEYS


class QuickPath:
    """Runs over good records of one profile."""

    def __init__(self, profile: ChainProfile) -> None:
        fields = profile.fields
        named = (fields.own, fields.previous or ("",), fields.sequence or ("",))
        own, previous, sequence = (name[0] for name in named)
        time = (fields.time or ("",))[0]
        self._names = own, previous, sequence, time, b'"%b":"' % own.encode()

    def run(
        self, lines: Sequence[bytes], at: int, before: Facts, limit: int
    ) -> tuple[int, int, Facts]:
        """Return how many lines from ``at`` on surely follow ``before``, their bytes, the end.

        A cut at another occurrence of the member than its own would leave the digest within what
        is hashed, and nobody can make a digest that its own text goes into.
        """
        own, number, time, start, length = before.own, before.sequence, before.time, at, 0
        if before.problem or own is None or number is None or type(time) is not str:
            return 0, 0, before
        loads, dumps, sha256, most = (
            orjson.loads,
            orjson.dumps,
            hashlib.sha256,
            min(limit, _SHALLOW),
        )
        own_name, previous_name, sequence_name, time_name, member = self._names
        width = len(time) if time[-1:] == "Z" and number < MOST_NUMBER - len(lines) else -1
        for raw in islice(lines, at, None):
            try:
                record = loads(raw)
                stored, said = record[own_name], record[time_name]
                left, found, right = raw.partition(member + stored.encode() + b'"')
                bare = left + right[1:] if right[0] == _COMMA else left[:-1] + right
                count = record[sequence_name]
                linked = record[previous_name] == own and count == number + 1 and type(count) is int
                timed = (
                    type(said) is str and len(said) == width and said[-1] == "Z" and said >= time
                )
                digest = sha256(bare).hexdigest() if found and linked and timed else ""
                good = digest == stored and dumps(record, option=_SORTED) == raw
            except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                break
            if not (good and (len(raw) <= most or _plain(raw, limit))):
                break
            own, time, number, at = stored, said, number + 1, at + 1
            length += len(raw) + 1
        return at - start, length, Facts(own, before.previous, number, time)


def _plain(raw: bytes, limit: int) -> bool:
    """Tell whether a line is within the limits of size and depth."""
    return len(raw) <= limit and raw.count(b"{") + raw.count(b"[") <= LIMITS.json_depth


def quick_path(profile: ChainProfile) -> QuickPath | None:
    """Return the fast way for a profile, or None where there is none."""
    style = JsonStyle(ensure_ascii=False, numbers=Numbers.AS_SPELLED)
    fields, digest = profile.fields, profile.digest
    named = (fields.own, fields.previous, fields.sequence, fields.time)
    fast = (
        profile.line_form == "canonical"
        and profile.preimage == (JsonObject(exclude=fields.own, style=style),)
        and digest == replace(digest, algorithm=Algorithm.SHA256, key=None, prefix="", length=None)
        and digest.encoding == "hex"
        and profile.sequence.gap_free
        and not profile.seals
        and all(name is not None and len(name) == 1 for name in named)
    )
    return QuickPath(profile) if fast else None

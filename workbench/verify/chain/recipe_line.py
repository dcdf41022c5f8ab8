"""The recipe of a chain as one line of Python, which anyone can run on the log without us.

Not every recipe is short enough for that: then ``formula_of`` gives None and the trail says so.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.model.profile import ChainProfile, ColumnType, Container, ContainerKind
from workbench.model.recipe import FieldText, JsonObject, Name
from workbench.verify.by_hand import because, define, python, text_of
from workbench.verify.chain.digests import encode
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.members import is_spelled
from workbench.verify.chain.python_json import SPELLED
from workbench.verify.chain.reading import TABLE, MalformedError
from workbench.verify.chain.recipe_forward import NOT_KNOWN, forward_code, is_forward_line
from workbench.verify.chain.recipe_link import GIVEN, link_code
from workbench.verify.chain.recipe_parts import (
    HASHES,
    digest_code,
    key_code,
    needed_code,
    preimage_code,
    without_own_code,
)
from workbench.verify.chain.survey import Survey
from workbench.verify.chain.times import moment

#: The records of a log by lines, as ``frame`` cuts them: no mark, no line end, no blank line.
LINES = (
    "l = [x.removesuffix(b'\\r') for x in open(sys.argv[1], 'rb').read()"
    ".removeprefix(b'\\xef\\xbb\\xbf').split(b'\\n') if x.strip()]"
)

#: More broken records than these are not counted by a command.
MOST_BROKEN = 200

_TOO_LONG = (
    "No command: the recipe of this log is too long for a line of Python. It is shown in words by "
    "the step itself, and in full by the profile file."
)


@dataclass(frozen=True, slots=True)
class Formula:
    """Python that defines ``l``, the records; ``o``, ``p`` and ``d`` of a record.

    Attributes:
        code: the definitions: ``o`` stored digest, ``p`` stored previous digest, ``d`` the
            digest recomputed.
        links: whether ``p`` is there and a record follows the one before it in the file.
    """

    code: str
    links: bool


def formula_of(seen: Survey, engine: Engine) -> Formula | None:
    """Return the recipe of a log in Python; None where it is too long for a line."""
    profile = seen.log.profile
    if profile.digest.forward:
        if not is_forward_line(profile):
            return None
        code = [*_keys(engine), *forward_code(profile, LINES)]
        return Formula("; ".join([_modules(code), *code]), links=False)
    if not _is_plain(profile) or not _is_in_plain_container(seen):
        return None
    previous, table = profile.fields.previous, seen.log.container == TABLE
    record = "json.loads(x)" if engine.canonical else "x"
    given = [] if previous else link_code(profile)
    data = _data(seen, engine)
    if data is None or given is None:
        return None
    needed = [] if engine.canonical else needed_code(profile.preimage)
    listed = f"[{', '.join(data)}]"
    link = f"{record}{_at(previous)}" if previous else f"x{GIVEN}"
    code = [
        _records(seen, raw=engine.canonical),
        *_keys(engine),
        *needed,
        f"o = lambda x: {record}{_at(profile.fields.own)}",
        *given,
        f"p = lambda x: {link}",
        f"t = lambda x: {data[0] if len(data) == 1 else listed}",
        *_computed(digest_code(profile.digest), several=len(data) > 1),
    ]
    linked = bool(previous) and not profile.fields.partition and not table
    return Formula("; ".join([_modules(code), *code]), links=linked)


def _computed(digest: str, *, several: bool) -> list[str]:
    """Return the definition of ``d``: of several recipes, by the one that gives what is stored."""
    if not several:
        return [f"d = lambda x: (lambda b: {digest})(t(x))"]
    return [
        f"D = lambda x: [{digest} for b in t(x)]",
        "d = lambda x: (lambda c: o(x) if o(x) in c else c[0])(D(x))",
    ]


def _data(seen: Survey, engine: Engine) -> list[str] | None:
    """Return code for what the digest is over, by each recipe that the log may follow."""
    profile = seen.log.profile
    if engine.canonical:
        plain = seen.document is None and not profile.digest.key
        found = [without_own_code(profile) if plain else None]
    else:
        recipes = [profile.preimage, *(version.preimage for version in profile.versions)]
        found = [preimage_code(recipe, profile) for recipe in recipes]
    return None if None in found else [one for one in found if one is not None]


def _is_in_plain_container(seen: Survey) -> bool:
    """Tell whether a line of Python reads the records out of the file."""
    container = seen.log.profile.container
    if container.entry:
        return False
    if seen.log.container == TABLE:
        return _is_plain_table(seen)
    return container.kind in {ContainerKind.JSONL, ContainerKind.JSON_ARRAY}


def _is_plain_table(seen: Survey) -> bool:
    """Tell whether a table has a row of names, cells in quotes, and types that JSON reads."""
    container = seen.log.profile.container
    if not container.header or not container.quoted or len(container.delimiter) != 1:
        return False
    if any(kind is ColumnType.BOOLEAN for _, kind in container.types):
        return False
    spelled = any(is_spelled(part) for part in seen.log.profile.preimage)
    first = seen.record(1) if seen.records else None
    return not spelled and first is not None and b"\\x" not in first[1]


def _modules(code: Sequence[str]) -> str:
    """Return the import of what the code needs."""
    names = ("base64", "datetime", "decimal", "hashlib", "hmac", "itertools", "json", "re")
    used = [name for name in names if any(f"{name}." in line for line in code)]
    return f"import {', '.join(sorted([*used, 'sys']))}"


def _keys(engine: Engine) -> list[str]:
    key = engine.profile.digest.key
    return [] if key is None else key_code(key, [name for name, _ in engine.secrets.by])


def whole_chain(seen: Survey, engine: Engine) -> tuple[str, str]:
    """Return the command that counts digests and links that hold, and what it prints."""
    formula = formula_of(seen, engine)
    if formula is None:
        return because(_TOO_LONG), ""
    bad = sorted({one.first for one in seen.stretches if one.problem} | seen.relinked.keys())
    digests = [_digests(seen, engine, number) for number in bad[:MOST_BROKEN]]
    if seen.overflow or len(bad) > MOST_BROKEN or None in digests:
        return because("No command: records cannot be parsed, or too many broke to be counted."), ""
    right = seen.records - sum(found[0] != found[1] for found in digests if found)
    code = "print(sum(o(x) == d(x) for x in l), 'of', len(l), 'digests')"
    said = f"{right} of {seen.records} digests"
    if formula.links and seen.records:
        code += "; n = sum(o(a) == p(b) for a, b in zip(l, l[1:]))"
        code += "; print(n, 'of', len(l) - 1, 'links')"
        torn = sum(a.tail.own != b.head.previous for a, b in pairwise(seen.stretches))
        said += f"\n{seen.records - 1 - torn} of {seen.records - 1} links"
    return "\n".join((*_key(seen), define("R", formula.code), _run(code, seen))), said


def one_record(seen: Survey, engine: Engine, number: int) -> tuple[str, str]:
    """Return the command for the digest of one record, and what it prints: stored, recomputed.

    It goes on from what ``whole_chain`` has defined.
    """
    formula, digests = formula_of(seen, engine), _digests(seen, engine, number)
    if formula is None:
        return because(_TOO_LONG), ""
    if digests is None or not whole_chain(seen, engine)[1]:
        return because("No command: this record, or another one, cannot be parsed."), ""
    code = f"x = l[{number - 1}]; print(o(x)); print(d(x))"
    return _run(code, seen), "\n".join(digests)


def _digests(seen: Survey, engine: Engine, number: int) -> tuple[str, str] | None:
    """Return the stored digest of a record and the one that the formula gives, as far as both."""
    place = seen.record(number)
    try:
        record = engine.parse(place[1]) if place and place[1] else {}
    except MalformedError:
        return None
    own = engine.own(record)
    if place is None or own is None or _has_odd_time(seen.log.profile, record):
        return None
    if engine.implicit:
        return _followed(seen, engine, number, own)
    if not engine.canonical:
        computed = engine.recompute(record, place[1])
        return None if computed is None else (own, computed)
    member = f'"{seen.log.profile.fields.own[0]}":"{own}"'.encode()
    bare = place[1].replace(member + b",", b"").replace(b"," + member, b"")
    recipe = seen.log.profile.digest
    made = hashlib.new(HASHES[recipe.algorithm], bare).digest()
    return own, encode(made, recipe)


def _followed(seen: Survey, engine: Engine, number: int, own: str) -> tuple[str, str] | None:
    """Return both digests of a record that rests on those before it: as they were gone over."""
    if number in seen.relinked:
        computed: str | None = seen.relinked[number]
    else:
        bad = (one.head for one in seen.stretches if one.problem and one.first == number)
        computed = next((head.recomputed for head in bad), own)
    if computed is None and engine.forward:
        computed = NOT_KNOWN
    return None if computed is None else (own, computed)


def _key(seen: Survey) -> list[str]:
    key = seen.log.profile.digest.key
    if key is None:
        return []
    told = "# SECRET: put here the name of the file with the shared secret"
    if key.by is not None:
        told = because(
            "SECRET: put here how the names of the files with the secrets begin; a dash follows, "
            f"and what {'.'.join(key.by)} says of a record"
        )
    return [told, "K=SECRET"]


def _run(code: str, seen: Survey) -> str:
    arguments = ['"$F"', '"$K"'] if seen.log.profile.digest.key else ['"$F"']
    return python(code, *arguments, after="R")


def _records(seen: Survey, *, raw: bool) -> str:
    """Return code for ``l``: the lines as they are, or the records parsed."""
    spelled = not raw and any(is_spelled(part) for part in seen.log.profile.preimage)
    exact = ", parse_int=N, parse_float=N" if spelled else ""
    before = f"{SPELLED}; " if spelled else ""
    if seen.log.container == TABLE:
        return _rows(seen.log.profile.container)
    if seen.document is None:
        return LINES if raw else f"{before}{LINES}; l = [json.loads(x{exact}) for x in l]"
    text = "open(sys.argv[1], 'rb').read().decode('utf-8-sig')"
    return f"{before}l = json.loads({text}{exact}){_at(seen.log.path or ())}"


def _rows(container: Container) -> str:
    """Return code for the rows of a table; a cell that is empty without quotes is null."""
    mark = re.escape(container.delimiter)
    pattern = f'("(?:[^"]|"")*"|[^{mark}\\r\\n]*)({mark}|\\r?\\n|$)'
    typed = ", ".join(text_of(name) for name, _ in container.types)
    return (
        "t = open(sys.argv[1], 'rb').read().decode('utf-8-sig'); "
        "c = lambda s: None if s in ('', '\\\\N') else "
        "s[1:-1].replace('\x22\x22', '\x22') if s[:1] == '\x22' else s; "
        f"r = [[]]; [r[-1].append(c(a)) or b == {text_of(container.delimiter)} or r.append([]) "
        f"for a, b in re.findall({text_of(pattern)}, t)]; "
        f"j = lambda n, v: json.loads(v) if v and n in [{typed}] else v; "
        "l = [{n: j(n, v) for n, v in zip(r[0], y)} for y in r[1:] if len(y) == len(r[0])]"
    )


def _is_plain(profile: ChainProfile) -> bool:
    """Tell whether Python has the hash, and which of several recipes a record follows shows."""
    several = profile.versions
    written = any(isinstance(p, JsonObject) for version in several for p in version.preimage)
    named = profile.version_field is not None or any(version.digest for version in several)
    by = None if profile.digest.key is None else profile.digest.key.by
    one = by is None or len(by) == 1
    return profile.digest.algorithm in HASHES and one and not (written or named)


def _has_odd_time(profile: ChainProfile, record: Mapping[str, object]) -> bool:
    """Tell whether a time that is written anew cannot be read: the line of Python would stop."""
    named = [n for p in profile.preimage if isinstance(p, JsonObject) for n, _ in p.times]
    fields = (p for p in profile.preimage if isinstance(p, FieldText) and p.rendering.time)
    values = [record.get(name) for name in (*named, *(p.name[0] for p in fields))]
    return any(isinstance(v, str) and moment(v) is None for v in values)


def _at(name: Name) -> str:
    return "".join(f"[{text_of(part)}]" for part in name)

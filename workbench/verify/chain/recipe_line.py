"""The recipe of a chain as one line of Python, which anyone can run on the log without us.

Not every recipe is short enough for that: then ``python_of`` is None and the trail says so.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.model.profile import ChainProfile, ColumnType, Container, ContainerKind
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    FieldText,
    JsonObject,
    Key,
    KeyEncoding,
    LengthPrefix,
    Literal,
    Name,
    Part,
    Previous,
    PreviousForm,
    Rendering,
)
from workbench.verify.by_hand import because, define, python, text_of
from workbench.verify.chain.digests import encode
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.members import is_spelled
from workbench.verify.chain.python_json import (
    IS_TIME,
    SPELLED,
    TIME,
    definitions,
    time_of,
    written,
)
from workbench.verify.chain.reading import TABLE, MalformedError
from workbench.verify.chain.survey import Survey
from workbench.verify.chain.times import moment

#: The records of a log by lines, as ``frame`` cuts them: no mark, no line end, no blank line.
LINES = (
    "l = [x.removesuffix(b'\\r') for x in open(sys.argv[1], 'rb').read()"
    ".removeprefix(b'\\xef\\xbb\\xbf').split(b'\\n') if x.strip()]"
)

_READ_KEY = "k = open(sys.argv[2], 'rb').read().removesuffix(b'\\n')"

#: More broken records than these are not counted by a command.
MOST_BROKEN = 200

_TOO_LONG = (
    "No command: the recipe of this log is too long for a line of Python. It is shown in words by "
    "the step itself, and in full by the profile file."
)

_HASHES = {
    Algorithm.SHA256: "sha256",
    Algorithm.SHA512: "sha512",
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}


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
    container = profile.container
    table = seen.log.container == TABLE
    lines = container.kind in {ContainerKind.JSONL, ContainerKind.JSON_ARRAY}
    if not (_is_plain_table(seen) if table else lines):
        return None
    if container.entry or profile.versions or not _is_plain(profile.digest):
        return None
    if engine.canonical:
        data = _without_own(profile) if seen.document is None and not profile.digest.key else None
    else:
        data = _preimage(profile)
    if data is None:
        return None
    previous = profile.fields.previous
    record = "json.loads(x)" if engine.canonical else "x"
    needed = [] if engine.canonical else _needed(profile)
    modules = _modules([*needed, "re." if table else ""])
    code = [
        f"import {modules}; {_records(seen, raw=engine.canonical)}",
        *([_read_key(profile.digest.key)] if profile.digest.key else []),
        *needed,
        f"o = lambda x: {record}{_at(profile.fields.own)}",
        *([f"p = lambda x: {record}{_at(previous)}"] if previous else []),
        f"t = lambda x: {data}",
        f"d = lambda x: {_digest(profile.digest)}",
    ]
    linked = bool(previous) and not profile.fields.partition and not table
    return Formula("; ".join(code), links=linked)


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


def _modules(needed: Sequence[str]) -> str:
    more = [n for n in ("datetime", "decimal", "re") if any(f"{n}." in line for line in needed)]
    return ", ".join(sorted(["base64", "hashlib", "hmac", "json", "sys", *more]))


def _read_key(key: Key) -> str:
    """Return code for ``k``, the secret, as its file means it."""
    return {
        KeyEncoding.TEXT: _READ_KEY,
        KeyEncoding.HEX: f"{_READ_KEY}; k = bytes.fromhex(k.decode())",
        KeyEncoding.BASE64: f"{_READ_KEY}; k = base64.b64decode(k)",
    }[key.encoding]


def whole_chain(seen: Survey, engine: Engine) -> tuple[str, str]:
    """Return the command that counts digests and links that hold, and what it prints."""
    formula = formula_of(seen, engine)
    if formula is None:
        return because(_TOO_LONG), ""
    bad = [stretch.first for stretch in seen.stretches if stretch.problem]
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
    if not engine.canonical:
        computed = engine.recompute(record, place[1])
        return None if computed is None else (own, computed)
    member = f'"{seen.log.profile.fields.own[0]}":"{own}"'.encode()
    bare = place[1].replace(member + b",", b"").replace(b"," + member, b"")
    recipe = seen.log.profile.digest
    made = hashlib.new(_HASHES[recipe.algorithm], bare).digest()
    return own, encode(made, recipe)


def _key(seen: Survey) -> list[str]:
    keyed = seen.log.profile.digest.key is not None
    return (
        ["# SECRET: put here the name of the file with the shared secret", "K=SECRET"]
        if keyed
        else []
    )


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


def _is_plain(digest: DigestRecipe) -> bool:
    one = digest.key is None or digest.key.by is None
    return digest.algorithm in _HASHES and one and not digest.forward


def _digest(digest: DigestRecipe) -> str:
    """Return code for the digest of ``t(x)`` as the log writes it."""
    name = _HASHES[digest.algorithm]
    made = f"hashlib.{name}(t(x))"
    if digest.key is not None:
        made = f"hmac.new(k, t(x), '{name}')"
    written = {
        Encoding.HEX: f"{made}.hexdigest()",
        Encoding.UPPER_HEX: f"{made}.hexdigest().upper()",
        Encoding.BASE64: f"base64.b64encode({made}.digest()).decode()",
    }[digest.encoding]
    prefix = f"{text_of(digest.prefix)} + " if digest.prefix else ""
    return f"{prefix}{written}" + (f"[:{digest.length}]" if digest.length is not None else "")


def _without_own(profile: ChainProfile) -> str | None:
    """Return code for a canonical record without its own member, byte for byte."""
    (name, *deeper) = profile.fields.own
    if deeper:
        return None
    member = f"({text_of(chr(34) + name + chr(34) + ':' + chr(34))} + o(x) + '\\x22').encode()"
    return f"(lambda m: x.replace(m + b',', b'').replace(b',' + m, b''))({member})"


def _preimage(profile: ChainProfile) -> str | None:
    parts = [_part(part, profile) for part in profile.preimage]
    return None if not parts or None in parts else " + ".join(filter(None, parts))


def _part(part: Part, profile: ChainProfile) -> str | None:
    """Return code for the bytes of one part of the preimage; None where none is short."""
    bare = _bare(part, profile)
    match part.length_prefix:
        case LengthPrefix.NONE:
            return bare
        case LengthPrefix.U32BE | LengthPrefix.U64BE:
            width = 4 if part.length_prefix is LengthPrefix.U32BE else 8
            return bare and f"(lambda b: len(b).to_bytes({width}, 'big') + b)({bare})"
        case LengthPrefix.NETSTRING:
            return bare and f"(lambda b: b'%d:%b,' % (len(b), b))({bare})"


def _bare(part: Part, profile: ChainProfile) -> str | None:
    stored = profile.fields.previous is not None
    match part:
        case Literal(value=value):
            return repr(value)
        case Previous(form=PreviousForm.TEXT, seed=None) if stored:
            return "(p(x) or '').encode()"
        case Previous(form=PreviousForm.TEXT, seed=(seed,)) if stored:
            return f"(x.get({text_of(seed)}) or '' if p(x) is None else p(x)).encode()"
        case Previous(form=PreviousForm.RAW) if stored:
            digest = profile.digest
            text = "(p(x) or '')"
            text += f".removeprefix({text_of(digest.prefix)})" if digest.prefix else ""
            is_base64 = digest.encoding is Encoding.BASE64
            return f"base64.b64decode({text})" if is_base64 else f"bytes.fromhex({text})"
        case FieldText(name=(name,)):
            return _field(name, part.rendering)
        case JsonObject():
            return written(part)
        case _:
            return None


def _field(name: str, style: Rendering) -> str | None:
    """Return code for the text of one field."""
    plain = f"{text_of(style.null)} if v is None else v if isinstance(v, str) else json.dumps(v)"
    if style.time is not None:
        time = time_of(style.time, "v")
        if time is None:
            return None
        plain = f"{time} if {IS_TIME} else {plain}"
    return f"(lambda v: {plain})(x.get({text_of(name)})).encode()"


def _needed(profile: ChainProfile) -> list[str]:
    """Return the definitions that the parts of a preimage go on from, each once."""
    found = dict.fromkeys(
        line
        for part in profile.preimage
        if isinstance(part, JsonObject)
        for line in definitions(part)
    )
    timed = any(isinstance(p, FieldText) and p.rendering.time for p in profile.preimage)
    return list(found | dict.fromkeys([TIME] if timed else []))


def _has_odd_time(profile: ChainProfile, record: Mapping[str, object]) -> bool:
    """Tell whether a time that is written anew cannot be read: the line of Python would stop."""
    named = [n for p in profile.preimage if isinstance(p, JsonObject) for n, _ in p.times]
    fields = (p for p in profile.preimage if isinstance(p, FieldText) and p.rendering.time)
    values = [record.get(name) for name in (*named, *(p.name[0] for p in fields))]
    return any(isinstance(v, str) and moment(v) is None for v in values)


def _at(name: Name) -> str:
    return "".join(f"[{text_of(part)}]" for part in name)

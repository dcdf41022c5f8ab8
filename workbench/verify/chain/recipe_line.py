"""The recipe of a chain as one line of Python, which anyone can run on the log without us.

Not every recipe is short enough for that: then ``python_of`` is None and the trail says so.
"""

import hashlib
from dataclasses import dataclass
from itertools import pairwise

from workbench.model.profile import ChainProfile, ContainerKind
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    JsonObject,
    KeyEncoding,
    Literal,
    Missing,
    Name,
    Numbers,
    Part,
    Previous,
    PreviousForm,
    Sort,
)
from workbench.verify.by_hand import because, define, python, text_of
from workbench.verify.chain.digests import encode
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.reading import MalformedError
from workbench.verify.chain.survey import Survey

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
    lines = profile.container.kind in {ContainerKind.JSONL, ContainerKind.JSON_ARRAY}
    if not lines or profile.container.entry or profile.versions or not _is_plain(profile.digest):
        return None
    if engine.canonical:
        data = _without_own(profile) if seen.document is None and not profile.digest.key else None
    else:
        data = _preimage(profile)
    if data is None:
        return None
    previous = profile.fields.previous
    record = "json.loads(x)" if engine.canonical else "x"
    code = [
        f"import base64, hashlib, hmac, json, sys; {_records(seen, raw=engine.canonical)}",
        *([_READ_KEY] if profile.digest.key else []),
        f"o = lambda x: {record}{_at(profile.fields.own)}",
        *([f"p = lambda x: {record}{_at(previous)}"] if previous else []),
        f"t = lambda x: {data}",
        f"d = lambda x: {_digest(profile.digest)}",
    ]
    return Formula("; ".join(code), links=bool(previous) and not profile.fields.partition)


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
    if place is None or own is None:
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
    if seen.document is None:
        return LINES if raw else f"{LINES}; l = [json.loads(x) for x in l]"
    text = "open(sys.argv[1], 'rb').read().decode('utf-8-sig')"
    return f"l = json.loads({text}){_at(seen.log.path or ())}"


def _is_plain(digest: DigestRecipe) -> bool:
    key = digest.key
    text = key is None or (key.encoding is KeyEncoding.TEXT and key.by is None)
    return digest.algorithm in _HASHES and text and not digest.forward


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
    if part.length_prefix != "none":
        return None
    match part:
        case Literal(value=value):
            return repr(value)
        case Previous(form=PreviousForm.TEXT, seed=None) if profile.fields.previous:
            return "(p(x) or '').encode()"
        case JsonObject() if _is_usual(part):
            return f"json.dumps({_object(part)}, {_arguments(part)}).encode()"
        case _:
            return None


def _is_usual(part: JsonObject) -> bool:
    style = part.style
    known = style.numbers is Numbers.PYTHON and style.sort is Sort.CODE_POINT and style.keep_nulls
    known = known and not (style.listed or part.times)
    return known and not part.rename and part.missing is Missing.REFUSED


def _object(part: JsonObject) -> str:
    """Return code for the object that is written as JSON."""
    if part.include is not None:
        names = ", ".join(text_of(name) for name in part.include)
        rest = f"{{n: x[n] for n in [{names}]}}"
    else:
        names = ", ".join(text_of(name) for name in part.exclude)
        rest = f"{{n: v for n, v in x.items() if n not in [{names}]}}"
    if not part.wrap:
        return rest
    sources = {"$rest": rest, "$previous": "p(x)"}
    pairs = (f"{text_of(n)}: {sources.get(s, f'x.get({text_of(s)})')}" for n, s in part.wrap)
    return f"{{{', '.join(pairs)}}}"


def _arguments(part: JsonObject) -> str:
    style = part.style
    separators = f"({text_of(style.item_separator)}, {text_of(style.key_separator)})"
    return f"sort_keys=True, separators={separators}, ensure_ascii={style.ensure_ascii}"


def _at(name: Name) -> str:
    return "".join(f"[{text_of(part)}]" for part in name)

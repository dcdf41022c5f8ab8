"""Digests of drawn recipes, written plainly from the lists: nothing of the product is used."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import blake3

from tests.verify.infer.lists import Fields, Json, Preimage, Recipe

NAMES = {"sha3-256": "sha3_256"}
Record = dict[str, object]


class Spelled(str):
    """A number as it is spelled in the log."""

    __slots__ = ()


@dataclass(frozen=True)
class Linked:
    """A record with its place in the chain: what stands for the previous digest, and its bytes."""

    record: Record
    previous: str | None
    line: bytes


def digest_text(recipe: Recipe, data: bytes, key: bytes) -> str:
    """Return the digest of some bytes as the log shows it."""
    return shown(recipe, digest(recipe, data, key))


def digest(recipe: Recipe, data: bytes, key: bytes) -> bytes:
    name = NAMES.get(recipe.algorithm, recipe.algorithm)
    if recipe.key is not None:
        return hmac.new(key, data, name).digest()
    if name == "blake3":
        return blake3.blake3(data).digest()
    return hashlib.new(name, data).digest()


def shown(recipe: Recipe, raw: bytes) -> str:
    """Return bytes of a digest as the log shows them."""
    text = b64encode(raw).decode() if recipe.encoding == "base64" else raw.hex()
    text = text.upper() if recipe.encoding == "upper-hex" else text
    return recipe.prefix + text[: recipe.length]


def bytes_shown(recipe: Recipe, text: str) -> bytes:
    """Return the bytes that the log shows of a digest."""
    bare = text.removeprefix(recipe.prefix)
    return b64decode(bare) if recipe.encoding == "base64" else bytes.fromhex(bare)


def preimage(recipe: Recipe, made: Preimage, at: Linked) -> bytes:
    """Return the bytes that the digest of a record is over."""
    link = _link(recipe, made, at)
    parts = _parts(recipe, made, at)
    before, after = made.place.startswith("before"), made.place.startswith("after")
    if made.fields.measure and made.shape == "fields" and made.fields.measured_link:
        link = measured(link, made.fields.measure)
    parts = [*([link] if before else []), *parts, *([link] if after else [])]
    return made.fields.mark * (made.shape == "fields") + _separator(made).join(parts)


def _separator(made: Preimage) -> bytes:
    return made.fields.separator.encode()


def _link(recipe: Recipe, made: Preimage, at: Linked) -> bytes:
    text = at.previous or ""
    return bytes_shown(recipe, text) if made.form == "raw" else text.encode()


def _parts(recipe: Recipe, made: Preimage, at: Linked) -> list[bytes]:
    match made.shape:
        case "line":
            return [_line(recipe, made.own, at)]
        case "json":
            return [_json(recipe, made, at)]
        case _:
            return _texts(made.fields, at.record)


def _line(recipe: Recipe, how: str, at: Linked) -> bytes:
    """Return the line without its digest: it was made with the text ``@`` in its place."""
    name = recipe.own.encode()
    for text in (b' %b="@"' % name, b" %b=@" % name):
        if text in at.line:
            return at.line.replace(text, b"")
    member = b'"%b": "@"' % name
    if how == "blanked":
        return at.line.replace(member, b'"%b": ""' % name)
    if b", " + member in at.line:
        return at.line.replace(b", " + member, b"")
    return at.line.replace(member + b", ", b"")


def measured(data: bytes, how: str) -> bytes:
    if how == "netstring":
        return str(len(data)).encode() + b":" + data + b","
    return len(data).to_bytes(4, "big") + data


def _texts(fields: Fields, record: Record) -> list[bytes]:
    texts = [text_of(at(record, name), name, fields).encode() for name in fields.names]
    return [measured(text, fields.measure) if fields.measure else text for text in texts]


def at(record: Mapping[str, object], name: tuple[str, ...]) -> object:
    value: object = record
    for part in name:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def text_of(value: object, name: tuple[str, ...], fields: Fields) -> str:
    """Return a value as text: what is no text as plain JSON."""
    if value is None:
        return fields.null
    if name[-1] == "ts" and fields.time is not None:
        return time_text(str(value), fields.time)
    if isinstance(value, Spelled):
        number = float(value) if set(value) & set(".eE") else int(value)
        return json.dumps(number)
    return value if isinstance(value, str) else json.dumps(_plain(value))


def _plain(value: object) -> object:
    if isinstance(value, Spelled):
        return float(value) if set(value) & set(".eE") else int(value)
    if isinstance(value, dict):
        return {name: _plain(below) for name, below in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def time_text(text: str, style: str) -> str:
    """Return a time in another style: a unit since the epoch, or between.digits.zone."""
    when = datetime.fromisoformat(text).astimezone(UTC)
    micros = round((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 10**6)
    if style in {"s", "ms", "ns"}:
        return str({"s": micros // 10**6, "ms": micros // 1000, "ns": micros * 1000}[style])
    between, digits, zone = style.split(".")
    fraction = f"{micros % 10**6:06}"[: int(digits)]
    return f"{when:%Y-%m-%d}{between}{when:%H:%M:%S}.{fraction}{zone}"


def _json(recipe: Recipe, made: Preimage, linked: Linked) -> bytes:
    style, record = made.json, dict(linked.record)
    record.pop(recipe.own, None)
    if not made.inside or style.wrap:
        record.pop(recipe.previous, None)
    if style.members == "include":
        names = [*style.names]
        if recipe.previous in record:
            names.insert(style.place % (len(names) + 1), recipe.previous)
        kept = {name: record.get(name) for name in names if name in record}
        if style.sort == "file":
            kept = {name: value for name, value in record.items() if name in kept}
    else:
        kept = {name: value for name, value in record.items() if name not in style.names}
    if not style.keep_nulls:
        kept = {name: value for name, value in kept.items() if value is not None}
    value: object = kept
    if style.wrap:
        sources = {"$previous": linked.previous, "$rest": kept}
        value = {name: sources[source] for name, source in style.wrap}
    return written(value, style, top=True).encode()


def written(value: object, style: Json, *, top: bool = False) -> str:
    """Return a value as JSON in a style."""
    if isinstance(value, Spelled):
        return _number(value, style.numbers)
    if isinstance(value, dict):
        pairs = [(n, written(below, style)) for n, below in value.items()]
        if style.sort in {"code-point", "utf16"} or (style.sort == "top-level" and top):
            pairs.sort(key=lambda p: p[0].encode("utf-16-be") if style.sort == "utf16" else p[0])
        members = [_string(name, style) + style.key + text for name, text in pairs]
        return "{" + style.item.join(members) + "}"
    if isinstance(value, list):
        return "[" + style.item.join(written(item, style) for item in value) + "]"
    if isinstance(value, str):
        return _string(value, style)
    return {None: "null", True: "true", False: "false"}[value]  # type: ignore[index]


def _string(text: str, style: Json) -> str:
    return json.dumps(text, ensure_ascii=style.ascii_only)


def _number(spelled: str, style: str) -> str:
    if style == "as-spelled":
        return str(spelled)
    if not set(spelled) & set(".eE"):
        return str(int(spelled))
    number = float(spelled)
    if style == "python":
        return repr(number)
    if style == "integral-to-int":
        return str(int(number)) if number == int(number) else repr(number)
    return _ecmascript(number)


def _ecmascript(number: float) -> str:
    """Return a number as ``Number.prototype.toString`` does (ECMA-262 6.1.6.1.20)."""
    if number == 0:
        return "0"
    _, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    text, k = "".join(map(str, digits)), len(digits)
    n = k + int(exponent)
    sign = "-" if number < 0 else ""
    if k <= n <= 21:
        return sign + text + "0" * (n - k)
    if 0 < n <= 21:
        return sign + text[:n] + "." + text[n:]
    if -6 < n <= 0:
        return sign + "0." + "0" * -n + text
    rest = f".{text[1:]}" if k > 1 else ""
    return f"{sign}{text[0]}{rest}e{n - 1:+d}"

"""The bytes that a digest is over, by the words of a profile."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from workbench.model.profile import ChainProfile, ContainerKind, LineForm
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    FieldText,
    JsonObject,
    JsonStyle,
    LengthPrefix,
    Literal,
    Missing,
    Name,
    Numbers,
    Part,
    Previous,
    PreviousForm,
    Sort,
)
from workbench.verify.recheck.opinion import NoOpinionError
from workbench.verify.recheck.strict import Spelled

Record = Mapping[str, object]

_NAMES = {
    Algorithm.SHA256: "sha256",
    Algorithm.SHA512: "sha512",
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}


class NoBytesError(ValueError):
    """A record lacks what its digest is over."""


def require_known(profile: ChainProfile) -> None:
    """Raise for a profile that is not judged twice.

    Raises:
        NoOpinionError: with the reason.
    """
    known = Previous | Literal | FieldText | JsonObject
    reasons = {
        "its digests need a shared secret": profile.digest.key is not None,
        "it has more than one recipe": bool(profile.versions),
        "it has more than one chain": bool(profile.fields.partition),
        "its previous digests are not stored": profile.fields.previous is None,
        "its algorithm is not in the standard library": profile.digest.algorithm not in _NAMES,
        "its digests are over lines as they stand": not all(
            isinstance(part, known) for part in profile.preimage
        ),
        "it hashes times in another style": any(
            isinstance(part, FieldText) and part.rendering.time is not None
            for part in profile.preimage
        ),
        "it states no preimage": not profile.preimage,
        "its records lie in a wrapper or a table": bool(profile.container.entry)
        or profile.container.kind not in {ContainerKind.JSONL, ContainerKind.JSON_ARRAY},
        "it renders times or lists within JSON in another style": any(
            isinstance(part, JsonObject) and (part.times or part.style.listed)
            for part in profile.preimage
        ),
        "another field stands for a missing previous digest": any(
            isinstance(part, Previous) and part.seed is not None for part in profile.preimage
        ),
        "several chains follow each other in it": profile.sections is not None,
    }
    for reason, given in reasons.items():
        if given:
            raise NoOpinionError(f"of profile {profile.id}: {reason}")


def is_spelled(profile: ChainProfile) -> bool:
    """Tell whether numbers are hashed as they are spelled."""
    styles = [part.style for part in profile.preimage if isinstance(part, JsonObject)]
    return any(style.numbers is Numbers.AS_SPELLED for style in styles)


def at(record: Record, name: Name | None) -> object:
    """Return the value of a field; None where there is none."""
    value: object = record if name is not None else None
    for part in name or ():
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def text_at(record: Record, name: Name | None) -> str | None:
    """Return the text of a field; None where it is no text."""
    value = at(record, name)
    return value if isinstance(value, str) and not isinstance(value, Spelled) else None


def digest_of(record: Record, profile: ChainProfile) -> str:
    """Return the digest of a record as the log should write it.

    Raises:
        NoBytesError: the record lacks something that it is over.
    """
    data = b"".join(_prefixed(_bytes(part, record, profile), part) for part in profile.preimage)
    return _written(hashlib.new(_NAMES[profile.digest.algorithm], data).digest(), profile.digest)


def canonical(record: Record, profile: ChainProfile) -> bytes | None:
    """Return the line that a record must be; None where lines are free."""
    part = profile.preimage[0]
    if profile.line_form is not LineForm.CANONICAL or not isinstance(part, JsonObject):
        return None
    return json_bytes(record, part.style)


def _written(digest: bytes, recipe: DigestRecipe) -> str:
    forms = {
        Encoding.HEX: digest.hex(),
        Encoding.UPPER_HEX: digest.hex().upper(),
        Encoding.BASE64: b64encode(digest).decode(),
    }
    return recipe.prefix + forms[recipe.encoding][: recipe.length]


def _prefixed(data: bytes, part: Part) -> bytes:
    size = len(data)
    return {
        LengthPrefix.NONE: lambda: data,
        LengthPrefix.NETSTRING: lambda: f"{size}:".encode() + data + b",",
        LengthPrefix.U32BE: lambda: size.to_bytes(4, "big") + data,
        LengthPrefix.U64BE: lambda: size.to_bytes(8, "big") + data,
    }[part.length_prefix]()


def _bytes(part: Part, record: Record, profile: ChainProfile) -> bytes:
    previous = text_at(record, profile.fields.previous) or ""
    if isinstance(part, Literal):
        return part.value
    if isinstance(part, Previous):
        return previous.encode() if part.form is PreviousForm.TEXT else _raw(previous, profile)
    if isinstance(part, FieldText):
        value = at(record, part.name)
        if value is None:
            return part.rendering.null.encode()
        return value.encode() if isinstance(value, str) else json.dumps(value).encode()
    if isinstance(part, JsonObject):
        return json_bytes(_hashed_object(part, record, profile), part.style)
    raise NoOpinionError("a part that is not known")


def _raw(text: str, profile: ChainProfile) -> bytes:
    if profile.digest.encoding is Encoding.BASE64:
        raise NoOpinionError("its previous digests are hashed raw, from base64")
    bare = text.removeprefix(profile.digest.prefix)
    spelled = bare.lower() if profile.digest.encoding is Encoding.HEX else bare.upper()
    try:
        found = bytes.fromhex(bare)
    except ValueError as error:
        raise NoBytesError(text) from error
    if bare != spelled or len(bare) != 2 * len(found):
        raise NoBytesError(text)  # links are compared as they stand
    return found


def _hashed_object(part: JsonObject, record: Record, profile: ChainProfile) -> Record:
    """Return the members that are hashed, under the names under which they are."""
    names = [n for n in record if n not in part.exclude] if part.include is None else part.include
    rest: dict[str, object] = {}
    for name in names:
        if name not in record and part.missing is Missing.OMITTED:
            continue
        if name not in record and part.missing is Missing.REFUSED:
            raise NoBytesError(name)
        value = record.get(name)
        if value is not None or part.style.keep_nulls:
            rest[dict(part.rename).get(name, name)] = value
    if not part.wrap:
        return rest
    special = {"$rest": rest, "$previous": text_at(record, profile.fields.previous)}
    return {name: special.get(source, record.get(source)) for name, source in part.wrap}


def json_bytes(value: object, style: JsonStyle) -> bytes:
    """Return a value as JSON in a style.

    Raises:
        NoBytesError: it has no such form.
    """
    try:
        return _json(value, style, top=True).encode()
    except (ValueError, OverflowError) as error:
        raise NoBytesError(str(error)) from error


def _json(value: object, style: JsonStyle, *, top: bool = False) -> str:
    if isinstance(value, Mapping):
        members = _in_order(cast("Mapping[str, object]", value), style, top=top)
        texts = [
            json.dumps(name, ensure_ascii=style.ensure_ascii)
            + style.key_separator
            + _json(value[name], style)
            for name in members
        ]
        return "{" + style.item_separator.join(texts) + "}"
    if isinstance(value, list):
        return "[" + style.item_separator.join(_json(item, style) for item in value) + "]"
    if isinstance(value, Spelled):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json.dumps(value, ensure_ascii=style.ensure_ascii)
    return _number(value, style)


def _in_order(value: Mapping[str, object], style: JsonStyle, *, top: bool) -> list[str]:
    if style.sort is Sort.UTF16:
        return sorted(value, key=lambda name: name.encode("utf-16-be"))
    if style.sort is Sort.CODE_POINT or (style.sort is Sort.TOP_LEVEL and top):
        return sorted(value)
    return list(value)


def _number(value: float, style: JsonStyle) -> str:
    if style.numbers is Numbers.ECMASCRIPT:
        return _ecmascript(value)
    if style.numbers is Numbers.INTEGRAL_TO_INT and value == int(value):
        return str(int(value))
    return json.dumps(value, allow_nan=False)


def _ecmascript(value: float) -> str:
    """Return a number by ECMA-262 6.1.6.1.20, from its shortest digits and their exponent."""
    number = Decimal(repr(float(value)))
    if number == 0:
        return "0"
    sign, digits, power = number.normalize().as_tuple()
    text, places = "".join(map(str, digits)), len(digits) + int(power)
    if 0 < places <= 21:
        whole = text.ljust(places, "0")
        text = whole[:places] + (f".{whole[places:]}" if whole[places:] else "")
    elif -6 < places <= 0:
        text = "0." + "0" * -places + text
    else:
        rest = f".{text[1:]}" if text[1:] else ""
        text = f"{text[0]}{rest}e{places - 1:+d}"
    return ("-" if sign else "") + text

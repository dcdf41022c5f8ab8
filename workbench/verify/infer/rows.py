"""Records of an unknown log as the search sees them, and what tells them apart."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from workbench.evidence.strict_json import Number
from workbench.model.profile import ChainProfile, Container, Fields, Origin
from workbench.model.recipe import DigestRecipe, Encoding, Name, Previous
from workbench.verify.chain.reading import MalformedError, reader_of

#: How deep below a record fields are looked for.
DEEPEST = 3
_HEX = re.compile(r"[0-9a-f]{16,128}|[0-9A-F]{16,128}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,86}={0,2}")
#: What a long text by chance has some of: digits, letters of either case.
_KINDS = ("[0-9]", "[a-z]", "[A-Z]")
_PREFIX = re.compile(r"(?:0x|[A-Za-z][A-Za-z0-9_-]{0,15}[:=$])")
_PROFILE = ChainProfile(
    "", "", "", Origin(""), "", Container(), Fields(("",)), DigestRecipe(), (Previous(),)
)
#: Bytes of a digest that is written whole; anything else is a part of one.
WHOLE = frozenset({16, 20, 28, 32, 48, 64})


@dataclass(frozen=True, slots=True)
class Row:
    """A record.

    Attributes:
        raw: its bytes as they stand.
        value: its members; numbers as Python reads them.
        exact: the same with every number as it is spelled.
    """

    raw: bytes
    value: Mapping[str, object]
    exact: Mapping[str, object]


def rows_of(raws: Iterable[bytes], container: Container | None = None) -> list[Row]:
    """Return the records that can be read; what cannot is no help to a search."""
    profile = replace(_PROFILE, container=container or Container())
    read, read_exact = reader_of(profile, exact=False), reader_of(profile, exact=True)
    found = []
    for raw in raws:
        try:
            found.append(Row(raw, read(raw), read_exact(raw)))
        except MalformedError:
            continue
    return found


def flat(value: Mapping[str, object], name: Name = ()) -> Iterator[tuple[Name, object]]:
    """Yield every field that is no object, with where it lies."""
    for key, item in value.items():
        if isinstance(item, Mapping) and len(name) + 1 < DEEPEST:
            yield from flat(item, (*name, key))
        elif not isinstance(item, Mapping):
            yield (*name, key), item


@dataclass(frozen=True, slots=True)
class Shape:
    """How a digest is written.

    Attributes:
        prefix: text before it.
        encoding: hex digits of either case, or base64.
        characters: how many there are after the prefix.
    """

    prefix: str
    encoding: Encoding
    characters: int

    @property
    def size(self) -> int:
        """Return how many bytes of the digest are shown."""
        if self.encoding is Encoding.BASE64:
            return self.characters * 3 // 4
        return self.characters // 2

    def bytes_of(self, text: str) -> bytes | None:
        """Return the bytes that a text of this shape stands for, or None."""
        if not text.startswith(self.prefix):
            return None
        bare = text[len(self.prefix) :]
        try:
            if self.encoding is Encoding.BASE64:
                return b64decode(bare, validate=True)
            return bytes.fromhex(bare if len(bare) % 2 == 0 else bare[:-1])
        except (ValueError, Base64Error):
            return None


def shape_of(value: object) -> Shape | None:
    """Return how a value is written if it looks like a digest."""
    if not isinstance(value, str) or isinstance(value, Number) or len(value) > 160:
        return None
    found = _PREFIX.match(value)
    for prefix in ("", found.group() if found else ""):
        bare = value[len(prefix) :]
        if _HEX.fullmatch(bare) and not bare.isdigit():
            lower = bare == bare.lower()
            return Shape(prefix, Encoding.HEX if lower else Encoding.UPPER_HEX, len(bare))
        if _is_base64(bare) and not bare.isdigit():
            return Shape(prefix, Encoding.BASE64, len(bare))
    return None


def _is_base64(text: str) -> bool:
    """Tell whether a text is a digest in base64, or its first characters, which are no word."""
    if not _BASE64.fullmatch(text) or len(text) % 4:
        return False
    try:
        whole = len(b64decode(text, validate=True)) in WHOLE
    except Base64Error:
        return False
    return whole or (not text.endswith("=") and all(map(re.search, _KINDS, (text,) * 3)))


def features(row: Row) -> frozenset[str]:
    """Return what could make a record be written in another way than its neighbours."""
    found = {f"keys {' '.join(sorted(row.value))}"}
    if not row.raw.isascii() or b"\\u" in row.raw:
        found.add("characters beyond ASCII")
    for name, item in _every(row.exact, ()):
        place = ".".join(name)
        if item is None:
            found.add(f"null {place}")
        elif isinstance(item, Number):
            text = str(item)
            found.add(f"{'fraction' if not text.lstrip('-').isdigit() else 'number'} {place}")
        elif isinstance(item, bool):
            found.add(f"truth {place}")
        elif isinstance(item, str):
            found.add(f"{'text' if item else 'no text'} {place}")
    return frozenset(found)


def style_features(row: Row, *, previous: Name | None = None) -> frozenset[str]:
    """Return what of a record different programs write in different ways, in words.

    ``previous``: where the previous digest is stored; a first record may have none.
    """
    names = row.value.keys() - set(previous or ())
    found = {f"the members {', '.join(sorted(names))}"}
    text = row.raw.decode("utf-8", "replace")
    if b"\\u" in row.raw or not row.raw.isascii():
        found.add("characters beyond ASCII or escaped")
    if any(ord(c) > 0xFFFF for c in text):
        found.add("characters beyond the first plane")
    for _, item in _every(row.exact, ()):
        if item is None:
            found.add("a null")
        elif isinstance(item, Number):
            found.add(_number_feature(str(item)))
        elif item in ("", [], {}):
            found.add("an empty value")
    return frozenset(found - {""})


def _number_feature(text: str) -> str:
    if "e" in text.lower():
        return "a number with an exponent"
    if "." in text:
        return "a whole number with a point" if text.endswith(".0") else "a fraction"
    return "a number beyond 53 bits" if len(text) > 15 else ""


def _every(value: object, name: Name) -> Iterator[tuple[Name, object]]:
    if isinstance(value, Mapping) and len(name) < DEEPEST:
        for key, item in value.items():
            yield from _every(item, (*name, key))
    else:
        yield name, value


def plainness(row: Row) -> tuple[int, int]:
    """Rank a record by in how few ways it can be written: numbers, nulls, beyond ASCII."""
    odd = 3 * (not row.raw.isascii() or b"\\u" in row.raw)
    for _, item in _every(row.exact, ()):
        if isinstance(item, Number):
            odd += 2 * _is_odd(str(item))
        odd += 2 * (item is None)
    return odd, len(row.raw)


def _is_odd(number: str) -> bool:
    """Tell whether programs write a number in different ways."""
    return "e" in number.lower() or ("." in number and number.endswith("0")) or len(number) > 15

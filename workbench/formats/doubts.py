"""Digests and licences as a catalog states them, each with what is doubtful about it.

A value is kept as it was written. That a "sha256" is none, that nothing but MD5 is stated, that a
licence is no licence: that is noted at the place where it stands.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbench.formats.sheet import Sheet
from workbench.model.catalog import Attribute, AttributeGroup, CatalogProblem

if TYPE_CHECKING:
    from license_expression import Licensing

#: The tag by which licences are asked for, whatever a format calls them, and its SPDX expression.
LICENCE, SPDX = "license", "license_spdx"
_HEX = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "sha3224": 56,
    "sha3256": 64,
    "sha3384": 96,
    "sha3512": 128,
    "blake2b256": 64,
    "blake2b384": 96,
    "blake2b512": 128,
    "blake3": 64,
}
#: Collisions are made at will (RFC 6151, RFC 6194), or are only checksums.
_BROKEN = {"md2", "md4", "md5", "sha1", "adler32", "crc32", "crc32c", "etag"}
#: Fewer hex digits than this name no content: 64 bits are searched through.
_SHORT = 32
_IS_HEX = re.compile(r"[0-9A-Fa-f]+\Z")
#: What DVC puts after the MD5 of the listing of a folder.
_LISTING = ".dir"
_SHOWN = 60
_MOST = 500
_LICENCE_TAG = re.compile(r"(?:^|[._-])licen[cs]e$", re.IGNORECASE)
_NO_LICENCE = {"", "noassertion", "none", "unknown", "other", "undefined", "tbd", "null", "n/a"}
_BY_URL = (
    re.compile(r"https?://(?:www\.)?spdx\.org/licenses/([^/#?]+?)(?:\.html|\.json)?/?\Z", re.I),
    re.compile(r"https?://(?:www\.)?choosealicense\.com/licenses/([^/#?]+)/?\Z", re.I),
    re.compile(r"https?://(?:www\.)?opensource\.org/licenses?/([^/#?]+)/?\Z", re.I),
    re.compile(r"https?://(?:www\.)?apache\.org/licenses/LICENSE-(2\.0)(?:\.\w+)?\Z", re.I),
)
_CREATIVE = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)\b", re.I
)


class Stated(NamedTuple):
    """A digest as it is stated: algorithm, value, place."""

    algorithm: str
    value: str
    pointer: str


def digests(sheet: Sheet, stated: Iterable[Stated]) -> list[Attribute]:
    """Return the digests of one thing, by the names of their algorithms as they are written here.

    None that is strong among those that are digests at all: that is noted once.
    """
    found: list[Attribute] = []
    weak: list[Stated] = []
    is_strong = False
    for digest in stated:
        name = _plain(digest.algorithm)
        label = name if name in _HEX or name in _BROKEN else digest.algorithm.lower()
        found.append(Attribute(AttributeGroup.DIGEST, label, digest.value, digest.pointer))
        wanted, value = _HEX.get(name), digest.value.removesuffix(_LISTING)
        if wanted and not (_IS_HEX.match(value) and len(value) == wanted):
            _note_false(sheet, digest, wanted)
        elif name in _BROKEN or _is_short(digest.value):
            weak.append(digest)
        else:
            is_strong = True
    if weak and not is_strong:
        names = " and ".join(dict.fromkeys(d.algorithm or "a short digest" for d in weak))
        what = f"names content by {names} only: other content of the same digest can be made"
        sheet.problem(CatalogProblem.WEAK_DIGEST, weak[0].pointer, what)
    return found


def _note_false(sheet: Sheet, digest: Stated, wanted: int) -> None:
    is_hex = _IS_HEX.match(digest.value) is not None
    like = next(
        (n for n in ("md5", "sha1", "sha256", "sha512") if _HEX[n] == len(digest.value)), ""
    )
    seen = f"it looks like {like.upper()}" if is_hex and like else f"“{digest.value[:_SHOWN]}”"
    what = f"is stated as {digest.algorithm} and is none, which has {wanted} hex digits: {seen}"
    sheet.problem(CatalogProblem.NOT_A_DIGEST, digest.pointer, what)


def is_strong(algorithm: str, value: str) -> bool:
    """Tell whether a digest is one, and no second content of it can be made."""
    name = _plain(algorithm)
    wanted = _HEX.get(name)
    if wanted is None or name in _BROKEN:
        return False
    return len(value) == wanted and _IS_HEX.match(value) is not None


def _is_short(value: str) -> bool:
    return len(value) < _SHORT and _IS_HEX.match(value) is not None


def _plain(algorithm: str) -> str:
    return re.sub(r"[-_/ ]", "", algorithm.lower())


def licence(sheet: Sheet, text: str, pointer: str) -> Iterator[Attribute]:
    """Yield a licence as it is stated, and its SPDX expression where it is or names one."""
    yield Attribute(AttributeGroup.TAG, LICENCE, text, pointer)
    if what := licence_doubt(text):
        sheet.problem(CatalogProblem.UNKNOWN_LICENCE, pointer, what)
    else:
        yield Attribute(AttributeGroup.FIELD, SPDX, spdx_of(text), pointer)


def licence_doubt(text: str) -> str:
    """Return what is doubtful about a licence, to go on after its place; "" where nothing is."""
    if text.strip().casefold() in _NO_LICENCE:
        return f"names no licence: “{text}”"
    if len(text) <= _MOST and spdx_of(text):
        return ""
    return f"is no licence of the SPDX list, nor an expression of them: “{text[:_SHOWN]}”"


def is_licence(name: str) -> bool:
    """Tell whether a tag of free choice is meant to name a licence."""
    return _LICENCE_TAG.search(name) is not None


def digest_doubt(value: str) -> str:
    """Return what is doubtful about a digest of no stated algorithm; "" where nothing is."""
    if value and _is_short(value):
        return f"names content by {len(value)} hex digits only: others have the same by chance"
    return ""


@lru_cache(_MOST)
def spdx_of(text: str) -> str:
    """Return the SPDX expression that a text is, or that an address stands for; or ""."""
    named = _from_url(text.strip())
    if len(named) > _MOST:
        return ""
    try:
        info = _licensing().validate(named)
    except Exception:  # noqa: BLE001 - a library that parses what evidence says
        return ""
    own = all(str(symbol).startswith("LicenseRef-") for symbol in info.invalid_symbols)
    if info.errors and not (own and info.invalid_symbols):
        return ""
    return str(info.normalized_expression or named)


def _from_url(text: str) -> str:
    for pattern in _BY_URL:
        found = pattern.match(text)
        if found:
            return "Apache-2.0" if found[1] == "2.0" else found[1]
    creative = _CREATIVE.match(text)
    if creative is None:
        return text
    kind, name, version = creative[1].lower(), creative[2].lower(), creative[3]
    if kind == "publicdomain":
        return f"CC0-{version}" if name == "zero" else text
    return f"CC-{name.upper()}-{version}"


@cache
def _licensing() -> "Licensing":
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()

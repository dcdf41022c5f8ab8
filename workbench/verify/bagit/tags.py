"""Read the tag files of a bag: declaration, manifests, fetch list, information (RFC 8493 2)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

#: Digests by the name that a manifest bears, with their length in hex (RFC 8493 2.4).
ALGORITHMS = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "sha3256": 64,
    "sha3512": 128,
    "blake2b512": 128,
}
#: How ``hashlib`` calls those that it calls otherwise.
HASHLIB = {"sha3256": "sha3_256", "sha3512": "sha3_512", "blake2b512": "blake2b"}
#: Collisions can be made: such a digest is kept for damage (RFC 8493 2.4, 5.2).
WEAK = frozenset({"md5", "sha1"})

DECLARATION = "bagit.txt"
FETCH = "fetch.txt"
INFORMATION = ("bag-info.txt", "package-info.txt")
_VERSION = re.compile(r"BagIt-Version: (\d{1,9}\.\d{1,9})", re.ASCII)
_ENCODING = re.compile(r"Tag-File-Character-Encoding: (\S+)", re.ASCII)
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9-]+)\.txt", re.IGNORECASE)
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(.+)", re.ASCII)
_FETCH_LINE = re.compile(r"(\S+)[ \t]+(\d+|-)[ \t]+(.+)", re.ASCII)
_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANKS = " \t"  # no other sign: a line of control signs is not blank
_OXUM = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)
_OUTSIDE = re.compile(r"[~/\\]|[A-Za-z]:|.*%[A-Za-z]+%|.*\\")
#: Python's names; any other encoding is not one of text, or not one that is met.
_ENCODINGS = re.compile(
    r"utf-?(8|16|16[bl]e|32)|us-ascii|ascii|iso-?8859-\d{1,2}|windows-125\d|shift_jis|euc-jp|gb18030"
)


class Malformed(Exception):  # noqa: N818 - it never leaves this package: a reason, as data
    """Why a tag file is not what it must be: a sentence."""


class NotKnown(Exception):  # noqa: N818 - as above
    """What a bag uses, and may use, that is not known here: a sentence."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What ``bagit.txt`` says: the version as (major, minor), and how tag files are written."""

    version: tuple[int, int]
    encoding: str

    @property
    def shown(self) -> str:
        """Return the version as it is written."""
        return ".".join(map(str, self.version))


@dataclass(frozen=True, slots=True)
class Manifest:
    """One list of digests.

    Attributes:
        name: its file.
        of_tags: whether it is over tag files, or else over the payload.
        algorithm: key of ``ALGORITHMS``.
        digests: lower hex digest of each path.
        outside: paths that lie nowhere in a bag, or not where this list may name them.
        contradictions: paths with two digests.
        remarks: what is odd and does no harm, in sentences.
    """

    name: str
    of_tags: bool
    algorithm: str
    digests: dict[str, str] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def weak(self) -> bool:
        """Tell whether its digests stand against accidents only."""
        return self.algorithm in WEAK


def read_declaration(data: bytes) -> Declaration:
    """Return what ``bagit.txt`` says.

    Raises:
        Malformed: it is not the two lines that it must be (RFC 8493 2.1.1).
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"{DECLARATION} is not UTF-8.") from error
    if text.startswith("\ufeff"):
        raise Malformed(f"{DECLARATION} begins with a byte-order mark.")
    lines = [line.strip() for line in _LINE_END.split(text) if line.strip()]
    version = _VERSION.fullmatch(_labelled(lines[0])) if lines else None
    if version is None:
        raise Malformed(f"{DECLARATION} names no version of BagIt.")
    encoding = None
    if len(lines) == 2:
        encoding = _ENCODING.fullmatch(_labelled(lines[1]))
    if encoding is None:
        raise Malformed(f"{DECLARATION} does not say how tag files are encoded.")
    major, minor = version[1].split(".")
    return Declaration((int(major), int(minor)), encoding[1])


def _labelled(line: str) -> str:
    """Return a line with its colon as it must be; many have spaces around it."""
    label, colon, value = line.partition(":")
    return f"{label.rstrip()}: {value.lstrip()}" if colon else line


def text_of(data: bytes, encoding: str, name: str) -> str:
    """Return a tag file as text.

    Raises:
        Malformed: it is not in the encoding that the bag declares.
        NotKnown: that encoding is none that is read here.
    """
    if not _ENCODINGS.fullmatch(encoding.lower()):
        raise NotKnown(f"{name}: the encoding {encoding} is not known here.")
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Malformed(f"{name} is not text in {encoding}.") from error


def manifest_name(name: str) -> tuple[bool, str] | None:
    """Return whether a manifest of this name is over tag files, and its algorithm, or None."""
    match = _MANIFEST.fullmatch(name)
    return None if match is None else (bool(match[1]), match[2].lower().replace("-", ""))


def read_manifest(name: str, text: str, *, version: tuple[int, int]) -> Manifest:
    """Return a list of digests (RFC 8493 2.1.3, 2.2.1).

    Raises:
        Malformed: a line of it is not a digest and a path.
        NotKnown: its algorithm is none that is computed here.
    """
    of_tags, algorithm = manifest_name(name) or (False, "")
    if algorithm not in ALGORITHMS:
        raise NotKnown(f"{name}: the algorithm {algorithm} is not known here.")
    digests: dict[str, str] = {}
    outside: list[str] = []
    contradictions: list[str] = []
    remarks: dict[str, None] = {}
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip(_BLANKS):
            continue
        digest, path = _entry(name, number, line, algorithm)
        path = _plain(path, version, name, remarks)
        if not lies_in_bag(path, payload=not of_tags):
            outside.append(path)
        elif path in digests and digests[path] != digest:
            contradictions.append(path)
        elif path in digests:
            remarks[f"{name} lists {path} twice, with the same digest."] = None
        else:
            digests[path] = digest
    return Manifest(
        name, of_tags, algorithm, digests, tuple(outside), tuple(contradictions), tuple(remarks)
    )


def _entry(name: str, number: int, line: str, algorithm: str) -> tuple[str, str]:
    match = _LINE.fullmatch(line)
    if match is None or len(match[1]) != ALGORITHMS[algorithm]:
        raise Malformed(f"{name}, line {number}: this is not a {algorithm} digest and a path.")
    return match[1].lower(), match[2]


def _plain(path: str, version: tuple[int, int], name: str, remarks: dict[str, None]) -> str:
    """Return a path without what old tools write around it, and with its escapes taken back."""
    if path.startswith("*"):
        remarks[f"{name} marks paths with an asterisk, as md5sum does."] = None
        path = path[1:]
    if path.startswith("./"):
        remarks[f"{name} writes ./ before paths."] = None
        path = path[2:]
    return unescaped(path, version)


def unescaped(path: str, version: tuple[int, int]) -> str:
    """Return a path with %0A and %0D taken back, and %25 from 1.0 on (RFC 8493 2.1.3)."""
    escapes = {"%0A": "\n", "%0D": "\r"} | ({"%25": "%"} if version >= (1, 0) else {})
    return re.sub(r"%(?:0A|0D|25)", lambda m: escapes.get(m[0].upper(), m[0]), path, flags=re.I)


def lies_in_bag(path: str, *, payload: bool) -> bool:
    """Tell whether a path is one within a bag on any system, in the payload or beside it."""
    parts = path.split("/")
    if _OUTSIDE.match(path) or any(part in {"", ".", ".."} for part in parts) or "\0" in path:
        return False
    return (parts[0] == "data" and len(parts) > 1) if payload else parts[0] != "data"


def read_fetch(text: str, *, version: tuple[int, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paths that a fetch list names, and those of them that lie in no payload.

    Raises:
        Malformed: a line is not an address, a length and a path (RFC 8493 2.2.3).
    """
    inside: list[str] = []
    outside: list[str] = []
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip(_BLANKS):
            continue
        match = _FETCH_LINE.fullmatch(line)
        if match is None:
            raise Malformed(f"{FETCH}, line {number}: this is not an address, a length and a path.")
        path = unescaped(match[3].removeprefix("./"), version)
        (inside if lies_in_bag(path, payload=True) else outside).append(path)
    return tuple(inside), tuple(outside)


def payload_oxum(texts: Iterable[str]) -> Iterator[tuple[int, int] | None]:
    """Yield bytes and files of each Payload-Oxum (RFC 8493 2.2.2), None for one that is none."""
    for text in texts:
        for line in _LINE_END.split(text):
            label, colon, value = line.partition(":")
            if colon and label.strip().lower() == "payload-oxum":
                match = _OXUM.fullmatch(value.strip())
                yield None if match is None else (int(match[1]), int(match[2]))

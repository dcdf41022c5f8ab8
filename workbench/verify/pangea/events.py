"""Read an export: its events, and the roots that it brings along or the auditor gives."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.strict_json import JsonValue, parse
from workbench.verify.pangea.proofs import digest_in

#: Members under which a search result or a download has its events.
_WRAPPERS = ("result", "data")
_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]++)-----END PUBLIC KEY-----\s*+")
_RAW_KEY = 32

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Root:
    """A root of the tree: how many leaves, which hash, of which tree."""

    size: int
    hash: bytes
    tree: str
    consistency: JsonValue = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the export has it, or why it is none.

    Attributes:
        number: its number in the file, from 1.
        offset: where it begins in a file of lines, or None.
        value: what the file says of it.
        root: the root that it brings along, or None.
        problem: why it cannot be read, or "".
    """

    number: int
    offset: int | None
    value: JsonObject
    root: Root | None = None
    problem: str = ""


def events_of(file: EvidenceFile, container: str | None) -> list[Event]:
    """Return the events of an export.

    Raises:
        SourceError: it cannot be read, or is no JSON as a whole.
    """
    data = read_whole(file)
    return list(_lines(data, file) if container == "jsonl" else _document(data, file))


def _lines(data: bytes, file: EvidenceFile) -> Iterator[Event]:
    offset = number = 0
    for line in data.split(b"\n"):
        if line.strip():
            number += 1
            yield _line(line, number, offset, file)
        offset += len(line) + 1


def _line(line: bytes, number: int, offset: int, file: EvidenceFile) -> Event:
    try:
        value = parse(line, what=f"{file.display}, event {number}")
    except SourceError as error:
        return Event(number, offset, {}, problem=error.message)
    if not isinstance(value, dict) or not isinstance(value.get("envelope"), dict):
        return Event(number, offset, {}, problem=f"Event {number} has no envelope.")
    return Event(number, offset, value, root_in(value.get("root"), file.display))


def _document(data: bytes, file: EvidenceFile) -> Iterator[Event]:
    value = parse(data, what=file.display)
    for name in _WRAPPERS:
        if isinstance(value, dict) and isinstance(value.get(name), dict):
            value = value[name]
    if not isinstance(value, dict):
        return
    root = root_in(value.get("root"), file.display)
    listed = value.get("events")
    for number, one in enumerate(listed if isinstance(listed, list) else [value], 1):
        if not isinstance(one, dict) or not isinstance(one.get("envelope"), dict):
            yield Event(number, None, {}, problem=f"Event {number} has no envelope.")
        else:
            own = root_in(one.get("root"), file.display)
            yield Event(number, None, one, own or root)


def root_in(value: JsonValue, source: str) -> Root | None:
    """Return the root that a document states, or None."""
    if not isinstance(value, dict):
        return None
    size, digest = value.get("size"), digest_in(value.get("root_hash"))
    tree = value.get("tree_name")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1 or digest is None:
        return None
    name = tree if isinstance(tree, str) else ""
    return Root(size, digest, name, value.get("consistency_proof"), source)


def root_file(file: EvidenceFile) -> Root | None:
    """Return the root that a file of its own states."""
    try:
        value = parse(read_whole(file), what=file.display)
    except SourceError:
        return None
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    return root_in(value, file.display)


def without_keys(data: bytes, what: str) -> list[bytes] | None:
    """Return every text of an export but for the keys that its signed events carry.

    Such a key is a part of the signature; what else stands in the export is the evidence's own.
    """
    try:
        documents = [parse(data, what=what)]
    except SourceError:
        try:
            documents = [parse(line, what=what) for line in data.splitlines() if line.strip()]
        except SourceError:
            return None
    texts = [text for document in documents for text in _texts(document)]
    return ["\n".join(texts).encode("utf-8", "surrogatepass")]


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            signed = isinstance(value.get("event"), dict) and "signature" in value
            for name, member in value.items():
                yield name
                if not (signed and name == "public_key"):
                    yield from _texts(member)
        case _:
            return


def key_of(envelope: JsonObject, parse_text: bool = True) -> Ed25519PublicKey | None:
    """Return the key that an envelope says its event was signed by.

    It stands there as PEM, as base64 of the raw key, or as JSON with either in ``key``.
    """
    text = envelope.get("public_key")
    if not isinstance(text, str):
        return None
    if parse_text and text.lstrip().startswith("{"):
        try:
            inner = parse(text.encode(), what="public_key")
        except (SourceError, UnicodeEncodeError):
            return None
        named = {"public_key": inner.get("key")} if isinstance(inner, dict) else {}
        return key_of(named, parse_text=False)
    pem = _PEM.fullmatch(text)
    try:
        raw = base64.b64decode("".join((pem[1] if pem else text).split()), validate=True)
        return Ed25519PublicKey.from_public_bytes(raw[-_RAW_KEY:])
    except (binascii.Error, ValueError):
        return None

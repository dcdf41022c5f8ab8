"""A trust store as a file: keys and identities with role, window, source, and how sure they are.

YAML of one form: ``workbench-trust: 1`` and a list ``anchors``, each with ``file`` (beside the
store) or ``identity`` and ``issuer``; and with ``role``, ``valid_from``, ``valid_to``, ``source``,
``fingerprint`` and ``confirmed``, which says how the fingerprint was compared. What is not known
here is refused: a word that is misspelled must not loosen trust.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.strict_yaml import YamlValue, load_yaml
from workbench.model.trust import TrustAnchor, TrustRole
from workbench.verify.trust.identity import Identity, identity_anchor

#: Returns the anchors of one key file, for a role.
ReadKeys = Callable[[TrustRole | None, str], list[TrustAnchor]]

_MEANT = re.compile(rb"^(?:[ \t]*(?:#[^\n]*)?\r?\n)*workbench-trust[ \t]*:", re.DOTALL)
_VERSION = "1"
_KEYS = {
    "file", "identity", "issuer", "role", "valid_from", "valid_to", "source", "fingerprint",
    "confirmed",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def means_trust_file(data: bytes) -> bool:
    """Tell whether bytes mean to be a trust store, sound or not."""
    return _MEANT.match(data.removeprefix(b"\xef\xbb\xbf")) is not None


def load_trust_file(data: bytes, *, path: str, read: ReadKeys) -> list[TrustAnchor]:
    """Return whom a trust store names.

    Raises:
        SourceError: it, or a key file that it names, cannot be taken as it is meant.
    """
    value = load_yaml(data, what=path)
    if not isinstance(value, dict) or value.get("workbench-trust") != _VERSION:
        raise SourceError(f"{path} is no trust store of version {_VERSION}.", path=path)
    entries = value.get("anchors")
    if set(value) != {"workbench-trust", "anchors"} or not isinstance(entries, list):
        raise SourceError(f"{path} must have a list of anchors and nothing else.", path=path)
    return [
        a for n, e in enumerate(entries, 1) for a in _entry(e, f"{path}, anchor {n}", path, read)
    ]


def _entry(entry: YamlValue, place: str, path: str, read: ReadKeys) -> Iterator[TrustAnchor]:
    said = _texts(entry, place, path)
    try:
        role = TrustRole(said["role"]) if "role" in said else None
    except ValueError as error:
        known = ", ".join(TrustRole)
        raise SourceError(f"{place}: {said['role']} is none of {known}.", path=path) from error
    first = _moment(said.get("valid_from"), place, path, last=False)
    last = _moment(said.get("valid_to"), place, path, last=True)
    if first is not None and last is not None and last < first:
        raise SourceError(f"{place} ends before it begins.", path=path)
    if ("file" in said) == ("identity" in said) or ("identity" in said) != ("issuer" in said):
        raise SourceError(f"{place} needs a file, or an identity and its issuer.", path=path)
    if "file" in said:
        found = read(role, str(Path(path).parent / said["file"]))
    else:
        try:
            found = [identity_anchor(Identity(said["identity"], said["issuer"]), role=role)]
        except UsageError as error:
            raise SourceError(f"{place}: {error.message}", path=path) from error
    for anchor in _meant(found, said, place, path):
        yield within(
            replace(
                anchor,
                source=said.get("source", anchor.source),
                confirmed="confirmed" in said,
                confirmed_how=said.get("confirmed", ""),
            ),
            first,
            last,
        )


def within(anchor: TrustAnchor, first: datetime | None, last: datetime | None) -> TrustAnchor:
    """Return an anchor that is trusted in a window at most: its own life may be shorter."""
    starts = [moment for moment in (anchor.valid_from, first) if moment is not None]
    ends = [moment for moment in (anchor.valid_to, last) if moment is not None]
    return replace(anchor, valid_from=max(starts, default=None), valid_to=min(ends, default=None))


def _texts(entry: YamlValue, place: str, path: str) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise SourceError(f"{place} is no mapping.", path=path)
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise SourceError(f"{place} says {unknown[0]}, which is not known here.", path=path)
    found = {name: value for name, value in entry.items() if isinstance(value, str) and value}
    if len(found) < len(entry):
        empty = sorted(set(entry) - set(found))
        raise SourceError(f"{place}: {empty[0]} must be a text.", path=path)
    return found


def _meant(
    found: list[TrustAnchor], said: dict[str, str], place: str, path: str
) -> list[TrustAnchor]:
    """Return the anchors that have the stated fingerprint; without one, all of a file."""
    stated = said.get("fingerprint")
    if stated is None:
        if "confirmed" in said and "file" in said:
            raise SourceError(f"{place} says confirmed and states no fingerprint.", path=path)
        return found
    wanted = re.sub(r"[\s:]", "", stated.lower().removeprefix("sha256:"))
    meant = [a for a in found if wanted in {a.fingerprint, a.key_fingerprint}]
    if not meant:
        raise SourceError(
            f"{place} states the fingerprint {stated}, which is that of nothing it names.",
            path=path,
        )
    return meant


def _moment(text: str | None, place: str, path: str, *, last: bool) -> datetime | None:
    """Return a moment; a day begins a window with its first moment and ends it with its last."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{place}: {text} is no time like 2026-06-30T12:00:00Z."
        raise SourceError(message, path=path) from error
    if last and _DAY.fullmatch(text):
        found = datetime.combine(found, time.max)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

"""Whom a case trusts: keys and certificates with their roles, and how sure their owner is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.errors import UsageError
from workbench.evidence.strict_json import JsonValue
from workbench.model.case import CaseChanges
from workbench.model.contract import time_to_json
from workbench.model.trust import Trust, TrustAnchor, TrustEntry, TrustRole
from workbench.store import trust
from workbench.store.case_store import CaseStore
from workbench.verify.trust.anchors import load_trust
from workbench.verify.trust.file import within
from workbench.verify.trust.identity import Identity, identity_anchor

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_LEAST_DIGITS = 8
_PREFIX = re.compile(rf"[0-9a-f]{{{_LEAST_DIGITS},64}}")


def trusted(case: CaseStore) -> list[TrustEntry]:
    """Return whom the case trusts, in the order they were added."""
    with case.reading() as session:
        return trust.every(session)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the auditor says of what he trusts.

    Attributes:
        first: from when on it is trusted, aware UTC, or None.
        last: until when, aware UTC, or None.
        source: where it came from, or "": its path.
    """

    first: datetime | None = None
    last: datetime | None = None
    source: str = ""


_NOTHING = Stated()


def add(case: CaseStore, specs: Sequence[str], stated: Stated = _NOTHING) -> list[TrustEntry]:
    """Trust the keys and certificates in files, ``[ROLE=]FILE`` each; return what is new.

    Raises:
        SourceError: a file cannot be read, or holds no key that can be trusted.
        UsageError: the window ends before it begins.
        StoreError: it could not be recorded.
    """
    brought = load_trust(specs, at=case.clock())
    return _kept(case, (*brought.anchors, *brought.revocations), stated)


def add_identity(
    case: CaseStore, identity: Identity, *, role: TrustRole | None, stated: Stated = _NOTHING
) -> list[TrustEntry]:
    """Trust whoever signs with a Sigstore certificate of an identity; return what is new.

    Raises:
        UsageError: it is a pattern, or the window ends before it begins.
        StoreError: it could not be recorded.
    """
    return _kept(case, [identity_anchor(identity, role=role)], stated)


def _kept(case: CaseStore, brought: Iterable[TrustAnchor], stated: Stated) -> list[TrustEntry]:
    if stated.first is not None and stated.last is not None and stated.last < stated.first:
        raise UsageError("The window in which it is trusted ends before it begins.")
    anchors = [
        replace(within(a, stated.first, stated.last), source=stated.source or a.source)
        for a in brought
    ]
    with case.acting("trust.add") as act:
        entries = trust.add(act.session, anchors, at=act.at, who=case.who)
        act.subject = ", ".join(entry.anchor.name for entry in entries)
        act.detail = {"keys": [_told(entry) for entry in entries]}
        act.areas = {"trust"}
    return entries


def one(case: CaseStore, which: str) -> TrustEntry:
    """Return whom the case trusts under a number, or the start of a fingerprint.

    Raises:
        UsageError: there is none, or there are several.
    """
    entries = trusted(case)
    number = _number(entries, which)
    found = next((entry for entry in entries if entry.id == number), None)
    if found is None:
        raise UsageError(f"There is no trusted key {number} in this case.")
    return found


def warnings(case: CaseStore, *, at: datetime) -> tuple[str, ...]:
    """Return what to know of the trust of a case before work starts: what is out of date."""
    return Trust(at).with_anchors(entry.anchor for entry in trusted(case)).warnings


def confirm(case: CaseStore, fingerprint: str, *, how: str = "") -> list[TrustEntry]:
    """State that a SHA-256 fingerprint was compared out of band; return the keys that have it.

    Raises:
        UsageError: it is no fingerprint, or no trusted key has it.
    """
    wanted = re.sub(r"[\s:]", "", fingerprint.strip().lower().removeprefix("sha256:"))
    if not _FINGERPRINT.fullmatch(wanted):
        raise UsageError(f"A SHA-256 fingerprint has 64 hex digits, not like {fingerprint}.")
    with case.acting("trust.confirm", subject=wanted) as act:
        entries = trust.confirm(act.session, wanted, at=act.at, how=how)
        act.detail = {"keys": [_told(entry) for entry in entries], "how": how}
        act.areas = {"trust"}
    return entries


def remove(case: CaseStore, which: int | str) -> CaseChanges:
    """Trust a key no more; that it once was stays on record.

    Args:
        case: the case.
        which: its number, or the first 8 or more hex digits of its fingerprint.

    Raises:
        UsageError: there is none with this number or fingerprint, or there are several.
    """
    with case.acting("trust.remove") as act:
        entry = trust.remove(act.session, _number(trust.every(act.session), which), at=act.at)
        act.subject = entry.anchor.name
        act.detail = {"keys": [_told(entry)]}
        act.areas = {"trust"}
        return act.changes


def _number(entries: Sequence[TrustEntry], which: int | str) -> int:
    if isinstance(which, int):
        return which
    wanted = re.sub(r"[\s:]", "", which.strip().lower().removeprefix("sha256:"))
    if wanted.isascii() and wanted.isdigit() and len(wanted) < _LEAST_DIGITS:
        return int(wanted)
    if not _PREFIX.fullmatch(wanted):
        raise UsageError(
            f"Name a key by its number, or by the first {_LEAST_DIGITS} or more hex digits of its "
            f"fingerprint, as workbench trust list prints them; not {which}."
        )
    found = [e.id for e in entries if e.anchor.fingerprint.startswith(wanted)]
    if len(found) != 1:
        raise UsageError(f"{len(found)} trusted keys have a fingerprint that begins with {wanted}.")
    return found[0]


def _told(entry: TrustEntry) -> JsonValue:
    anchor = entry.anchor
    return {
        "name": anchor.name,
        "role": None if anchor.role is None else anchor.role.value,
        "kind": anchor.kind.value,
        "sha256": anchor.fingerprint,
        "source": anchor.source,
        "valid": [time_to_json(anchor.valid_from), time_to_json(anchor.valid_to)],
    }

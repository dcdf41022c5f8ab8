"""Consent, licence and sensitivity as catalogs and logs state them of a thing or a column.

Read word by word, like acts (``acts``): a closed vocabulary, written down in the help, chapter
lineage. A label that restricts nothing (consent given, ``PII.None``, no licence named) is kept
apart: it is told, and not carried. What is not known here is no label: absence proves nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from workbench.analysis.decisions import stands, version_meant, versions
from workbench.errors import SourceError
from workbench.evidence.strict_json import parse
from workbench.model.catalog import Attribute, AttributeGroup, Thing
from workbench.model.event import IndexedEvent, Outcome
from workbench.model.lineage import NodeId
from workbench.model.lineage_answer import Label, Labelled

#: Which events may be records of consent (VERDICTS section 9).
CONSENT_QUERY = "action:consent"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LICENCES = ("license_spdx", "license", "licence", "license_name", "training_data_license")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNSAID = _set("noassertion none unknown other undefined tbd null n")
_SENSITIVE = _set(
    "pii phi spi npi pci sensitive confidential restricted secret gdpr hipaa biometric"
)
_PERSONAL, _OF_PERSONS = "personal", _set("data information info identifiable")
_OPEN = _set("no non none not false public clear green unclassified 0 noassertion nonsensitive")
_CLASSED = _set("classification sensitivity confidentiality pii phi sensitive")
_CONSENT = _set("consent consents consented optout")
_WITHDRAWN = _set(
    "withdraw withdrawn withdrew withdrawal withdraws revoke revoked revokes revocation expire "
    "expired refuse refused deny denied object objected optout invalid invalidated rescinded"
)
_NO = _set("no false none missing 0")
#: Members that list tags, and members of a tag that name it.
_LISTS = frozenset({"tags", "terms", "classifications", "globaltags", "glossaryterms"})
_NAMES = ("tagFQN", "tag", "typeName", "urn", "name")
_COLUMN = re.compile(r"(.*?\b(?:columns|fields|field)\.\d+)\.")
_COLUMN_NAMES = ("name", "fieldPath")


def labels(things: Mapping[NodeId, Thing], label: Label) -> Iterator[Labelled]:
    """Yield what catalogs state of one kind, in the order of the case."""
    find = {Label.LICENCE: _licences, Label.CONSENT: _consents, Label.SENSITIVITY: _sensitive}
    for node, thing in things.items():
        yield from dict.fromkeys(find[label](node, thing))


def consents(
    events: Iterable[IndexedEvent], things: Mapping[NodeId, Thing]
) -> tuple[list[Labelled], int]:
    """Return what logs last recorded of the consent for each thing, and of how many none is known.

    Records are taken by the time that they claim; one that names no thing of the case is counted.
    """
    named, unknown = _named(things), 0
    last: dict[NodeId, Labelled] = {}
    for found in sorted(events, key=_moment):
        event = found.event
        said = words(event.action)
        if not said & _CONSENT or event.outcome is Outcome.FAILURE:
            continue
        nodes = named.get(event.object, [])
        if not nodes and (version := version_meant(event.object)):
            nodes = versions(things).get(version, [])
        unknown += not nodes
        broken = "" if stands(found) else ", a broken record"
        where = f"record of a log, level {event.level}{broken}"
        for node in nodes:
            last[node] = Labelled(node, Label.CONSENT, event.action, where, event.locator)
    return list(last.values()), unknown


def restricts(found: Labelled) -> bool:
    """Tell whether a label restricts what it reaches; whatever the auditor states does."""
    said = words(found.value)
    if found.place is None:
        return True
    match found.label:
        case Label.LICENCE:
            return not said <= _UNSAID
        case Label.CONSENT:
            name = words(found.where.rpartition(".")[2])
            return not said & _NO if name & _WITHDRAWN else bool(said & (_WITHDRAWN | _NO))
        case Label.SENSITIVITY:
            return not said & _OPEN


def words(text: str) -> frozenset[str]:
    """Return the words of a name, in lower case: ``PII.NonSensitive`` has three."""
    return frozenset(word.lower() for word in _WORD.findall(text))


def _licences(node: NodeId, thing: Thing) -> Iterator[Labelled]:
    """Yield the licences: the expression where there is one, else what is written."""
    stated = {a.name.casefold(): a for a in reversed(thing.attributes) if _is_plain(a)}
    for name in _LICENCES:
        found = stated.get(name)
        if (
            found is not None
            and found.value
            and not (name == "license" and "license_spdx" in stated)
        ):
            yield _labelled(node, thing, Label.LICENCE, found, found.value)


def _consents(node: NodeId, thing: Thing) -> Iterator[Labelled]:
    for found in thing.attributes:
        if not _is_plain(found):
            continue
        last = found.name.rpartition(".")[2] if found.value else found.name
        if words(last) & _CONSENT:
            yield _labelled(node, thing, Label.CONSENT, found, found.value or found.name)


def _sensitive(node: NodeId, thing: Thing) -> Iterator[Labelled]:
    for found in thing.attributes:
        for name in _tags(found):
            if _is_sensitive(words(name)):
                yield _labelled(node, thing, Label.SENSITIVITY, found, name)
        last = words(found.name.rpartition(".")[2])
        if _is_plain(found) and found.value and last & _CLASSED:
            yield _labelled(node, thing, Label.SENSITIVITY, found, found.value)


def _is_sensitive(said: frozenset[str]) -> bool:
    return bool(said & _SENSITIVE) or (_PERSONAL in said and bool(said & _OF_PERSONS))


def _is_plain(found: Attribute) -> bool:
    """Tell whether an attribute has one plain value: no list, no object."""
    wanted = {AttributeGroup.TAG, AttributeGroup.FIELD}
    return found.group in wanted and found.value[:1] not in {"[", "{"}


def _tags(found: Attribute) -> Iterator[str]:
    """Yield the tags that an attribute is or lists."""
    if found.group is AttributeGroup.TAG and not found.value:
        yield found.name
    *_, last = found.name.rstrip(".0123456789").casefold().split(".")
    if found.group is AttributeGroup.FIELD and last in _LISTS and found.value[:1] in {"[", "{"}:
        yield from _listed(found.value)


def _listed(text: str) -> Iterator[str]:
    try:
        value = parse(text.encode("utf-8", "replace"), what="a list of tags")
    except SourceError:
        return
    for entry in value if isinstance(value, list) else [value]:
        named = [entry.get(name) for name in _NAMES] if isinstance(entry, dict) else [entry]
        yield from [name for name in named if isinstance(name, str)][:1]


def _labelled(node: NodeId, thing: Thing, label: Label, found: Attribute, value: str) -> Labelled:
    where = f"{found.group.value} {found.name}"
    column = _column(thing, found.name)
    return Labelled(node, label, value, where, thing.locator, found.pointer, column)


def _column(thing: Thing, name: str) -> str:
    """Return the column that an attribute of a table is of, or ""."""
    at = _COLUMN.match(name)
    if at is None:
        return ""
    wanted = {f"{at[1]}.{own}" for own in _COLUMN_NAMES}
    return next((a.value for a in thing.attributes if a.name in wanted), "")


def _named(things: Mapping[NodeId, Thing]) -> Mapping[str, list[NodeId]]:
    """Return things by everything that a log may call them."""
    found: dict[str, list[NodeId]] = {}
    for node, thing in things.items():
        for name in {thing.key, thing.name, thing.uri} - {""}:
            found.setdefault(name, []).append(node)
    return found


def _moment(found: IndexedEvent) -> tuple[int, int, int]:
    event = found.event
    return event.time_ns or 0, found.source, event.locator.record or 0

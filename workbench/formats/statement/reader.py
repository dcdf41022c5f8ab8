"""Statements of in-toto that nobody signed: what was made of what, by which builder (SLSA).

A bare one is a claim like any catalog. Those in envelopes are proof, and judged; what provenance in
them says is lineage too (``enveloped.py``).
"""

import re
from collections.abc import Iterator
from datetime import datetime

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.doubts import Stated, digests
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    CatalogRecord,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

_TYPE = b"in-toto.io/Statement/"
_PROVENANCE = re.compile(r"slsa\.dev/provenance\b|in-toto\.io/Provenance\b")
_UNSIGNED = "who says so: nobody signed it"
NEVER = (
    "what the build used beyond what its builder wrote down",
    "whether an artifact is the one that is in use",
)
#: Where the versions of SLSA list what went in.
_MATERIALS = (("buildDefinition", "resolvedDependencies"), ("", "materials"))


def _fits(top: Glimpse) -> bool:
    return not top.is_list and top.says("_type", _TYPE) and "predicateType" in top.members


def tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    """Yield the run that made the subjects, what it used and who ran it."""
    root = Part.apart(sheet, value, "")
    sheet.version = root.see("predicateType")
    predicate = root.part("predicate")
    subjects = root.apart_each("subject")
    materials = [
        part
        for holder, member in _MATERIALS
        for part in (predicate.part(holder) if holder else predicate).apart_each(member)
    ]
    run = _run_key(sheet, root, predicate)
    sheet.totals |= {"subjects": len(subjects), "materials": len(materials)}
    builder = _builder(predicate)
    if run not in sheet.known:
        sheet.known.add(run)
        yield _run(sheet, root, run, builder)
    for part, kind, is_made in (
        *((part, RelationKind.GENERATED, True) for part in subjects),
        *((part, RelationKind.USED, False) for part in materials),
    ):
        key = _key(part)
        if key not in sheet.known:
            sheet.known.add(key)
            yield _artifact(sheet, part, key, is_made=is_made)
        yield sheet.relation(kind, run, key, part.pointer)
    if builder:
        agent = key_of("builder", builder)
        place = sheet.place("/predicate")
        if agent not in sheet.known:
            sheet.known.add(agent)
            yield Thing(ThingKind.AGENT, "builder", agent, builder, place)
        yield sheet.relation(RelationKind.ASSOCIATED_WITH, run, agent, "/predicate", "builder")


def is_provenance(value: JsonValue) -> bool:
    """Tell whether a value is a statement of what was made of what."""
    if not isinstance(value, dict) or not isinstance(value.get("subject"), list):
        return False
    kind, predicate = value.get("_type"), value.get("predicateType")
    stated = isinstance(kind, str) and _TYPE.decode() in kind
    return stated and isinstance(predicate, str) and bool(_PROVENANCE.search(predicate))


def _run_key(sheet: Sheet, root: Part, predicate: Part) -> str:
    """Return the key of a run; one without an id is another than any that was told before."""
    invocation = _invocation(predicate)
    if invocation:
        return key_of("run", invocation)
    kind, n = root.see("predicateType"), 1
    key = key_of("run", kind)
    while key in sheet.known:
        n += 1
        key = key_of("run", kind, str(n))
    return key


def _invocation(predicate: Part) -> str:
    details = predicate.part("runDetails").part("metadata")
    return details.see("invocationId") or predicate.part("metadata").see("buildInvocationId")


def _builder(predicate: Part) -> str:
    inner = predicate.part("runDetails").part("builder")
    return inner.see("id") or predicate.part("builder").see("id")


def _run(sheet: Sheet, root: Part, key: str, builder: str) -> Thing:
    predicate = root.part("predicate")
    started, ended = _times(predicate)
    kind = predicate.part("buildDefinition").see("buildType") or predicate.see("buildType")
    return Thing(
        ThingKind.RUN,
        "build",
        key,
        kind or root.see("predicateType"),
        sheet.place(""),
        state=RunState.COMPLETE,
        created=started,
        ended=ended,
        owner=builder,
        attributes=tuple(root.rest()),
    )


def _times(predicate: Part) -> tuple[datetime | None, datetime | None]:
    new, old = predicate.part("runDetails").part("metadata"), predicate.part("metadata")
    started = new.time("startedOn") or old.time("buildStartedOn")
    return started, new.time("finishedOn") or old.time("buildFinishedOn")


def _key(part: Part) -> str:
    """Return the key of an artifact: its name or address, and the first digest that is stated."""
    held = part.members.get("digest")
    values = held.values() if isinstance(held, dict) else ()
    digest = next((value for value in values if isinstance(value, str)), "")
    return key_of("artifact", part.see("name") or part.see("uri") or part.pointer, digest)


def _artifact(sheet: Sheet, part: Part, key: str, *, is_made: bool) -> Thing:
    held = part.part("digest")
    names = [name for name, value in held.members.items() if isinstance(value, str)]
    stated = [Stated(name, held.text(name), held.at(name)) for name in names]
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.FILE if is_made else ArtifactType.ENTITY,
        key,
        part.see("name") or part.see("uri"),
        sheet.place(part.pointer),
        uri=part.see("uri"),
        attributes=(*digests(sheet, stated), *part.rest()),
    )


READER = DocumentReader("statement", "in-toto statement", _fits, tell, (_UNSIGNED, *NEVER))

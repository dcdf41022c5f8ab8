"""Say in words how a mapping reads the events of a log."""

from collections.abc import Iterator, Sequence

from workbench.formats.logs.mapper import pointer_to
from workbench.model.event_mapping import EventMapping, Grounds, Told

GROUNDS = {
    Grounds.EVIDENCE: "made from logs of such systems, and tried on them",
    Grounds.DOCUMENTATION: "made from documentation only; not tried on a log of such a system",
    Grounds.USER: "brought by you",
}


def explained(mapping: EventMapping) -> list[str]:
    """Return it, one line a fact."""
    return [*_head(mapping), *_parts(mapping), *_rest(mapping)]


def _head(mapping: EventMapping) -> Iterator[str]:
    yield f"{mapping.title} ({mapping.id})"
    yield f"  {GROUNDS[mapping.grounds]}"
    if mapping.reference:
        yield f"  described in {mapping.reference}"
    yield f"  records lie as {', '.join(kind.value for kind in mapping.containers)}"
    for sign in mapping.signs:
        begins = f" that begins with “{sign.begins}”" if sign.begins else ""
        yield f"  known by a value at {pointer_to(sign.place)}{begins}"


def _parts(mapping: EventMapping) -> Iterator[str]:
    rule = mapping.time_rule
    named = (
        ("time", mapping.time),
        ("actor", mapping.actor),
        ("action", mapping.action),
        ("object", mapping.object),
        ("outcome", mapping.outcome.told),
        ("key", mapping.key),
    )
    for name, told in named:
        yield f"  {name:<8} {_alternatives(told)}"
        if name == "time" and told:
            year = f", in {rule.year}" if rule.year is not None else ""
            yield f"           read as {rule.style}; {rule.zone} where no zone is stated{year}"


def _rest(mapping: EventMapping) -> Iterator[str]:
    outcome = mapping.outcome
    if outcome.told:
        words = (("success", outcome.success), ("failure", outcome.failure))
        for meaning, texts in words:
            if texts:
                yield f"  {meaning}: {', '.join(texts)}"
        yield f"  no outcome stated: {outcome.absent.value}"
        other = outcome.other.value if outcome.other else "common words and HTTP statuses"
        yield f"  any other outcome: {other}"
    for extract in mapping.extracts:
        yield f"  taken out of {pointer_to(extract.place)} by {extract.pattern}"
    if mapping.versions:
        yield f"  known versions: {', '.join(mapping.versions)}"
    for sentence in mapping.cannot_show:
        yield f"  cannot show: {sentence}"


def _alternatives(told: Sequence[Told]) -> str:
    return ", else ".join(map(_told, told)) or "not stated"


def _told(told: Told) -> str:
    if all(isinstance(part, str) for part in told):
        return f"always “{''.join(part for part in told if isinstance(part, str))}”"
    if len(told) == 1:
        return "".join(pointer_to(part) for part in told if not isinstance(part, str))
    return "".join(p if isinstance(p, str) else f"{{{pointer_to(p)}}}" for p in told)

"""What one side says against itself: approvals after deployments, stages against aliases.

And which files are still there although a log says that they were deleted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.analysis.acts import Act, meaning_of
from workbench.analysis.addresses import parts_of
from workbench.analysis.against_files import Tree
from workbench.analysis.alternates import plain_digest
from workbench.analysis.approvals import Deployment, History, history_of
from workbench.analysis.decisions import act_of, meant, stands
from workbench.analysis.three_sides import Facts, FileFact, Tally, called, event_place, most_places
from workbench.analysis.touching import Touch, touch_of
from workbench.model.catalog import (
    ArtifactType,
    AttributeGroup,
    Lifecycle,
    live_alias,
    stage_against_alias,
)
from workbench.model.event import IndexedEvent, Outcome
from workbench.model.lineage import NodeId
from workbench.model.moment import text_of
from workbench.model.reconciliation import Line, Mismatch


def approvals(events: Iterable[IndexedEvent], tally: Tally) -> None:
    """Hold every deployment that the logs record against the approvals that they record."""
    deciding = [e for e in events if act_of(e) or meaning_of(e.event.action).maybe]
    history = history_of(deciding)
    given = _given(history)
    for deployment in history.deployments:
        tally.compared += 1
        tally.lines += _unapproved(deployment, given, tally)


def _given(history: History) -> dict[object, list[IndexedEvent]]:
    """Return the approvals of each version that were given, in the order of the logs."""
    found: dict[object, list[IndexedEvent]] = defaultdict(list)
    for approval in history.approvals:
        event = approval.deed.found
        if approval.deed.meaning.act is Act.APPROVE and event.event.outcome is not Outcome.FAILURE:
            found[meant(event.event.object)].append(event)
    return found


def _unapproved(
    deployment: Deployment, given: Mapping[object, Sequence[IndexedEvent]], tally: Tally
) -> Iterator[Line]:
    if any(map(stands, deployment.approvals)):
        if deployment.doubt:
            tally.compared -= 1
            tally.lacks("deployments of which it cannot be told whether they were approved", 1)
        return
    event = deployment.deed.found
    said = event.event
    when = "at no stated time" if said.time_ns is None else f"at {text_of(said.time_ns)}"
    detail = f"{said.actor or 'Nobody named'} deployed it {when} ({said.action})."
    others = [a for a in given.get(meant(said.object), ()) if a not in deployment.approvals]
    later = [a for a in others if _is_later(a, event)]
    mismatch = Mismatch.DEPLOYED_WITHOUT_APPROVAL
    if later and said.object:
        mismatch, first = Mismatch.APPROVED_AFTER_DEPLOYMENT, later[0].event
        moment = "at no stated time" if first.time_ns is None else f"at {text_of(first.time_ns)}"
        detail += f" The first approval came {moment}, by {first.actor or 'nobody named'}."
    elif standing := [a.event.actor for a in others if stands(a) and not _is_later(a, event)]:
        detail += f" Another log records an approval before that, by {', '.join(standing)}."
    shown = (event, *deployment.approvals, *others)
    yield Line(
        mismatch, "model version", said.object, detail,
        doubt=deployment.doubt or _why_open(deployment, given),
        places=most_places(map(event_place, shown)),
    )  # fmt: skip


def _is_later(approval: IndexedEvent, deployment: IndexedEvent) -> bool:
    """Tell whether an approval came after a deployment: by time, within one log by its place."""
    when, then = approval.event.time_ns, deployment.event.time_ns
    if approval.source == deployment.source:
        return (approval.event.locator.record or 0) > (deployment.event.locator.record or 0)
    return when is not None and then is not None and when > then


def _why_open(deployment: Deployment, given: Mapping[object, Sequence[IndexedEvent]]) -> str:
    if deployment.approvals:
        return "The record of its approval does not agree with its own protection data."
    if not stands(deployment.deed.found):
        return "The record of the deployment does not agree with its own protection data."
    if not given:
        return "No log of the case records any approval: approvals may be kept elsewhere."
    return ""


def stages(facts: Facts, tally: Tally) -> None:
    """Hold the stage of each version against the aliases that point to it."""
    models: dict[tuple[int, str], list[NodeId]] = defaultdict(list)
    for node, thing in facts.things.items():
        if thing.type == ArtifactType.MODEL_VERSION:
            models[node[0], thing.name].append(node)
    for nodes in models.values():
        staged = [n for n in nodes if facts.things[n].lifecycle is Lifecycle.PRODUCTION]
        for node in nodes:
            tally.compared += 1
            tally.lines += _stage(node, staged, facts)


def _stage(node: NodeId, staged: Sequence[NodeId], facts: Facts) -> Iterator[Line]:
    thing = facts.things[node]
    aliases = [a.name for a in thing.attributes if a.group is AttributeGroup.ALIAS]
    alias, doubt, places = live_alias(aliases), "", [node]
    if not alias:
        return
    said = thing.lifecycle_raw or thing.lifecycle.value
    detail = f"The alias {alias} says that it serves, the stage says {said}."
    if not stage_against_alias(thing.lifecycle, aliases):
        if thing.lifecycle is Lifecycle.PRODUCTION or not staged:
            return
        other = ", ".join(called(facts.things[each]) for each in staged[:5])
        detail += f" The stage of production is that of {other}."
        doubt = "Whoever went over from stages to aliases may have left the old stage."
        places += staged
    yield Line(
        Mismatch.STAGE_AGAINST_ALIAS, "model version", called(thing), detail, stated=said,
        found=alias, doubt=doubt, places=most_places(map(facts.place, places)),
    )  # fmt: skip


def deleted_files(facts: Facts, tally: Tally) -> None:
    """Hold the files against the logs: what one says was deleted last must not be there."""
    tree = Tree(facts.files)
    last: dict[str, IndexedEvent] = {}
    dated = [event for event in facts.events if event.event.time_ns is not None]
    for event in sorted(dated, key=lambda e: (e.event.time_ns or 0, e.source)):
        if event.event.object and touch_of(event):
            last[event.event.object] = event
    for item, event in last.items():
        touching = touch_of(event)
        files = _named_by(item, tree)
        tally.compared += bool(files)
        if files and touching and touching.touch is Touch.DELETE:
            tally.lines.append(_still_there(item, event, files))


def _named_by(item: str, tree: Tree) -> list[FileFact]:
    """Return the files that the object of an event names, by the end of its path or by digest."""
    parts = parts_of(item)
    found, length = tree.ending(parts)
    files = [tree.files[p] for p in found if p in tree.files and length in (len(parts), len(p))]
    if files:
        return files
    return list(tree.by_digest.get(plain_digest(item), ()))


def _still_there(item: str, event: IndexedEvent, files: Sequence[FileFact]) -> Line:
    said = event.event
    names = ", ".join(file.name for file in files[:5])
    who, when = said.actor or "Nobody named", text_of(said.time_ns or 0)
    detail = f"{who} deleted it at {when}; here is {names}."
    doubt = "" if stands(event) else "The record does not agree with its own protection data."
    places = (event_place(event), *(file.place for file in files))
    return Line(
        Mismatch.DELETED_BUT_IN_FILES, "file", item, detail, doubt=doubt, places=most_places(places)
    )

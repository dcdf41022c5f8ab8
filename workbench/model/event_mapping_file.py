"""Read an event mapping from what its YAML file says, strictly: half a mapping reads half a log."""

import re

from workbench.model.event import Outcome
from workbench.model.event_mapping import (
    EventMapping,
    Extract,
    Grounds,
    LogContainer,
    Order,
    OutcomeRule,
    Sign,
    TimeRule,
    Told,
)
from workbench.model.profile_node import Node
from workbench.model.recipe import Name

_PLACE = re.compile(r"\{([^{}]+)\}")
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_STYLES = {"auto", "iso", "s", "ms", "us", "ns", "bsd"}
#: Stands for none where a closed set is asked for.
_WORDS = "words"


def parse_mapping(loaded: object, *, what: str, text: str) -> EventMapping:
    """Return the mapping that a file describes.

    Args:
        loaded: the loaded YAML; all scalars are text.
        what: name of the file, for messages.
        text: the file itself.

    Raises:
        ProfileError: something is unknown, of the wrong kind, missing or contradictory.
    """
    root = Node(loaded, "", what)
    time = root.node("time") if isinstance(root.take("time"), dict) else None
    mapping = EventMapping(
        id=_id(root),
        title=root.text("title"),
        grounds=root.choice("made_from", Grounds.USER),
        reference=root.text("reference", ""),
        containers=_containers(root),
        lists=tuple(_name(text, root, "lists") for text in root.texts("lists")),
        signs=_signs(root),
        time=_told(root, "time") if time is None else _told(time, "from"),
        time_rule=TimeRule() if time is None else _time_rule(time),
        actor=_told(root, "actor"),
        action=_told(root, "action"),
        object=_told(root, "object"),
        outcome=_outcome(root),
        key=_told(root, "key"),
        version=root.maybe_name("version"),
        versions=root.texts("versions"),
        extracts=tuple(_extract(node) for node in root.nodes("extract")),
        delimiter=root.text("delimiter", ""),
        order=root.choice("order", Order.TIME),
        cannot_show=root.texts("cannot_show"),
        text=text,
    )
    root.done()
    if not (mapping.time or mapping.action):
        raise root.error("must say at least where the time or the action stands")
    return mapping


def _id(root: Node) -> str:
    found = root.text("id")
    if not _ID.fullmatch(found):
        raise root.error("must be made of small letters, digits, dots and hyphens", "id")
    return found


def _containers(root: Node) -> tuple[LogContainer, ...]:
    known = {container.value: container for container in LogContainer}
    named = root.texts("containers") or (LogContainer.JSONL.value,)
    strange = [name for name in named if name not in known]
    if strange:
        raise root.error(f"names {strange[0]}; known are {', '.join(known)}", "containers")
    return tuple(known[name] for name in named)


def _signs(root: Node) -> tuple[Sign, ...]:
    return tuple(
        Sign(_name(place, root, "recognise"), begins) for place, begins in root.pairs("recognise")
    )


def _told(node: Node, key: str) -> tuple[Told, ...]:
    """Return one text or a list of texts; the first that a record can fill counts."""
    value = node.take(key)
    if value is None:
        return ()
    texts = value if isinstance(value, list) else [value]
    known = [text for text in texts if isinstance(text, str) and text]
    if not texts or len(known) < len(texts):
        raise node.error("must be a text or a list of texts", key)
    return tuple(_parts(text, node, key) for text in known)


def _parts(text: str, node: Node, key: str) -> Told:
    """Return a text as what it is: ``=a constant``, ``{/a/b}: {c}``, or the place of a member."""
    if text.startswith("="):
        return (text[1:],)
    if "{" not in text:
        return (_name(text, node, key),)
    parts: list[str | Name] = []
    at = 0
    for place in _PLACE.finditer(text):
        parts += [text[at : place.start()], _name(place[1], node, key)]
        at = place.end()
    if not any(isinstance(part, tuple) for part in parts):
        raise node.error(f"has a brace and no place in it: {text}", key)
    return tuple(part for part in (*parts, text[at:]) if part != "")


def _name(text: str, node: Node, key: str) -> Name:
    """Return where a member stands: its name, or a JSON pointer (RFC 6901)."""
    if not text.startswith("/"):
        return (text,)
    parts = tuple(p.replace("~1", "/").replace("~0", "~") for p in text[1:].split("/"))
    if not all(parts):
        raise node.error(f"is no place: {text}", key)
    return parts


def _time_rule(node: Node) -> TimeRule:
    style = node.text("format", "auto")
    if style not in _STYLES and "%" not in style:
        known = ", ".join(sorted(_STYLES))
        raise node.error(f"is {style}; known are {known}, or a pattern as %d/%b/%Y", "format")
    year = node.number("year")
    rule = TimeRule(style, node.text("zone", "UTC"), year)
    if year is not None and not 1970 <= year <= 2200:
        raise node.error("must be a year", "year")
    node.done()
    return rule


def _outcome(root: Node) -> OutcomeRule:
    if not isinstance(root.take("outcome"), dict):
        return OutcomeRule(_told(root, "outcome"))
    node = root.node("outcome")
    other = node.text("other", _WORDS)
    rule = OutcomeRule(
        told=_told(node, "from"),
        success=node.texts("success"),
        failure=node.texts("failure"),
        absent=node.choice("absent", Outcome.UNKNOWN),
        other=None if other == _WORDS else node.choice("other", Outcome.UNKNOWN),
    )
    node.done()
    if not rule.told:
        raise node.error("must say where it stands", "from")
    return rule


def _extract(node: Node) -> Extract:
    found = Extract(node.name("from"), node.text("pattern"))
    node.done()
    return found

"""Detection rules: the files that ship with the program, and those a user brings.

Both are data, read strictly: what is unknown, missing or cannot be asked is refused with its place.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TypeVar

from workbench import resources
from workbench.errors import ProfileError, QueryError, SourceError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.model.case import Severity
from workbench.model.detection import By, Condition, Need, Pattern, Rule, Vector
from workbench.model.moment import day_of, moment_of
from workbench.model.profile_node import Node
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.model.timeline import span_of
from workbench.store.event_sql import EventTarget
from workbench.store.query_sql import compile_query

M = TypeVar("M", By, Need)

_MOST_FILES = 1000
_MOST_STEPS = 5
_MOST_COUNTED = 100_000
_OF_EVENT = ("time", "actor", "action", "object", "outcome")


@cache
def shipped() -> tuple[Rule, ...]:
    """Return the rules that ship with the program, by id."""
    return in_folder(resources.path("rules"))


def in_folder(folder: Path) -> tuple[Rule, ...]:
    """Return the rules in the files ``*.yaml`` of a folder, by id.

    Raises:
        SourceError: there is none, or one cannot be read.
        ProfileError: one cannot be understood, or two have one id.
    """
    files = sorted(folder.glob("*.yaml"))
    if not 0 < len(files) <= _MOST_FILES:
        raise SourceError(f"{folder} holds no rules (files *.yaml).", path=str(folder))
    rules = sorted((load(file) for file in files), key=lambda rule: rule.id)
    require_different(rules)
    return tuple(rules)


def require_different(rules: "list[Rule]") -> None:
    """Refuse two rules of one id: a hit must name its rule.

    Raises:
        ProfileError: there are two.
    """
    ids = [rule.id for rule in rules]
    twice = sorted({number for number in ids if ids.count(number) > 1})
    if twice:
        raise ProfileError(f"Two rules are called {twice[0]}.", path=twice[0], place="id")


def load(path: Path) -> Rule:
    """Return the rule in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood.
    """
    node, sha256 = _top(path)
    if not node.texts("needs"):
        raise node.error("must name the fields without which an event cannot be seen", "needs")
    rule = Rule(
        id=node.text("id"),
        version=node.text("version"),
        title=node.text("title"),
        level=node.choice("level", Severity.MEDIUM),
        criteria=node.text("criteria"),
        consequence=node.text("consequence", ""),
        remedy=node.text("remedy", ""),
        innocent=node.texts("innocent"),
        blind=node.texts("blind"),
        needs=tuple(_member(node, "needs", Need, text) for text in node.texts("needs")),
        condition=_condition(node),
        vectors=tuple(_vector(each) for each in node.nodes("tests")),
        sha256=sha256,
    )
    node.done()
    return rule


def leavers(path: Path) -> dict[str, int]:
    """Return who left, each with the first nanosecond of being gone, from a file.

    A date is the last day: who left on it is gone from the next UTC day on.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood.
    """
    node, _ = _top(path)
    told = node.pairs("leavers")
    node.done()
    if not told:
        raise node.error("must name at least one leaver with a date", "leavers")
    return {name: _gone(node, name, text) for name, text in told}


def _gone(node: Node, name: str, text: str) -> int:
    day, moment = day_of(text), moment_of(text)
    if day is None and moment is None:
        raise node.error("must be a date like 2026-05-31 or a time in RFC 3339", f"leavers.{name}")
    return day[1] + 1 if day is not None else int(moment or 0)


def _top(path: Path) -> tuple[Node, str]:
    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        mapping = load_yaml(data, what=path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    return Node(mapping, "", path.name), hashlib.sha256(data).hexdigest()


def _condition(top: Node) -> Condition:
    selections = {name: _query(top, name, text) for name, text in top.pairs("select")}
    node = top.node("condition")
    given = [pattern for pattern in Pattern if node.has(pattern.value)]
    if len(given) != 1:
        raise node.error(f"must have one of {', '.join(Pattern)}")
    pattern = given[0]
    names, unless = _steps(node, pattern), _unless(node, pattern)
    used = (*names, *filter(None, (unless,)))
    unknown = [name for name in used if name not in selections]
    unused = [name for name in selections if name not in used]
    if unknown or unused:
        which = f"{unknown[0]}, which select does not have" if unknown else f"not {unused[0]}"
        raise node.error(f"names {which}", pattern.value)
    made = Condition(
        pattern=pattern,
        steps=tuple(selections[name] for name in names),
        least=_least(node, pattern),
        within=_within(node, pattern),
        by=_by(node, pattern),
        unless=selections[unless] if unless else "",
    )
    node.done()
    return made


def _steps(node: Node, pattern: Pattern) -> tuple[str, ...]:
    if pattern is not Pattern.SEQUENCE:
        return (node.text(pattern.value),)
    steps = node.texts(pattern.value)
    if not 2 <= len(steps) <= _MOST_STEPS:
        raise node.error(f"must have 2 to {_MOST_STEPS} steps", pattern.value)
    return steps


def _unless(node: Node, pattern: Pattern) -> str:
    return node.text("unless", "") if pattern is Pattern.SEQUENCE else ""


def _least(node: Node, pattern: Pattern) -> int:
    if pattern is not Pattern.COUNT:
        return 1
    least = node.number("least")
    if least is None or not 2 <= least <= _MOST_COUNTED:
        raise node.error(f"must be a number from 2 to {_MOST_COUNTED}", "least")
    return least


def _within(node: Node, pattern: Pattern) -> int | None:
    if pattern not in {Pattern.COUNT, Pattern.SEQUENCE}:
        return None
    text = node.text("within") if pattern is Pattern.COUNT else node.maybe("within")
    try:
        return None if text is None else span_of(text)
    except UsageError:
        raise node.error("must be a span of time like 90s, 5m, 2h or 1d", "within") from None


def _by(node: Node, pattern: Pattern) -> tuple[By, ...]:
    if pattern not in {Pattern.COUNT, Pattern.SEQUENCE}:
        return ()
    return tuple(_member(node, "by", By, text) for text in node.texts("by"))


def _member(node: Node, key: str, kind: type[M], text: str) -> M:
    try:
        return kind(text)
    except ValueError:
        raise node.error(f"names {text}; known are {', '.join(kind)}", key) from None


def _query(top: Node, name: str, text: str) -> str:
    """Return a query that can be asked; one that cannot is refused with its place."""
    try:
        compile_query(parse(text, FIELDS[Area.EVENTS]), EventTarget({}, {}))
    except QueryError as error:
        what = f"cannot be asked, at character {error.offset + 1}: {error.message}"
        raise top.error(what.rstrip("."), f"select.{name}") from error
    return text


def _vector(node: Node) -> Vector:
    hits = node.number("hits")
    if hits is None:
        raise node.error("is missing", "hits")
    events = tuple(_event(each) for each in node.nodes("events"))
    made = Vector(node.text("says"), hits, events)
    node.done()
    return made


def _event(node: Node) -> dict[str, str]:
    told = {name: node.text(name) for name in _OF_EVENT if node.has(name)}
    node.done()
    return told

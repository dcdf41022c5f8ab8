"""Artifact rules: what may go into a step and come out of it (in-toto 1.0, 4.3.3)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from posixpath import normpath

from workbench.evidence.linear_regex import BadPatternError, pattern_of
from workbench.model.layout import Digests, LayoutStep, Link

Artifacts = Mapping[str, Digests]
#: Longer patterns are no names of files.
_MOST_PATTERN = 1000


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold: of which step, and why, in a sentence.

    ``unclear``: the rule itself cannot be understood.
    """

    step: str
    why: str
    unclear: bool = False


class _UnclearError(ValueError):
    """A rule that is none."""


def broken_rules(step: LayoutStep, links: Mapping[str, Link]) -> list[Broken]:
    """Return which rules of a step do not hold, for materials and for products."""
    link = links[step.name]
    found: list[Broken] = []
    for what, rules in (("materials", step.materials), ("products", step.products)):
        try:
            why = _first_broken(what, rules, link, links)
        except _UnclearError as error:
            found.append(Broken(step.name, f"Step {step.name}: {error}", unclear=True))
            continue
        found += [Broken(step.name, f"Step {step.name}, {what}: {why}")] if why else []
    return found


def matched_steps(step: LayoutStep) -> set[str]:
    """Return the steps that the rules of a step hold it against."""
    rules = (*step.materials, *step.products)
    return {rule[-1] for rule in rules if rule and rule[0].upper() == "MATCH"}


def _first_broken(
    what: str, rules: Iterable[tuple[str, ...]], link: Link, links: Mapping[str, Link]
) -> str:
    """Go through rules in order; each takes away the artifacts that it is about."""
    materials, products = _plain(link.materials), _plain(link.products)
    own = materials if what == "materials" else products
    queue = set(own)
    for rule in rules:
        kind = rule[0].upper() if rule else ""
        match kind:
            case "MATCH":
                queue -= _matched(rule, queue, own, links)
            case "DISALLOW":
                if left := sorted(_called(_pattern(rule), queue)):
                    return f"{', '.join(left[:5])} must not be there ({' '.join(rule)})."
            case "REQUIRE":
                if _pattern(rule) not in queue:
                    return f"{_pattern(rule)} must be there."
            case "CREATE" | "DELETE" | "MODIFY" | "ALLOW":
                queue -= _called(_pattern(rule), queue & _among(kind, materials, products))
            case _:
                raise _UnclearError(f"the rule {' '.join(rule)[:100]!r} is not known.")
    return ""


def _among(kind: str, materials: Artifacts, products: Artifacts) -> set[str]:
    """Return the artifacts that a rule of a kind can be about."""
    match kind:
        case "CREATE":
            return set(products) - set(materials)
        case "DELETE":
            return set(materials) - set(products)
        case "MODIFY":
            both = set(materials) & set(products)
            return {path for path in both if materials[path] != products[path]}
        case _:
            return set(materials) | set(products)


def _matched(
    rule: tuple[str, ...], queue: set[str], own: Artifacts, links: Mapping[str, Link]
) -> set[str]:
    """Return the artifacts that are those of another step: same place, same digests."""
    pattern, source, which, target, name = _parts(rule)
    link = links.get(name)
    if link is None:
        return set()
    other = _plain(link.materials if which == "MATERIALS" else link.products)
    below = {path.removeprefix(source): path for path in queue if path.startswith(source)}
    return {
        below[path]
        for path in _called(pattern, below)
        if target + path in other and other[target + path] == own[below[path]]
    }


def _parts(rule: tuple[str, ...]) -> tuple[str, str, str, str, str]:
    """Return pattern, prefix, kind, prefix there, step: ``MATCH p [IN s] WITH k [IN t] FROM n``."""
    words = list(rule[1:])
    if not words:
        raise _UnclearError("a MATCH rule has no pattern.")
    pattern, rest, source, target = words[0], words[1:], "", ""
    if len(rest) > 1 and rest[0].upper() == "IN":
        source, rest = _prefix(rest[1]), rest[2:]
    if len(rest) < 2 or rest[0].upper() != "WITH" or rest[1].upper() not in _KINDS:
        raise _UnclearError(f"the rule {' '.join(rule)[:100]!r} cannot be understood.")
    which, rest = rest[1].upper(), rest[2:]
    if len(rest) > 1 and rest[0].upper() == "IN":
        target, rest = _prefix(rest[1]), rest[2:]
    if len(rest) != 2 or rest[0].upper() != "FROM":
        raise _UnclearError(f"the rule {' '.join(rule)[:100]!r} cannot be understood.")
    return pattern, source, which, target, rest[1]


_KINDS = {"MATERIALS", "PRODUCTS"}


def _prefix(path: str) -> str:
    return f"{normpath(path)}/" if path and normpath(path) != "." else ""


def _pattern(rule: tuple[str, ...]) -> str:
    if len(rule) != 2:
        raise _UnclearError(f"the rule {' '.join(rule)[:100]!r} cannot be understood.")
    return rule[1]


def _plain(artifacts: Artifacts) -> dict[str, Digests]:
    return {normpath(path): digests for path, digests in artifacts.items()}


def _called(pattern: str, paths: Iterable[str]) -> set[str]:
    """Return the paths that a pattern of a shell stands for; ``*`` goes over slashes too."""
    if len(pattern) > _MOST_PATTERN:
        raise _UnclearError(f"a pattern has more than {_MOST_PATTERN} characters.")
    try:
        compiled = pattern_of(rf"\A(?s:{''.join(_translated(pattern))})\z")
    except BadPatternError as error:
        raise _UnclearError(f"the pattern {pattern[:100]!r} cannot be understood.") from error
    return {path for path in paths if compiled.search(path)}


_PIECES = re.compile(r"\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)


def _translated(pattern: str) -> Iterable[str]:
    for piece in _PIECES.findall(pattern):
        if piece == "*":
            yield ".*"
        elif piece == "?":
            yield "."
        elif len(piece) > 1:
            inside = piece[1:-1].replace("\\", "\\\\").replace("[", "\\[")
            inside = inside.replace("]", "\\]")
            yield f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
        else:
            yield re.escape(piece)

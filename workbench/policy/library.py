"""Packs of checks and frameworks: the files that ship with the program, and those a user brings.

Both are data, run by our engine: code is never loaded from a pack.
"""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from workbench import resources
from workbench.errors import ProfileError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.model.case import Severity
from workbench.model.policy import Check, Clause, Framework, Pack, Population
from workbench.model.profile_node import Node
from workbench.policy.cost import require_cheap
from workbench.policy.fields import FIELDS


@cache
def shipped() -> tuple[Pack, ...]:
    """Return the packs that ship with the program, by id."""
    files = sorted(resources.path("packs").glob("*.yaml"))
    return tuple(sorted((load(file) for file in files), key=lambda pack: pack.id))


@cache
def frameworks() -> tuple[Framework, ...]:
    """Return the frameworks that checks are mapped to, by id."""
    files = sorted(resources.path("frameworks").glob("*.yaml"))
    return tuple(_framework(_top(file)[0]) for file in files)


def chosen(name: str) -> Pack:
    """Return a shipped pack by its id, or the pack in a file.

    Raises:
        SourceError: ``name`` is neither.
        ProfileError: the file cannot be understood.
    """
    found = [pack for pack in shipped() if pack.id == name]
    return found[0] if found else load(Path(name))


def load(path: Path) -> Pack:
    """Return the pack in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood, or a rule is not cheap or asks for what is not there.
    """
    top, sha256 = _top(path)
    checks = tuple(_check(node) for node in top.nodes("checks"))
    ids = [check.id for check in checks]
    if not checks or len(set(ids)) != len(ids):
        raise top.error("must be a list of checks with different ids", "checks")
    pack = Pack(
        id=top.text("id"),
        version=top.text("version"),
        title=top.text("title"),
        description=top.text("description", ""),
        sha256=sha256,
        checks=checks,
    )
    top.done()
    return pack


def _top(path: Path) -> tuple[Node, str]:
    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        mapping = load_yaml(data, what=path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    return Node(mapping, "", path.name), hashlib.sha256(data).hexdigest()


def _check(node: Node) -> Check:
    check = Check(
        id=node.text("id"),
        title=node.text("title"),
        criteria=node.text("criteria"),
        severity=node.choice("severity", Severity.MEDIUM),
        population=node.choice("population", Population.SOURCE),
        where=node.text("where", ""),
        needs=node.texts("needs"),
        rule=node.text("rule", ""),
        exceptions=node.text("exceptions", ""),
        consequence=node.text("consequence", ""),
        remedy=node.text("remedy", ""),
        mappings=tuple(Clause(k, v) for k, v in node.pairs("mappings")),
    )
    node.done()
    _require_sound(check, node)
    _require_mapped(check, node)
    return check


def _require_sound(check: Check, node: Node) -> None:
    """Refuse a rule that can never be asked, or a field that no row of its population has."""
    if bool(check.rule) == bool(check.exceptions):
        raise node.error("must have either a rule or a query for exceptions", "rule")
    if (check.population is Population.EVENT) != bool(check.exceptions):
        raise node.error("asks events by a query, and everything else by a rule", "exceptions")
    unknown = set(check.needs) - FIELDS[check.population].keys()
    if unknown:
        raise node.error(f"asks for {sorted(unknown)[0]}, which no such row has", "needs")
    for key, expression in (("where", check.where), ("rule", check.rule)):
        require_cheap(expression, f"{node.what}: {key} of {check.id}")


def _require_mapped(check: Check, node: Node) -> None:
    """Refuse a clause of a text that is not known here, or that the text's file does not list."""
    known = {framework.id: framework for framework in frameworks()}
    for mapping in check.mappings:
        found = known.get(mapping.framework)
        if found is None:
            names = ", ".join(sorted(known))
            raise node.error(f"names {mapping.framework}, not one of {names}", "mappings")
        if found.clauses and mapping.clause not in found.clauses:
            what = f"names {mapping.clause}, which {found.id} does not list"
            raise node.error(what, "mappings")


def _framework(node: Node) -> Framework:
    found = Framework(
        id=node.text("id"),
        title=node.text("title"),
        first=_day(node, "from"),
        last=_day(node, "until"),
        status=node.text("status"),
        source=node.text("source"),
        clauses=dict(node.pairs("clauses")),
    )
    node.done()
    return found


def _day(node: Node, key: str) -> date | None:
    text = node.maybe(key)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise node.error("must be a day like 2026-08-02", key) from None

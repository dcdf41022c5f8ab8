"""Templates of reports: those that ship with the program, and those a user brings (YAML)."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workbench import resources
from workbench.errors import ProfileError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.model.profile_node import Node
from workbench.model.template import PLAIN, REQUIRED, Ask, Point, Statement, Template
from workbench.model.verdict import Indication

#: Sections that a template may leave out: what they print is in manifest.json as well.
OPTIONAL = ("lineage", "proof")
#: What a text may ask to be filled in.
BLANKS = ("client", "prepared_for", "scope", "criteria", "period", "auditor", "number", "team")

_BLANK = re.compile(r"\{([^{}]*)\}")
_KEY = re.compile(r"[a-z][a-z0-9-]*")


@cache
def shipped() -> tuple[Template, ...]:
    """Return the templates that ship with the program, the plain one first."""
    files = sorted(resources.path("templates").glob("*.yaml"))
    return (PLAIN, *map(load, files))


def path_of(template: Template) -> Path | None:
    """Return the file of a template that ships with the program; the plain one has none."""
    path = resources.path("templates", f"{template.id}.yaml")
    return path if path.is_file() else None


def chosen(name: str) -> Template:
    """Return a shipped template by its id, or the template in a file.

    Raises:
        SourceError: ``name`` is neither.
        ProfileError: the file cannot be understood.
    """
    found = [each for each in shipped() if each.id == name]
    return found[0] if found else load(Path(name))


def load(path: Path) -> Template:
    """Return the template in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood, or leaves out what a report must have.
    """
    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        top = Node(load_yaml(data, what=path.name), "", path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    template = Template(
        id=_key(top, "id"),
        title=top.text("title"),
        kind=top.text("kind"),
        summary=top.text("summary", ""),
        sections=top.texts("sections"),
        titles=top.pairs("titles"),
        statements=tuple(map(_statement, top.nodes("statements"))),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    top.done()
    _require_whole(top, template)
    return template


def _require_whole(top: Node, template: Template) -> None:
    """Refuse a template that leaves something out, names it twice, or names what is not there."""
    keys = [statement.key for statement in template.statements]
    known = {*REQUIRED, *OPTIONAL, *keys}
    asked = [ask.key for ask in template.asks]
    if template.id == PLAIN.id:
        raise top.error("is the name of the report without a template", "id")
    if missing := [each for each in (*REQUIRED, *keys) if each not in template.sections]:
        raise top.error(f"must also name {', '.join(missing)}", "sections")
    if unknown := [each for each in template.sections if each not in known]:
        raise top.error(f"names {', '.join(unknown)}, which is no section", "sections")
    if template.sections[:2] != REQUIRED[:2]:
        raise top.error("must begin with cover and card: the verdicts come first", "sections")
    if unknown := [each for each, _ in template.titles if each not in {*REQUIRED[1:], *OPTIONAL}]:
        raise top.error(f"names {', '.join(unknown)}, which is no section with a title", "titles")
    if len(set(keys)) != len(keys) or set(keys) & {*REQUIRED, *OPTIONAL}:
        raise top.error(
            "must have keys that differ from each other and from sections", "statements"
        )
    if len(set(asked)) != len(asked):
        raise top.error("ask for one thing twice", "statements")


def _statement(node: Node) -> Statement:
    statement = Statement(
        key=_key(node, "key"),
        title=node.text("title"),
        text=tuple(_filled(node, "text", each) for each in node.texts("text")),
        bullets=tuple(_filled(node, "bullets", each) for each in node.texts("bullets")),
        conclusion=tuple(_conclusion(node)),
        asks=tuple(map(_ask, node.nodes("asks"))),
        points=tuple(map(_point, node.nodes("points"))),
    )
    node.done()
    return statement


def _conclusion(node: Node) -> Iterator[tuple[Indication, str]]:
    """Yield what is concluded by how the case stands: for all three, or there is nothing to say."""
    if not node.has("conclusion"):
        return
    below = node.node("conclusion")
    for indication in Indication:
        key = indication.value.lower()
        yield indication, _filled(below, key, below.text(key))
    below.done()


def _ask(node: Node) -> Ask:
    ask = Ask(_key(node, "key"), node.text("label"))
    node.done()
    return ask


def _point(node: Node) -> Point:
    point = Point(
        node.text("clause"), node.text("asks"), node.texts("sections"), node.text("stated", "")
    )
    node.done()
    if unknown := [each for each in point.sections if each not in {*REQUIRED, *OPTIONAL}]:
        raise node.error(f"names {', '.join(unknown)}, which is no section", "sections")
    return point


def _key(node: Node, name: str) -> str:
    key = node.text(name)
    if not _KEY.fullmatch(key):
        raise node.error("must be small letters, digits and hyphens", name)
    return key


def _filled(node: Node, name: str, text: str) -> str:
    """Return a text whose blanks are all known."""
    for blank in _BLANK.findall(text):
        if blank not in BLANKS:
            known = ", ".join(f"{{{each}}}" for each in BLANKS)
            raise node.error(f"has {{{blank}}}; what can be filled in is {known}", name)
    return text

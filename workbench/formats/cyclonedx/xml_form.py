"""A bill in XML as the JSON that says the same (ECMA-424 has both): one reader for both forms.

Attributes and elements become members of their names; a list of the schema becomes a list. Every
text and every attribute has a place in it, and where each stands in the XML is kept as its path.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbench.evidence.strict_json import JsonValue
from workbench.evidence.strict_xml import Element, parse
from workbench.formats.cyclonedx import NAMESPACE
from workbench.formats.part import escaped
from workbench.model.catalog import CatalogRecord, Thing
from workbench.model.locator import Locator
from workbench.model.source import Problem

#: Elements that hold a list and nothing else.
_NAMES_OF_LISTS = """
advisories affects ancestors annotations assemblies authors collection commands commits components
compositions conditions custodians cwes datasets dependencies descendants endpoints
energyConsumptions energyProviders environmentVars ethicalConsiderations externalReferences
fairnessAssessments formulation hashes inputs licenses lifecycles outputs owners parameters patches
performanceMetrics performanceTradeoffs properties ratings references resourceReferences
runtimeTopology services steps stewards subjects tags taskDependencies taskTypes tasks
technicalLimitations useCases users variants vulnerabilities workflows workspaces
"""
_LISTS = frozenset(_NAMES_OF_LISTS.split())
#: Lists whose items keep their names: they are of several kinds.
_NAMED = {"licenses"}
#: What the text of an element is called that has attributes too.
_TEXT, _TEXTS = "content", {"property": "value", "environmentVar": "value"}
_REF = "ref"


@dataclass(slots=True)
class Form:
    """A bill in XML.

    Attributes:
        value: the JSON that says the same.
        places: the path in the XML of what stands at each JSON pointer.
        repeated: the paths of lists that stand in one element once more; the schema has one.
    """

    value: JsonValue = None
    places: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes, *, what: str) -> "Form":
        """Return a bill as its other form.

        Raises:
            SourceError: it is not well-formed, declares a type or an entity, or is too large.
        """
        root = parse(data, what=what)
        form = cls()
        space, _, name = root.tag.rpartition("}")
        members = form._object(root, "", f"/{name}")
        members.setdefault("specVersion", space.rpartition("/")[2])
        form.value = members
        return form

    def placed(
        self, records: Iterable[CatalogRecord | Problem]
    ) -> Iterator[CatalogRecord | Problem]:
        """Yield records with their places in the XML."""
        for record in records:
            moved = replace(record, locator=self._moved(record.locator))
            if isinstance(moved, Thing):
                attributes = (replace(a, pointer=self._path(a.pointer)) for a in moved.attributes)
                moved = replace(moved, attributes=tuple(attributes))
            yield moved

    def _moved(self, place: Locator) -> Locator:
        return replace(place, pointer=place.pointer and self._path(place.pointer))

    def _path(self, pointer: str) -> str:
        """Return the path of what stands at a pointer, or of the nearest around it."""
        around = pointer
        while around and around not in self.places:
            around = around.rpartition("/")[0]
        return self.places.get(around, pointer)

    def _value(self, element: Element, pointer: str, path: str) -> JsonValue:
        self.places[pointer] = path
        name, text = _local(element), _text(element)
        if name in _LISTS and not element.attrib and not text:
            return self._list(element, name, pointer, path)
        if element.attrib or len(element):
            return self._object(element, pointer, path)
        return text

    def _list(
        self, element: Element, name: str, pointer: str, path: str, *, first: int = 0
    ) -> list[JsonValue]:
        """Return the items of a list, from number ``first``."""
        found: list[JsonValue] = []
        for n, (child, step) in enumerate(_steps(element), start=first):
            at, kind = f"{pointer}/{n}", _local(child)
            where = f"{path}/{step}"
            if name in _NAMED or (kind == _REF and not len(child)):
                self.places[at] = where
                found.append({kind: self._value(child, f"{at}/{escaped(kind)}", where)})
            elif kind == "dependency":
                found.append(self._dependency(child, at, where))
            else:
                found.append(self._value(child, at, where))
        return found

    def _dependency(self, element: Element, pointer: str, path: str) -> JsonValue:
        """Return what depends on what: the inner elements are references."""
        self.places[pointer] = path
        members: dict[str, JsonValue] = self._attributes(element, pointer, path)
        for kind, name in (("dependency", "dependsOn"), ("provides", "provides")):
            refs: list[JsonValue] = []
            for child, step in _steps(element):
                if _local(child) == kind:
                    at = f"{pointer}/{name}/{len(refs)}"
                    plain = set(child.attrib) == {_REF} and not len(child)
                    self.places[at] = f"{path}/{step}"
                    inner = self._dependency(child, at, f"{path}/{step}")
                    refs.append(child.attrib[_REF] if plain else inner)
            if refs:
                members[name] = refs
        return members

    def _object(self, element: Element, pointer: str, path: str) -> dict[str, JsonValue]:
        members = self._attributes(element, pointer, path)
        text = _text(element)
        if text:
            members[_free(members, _TEXTS.get(_local(element), _TEXT))] = text
        children: dict[str, list[tuple[Element, str]]] = {}
        for child, step in _steps(element):
            children.setdefault(_local(child), []).append((child, f"{path}/{step}"))
        for kind, same in children.items():
            name = _free(members, kind)
            at = f"{pointer}/{escaped(name)}"
            self.places[at] = same[0][1]
            if kind in _LISTS:
                members[name] = self._joined(same, kind, at)
                for child, where in same:
                    members |= self._beside(child, pointer, where, members)
            elif len(same) == 1:
                members[name] = self._value(same[0][0], at, same[0][1])
            else:
                values = [self._value(c, f"{at}/{n}", where) for n, (c, where) in enumerate(same)]
                members[name] = values
        return members

    def _joined(
        self, same: Sequence[tuple[Element, str]], name: str, pointer: str
    ) -> list[JsonValue]:
        """Return the items of a list, whatever attributes it has; of each where it stands twice."""
        items: list[JsonValue] = []
        for element, path in same:
            items += self._list(element, name, pointer, path, first=len(items))
        self.repeated += [path for _, path in same[1:]]
        return items

    def _beside(
        self, element: Element, pointer: str, path: str, beside: dict[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Return what a list has beside its items, which the schema does not know, by its name."""
        name = _local(element)
        told = [(f"{name}@{attribute}", value) for attribute, value in element.attrib.items()]
        told += [(f"{name}#text", text) for text in [_text(element)] if text]
        said: dict[str, JsonValue] = {_free(beside, each): value for each, value in told}
        self.places |= {f"{pointer}/{escaped(each)}": path for each in said}
        return said

    def _attributes(self, element: Element, pointer: str, path: str) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        for name, value in element.attrib.items():
            members[name] = value
            self.places[f"{pointer}/{escaped(name)}"] = f"{path}/@{name}"
        return members


def _text(element: Element) -> str:
    """Return the text of an element, and what stands between the elements in it."""
    texts = [element.text, *(child.tail for child in element)]
    return " ".join(filter(None, ((each or "").strip() for each in texts)))


def _free(members: dict[str, JsonValue], name: str) -> str:
    """Return a name that no member has; an attribute and an element may be called alike."""
    while name in members:
        name = f"{name}#"
    return name


def _local(element: Element) -> str:
    """Return the name of an element; one of another namespace keeps that."""
    space, _, name = str(element.tag).rpartition("}")
    return name if space[1:].startswith(NAMESPACE) or not space else str(element.tag)


def _steps(element: Element) -> Iterator[tuple[Element, str]]:
    """Yield the children with their steps of a path: ``component[2]``."""
    counted: dict[str, int] = {}
    for child in element:
        name = _local(child)
        counted[name] = counted.get(name, 0) + 1
        yield child, f"{name}[{counted[name]}]"

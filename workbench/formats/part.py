"""An object of a document whose members are taken one by one; what nobody takes is told verbatim.

So nothing that was read is lost, whatever a reader knows of its format: a member that it puts
in a place of its own is *taken*, and ``rest`` gives all others, each with its place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbench.evidence.quick_json import plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.sheet import Sheet
from workbench.formats.times import from_iso, from_milliseconds
from workbench.model.catalog import Attribute, AttributeGroup, CatalogProblem


def escaped(name: str) -> str:
    """Return a name as it stands in a JSON pointer (RFC 6901 section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


@dataclass(slots=True, eq=False)
class Part:
    """One object of a document.

    Attributes:
        sheet: what is known of the document.
        members: its members.
        pointer: JSON pointer to it.
    """

    sheet: Sheet
    members: dict[str, JsonValue]
    pointer: str
    _taken: set[str] = field(default_factory=set)
    _opened: dict[str, list[tuple[str, "Part"]]] = field(default_factory=dict)
    _is_told: bool = False

    @classmethod
    def apart(cls, sheet: Sheet, value: JsonValue, pointer: str) -> "Part":
        """Return an object that tells its own rest; a value that is none is told of the document.

        A reader that forgets to tell it loses nothing: the sheet remembers it.
        """
        found = cls.each_apart(sheet, [(value, pointer)])
        return found[0] if found else cls(sheet, {}, pointer)

    @classmethod
    def each_apart(cls, sheet: Sheet, values: Iterable[tuple[JsonValue, str]]) -> list["Part"]:
        """Return those of some values that are objects; each tells its own rest."""
        found: list[Part] = []
        for value, pointer in values:
            if isinstance(value, dict):
                found.append(cls(sheet, value, pointer))
            else:
                sheet.stray(value, pointer)
        sheet.parts.extend(found)
        return found

    def at(self, name: str) -> str:
        """Return the pointer of a member."""
        return f"{self.pointer}/{escaped(name)}"

    def see(self, name: str) -> str:
        """Return a member as text without taking it, or "" where it is none."""
        value = self.members.get(name)
        return plain_text(value) if isinstance(value, str | int | float) else ""

    def text(self, name: str) -> str:
        """Take a text, a number or a truth value as text; "" where there is none."""
        value = self.members.get(name)
        if isinstance(value, str | int | float):
            self._taken.add(name)
            return plain_text(value)
        if value is not None:
            self.odd(name, "a text")
        return ""

    def take(self, name: str) -> JsonValue:
        """Take a member, whatever it is."""
        self._taken.add(name)
        return self.members.get(name)

    def time(self, *names: str) -> datetime | None:
        """Return the first of some members that is an instant (ISO 8601); it is not taken.

        Its spelling, with the offset from UTC that the source wrote, stays among the rest.
        """
        found = (from_iso(self.members.get(name)) for name in names)
        return next((time for time in found if time is not None), None)

    def milliseconds(self, *names: str) -> datetime | None:
        """Return the first of some members that counts milliseconds since 1970; not taken."""
        found = (self.members.get(name) for name in names)
        times = (from_milliseconds(value) for value in found if value)
        return next((time for time in times if time is not None), None)

    def texts(self, name: str) -> list[tuple[str, str]]:
        """Take a list of texts, or a lone one; each comes with its pointer."""
        value = self.members.get(name)
        if isinstance(value, str):
            self._taken.add(name)
            return [(value, self.at(name))]
        if not isinstance(value, list):
            if value is not None:
                self.odd(name, "a list of texts")
            return []
        if all(isinstance(item, str) for item in value):
            self._taken.update({name} if value else ())
        elif not any(isinstance(item, dict) for item in value):
            self.odd(name, "a list of texts")
        found = enumerate(value)
        return [(str(item), f"{self.at(name)}/{n}") for n, item in found if isinstance(item, str)]

    def part(self, name: str) -> "Part":
        """Open an object; what is not taken of it is told with this one."""
        value = self.members.get(name)
        if isinstance(value, dict):
            return self._open(name, [(name, value, self.at(name))])[0]
        if value is not None:
            self.odd(name, "an object")
        return Part(self.sheet, {}, self.at(name))

    def parts(self, name: str) -> list["Part"]:
        """Open a list of objects, or a lone one; what is left of them is told with this one."""
        value = self.members.get(name)
        if isinstance(value, dict):
            return self._open(name, [(name, value, self.at(name))])
        if not isinstance(value, list) or not value:
            if value is not None and value != []:
                self.odd(name, "a list of objects")
            return []
        place = self.at(name)
        numbered = [(f"{name}.{n}", item, f"{place}/{n}") for n, item in enumerate(value)]
        objects = [(label, v, at) for label, v, at in numbered if isinstance(v, dict)]
        if len(objects) < len(value):
            return self._mixed(name, objects, value)
        return self._open(name, objects)

    def apart_each(self, name: str) -> list["Part"]:
        """Take a list of objects, or a lone one, that tell their own rests."""
        value, place = self.members.get(name), self.at(name)
        if value is None or value == []:
            return []
        self._taken.add(name)
        if not isinstance(value, list):
            return Part.each_apart(self.sheet, [(value, place)])
        return Part.each_apart(self.sheet, [(v, f"{place}/{n}") for n, v in enumerate(value)])

    def apart_named(self, name: str) -> list[tuple[str, "Part"]]:
        """Take an object whose members are objects that tell their own rests, by their names."""
        value = self.members.get(name)
        if not isinstance(value, dict) or not value:
            if value is not None and value != {}:
                self.odd(name, "an object")
            return []
        self._taken.add(name)
        found: list[tuple[str, Part]] = []
        for key, item in value.items():
            place = f"{self.at(name)}/{escaped(key)}"
            found += [(key, part) for part in Part.each_apart(self.sheet, [(item, place)])]
        return found

    def odd(self, name: str, wanted: str) -> None:
        """Note that a member is not what the format has there; it is told with the rest."""
        message = f"should be {wanted}"
        self.sheet.problem(CatalogProblem.MALFORMED_VALUE, self.at(name), message)

    def give_back(self) -> None:
        """Take nothing of it: it is told whole by whoever tells what was left."""
        self._taken.clear()
        self._opened.clear()
        self._is_told = False

    @property
    def is_told(self) -> bool:
        """Tell whether its rest was told."""
        return self._is_told

    def rest(
        self, prefix: str = "", group: AttributeGroup = AttributeGroup.FIELD
    ) -> list[Attribute]:
        """Return what nobody took, verbatim, with the places; call it when all else is taken."""
        self._is_told = True
        if not self.members:
            return [Attribute(group, prefix.removesuffix(".") or "value", "{}", self.pointer)]
        found: list[Attribute] = []
        for name, value in self.members.items():
            if name in self._opened:
                for label, part in self._opened[name]:
                    found += part.rest(f"{prefix}{label}.", group)
            elif name not in self._taken:
                found.append(Attribute(group, prefix + name, plain_text(value), self.at(name)))
        return found

    def _open(self, name: str, found: Sequence[tuple[str, JsonValue, str]]) -> list["Part"]:
        known = self._opened.get(name)
        if known is None:
            known = self._opened[name] = [
                (label, Part(self.sheet, value, pointer))
                for label, value, pointer in found
                if isinstance(value, dict)
            ]
        return [part for _, part in known]

    def _mixed(
        self, name: str, objects: Sequence[tuple[str, JsonValue, str]], value: list[JsonValue]
    ) -> list["Part"]:
        """Open the objects of a list that holds other things too; it is told whole all the same."""
        if any(not isinstance(item, dict | str) for item in value):
            self.odd(name, "a list of objects")
        return [Part(self.sheet, v, at) for _, v, at in objects if isinstance(v, dict)]

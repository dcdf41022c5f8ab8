"""A mapping of a profile file that knows its place, for errors that can be found again."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from workbench.errors import ProfileError
from workbench.model.recipe import Name

E = TypeVar("E", bound=StrEnum)

_TRUTH = {"true": True, "false": False}


class Node:
    """A mapping of the file that remembers where it lies and which members were asked for."""

    def __init__(self, value: object, path: str, what: str) -> None:
        self.path = path
        self.what = what
        if not isinstance(value, Mapping) or not all(isinstance(k, str) for k in value):
            raise self.error("must be a mapping")
        self._members: dict[str, object] = dict(value)
        self._asked: set[str] = set()

    def error(self, message: str, key: str = "") -> ProfileError:
        """Return the error for this place."""
        place = f"{self.path}.{key}".strip(".") if key else self.path or "the file"
        return ProfileError(f"{self.what}: {place} {message}.", path=self.what, place=place)

    def take(self, key: str) -> object:
        """Return a member, or None where there is none."""
        self._asked.add(key)
        return self._members.get(key)

    def has(self, key: str) -> bool:
        """Tell whether a member is there."""
        return key in self._members

    def only(self) -> str:
        """Return the name of the one member of a mapping that may have only one."""
        if len(self._members) != 1:
            raise self.error("must have exactly one member")
        return next(iter(self._members))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.error("must be a text" if self.has(key) else "is missing", key)
        return value

    def maybe(self, key: str) -> str | None:
        """Return a text or None."""
        return self.text(key) if self.has(key) else None

    def choice(self, key: str, default: E) -> E:
        """Return one of a closed set."""
        value = self.text(key, default.value)
        try:
            return type(default)(value)
        except ValueError:
            known = ", ".join(member.value for member in type(default))
            raise self.error(f"is {value!r}; it must be one of {known}", key) from None

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.text(key, str(default).lower())
        if value not in _TRUTH:
            raise self.error("must be true or false", key)
        return _TRUTH[value]

    def number(self, key: str) -> int | None:
        """Return a number from 0 up, or None."""
        value = self.maybe(key)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise self.error("must be a whole number", key)
        return int(value)

    def name(self, key: str) -> Name:
        """Return where a field lies: a member name, or a JSON pointer (RFC 6901)."""
        return self._pointer(self.text(key), key)

    def maybe_name(self, key: str) -> Name | None:
        """Return where a field lies, or None."""
        return self.name(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of different texts; () where there is none."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error("must be a list of texts", key)
        if len(set(value)) != len(value):
            raise self.error("names something twice", key)
        return tuple(value)

    def names(self, key: str) -> tuple[Name, ...]:
        """Return a list of places of fields."""
        return tuple(self._pointer(text, key) for text in self.texts(key))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return the members of a mapping of texts; () where there is none."""
        if not self.has(key):
            return ()
        node = self.node(key)
        return tuple((name, node.text(name)) for name in node.members())

    def members(self) -> tuple[str, ...]:
        """Return the names of all members, in the order of the file."""
        return tuple(self._members)

    def node(self, key: str) -> "Node":
        """Return a mapping below; an empty one where there is none."""
        value = self.take(key) if self.has(key) else {}
        self._asked.add(key)
        return Node(value, f"{self.path}.{key}".strip("."), self.what)

    def nodes(self, key: str) -> tuple["Node", ...]:
        """Return a list of mappings; () where there is none."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.error("must be a list", key)
        path = f"{self.path}.{key}".strip(".")
        return tuple(Node(item, f"{path}[{n}]", self.what) for n, item in enumerate(value))

    def done(self) -> None:
        """Raise for members that nobody asked for."""
        for key in self._members:
            if key not in self._asked:
                raise self.error("is not known here", key)

    def _pointer(self, text: str, key: str) -> Name:
        if not text:
            raise self.error("must not be empty", key)
        if not text.startswith("/"):
            return (text,)
        parts = text[1:].split("/")
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)

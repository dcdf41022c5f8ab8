"""Read strictly parsed JSON member by member, each of the type it must have."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

Json = object

#: More signatures or certificates than this cost time and prove nothing.
MOST_ITEMS = 32


class MalformedSignature(ValueError):  # noqa: N818 - named as the verdict names it
    """A bundle or statement that is not what OMS 1.0 allows.

    Attributes:
        code: ``FORMAT_FAILURE``, or ``UNKNOWN_PROFILE`` for a variant that we do not know.
        pointer: JSON pointer of the place; in the statement it starts with ``payload#``.
        message: one sentence for a person.
    """

    def __init__(self, pointer: str, message: str, *, code: str = "FORMAT_FAILURE") -> None:
        super().__init__(f"{pointer or '/'}: {message}")
        self.code = code
        self.pointer = pointer
        self.message = message


@dataclass(frozen=True, slots=True)
class Place:
    """A JSON value with its pointer.

    Every method that reads a member raises ``MalformedSignature`` when it is not as asked.
    """

    value: Json
    pointer: str

    def refuse(self, key: str, message: str, *, code: str = "FORMAT_FAILURE") -> NoReturn:
        """Raise ``MalformedSignature`` about member ``key``, or about the value itself for ""."""
        raise MalformedSignature(self._at(key), message, code=code)

    @property
    def members(self) -> Mapping[str, Json]:
        """Return the members; the value must be an object."""
        if not isinstance(self.value, dict):
            self.refuse("", "must be an object")
        return self.value

    def get(self, key: str) -> Json:
        """Return a member as it is, or None."""
        return self.members.get(key)

    def object(self, key: str) -> "Place":
        """Return a member that must be an object."""
        place = Place(self.get(key), self._at(key))
        return place if isinstance(place.value, dict) else place.refuse("", "must be an object")

    def items(self, key: str, *, most: int | None = MOST_ITEMS) -> tuple["Place", ...]:
        """Return the entries of a list that must have one at least, and at most ``most``."""
        values = self.get(key)
        if not isinstance(values, list) or not values:
            self.refuse(key, "must be a list with at least one entry")
        if most is not None and len(values) > most:
            self.refuse(key, f"has {len(values)} entries; at most {most} are read")
        return tuple(Place(item, f"{self._at(key)}/{n}") for n, item in enumerate(values))

    def text(self, key: str) -> str:
        """Return a text that must not be empty."""
        value = self.get(key)
        if not isinstance(value, str) or not value:
            self.refuse(key, "must be a text that is not empty")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None where the member is absent or null."""
        value = self.get(key)
        if value is not None and not isinstance(value, str):
            self.refuse(key, "must be a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; an absent one is empty."""
        values = self.get(key)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            self.refuse(key, "must be a list of texts")
        return tuple(values)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.get(key)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false")
        return value

    def count(self, key: str) -> int:
        """Return a whole number above 0; protobuf writes it as ``8.0``."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(key, "must be a number")
        if not 0 < value < 1 << 63 or value != int(value):
            self.refuse(key, "must be a whole number above 0")
        return int(value)

    def hexadecimal(self, key: str) -> bytes:
        """Return hexadecimal; Python itself would look over spaces between its digits."""
        value = self.text(key)
        try:
            found = bytes.fromhex(value)
        except ValueError:
            found = b""
        if found.hex() != value.lower():
            self.refuse(key, "is no hexadecimal")
        return found

    def decoded(self, key: str) -> bytes:
        """Return base64, standard or URL-safe (DSSE envelope), in its one canonical spelling."""
        return self.decoded_text(self.text(key), key)

    def decoded_text(self, value: Json, key: str) -> bytes:
        """Return the bytes of one text of base64; ``key`` says where it stands."""
        if not isinstance(value, str):
            self.refuse(key, "must be a text")
        text = value.replace("-", "+").replace("_", "/")
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            self.refuse(key, "is not base64")
        if base64.b64encode(data).decode() != text:
            self.refuse(key, "is not canonical base64")
        return data

    def _at(self, key: str) -> str:
        escaped = key.replace("~", "~0").replace("/", "~1")
        return f"{self.pointer}/{escaped}" if key else self.pointer

"""The one YAML loader: plain lists, mappings and texts, read the way they look.

Refused: duplicate keys, anchors and aliases, tags, directives, a second document. Every scalar
is a text: ``yes``, ``1.0`` and dates stay as they were written, an empty one is "". The parser is
libyaml, fifteen times quicker than the one in Python: the start of the program reads YAML.
"""

from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.evidence.limits import LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml._yaml import Mark as CMark
    from yaml.error import Mark
    from yaml.events import Event

YamlValue = str | list["YamlValue"] | dict[str, "YamlValue"]


class YamlError(SourceError):
    """A YAML document that is not read; ``line`` and ``column`` count from 1."""

    code = "MALFORMED_SOURCE"

    def __init__(self, what: str, line: int, column: int, reason: str) -> None:
        place = f"line {line}, column {column}"
        super().__init__(f"{what}, {place}: {reason}.", path=what, place=place)
        self.line = line
        self.column = column
        self.reason = reason


def load_yaml(data: bytes, *, what: str, limits: Limits = LIMITS) -> YamlValue:
    """Return the one document that ``data`` holds.

    Args:
        data: UTF-8, with or without byte order mark.
        what: how to name the document in an error.
        limits: ``yaml`` bytes at most, nested no deeper than ``yaml_depth``.

    Raises:
        YamlError: it is no YAML, or uses what is refused here.
    """
    if len(data) > limits.yaml:
        raise YamlError(what, 1, 1, f"it has more than {limits.yaml} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _line_and_column(data[: error.start].decode("utf-8", "ignore"))
        raise YamlError(what, *place, "it is not UTF-8") from error
    return _Builder(what, limits.yaml_depth).build(text)


def _line_and_column(text: str) -> tuple[int, int]:
    """Return the place, from 1, of what follows ``text``."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


class _Builder:
    """Makes values of the parser's events; nothing is ever constructed by a tag."""

    def __init__(self, what: str, depth: int) -> None:
        from yaml import events

        self._what = what
        self._depth = depth
        self._kinds = events

    def build(self, text: str) -> YamlValue:
        import yaml

        try:
            events = self._plain(yaml.parse(text, Loader=yaml.CSafeLoader))
            first = next(events, None)
            if first is None:
                raise YamlError(self._what, 1, 1, "it holds nothing")
            value = self._value(first, events, 1)
            extra = next(events, None)
        except yaml.reader.ReaderError as error:
            place = _line_and_column(text.encode()[: error.position].decode("utf-8", "ignore"))
            raise YamlError(self._what, *place, "it holds a character YAML forbids") from error
        except yaml.MarkedYAMLError as error:
            place = _place(error.problem_mark or error.context_mark)
            raise YamlError(self._what, *place, error.problem or "it is not YAML") from error
        if extra is not None:
            raise self._error(extra, "a second document starts")
        return value

    def _plain(self, events: "Iterator[Event]") -> "Iterator[Event]":
        """Yield the events of content; refuse what makes a document mean more than it shows."""
        kinds = self._kinds
        frame = (kinds.StreamStartEvent, kinds.StreamEndEvent, kinds.DocumentEndEvent)
        for event in events:
            if isinstance(event, kinds.DocumentStartEvent):
                if event.version or event.tags:
                    raise self._error(event, "directives are not read")
            elif isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None):
                raise self._error(event, "anchors and aliases are not read")
            elif getattr(event, "tag", None):
                raise self._error(event, "tags are not read")
            elif not isinstance(event, frame):
                yield event

    def _value(self, event: "Event", events: "Iterator[Event]", depth: int) -> YamlValue:
        kinds = self._kinds
        if depth > self._depth:
            raise self._error(event, f"it is nested deeper than {self._depth}")
        if isinstance(event, kinds.SequenceStartEvent):
            return self._sequence(events, depth)
        if isinstance(event, kinds.MappingStartEvent):
            return self._mapping(events, depth)
        return self._scalar(event)

    def _scalar(self, event: "Event") -> str:
        if not isinstance(event, self._kinds.ScalarEvent):
            raise self._error(event, "only a text can be a key")
        return str(event.value)

    def _sequence(self, events: "Iterator[Event]", depth: int) -> list[YamlValue]:
        values: list[YamlValue] = []
        while not isinstance(event := next(events), self._kinds.SequenceEndEvent):
            values.append(self._value(event, events, depth + 1))
        return values

    def _mapping(self, events: "Iterator[Event]", depth: int) -> dict[str, YamlValue]:
        members: dict[str, YamlValue] = {}
        while not isinstance(event := next(events), self._kinds.MappingEndEvent):
            key = self._scalar(event)
            if key in members:
                raise self._error(event, f"the key “{key}” stands twice")
            members[key] = self._value(next(events), events, depth + 1)
        return members

    def _error(self, event: "Event", reason: str) -> YamlError:
        return YamlError(self._what, *_place(event.start_mark), reason)


def _place(mark: "Mark | CMark | None") -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)

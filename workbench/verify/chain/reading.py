"""Read one record from its bytes, whatever container it lies in."""

import re
from collections.abc import Callable

from workbench.evidence.line_fields import TextError, cef_of, pairs_of
from workbench.evidence.strict_json import JsonError, Number, parse, parse_exact
from workbench.evidence.table_cells import RowError, cells_of, unlike
from workbench.model.profile import ChainProfile, ColumnType, Container, ContainerKind, GenesisKind

Record = dict[str, object]
Read = Callable[[bytes], Record]
#: How ``Subject.container`` calls a table, and lines of text.
TABLE, TEXT = "csv", "text"

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_TRUTH = {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}


class MalformedError(ValueError):
    """A record cannot be parsed; the message says why."""


def reader_of(profile: ChainProfile, *, exact: bool) -> Read:
    """Return what reads a record of a profile; ``exact`` keeps the spelling of numbers.

    What it returns raises MalformedError.
    """
    match profile.container.kind:
        case ContainerKind.CSV | ContainerKind.TSV_JSON:
            return _Rows(profile, exact=exact)
        case ContainerKind.KEY_VALUE:
            return _texts(pairs_of)
        case ContainerKind.CEF:
            return _texts(cef_of)
        case _ if profile.container.entry:
            return _Wrapped(profile.container, exact=exact)
        case _:
            return lambda raw: _object(raw, exact=exact)


def _object(raw: bytes, *, exact: bool, what: str = "record") -> Record:
    value = _value(raw, exact=exact, what=what)
    if not isinstance(value, dict):
        raise MalformedError(f"the {what} is no JSON object")
    return value


def _value(raw: bytes, *, exact: bool, what: str) -> object:
    try:
        return (parse_exact if exact else parse)(raw, what=what)
    except JsonError as error:
        raise MalformedError(error.message) from error


def _texts(read: Read) -> Read:
    def of_text(raw: bytes) -> Record:
        try:
            return read(raw)
        except TextError as error:
            raise MalformedError(str(error)) from error

    return of_text


class _Wrapped:
    """Reads a record within a wrapper: an object in it, or a text that holds one."""

    def __init__(self, container: Container, *, exact: bool) -> None:
        self._entry = container.entry
        self._exact = exact

    def __call__(self, raw: bytes) -> Record:
        value: object = _object(raw, exact=self._exact)
        for name in self._entry:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str):
            return _object(value.encode("utf-8", "surrogatepass"), exact=self._exact)
        if not isinstance(value, dict):
            raise MalformedError(f"there is no record in {'.'.join(self._entry)}")
        return value


class _Rows:
    """Reads a row of a table; what cells stand for is as the profile says."""

    def __init__(self, profile: ChainProfile, *, exact: bool) -> None:
        self._container = container = profile.container
        self._types = dict(container.types)
        self._json = container.json_column if container.kind is ContainerKind.TSV_JSON else None
        self._exact = exact
        genesis, previous = profile.genesis, profile.fields.previous
        plain = genesis.kind is GenesisKind.TEXT and not genesis.value
        #: Binary columns are exported as ``\\x`` and hex digits (PostgreSQL), in a log as digits.
        self._digests = {name[0] for name in (profile.fields.own, previous) if name is not None}
        #: A table cannot always tell an empty text from none: for a link they are the same.
        self._empty = previous[0] if plain and previous is not None else None

    def __call__(self, raw: bytes) -> Record:
        try:
            cells = cells_of(raw, self._container, escaped=self._json is None)
        except RowError as error:
            raise MalformedError(str(error)) from error
        columns = self._container.columns
        if problem := unlike(cells, columns):
            raise MalformedError(problem)
        pairs = zip(columns, cells, strict=True)
        record = {name: self._cell(name, cell) for name, cell in pairs}
        if self._json is not None:
            record = self._with_members(record)
        return record

    def _cell(self, name: str, cell: str | None) -> object:
        if cell is None:
            return "" if name == self._empty else None
        match self._types.get(name, ColumnType.TEXT):
            case ColumnType.TEXT:
                return cell.removeprefix("\\x") if name in self._digests else cell
            case ColumnType.NUMBER:
                return self._number(name, cell)
            case ColumnType.BOOLEAN:
                if cell.lower() not in _TRUTH:
                    raise MalformedError(f"the cell {name} is no truth value")
                return _TRUTH[cell.lower()]
            case ColumnType.JSON:
                data = cell.encode("utf-8", "surrogatepass")
                return _value(data, exact=self._exact, what=f"cell {name}")

    def _number(self, name: str, cell: str) -> object:
        spelled = _NUMBER.fullmatch(cell)
        if spelled is None or len(cell) > 400:
            raise MalformedError(f"the cell {name} is no number")
        if self._exact:
            return Number(cell)
        return float(cell) if spelled[1] or spelled[2] else int(cell)

    def _with_members(self, record: Record) -> Record:
        held = record.get(self._json or "")
        if not isinstance(held, str):
            raise MalformedError(f"the cell {self._json} holds no JSON")
        data = held.encode("utf-8", "surrogatepass")
        members = _object(data, exact=self._exact, what=f"cell {self._json}")
        twice = record.keys() & members.keys()
        if twice:
            raise MalformedError(f"{min(twice)} is a column and stands in {self._json} too")
        return {**record, **members}

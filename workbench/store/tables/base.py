"""What all tables share: how moments, paths and JSON are kept, and where a fact was read."""

import json
import os
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Dialect, Integer, LargeBinary, MetaData, Table, Text, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Mapped

from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.locator import Locator
from workbench.model.moment import nanoseconds, time_of

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The schema: STRICT tables, so that a column holds what it says or the write is refused."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {str: Text(), int: Integer(), bool: Integer()}


@event.listens_for(Table, "after_parent_attach")
def _strict(table: Table, parent: object) -> None:
    table.dialect_options["sqlite"]["strict"] = True


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as integer microseconds since 1970-01-01 UTC: to the year 9999."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return what is kept."""
        return None if value is None else nanoseconds(value) // 1000

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the time."""
        return None if value is None else time_of(value * 1000)


class NativePath(TypeDecorator[str]):
    """A path of this machine, kept as its bytes: it need not be valid UTF-8."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Return what is kept."""
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Return the path."""
        return None if value is None else os.fsdecode(value)


class Json(TypeDecorator[JsonValue]):
    """A JSON value, kept as canonical text and read strictly: a case file may come from anybody."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: JsonValue, dialect: Dialect) -> str | None:
        """Return what is kept."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> JsonValue:
        """Return the value."""
        return None if value is None else parse(value.encode(), what="the case file")


def canonical(value: object) -> str:
    """Return JSON with members sorted and no space: one text for one value."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


class Placed:
    """Columns of a fact that keeps the place it was read from."""

    path: Mapped[str]
    member: Mapped[str | None]
    record: Mapped[int | None]
    offset: Mapped[int | None]
    length: Mapped[int | None]
    pointer: Mapped[str | None]

    @property
    def locator(self) -> Locator:
        """Return the place."""
        return Locator(self.path, self.member, self.record, self.offset, self.length, self.pointer)


def place_of(locator: Locator) -> dict[str, str | int | None]:
    """Return the columns of a place."""
    return {
        "path": locator.path,
        "member": locator.member,
        "record": locator.record,
        "offset": locator.offset,
        "length": locator.length,
        "pointer": locator.pointer,
    }

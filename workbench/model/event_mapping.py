"""How the events of a plain log are read: where in a record time, actor, action and object stand.

The formats that ship are described in it, and so is whatever log a user brings: one way for both.
"""

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.event import Outcome
from workbench.model.recipe import Name


class Grounds(StrEnum):
    """What a mapping was made from; the user is told."""

    EVIDENCE = "evidence"
    DOCUMENTATION = "documentation"
    USER = "user"


class LogContainer(StrEnum):
    """How records lie in a file; several where a format is exported in several ways."""

    JSONL = "jsonl"
    JSON_ARRAY = "json-array"
    JSON = "json"
    CSV = "csv"
    KEY_VALUE = "key-value"
    SYSLOG = "syslog"
    CEF = "cef"
    LINES = "lines"


#: Containers whose records are lines of text; they cannot be told apart without a mapping.
TEXT = frozenset(
    {LogContainer.KEY_VALUE, LogContainer.SYSLOG, LogContainer.CEF, LogContainer.LINES}
)


class Order(StrEnum):
    """Whether the records of a log stand in the order of their times."""

    TIME = "time"
    NONE = "none"


#: What a part of an event is told by: texts, and places whose values are put between them.
Told = tuple[str | Name, ...]


@dataclass(frozen=True, slots=True)
class TimeRule:
    """How a time is written.

    Attributes:
        style: ``auto`` (ISO 8601, or a number since 1970 by its size), ``iso``, ``s``, ``ms``,
            ``us``, ``ns``, ``bsd`` (``Oct 11 22:14:15``), or a pattern of ``strptime``.
        zone: ``UTC``, ``+02:00`` or a name as ``Europe/Berlin``: of times that state none.
        year: of times that state none, or None.
    """

    style: str = "auto"
    zone: str = "UTC"
    year: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What the text of an outcome means.

    Attributes:
        told: where it stands, the first that is there counts.
        success: texts that mean success.
        failure: texts that mean failure.
        absent: what it means that there is none.
        other: what any other text means; None: common words and HTTP statuses count.
    """

    told: tuple[Told, ...] = ()
    success: tuple[str, ...] = ()
    failure: tuple[str, ...] = ()
    absent: Outcome = Outcome.UNKNOWN
    other: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """Named groups of a pattern (RE2) that become members of the record.

    Attributes:
        place: the text it is looked for in.
        pattern: the pattern.
    """

    place: Name
    pattern: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells that a record is of this kind: a member, and how its value begins ("" any)."""

    place: Name
    begins: str = ""


@dataclass(frozen=True, slots=True)
class EventMapping:
    """Where the parts of an event stand in the records of one kind of log.

    Attributes:
        id: its name.
        title: what people call such a log.
        grounds: what it was made from.
        reference: where the format is described.
        containers: how records may lie in a file.
        lists: where in a document the list of records may stand.
        signs: all of them hold for a record of this kind; none: it is used where it is named.
        time: when.
        time_rule: how that is written.
        actor: who.
        action: what was done.
        object: to what.
        outcome: whether it was done.
        key: what no two events share.
        version: where the version of the schema stands, or None.
        versions: versions whose members are known; (): any.
        extracts: what is taken out of texts first.
        delimiter: between the cells of a table; "" finds it.
        order: whether records stand in the order of their times.
        cannot_show: what such a log cannot show, in sentences.
        text: the file that it was read from.
    """

    id: str
    title: str
    grounds: Grounds = Grounds.USER
    reference: str = ""
    containers: tuple[LogContainer, ...] = (LogContainer.JSONL,)
    lists: tuple[Name, ...] = ()
    signs: tuple[Sign, ...] = ()
    time: tuple[Told, ...] = ()
    time_rule: TimeRule = TimeRule()
    actor: tuple[Told, ...] = ()
    action: tuple[Told, ...] = ()
    object: tuple[Told, ...] = ()
    outcome: OutcomeRule = OutcomeRule()
    key: tuple[Told, ...] = ()
    version: Name | None = None
    versions: tuple[str, ...] = ()
    extracts: tuple[Extract, ...] = ()
    delimiter: str = ""
    order: Order = Order.TIME
    cannot_show: tuple[str, ...] = ()
    text: str = ""

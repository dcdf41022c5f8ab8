"""What is known of rows beside their tables: remarks of the auditor, verdicts on their sources.

A query that names such a field is compiled with what is known at that moment, as parameters; it is
read only then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from workbench.model.query import Op, Value
from workbench.model.query_fields import BESIDE
from workbench.model.remark import On, Remark
from workbench.model.verdict import Indication
from workbench.store.query_sql import Rare, Sql, always, test_of

INTEGRITY = "integrity"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known.

    Attributes:
        remarks: those that hold.
        integrity: what the newest verdict on each source says of it, by id; nothing of one that
            was not judged.
        numbers: ids of the sources with a digest.
        rare: whether any text of a thing has a character, by its code point.
    """

    remarks: tuple[Remark, ...] = ()
    integrity: Mapping[int, Indication] = field(default_factory=dict)
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    rare: Rare = always

    def subjects(self, kind: str, op: Op, value: Value) -> tuple[set[On], set[On]]:
        """Return what has remarks of a kind, and what of it has one that stands so to a value.

        With ``!=``: what has none that is it.
        """
        said = [remark for remark in self.remarks if remark.kind.value == kind]
        have = {remark.on for remark in said}
        if op is Op.DIFFERS:
            is_it = test_of(Op.EQUAL, value)
            return have, have - {remark.on for remark in said if is_it(remark.text)}
        fits = test_of(op, value)
        return have, {remark.on for remark in said if fits(remark.text)}

    def judged(self, op: Op, value: Value) -> tuple[set[int], set[int]]:
        """Return the sources that were judged, and those of them with, or without, a verdict."""
        said = {n for n, found in self.integrity.items() if found.value.lower() == str(value)}
        return set(self.integrity), set(self.integrity) - said if op is Op.DIFFERS else said


NOTHING = Beside()
Known = Callable[[], Beside]


def nothing() -> Beside:
    """Return that nothing is known."""
    return NOTHING


def either(have: Sql, satisfy: Sql) -> Sql:
    """Return a condition that is neither true nor false where a row lacks the field."""
    return Sql(
        f"(CASE WHEN {have.text} THEN {satisfy.text} ELSE NULL END)",
        (*have.parameters, *satisfy.parameters),
    )


def is_beside(name: str) -> bool:
    """Tell whether a field is known beside the tables."""
    return name in BESIDE


def records(found: Iterable[On], numbers: Mapping[str, tuple[int, ...]]) -> dict[int, list[int]]:
    """Return the records among what was found, by source."""
    places: dict[int, list[int]] = {}
    for on in found:
        for number in numbers.get(on.sha256, ()) if on.record else ():
            places.setdefault(number, []).append(on.record)
    return {number: sorted(each) for number, each in places.items()}

"""Hand over a part of a case, with pseudonyms for names; what is left out is counted.

What is chosen is written as JSON lines, a list each. Every name that the case knows of a person is
replaced wherever it stands, also in the middle of a text. Before anything is written, all of it is
searched for every one of them: one that is left is a fault of this program and stops it.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path

from workbench import __version__
from workbench.analysis.personal import Kind, found_in
from workbench.analysis.pseudonyms import KEY_BYTES, Pseudonyms
from workbench.errors import LimitError, StoreError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.evidence.strict_json import parse as parse_json
from workbench.model.case import Finding
from workbench.model.contract import time_to_json
from workbench.model.event import EventOrder, EventSort
from workbench.model.kept import Cell, flat
from workbench.model.progress import Cancel, Progress
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.output import whole_folder, write_whole
from workbench.store import case_sql, engagement, journal, knowing
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.handing import require_outside
from workbench.store.listing import rows_of
from workbench.store.query_sql import compile_query

SCHEMA = "workbench.subset/1"
MAPPING_SCHEMA = "workbench.pseudonyms/1"
AREAS = (Area.EVENTS, Area.THINGS, Area.FINDINGS)
_PAGE = 1000
#: Columns that hold a person, in whatever list.
NAME_COLUMNS = frozenset({"actor", "owner", "author", "creator", "created_by", "user", "who"})
#: Columns that no person stands in: digests, and those that hold one of a few words of ours.
_PLAIN = frozenset({"sha256", "outcome", "severity", "state", "kind", "flags", "lifecycle"})
_MOST_PLACES = 20
#: More names than this are looked for in no sensible time.
MOST_ACTORS = 20_000

Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be handed over, and how.

    Attributes:
        queries: for each list, which rows; None: none of it, "": all.
        also: further names to replace, as the auditor states them.
        keep: columns of persons that are left as they are.
        accept: what only looks like a person's may stay.
    """

    queries: Mapping[Area, str | None]
    also: tuple[str, ...] = ()
    keep: frozenset[str] = frozenset()
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Personal:
    """What may point to a person in what was chosen.

    Attributes:
        counts: how often, by kind.
        places: where, by kind, the first of them: ``events 3, object``.
    """

    counts: Mapping[Kind, int]
    places: Mapping[Kind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Subset:
    """What was handed over.

    Attributes:
        rows: how many rows of each list.
        withheld: how many rows of each list were not.
        replaced: how many different names.
        before: what may point to a person, before names were replaced.
        after: what still may.
    """

    rows: Mapping[Area, int]
    withheld: Mapping[Area, int]
    replaced: int
    before: Personal
    after: Personal


@dataclass(slots=True)
class _Tally:
    counts: Counter[Kind] = field(default_factory=Counter)
    places: dict[Kind, list[str]] = field(default_factory=dict)

    def look(self, area: Area, number: int, row: Row) -> None:
        for column, cell in row.items():
            if not isinstance(cell, str) or column in _PLAIN:
                continue
            for kind, _ in found_in(cell):
                self.counts[kind] += 1
                places = self.places.setdefault(kind, [])
                if len(places) < _MOST_PLACES:
                    places.append(f"{area.value} {number}, {column}")

    def personal(self) -> Personal:
        return Personal(dict(self.counts), {k: tuple(v) for k, v in self.places.items()})


def survey(case: CaseStore, asked: Asked, *, cancel: Cancel) -> Personal:
    """Return what may point to a person in what is chosen, as it stands in the case."""
    tally = _Tally()
    for area, rows in _chosen(case, asked).items():
        for number, row in enumerate(rows, 1):
            cancel.check()
            tally.look(area, number, row)
    return tally.personal()


def write(
    case: CaseStore,
    out: Path,
    mapping: Path,
    asked: Asked,
    *,
    progress: Progress,
    cancel: Cancel,
) -> Subset:
    """Write a part of a case into a new folder, and what stands for whom into another file.

    Steps: 1 choose; 2 learn every name; 3 replace; 4 look for what is left; 5 write.

    Raises:
        UsageError: something is there already, one lies in the case or its evidence, the mapping
            would be handed over, or what looks like a person's is left and was not accepted.
        StoreError: the mapping cannot be read.
    """
    _require_apart(out, mapping)
    require_outside(case, out)
    again = mapping.exists()
    require_outside(case, mapping, force=again)
    pseudonyms = Pseudonyms(_key(mapping), _used(mapping))
    chosen = {area: list(rows) for area, rows in _chosen(case, asked).items()}
    pseudonyms.know(_names(case, chosen, asked))
    before, after = _Tally(), _Tally()
    made: dict[Area, list[Row]] = {}
    for area, rows in chosen.items():
        made[area] = []
        for number, row in enumerate(rows, 1):
            cancel.check()
            before.look(area, number, row)
            clean = _clean(row, pseudonyms, asked.keep)
            after.look(area, number, clean)
            made[area].append(clean)
        progress.advance(len(made), len(chosen), area.value)
    subset = Subset(
        {area: len(rows) for area, rows in made.items()},
        {area: _total(case, area) - len(made.get(area, ())) for area in AREAS},
        len(pseudonyms.used),
        before.personal(),
        after.personal(),
    )
    _require_accepted(subset.after, asked)
    _require_nothing_left(made, pseudonyms, asked.keep, cancel=cancel)
    files = _files(case, made, subset)
    _put(case, out, mapping, files, subset, pseudonyms, again=again)
    return subset


def _require_apart(out: Path, mapping: Path) -> None:
    if mapping.resolve().is_relative_to(out.resolve()):
        raise UsageError(
            f"{mapping} lies in {out}: who stands behind a pseudonym is not handed over."
        )
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} exists already; name a new folder.", path=str(out))


def _chosen(case: CaseStore, asked: Asked) -> dict[Area, Iterator[Row]]:
    found = {area: asked.queries.get(area) for area in AREAS}
    return {area: _rows(case, area, query) for area, query in found.items() if query is not None}


def _rows(case: CaseStore, area: Area, query: str) -> Iterator[Row]:
    """Yield the rows of a list; of findings with every text of them."""
    if area is Area.EVENTS:
        events = Events(case, query)
        for first in range(0, events.count(), _PAGE):
            yield from map(flat, events.page(first=first, count=_PAGE, order=EventOrder()))
        return
    target = case_sql.CaseTarget(area, knowing.of_case(case))
    where = compile_query(parse(query, FIELDS[area]), target)
    with case.reading() as session:
        total = case_sql.count(session, area, where)
        for first in range(0, total, _PAGE):
            keys = case_sql.keys(
                session, area, where, by=None, descending=False, first=first, most=_PAGE
            )
            for row in rows_of(session, area, keys):
                yield _texts(row) if isinstance(row, Finding) else flat(row)


def _texts(finding: Finding) -> Row:
    """Return all that a finding says."""
    row: Row = {}
    for each in fields(finding):
        value = getattr(finding, each.name)
        if isinstance(value, datetime | date):
            row[each.name] = value.isoformat()
        elif isinstance(value, tuple):
            row[each.name] = "; ".join(f"{ref.locator} {ref.note}".strip() for ref in value)
        else:
            row[each.name] = None if value is None else str(value)
    return row


def _total(case: CaseStore, area: Area) -> int:
    if area is Area.EVENTS:
        return Events(case, "").count()
    where = compile_query(parse("", FIELDS[area]), case_sql.CaseTarget(area))
    with case.reading() as session:
        return case_sql.count(session, area, where)


def _names(case: CaseStore, chosen: Mapping[Area, list[Row]], asked: Asked) -> Iterator[str]:
    """Yield what has to be replaced: who is named anywhere in the case, and what looks so here."""
    yield from asked.also
    columns = NAME_COLUMNS - asked.keep
    if "actor" in columns:
        yield from _actors(case)
    for area in (Area.THINGS, Area.FINDINGS):
        for row in _rows(case, area, ""):
            for column in columns & row.keys():
                yield str(row[column] or "")
    sure = {Kind.EMAIL, Kind.IP, Kind.PHONE}
    for rows in chosen.values():
        for row in rows:
            for column, cell in row.items():
                if isinstance(cell, str) and column not in _PLAIN | asked.keep:
                    yield from (match for kind, match in found_in(cell) if kind in sure)


def _actors(case: CaseStore) -> Iterator[str]:
    found = Events(case, "").top(EventSort.ACTOR, most=MOST_ACTORS + 1)
    if len(found) > MOST_ACTORS:
        raise LimitError(f"The logs of this case name more than {MOST_ACTORS:,} actors.")
    yield from (actor for actor, _ in found if actor)


def _clean(row: Row, pseudonyms: Pseudonyms, keep: frozenset[str]) -> Row:
    return {
        column: pseudonyms.replaced(cell)
        if isinstance(cell, str) and column not in _PLAIN | keep
        else cell
        for column, cell in row.items()
    }


def _require_accepted(left: Personal, asked: Asked) -> None:
    if not left.counts or asked.accept:
        return
    what = ", ".join(f"{count:,} x {kind.value}" for kind, count in left.counts.items())
    first = next(iter(left.places.values()))[0]
    raise UsageError(
        f"What may point to a person is left ({what}; the first: {first}). Name it (--also FILE) "
        "to have it replaced, or say --accept."
    )


def _files(case: CaseStore, made: Mapping[Area, list[Row]], subset: Subset) -> dict[str, bytes]:
    lists = {
        f"{area.value}.jsonl": "".join(
            json.dumps(row, ensure_ascii=False) + "\n" for row in rows
        ).encode("utf-8", "surrogateescape")
        for area, rows in made.items()
    }
    with case.reading() as session:
        case_id = engagement.facts(session).case_id
    told = {
        "schema": SCHEMA,
        "case": case_id,
        "made": time_to_json(case.clock()),
        "tool": f"Audit Workbench {__version__}",
        "journal": {"head": case.journal_state().head},
        "rows": {area.value: count for area, count in subset.rows.items()},
        "withheld": {area.value: count for area, count in subset.withheld.items()},
        "pseudonyms": {
            "method": "HMAC-SHA256 of the name in NFC, case folded; the first 64 bits, after ~",
            "names": subset.replaced,
        },
        "may_point_to_a_person": {kind.value: n for kind, n in subset.after.counts.items()},
    }
    return {**lists, "manifest.json": json.dumps(told, indent=1, ensure_ascii=False).encode()}


def _require_nothing_left(
    made: Mapping[Area, list[Row]],
    pseudonyms: Pseudonyms,
    keep: frozenset[str],
    *,
    cancel: Cancel,
) -> None:
    """Search all that is to be handed over for every name, but for what is kept on purpose.

    Raises:
        StoreError: one stands there: nothing is written.
    """
    for area, rows in made.items():
        for row in rows:
            cancel.check()
            cells = (c for k, c in row.items() if isinstance(c, str) and k not in _PLAIN | keep)
            if pseudonyms.left_in("\n".join(cells)):
                raise StoreError(f"A name is left in {area.value}; nothing was written. Report it.")


def _put(
    case: CaseStore,
    out: Path,
    mapping: Path,
    files: Mapping[str, bytes],
    subset: Subset,
    pseudonyms: Pseudonyms,
    *,
    again: bool,
) -> None:
    """Write the mapping first: without it, what was handed over could never be read again."""
    with case.acting(journal.SUBSET, subject=out.name) as act:
        act.detail = {
            "rows": {area.value: count for area, count in subset.rows.items()},
            "withheld": {area.value: count for area, count in subset.withheld.items()},
            "names": subset.replaced,
        }
        act.areas = {"handed_over"}
        told = {
            "schema": MAPPING_SCHEMA,
            "key": pseudonyms.key.hex(),
            "pseudonyms": dict(sorted(pseudonyms.used.items())),
        }
        data = json.dumps(told, indent=1).encode()
        write_whole(mapping, data, private=True, replace=again)
        with whole_folder(out) as part:
            for name, data in files.items():
                write_whole(part / name, data)


def _key(mapping: Path) -> bytes:
    """Return the key of a mapping, by which a name is called the same again; or a new one."""
    if not mapping.exists():
        return secrets.token_bytes(KEY_BYTES)
    match _read(mapping):
        case {"schema": str(schema), "key": str(key)} if (
            schema == MAPPING_SCHEMA and len(key) == 2 * KEY_BYTES
        ):
            return bytes.fromhex(key)
        case _:
            pass
    raise StoreError(f"{mapping} is no file of pseudonyms.", path=str(mapping))


def _used(mapping: Path) -> dict[str, str]:
    if not mapping.exists():
        return {}
    match _read(mapping):
        case {"pseudonyms": dict(used)}:
            return {name: str(person) for name, person in used.items()}
        case _:
            pass
    raise StoreError(f"{mapping} is no file of pseudonyms.", path=str(mapping))


def _read(mapping: Path) -> object:
    return parse_json(read_whole(single(mapping), limit=64 * MIB), what=mapping.name)

"""The search over one log: how its records may lie, the recipe, and the choice to judge it by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.table_cells import of_anybody
from workbench.model.profile import ChainProfile, ColumnType, Container, ContainerKind, get
from workbench.model.recipe import Name
from workbench.verify.chain.choose import LINES, Choice, lists_in
from workbench.verify.chain.frame import BOM, Cut, cut_document, cut_lines, records_of
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.reading import TABLE, TEXT
from workbench.verify.chain.rows import cut_rows
from workbench.verify.chain.times import moment
from workbench.verify.infer.found import Found
from workbench.verify.infer.profile import profile_of
from workbench.verify.infer.roles import roles_of
from workbench.verify.infer.rows import Row, flat, rows_of, style_features
from workbench.verify.infer.search import BUDGET, Search, search
from workbench.verify.verifier import Bench

#: Records that are looked at, from the first on.
SAMPLE = 200
#: Preimages that are tried where nobody asked for a search: a folder may hold many logs.
IN_PASSING = 2_500_000
#: Share of the records that a recipe must explain to be more than a guess about some of them.
MOST = 0.8
INFERRED = "inferred"
#: Of a file without a record.
NO_CUT = Cut(0, b"")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Inference:
    """What the search over a log came to.

    Attributes:
        search: how far it went.
        records: how many records it looked at.
        profile: the recipe, or None.
        text: the file that says the same, to be kept; b"" without a recipe.
        choice: what to judge the log by, or None.
        explained: what the records that it reproduces have that programs write differently.
    """

    search: Search
    records: int = 0
    profile: ChainProfile | None = None
    text: bytes = b""
    choice: Choice | None = None
    explained: frozenset[str] = frozenset()

    @property
    def found(self) -> Found | None:
        """The recipe as it was found."""
        return self.search.found

    @property
    def explains(self) -> bool:
        """Whether it is good enough to judge the log by without being asked.

        It leaves few records unexplained, and these have nothing that no explained one has.
        """
        if self.found is None:
            return False
        right = self.found.right
        return sum(right) >= MOST * len(right) and not self.found.unusual


def infer(file: EvidenceFile, container: str, bench: Bench, *, budget: int = BUDGET) -> Inference:
    """Search the recipe of a log that no profile describes.

    Raises:
        SourceError: it cannot be read.
        JsonError: a JSON document cannot be read.
        Cancelled: the user stopped it.
    """
    best = Inference(Search())
    secrets = [secret.value for secret in bench.trust.secrets]
    for layout, path, raws in _readings(file, container, bench):
        rows = rows_of(raws, layout)
        if not rows:
            continue
        order = order_of(rows) if layout.reads_tables else None
        rows = in_order(rows, order)
        done = search(rows, secrets=secrets, cancel=bench.cancel, budget=budget)
        best = _better(best, Inference(done, len(rows)))
        if done.found is not None:
            return _kept(done, done.found, rows, replace(layout, path=path), order)
    return best


def _better(one: Inference, other: Inference) -> Inference:
    linked = [each.search.roles.linked if each.search.roles else 0 for each in (one, other)]
    return other if linked[1] > linked[0] or not one.records else one


def _kept(
    done: Search, found: Found, rows: Sequence[Row], layout: Container, order: Name | None
) -> Inference:
    profile, text = profile_of(rows, found, layout, name=INFERRED, order=order)
    used = replace(profile, container=layout if layout.columns else profile.container)
    choice = Choice(used, Secrets(found.key), layout.path, sum(found.right), len(rows))
    known = zip(rows, found.refined.right, strict=True)  # later records are by the newer recipe
    previous = found.roles.previous
    explained = frozenset[str]().union(
        *(style_features(row, previous=previous) for row, is_right in known if is_right)
    )
    return Inference(done, len(rows), profile, text, choice, explained)


def _readings(
    file: EvidenceFile, container: str, bench: Bench
) -> Iterator[tuple[Container, Name, list[bytes]]]:
    """Yield how the records may lie: kind, way to them, and the first of them."""
    if container == TABLE:
        yield from _of_table(file, bench)
        return
    if container != TEXT:
        for path, raws in _of_json(file, container, bench):
            kind = ContainerKind.JSON_ARRAY if path else ContainerKind.JSONL
            for entry in _entries(raws):
                yield Container(kind, entry=entry), path, raws
    if container in {TEXT, LINES}:
        lines = blocks(file, cancel=bench.cancel)
        cut = next(cut_lines(lines, bench.limits, cut_off=file.cut_off), NO_CUT)
        raws = [raw for _, raw in records_of(cut)][:SAMPLE]
        if raws and not raws[0].startswith(b"{"):
            is_cef = bool(rows_of(raws[:9], Container(ContainerKind.CEF)))
            kind = ContainerKind.CEF if is_cef else ContainerKind.KEY_VALUE
            yield Container(kind), (), raws


def _of_table(file: EvidenceFile, bench: Bench) -> Iterator[tuple[Container, Name, list[bytes]]]:
    """Yield a table with the members of a cell of JSON as fields of the record, and without."""
    lines = blocks(file, cancel=bench.cancel)
    head = next(cut_lines(lines, bench.limits), NO_CUT).data.removeprefix(BOM)
    layout = of_anybody(head)
    raws = [
        raw for cut in cut_rows(iter([head]), layout, bench.limits) for _, raw in records_of(cut)
    ][:SAMPLE]
    types = _types(raws, layout)
    objects = [name for name in _objects(raws, layout) if not layout.quoted]
    for name in objects[-1:]:
        plain = tuple(pair for pair in types if pair[0] != name)
        yield (
            replace(layout, kind=ContainerKind.TSV_JSON, json_column=name, types=plain),
            (),
            raws,
        )
    for each in dict.fromkeys((types, ())):
        yield replace(layout, types=each), (), raws


def _objects(raws: Sequence[bytes], layout: Container) -> Iterator[str]:
    """Yield the columns in which every row has a JSON object."""
    rows = rows_of(raws, layout)
    for name in layout.columns:
        texts = [row.value.get(name) for row in rows]
        if texts and all(isinstance(t, str) and t[:1] + t[-1:] == "{}" for t in texts):
            yield name


def order_of(rows: Sequence[Row]) -> Name | None:
    """Return the field by which the rows of a table come in order: None: they are."""
    values = {
        name: [dict(flat(row.value)).get(name) for row in rows] for name, _ in flat(rows[0].value)
    }
    times = {n: [moment(v) for v in vs if isinstance(v, str)] for n, vs in values.items()}
    whole = {n: ts for n, ts in times.items() if len(ts) == len(rows) and None not in ts}
    for name, found in whole.items():
        back = sum((b or 0) < (a or 0) for a, b in pairwise(found))
        if len(set(found)) > len(rows) / 2:
            return name if back > len(rows) / 10 else None
    return None


def in_order(rows: list[Row], order: Name | None) -> list[Row]:
    """Return rows in the order of a time."""
    if order is None:
        return rows
    return sorted(rows, key=lambda row: moment(get(row.value, order)) or 0)


def _of_json(
    file: EvidenceFile, container: str, bench: Bench
) -> Iterator[tuple[Name, list[bytes]]]:
    if container != "json-array":
        cut = next(cut_lines(blocks(file, cancel=bench.cancel), bench.limits), NO_CUT)
        yield (), [raw for _, raw in records_of(cut)][:SAMPLE]
        return
    data = read_whole(file, limits=bench.limits)
    document = cut_document(data, None, limits=bench.limits, what=file.display)
    paths: list[Name | None] = [None]
    if document.value:
        paths = [path for path, _ in lists_in(document.value)]
    for path in paths:
        cut = cut_document(data, path, limits=bench.limits, what=file.display).cut
        yield path or (), [raw for _, raw in records_of(cut)][:SAMPLE]


def _entries(raws: Sequence[bytes]) -> Iterator[Name]:
    """Yield where the record may lie in its wrapper: it itself, or a member that is an object.

    Where the digests lie within a member, so does the record.
    """
    rows = rows_of(raws)
    objects = [n for n in (rows[0].value if rows else ()) if _is_object(rows, n)]
    chained = [roles.own for roles in roles_of(rows)[:1]]
    inner = [name for name in objects if any(own[0] == name for own in chained)]
    yield from ((name,) for name in inner)
    if not inner:
        yield ()
        yield from ((name,) for name in objects)


def _is_object(rows: Sequence[Row], name: str) -> bool:
    return all(isinstance(row.value.get(name), Mapping) for row in rows)


def _types(raws: Sequence[bytes], layout: Container) -> tuple[tuple[str, ColumnType], ...]:
    """Return which columns hold numbers, truths or JSON in every row that says something."""
    rows = rows_of(raws, layout)
    found = []
    for name in layout.columns:
        texts = [t for row in rows if isinstance(t := row.value.get(name), str) and t]
        if texts and all(_NUMBER.fullmatch(text) for text in texts):
            found.append((name, ColumnType.NUMBER))
        elif texts and all(text in {"true", "false", "t", "f"} for text in texts):
            found.append((name, ColumnType.BOOLEAN))
        elif texts and all(text[0] + text[-1] in {"{}", "[]"} for text in texts):
            found.append((name, ColumnType.JSON))
    return tuple(found)

"""Texts that people and programs write: YAML, lines, tables, times, queries, recipes, rules."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from functools import cache
from pathlib import Path
from unicodedata import category

from tests.fuzz.parsers import Harness, Parser, files, require
from workbench import resources
from workbench.errors import SourceError
from workbench.evidence.line_fields import TextError, cef_of, pairs_of
from workbench.evidence.linear_regex import BadPatternError, pattern_of
from workbench.evidence.strict_yaml import YamlValue, load_yaml
from workbench.evidence.table_cells import (
    DELIMITERS,
    RowError,
    cells_of,
    of_anybody,
    row_places,
    tables,
    unlike,
)
from workbench.evidence.text import safe_cell, visible
from workbench.formats.times import from_iso, from_milliseconds
from workbench.model.moment import FIRST, LAST, claimed_each, claimed_ns, day_of, moment_of, time_of
from workbench.model.moment import text_of as moment_text
from workbench.model.profile import Container, ContainerKind
from workbench.model.query import parse as parse_query
from workbench.model.query import quoted
from workbench.model.query_fields import FIELDS, Area
from workbench.policy import library as packs
from workbench.policy.engine import _compiled
from workbench.policy.licences import is_non_commercial, names_licence
from workbench.store.case_sql import CaseTarget
from workbench.store.query_sql import compile_query
from workbench.verify.bagit import tags
from workbench.verify.chain import explain, library
from workbench.verify.chain.engine import engine_for
from workbench.verify.chain.keyed import Secrets
from workbench.verify.package.manifest import read_manifest


def yaml(data: bytes) -> None:
    """Read YAML: only texts, lists and mappings come of it."""
    plain(load_yaml(data, what="x"))


def plain(value: YamlValue) -> None:
    """Require that a value is made of nothing but texts."""
    if isinstance(value, dict):
        for name, member in value.items():
            require(type(name) is str, "a key is no text")
            plain(member)
    elif isinstance(value, list):
        for item in value:
            plain(item)
    else:
        require(type(value) is str, "a scalar is no text")


def yamls() -> Iterator[bytes]:
    """Yield what YAML can do, wanted or not."""
    yield b"a: [b, {c: d}]\ne: |\n  f\n"
    yield b"%YAML 1.2\n---\n&a a: *a\n? !!python/object:os.system [x]\n: y\n--- z\n"
    yield b"\xef\xbb\xbfa: 'b'\n\"c\\u0041\": >-\n  d\n<<: x\n"


def lines(data: bytes) -> None:
    """Read the fields of a line: all are texts."""
    for read in (pairs_of, cef_of):
        with suppress(TextError):
            require(all(type(v) is str for v in read(data).values()), "a field is no text")


def seeds_of_lines() -> Iterator[bytes]:
    """Yield lines of both kinds."""
    yield b'a=1 b="x \\" y" c= d=e=f =g "h"'
    yield b"Mar 1 x CEF:0|v|p\\|q|1|s|n|5|msg=a b\\=c src=1"
    for data in files("chain/acra*/drop/*", most=8000):
        yield data.splitlines()[0]


def table(data: bytes) -> None:
    """Cut and read a table in every way: rows lie where they say, and cells are parted once."""
    containers = [*tables(data), of_anybody(data)]
    containers += [Container(ContainerKind.CSV, delimiter=d, quoted=q)
                   for d in DELIMITERS for q in (True, False)]  # fmt: skip
    for container in containers:
        for start, end in row_places(data, container):
            require(0 <= start < end <= len(data), "a row lies elsewhere")
            with suppress(RowError):
                cells = cells_of(data[start:end], container)
                require(bool(cells), "a row without a cell")
                unlike(cells, container.columns)


def seeds_of_tables() -> Iterator[bytes]:
    """Yield tables."""
    yield b'id,a,b\n1,"x ""y""\nz",\\N\n2,,""\n'
    yield b'id\ta\n1\t{"b":"c\\td"}\n'
    for data in files("chain/*/drop/*.csv", "chain/*/drop/*.tsv"):
        yield data[:1500]


def patterns(data: bytes) -> None:
    """Compile a pattern and search with it."""
    pattern, _, text = data.decode("utf-8", "replace").partition("\n")
    pattern_of(pattern).search(text)


def times(data: bytes) -> None:
    """Read a time: what is one lies within its limits and is written and read again."""
    text = data.decode("utf-8", "replace")
    numbers: list[float] = []
    with suppress(ValueError):
        numbers.append(float(text))
    with suppress(ValueError):
        numbers.append(int(text))
    for value in (text, *numbers):
        found = claimed_ns(value)
        require(found is None or FIRST <= found <= LAST, "a moment beyond its limits")
        from_iso(value)
        from_milliseconds(value)
    require(claimed_each([text, text]) == [claimed_ns(text)] * 2, "many are read otherwise")
    found = moment_of(text)
    if found is not None:
        require(time_of(found).tzinfo is UTC, "a moment without a zone")
        require(moment_of(moment_text(found)) == found, "a moment is written otherwise")
    day_of(text)


def seeds_of_times() -> Iterator[bytes]:
    """Yield times, and what only looks like one."""
    yield from (b"2026-03-01T00:00:00Z", b"2026-03-01 00:00:60+00:00", b"0000-01-01T00:00:00Z",
                b"9999-12-31T23:59:59.999999999-14:00", b"20260301T000000,123456789Z", b"nan",
                b"1795409723.5", b"1e400", b"-1", b"99999999999999999999", b"2026-W10-1",
                b"0001-01-01T00:00:00+14:00", b"2016-12-31T23:59:60Z")  # fmt: skip


def query(data: bytes) -> None:
    """Parse a query and make SQL of it: no text of the query is in the SQL."""
    text = data.decode("utf-8", "replace")
    for area in (Area.EVENTS, Area.THINGS, Area.SOURCES, Area.NOTES, Area.FINDINGS):
        node = parse_query(text, FIELDS[area])
        if area is not Area.EVENTS:
            sql = compile_query(node, CaseTarget(area))
            require(sql.text.count("?") == len(sql.parameters), "a parameter is missing")
            whole = [p for p in sql.parameters if isinstance(p, int)]
            require(all(-(2**63) <= p < 2**63 for p in whole), "a number that SQLite has not")
    require(parse_query(quoted(text), FIELDS[Area.EVENTS]) is not None or not text, "lost")


def seeds_of_queries() -> Iterator[bytes]:
    """Yield queries."""
    yield b"action:approve -outcome:success OR time:[2026-05-26..2026-05-27] level<1"
    yield b'tag:"50%_" note!=x -tag:* integrity:passed note:/k/ \\%'
    yield b'NOT (actor:"a \\" b" AND /x.*y/) record>=5 object:* flag:broken tag.a:b'
    yield b"created>9999-12-31 OR ended<0001-01-01T00:00:00Z"
    yield b"time>9999-12-31 time<0001-01-01T00:00:00+00:01 level:1e308 offset:-1"


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-"))


def profile(data: bytes) -> None:
    """Read a recipe of chains, say it in words, and run it over a record."""
    path = _place() / "x.yaml"
    path.write_bytes(data)
    found = library.load(path)
    require(bool(explain.explain(found)), "nothing is said of it")
    engine = engine_for(found, Secrets())
    with suppress(ValueError):
        record = engine.parse(b'{"seq":1,"hash":"00","prev":"","entry":{"a":1},"time":"x"}')
        engine.own(record)
        engine.previous(record)
        engine.partition(record)


def profiles() -> Iterator[bytes]:
    """Yield the recipes that ship."""
    for path in sorted(resources.path("profiles").glob("*.yaml")):
        yield path.read_bytes()


def pack(data: bytes) -> None:
    """Read a pack of checks and compile its rules."""
    path = _place() / "pack.yaml"
    path.write_bytes(data)
    for check in packs.load(path).checks:
        _compiled(check)


def seeds_of_packs() -> Iterator[bytes]:
    """Yield packs."""
    for path in sorted(resources.path("packs").glob("*.yaml")):
        yield path.read_bytes()
    yield (
        b"id: x\nversion: '1'\ntitle: t\nchecks:\n- id: A\n  title: t\n  criteria: c\n"
        b"  population: run\n  rule: 'size(metrics) > 0 && metrics.all(m, m.value < 1.0)'\n"
    )


def bag(data: bytes) -> None:
    """Read each tag file of a bag."""
    with suppress(tags.Malformed):
        tags.read_declaration(data)
    text = data.decode("latin-1")
    for name in ("manifest-sha256.txt", "tagmanifest-md5.txt"):
        with suppress(tags.Malformed):
            found = tags.read_manifest(name, text, version=(1, 0))
            paths = found.digests
            require(all(".." not in path.split("/") for path in paths), "leads out of the bag")
    with suppress(tags.Malformed):
        tags.read_fetch(text, version=(0, 97))
    list(tags.payload_oxum([text]))
    encoding, _, rest = data.partition(b"\n")
    with suppress(tags.Malformed, tags.NotKnown):
        tags.text_of(rest, encoding.decode("latin-1"), "x")


def bags() -> Iterator[bytes]:
    """Yield tag files."""
    yield from files("bagit/*/drop/**/*.txt", most=4000)
    yield b"utf-16\n\xff\xfea\0"
    yield b"https://x.example/a 10 data/%0Aa\nhttps://x.example/b - ../b\n"


def package(data: bytes) -> None:
    """Read a manifest of a package: no name in it leads anywhere by itself."""
    with suppress(SourceError):
        found = read_manifest(data, "ASiCManifest001.xml")
        require(all("://" not in one.name for one in found.files), "refers elsewhere")


def packages() -> Iterator[bytes]:
    """Yield manifests of packages."""
    digest = "<d:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>"
    value = "<d:DigestValue>AAAA</d:DigestValue>"
    yield (
        "<a:ASiCManifest xmlns:a='http://uri.etsi.org/02918/v1.2.1#' "
        "xmlns:d='http://www.w3.org/2000/09/xmldsig#'><a:SigReference URI='META-INF/s.p7s'/>"
        f"<a:DataObjectReference URI='a%20b'>{digest}{value}</a:DataObjectReference>"
        "</a:ASiCManifest>"
    ).encode()
    yield b'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


def shown(data: bytes) -> None:
    """Make a text fit to be shown: nothing hidden is left in it, and no formula."""
    text = data.decode("utf-8", "surrogateescape")
    found = visible(text)
    drawn = (char.isprintable() or category(char) == "Zs" for char in found)
    require(all(drawn), "something hidden is left")
    require(len(visible(text, limit=20)) <= 20, "longer than it may be")
    require(safe_cell(text)[:1] not in {"=", "+", "-", "@"}, "a formula")
    names_licence(text)
    is_non_commercial(text)


HARNESS = Harness(
    (
        Parser("YAML", yaml, yamls),
        Parser("lines", lines, seeds_of_lines),
        Parser("tables", table, seeds_of_tables),
        Parser("patterns", patterns, lambda: [b"a(b|c)*\\d{2,5}$\nabc12"], (BadPatternError,)),
        Parser("times", times, seeds_of_times),
        Parser("queries", query, seeds_of_queries),
        Parser("chain profiles", profile, profiles),
        Parser("packs of checks", pack, seeds_of_packs),
        Parser("tag files of bags", bag, bags),
        Parser("manifests of packages", package, packages),
        Parser(
            "shown texts", shown, lambda: [b"=1+1", b"\xe2\x80\xaeabc", b"MIT OR CC-BY-NC", b"\xff"]
        ),
    )
)

"""A database is read as it lies: nothing in it runs, nothing changes, damage has a place."""

import gc
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drops import opened
from workbench.errors import Cancelled, SourceError
from workbench.evidence import database as home
from workbench.evidence.database import Views, open_database
from workbench.evidence.database_files import wrong_size
from workbench.evidence.database_rows import Database, DatabaseError, Row
from workbench.evidence.file import single
from workbench.evidence.limits import LIMITS, MIB, Limits
from workbench.model.progress import Cancel
from workbench.model.source import Problem

HOSTILE = [
    'a"b',
    "x; DROP TABLE runs; --",
    "line\nbreak",
    "[brackets]",
    "'quoted'",
    "sp ace",
    "select",
    "ünïcode",
    "%s{}",
]


def made(path: Path, *statements: str) -> Path:
    """Make a database."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


@contextmanager
def viewed(path: Path, *, limits: Limits = LIMITS, cancel: Cancel | None = None) -> Iterator[Views]:
    """Open a database with what lies beside it."""
    beside = sorted(p for p in path.parent.iterdir() if p.name.startswith(f"{path.name}-"))
    files = [single(path), *map(single, beside)]
    with open_database(files, limits=limits, cancel=cancel or Cancel()) as views:
        yield views


def rows(database: Database, table: str, *by: str) -> list[dict[str, object]]:
    return [dict(row.cells) for row in database.rows(table, by=by) if isinstance(row, Row)]


def problems(database: Database, table: str, *by: str) -> list[Problem]:
    return [found for found in database.rows(table, by=by) if isinstance(found, Problem)]


def state(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Return what must not change: names, digests, times, sizes of all that lies in a folder."""
    return {
        path.name: (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
            path.stat().st_size,
        )
        for path in folder.iterdir()
    }


def simple(folder: Path) -> Path:
    return made(
        folder / "x.db", "CREATE TABLE t(a, b)", "INSERT INTO t VALUES(1, 'one'), (2, 'two')"
    )


def in_wal_mode(folder: Path) -> Path:
    """Leave a database as a copy of a running one has it: one row in the file, one in the log."""
    source = folder.parent / "running.db"
    made(source, "PRAGMA journal_mode = WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES(1)")
    writer = sqlite3.connect(source)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("INSERT INTO t VALUES(2)")
    writer.commit()
    target = folder / "x.db"
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")
    writer.close()
    return target


def with_hot_journal(folder: Path) -> Path:
    """Leave a database in the middle of a change, as a crash does."""
    source = folder.parent / "crashed.db"
    made(source, "PRAGMA page_size = 512", "CREATE TABLE t(a)", "INSERT INTO t VALUES(1)")
    writer = sqlite3.connect(source, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("PRAGMA cache_spill = 1")
    writer.execute("BEGIN")
    writer.execute("UPDATE t SET a = 0")
    writer.executemany("INSERT INTO t VALUES(?)", [("x" * 200,) for _ in range(50)])
    target = folder / "x.db"
    for suffix in ("", "-journal"):
        shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")
    writer.execute("ROLLBACK")
    writer.close()
    return target


def point_elsewhere(journal: Path, victim: Path) -> None:
    """Let a journal name another file as the journal of journals (file format 3.0)."""
    name = str(victim).encode()
    place = (0x40000000 // 512 + 1).to_bytes(4, "big")
    tail = len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big")
    magic = bytes.fromhex("d9d505f920a163d7")
    journal.write_bytes(journal.read_bytes() + place + name + tail + magic)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "evidence"
    path.mkdir()
    return path


@pytest.mark.parametrize("make", [simple, in_wal_mode, with_hot_journal])
def test_evidence_is_the_same_after_as_before(make: Callable[[Path], Path], folder: Path) -> None:
    path = make(folder)
    before = state(folder)
    with viewed(path) as views:
        assert rows(views.current, "t")
        assert state(folder) == before
    assert state(folder) == before


def test_folder_that_cannot_be_written_to_is_read(folder: Path) -> None:
    path = in_wal_mode(folder)
    folder.chmod(0o500)
    try:
        with viewed(path) as views:
            assert len(rows(views.current, "t")) == 2
    finally:
        folder.chmod(0o700)


def test_both_views_of_a_database_with_its_log_are_there(folder: Path) -> None:
    with viewed(in_wal_mode(folder)) as views:
        assert views.stored is not None
        assert (views.current.count("t"), views.stored.count("t")) == (2, 1)
        assert [file.name for file in views.beside] == ["x.db-wal"]


def test_change_that_was_not_finished_is_taken_back(folder: Path) -> None:
    with viewed(with_hot_journal(folder)) as views:
        assert rows(views.current, "t") == [{"a": 1}]
        assert [file.name for file in views.beside] == ["x.db-journal"]


def test_empty_log_beside_a_database_is_nothing(folder: Path) -> None:
    path = simple(folder)
    (folder / "x.db-wal").write_bytes(b"")
    with viewed(path) as views:
        assert (views.beside, views.stored) == ((), None)


def test_journal_that_names_another_file_deletes_nothing(folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    path = with_hot_journal(folder)
    point_elsewhere(folder / "x.db-journal", victim)
    with viewed(path) as views:
        assert [problem.code for problem in views.problems] == ["UNSUPPORTED_MEMBER"]
        assert views.beside == ()
    assert victim.read_text() == "precious"


def test_such_a_journal_makes_sqlite_delete_the_file(folder: Path, tmp_path: Path) -> None:
    """The danger is real: what the test before keeps from happening, happens here."""
    victim = tmp_path / "victim.txt"
    victim.write_text("worthless")
    path = with_hot_journal(folder)
    point_elsewhere(folder / "x.db-journal", victim)
    connection = sqlite3.connect(path)
    connection.execute("SELECT * FROM t").fetchall()
    connection.close()
    assert not victim.exists()


def test_damaged_log_leaves_the_file_readable(folder: Path) -> None:
    path = simple(folder)
    (folder / "x.db-journal").write_bytes(os.urandom(4000))
    with viewed(path) as views:
        assert len(rows(views.current, "t")) == 2


def test_without_open_handles_as_paths_a_private_copy_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = simple(folder)
    monkeypatch.setattr(home, "_OPEN_FILES", Path("/nowhere"))
    before = state(folder)
    with viewed(path) as views:
        assert len(rows(views.current, "t")) == 2
    assert state(folder) == before


def test_file_that_was_swapped_is_not_read(folder: Path) -> None:
    path = simple(folder)
    file = single(path)
    path.unlink()
    made(path, "CREATE TABLE other(a)")
    with (
        pytest.raises(SourceError, match="changed"),
        open_database([file], limits=LIMITS, cancel=Cancel()),
    ):
        pass


def test_path_that_leads_elsewhere_meanwhile_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite turns the handle into a path again; what it opens must be the very same file."""
    path = simple(folder)
    decoy = made(folder.parent / "decoy.db", "CREATE TABLE t(a)", "INSERT INTO t VALUES('decoy')")
    real = sqlite3.connect

    def misled(path: str, **rest: object) -> sqlite3.Connection:
        led = f"file:{decoy}?mode=ro&immutable=1" if "/proc/self/fd" in path else path
        return real(led, **rest)  # type: ignore[call-overload]

    monkeypatch.setattr(home.sqlite3, "connect", misled)
    with viewed(path) as views:
        assert [row["b"] for row in rows(views.current, "t")] == ["one", "two"]


def test_link_in_a_drop_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = made(tmp_path / "outside.db", "CREATE TABLE t(a)")
    (folder / "x.db").symlink_to(outside)
    with opened(folder) as drop:
        assert [file.name for file in drop.files] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_nothing_but_a_name(name: str, folder: Path) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    path = made(
        folder / "x.db",
        "CREATE TABLE runs(a)",
        f"CREATE TABLE {quoted}({quoted})",
        f"INSERT INTO {quoted} VALUES('kept')",
    )
    with viewed(path) as views:
        assert rows(views.current, name, name) == [{name: "kept"}]
        assert views.current.count(name) == 1
        assert "runs" in views.current.names


def test_name_that_the_schema_does_not_have_is_no_table(folder: Path) -> None:
    with viewed(simple(folder)) as views:
        assert views.current.table('t" WHERE 0 --') is None
        (problem,) = problems(views.current, 't" WHERE 0 --')
        assert problem.code == "UNSUPPORTED_MEMBER"


def test_view_and_virtual_table_are_not_read(folder: Path) -> None:
    path = made(
        folder / "x.db",
        "CREATE TABLE t(a)",
        "CREATE VIEW runs AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT x FROM n",
        "CREATE VIRTUAL TABLE params USING fts5(key)",
    )
    with viewed(path) as views:
        assert views.current.table("runs") is None
        assert views.current.table("params") is None
        assert problems(views.current, "runs")[0].code == "UNSUPPORTED_MEMBER"


def test_computed_column_is_named_and_not_read(folder: Path) -> None:
    path = made(
        folder / "x.db",
        "CREATE TABLE t(a, b AS (a || hex(zeroblob(10))) VIRTUAL)",
        "INSERT INTO t VALUES('x')",
    )
    with viewed(path) as views:
        table = views.current.table("t")
        assert table is not None
        assert (table.columns, table.computed) == (("a",), ("b",))
        assert rows(views.current, "t") == [{"a": "x"}]


def test_nothing_but_our_own_statements_is_allowed(folder: Path) -> None:
    path = made(folder / "x.db", "CREATE TABLE t(a)", "CREATE VIEW v AS SELECT load_extension('x')")
    with viewed(path) as views:
        connection = views.current._connection
        for statement in (
            "SELECT * FROM v",
            "SELECT load_extension('x')",
            "SELECT randomblob(10)",
            "ATTACH 'other.db' AS other",
            "DELETE FROM t",
            "PRAGMA writable_schema = ON",
            "PRAGMA query_only = OFF",
        ):
            with pytest.raises(sqlite3.DatabaseError):
                connection.execute(statement)


def test_column_that_takes_the_name_of_the_row_number_does_not_hide_it(folder: Path) -> None:
    path = made(folder / "x.db", "CREATE TABLE t(rowid, _rowid_)", "INSERT INTO t VALUES('a', 'b')")
    with viewed(path) as views:
        (row,) = views.current.rows("t")
        assert isinstance(row, Row)
        assert (row.number, row.cells) == (1, {"rowid": "a", "_rowid_": "b"})


@pytest.mark.parametrize(
    "schema", ["t(rowid, _rowid_, oid)", "t(a PRIMARY KEY) WITHOUT ROWID"], ids=["taken", "without"]
)
def test_table_without_row_numbers_is_said_not_to_be_read(schema: str, folder: Path) -> None:
    path = made(folder / "x.db", f"CREATE TABLE {schema}")
    with viewed(path) as views:
        (problem,) = problems(views.current, "t")
        assert (problem.code, problem.locator.pointer) == ("UNSUPPORTED_MEMBER", "t")


def test_rows_that_an_index_hides_are_read(folder: Path) -> None:
    path = made(
        folder / "x.db",
        "CREATE TABLE t(a, b)",
        "CREATE INDEX i ON t(a) WHERE b = 'shown'",
        "INSERT INTO t VALUES(1, 'shown'), (2, 'hidden')",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE INDEX i ON t(a)' WHERE name = 'i'",
    )
    fooled = sqlite3.connect(path)
    assert fooled.execute("SELECT count(*) FROM t WHERE a > 0").fetchone() == (1,)
    fooled.close()
    with viewed(path) as views:
        assert views.current.count("t") == 2
        assert [row["b"] for row in rows(views.current, "t", "a")] == ["shown", "hidden"]


def test_rows_are_sorted_by_text_then_as_they_lie(folder: Path) -> None:
    path = made(
        folder / "x.db", "CREATE TABLE t(a)", "INSERT INTO t VALUES('b'), (10), ('a'), (9), (NULL)"
    )
    with viewed(path) as views:
        found = [row for row in views.current.rows("t", by=["a"]) if isinstance(row, Row)]
        assert [(row.key, row.number) for row in found] == [
            ((b"",), 5),
            ((b"10",), 2),
            ((b"9",), 4),
            ((b"a",), 3),
            ((b"b",), 1),
        ]


def test_cell_over_the_limit_is_told_and_the_others_are_read(folder: Path) -> None:
    path = made(
        folder / "x.db",
        "CREATE TABLE t(a, b)",
        "INSERT INTO t VALUES(1, 'small')",
        f"INSERT INTO t VALUES(2, hex(zeroblob({MIB})))",
        "INSERT INTO t VALUES(3, 'small')",
    )
    with viewed(path, limits=replace(LIMITS, record=MIB)) as views:
        found = list(views.current.rows("t", by=["a"]))
        assert [row.cells["a"] for row in found if isinstance(row, Row)] == [1, 3]
        (problem,) = (item for item in found if isinstance(item, Problem))
        assert (problem.code, problem.locator.pointer) == ("LIMIT_EXCEEDED", "t[rowid=2]")


def test_bytes_that_are_no_text_stay_visible(folder: Path) -> None:
    path = made(
        folder / "x.db", "CREATE TABLE t(a)", "INSERT INTO t VALUES(CAST(x'415cff42' AS TEXT))"
    )
    with viewed(path) as views:
        assert rows(views.current, "t") == [{"a": "A\\\\\\xffB"}]


def codes_of(path: Path) -> set[str]:
    """Return the codes of all that is wrong with a database, opened or not."""
    size = {problem.code for problem in wrong_size([single(path)])}
    try:
        with viewed(path) as views:
            found = [p for name in views.current.names for p in problems(views.current, name)]
            return size | {problem.code for problem in (*views.problems, *found)}
    except DatabaseError as error:
        return size | {error.code}


def cut(path: Path, size: int) -> None:
    with path.open("r+b") as stream:
        stream.truncate(size)


def large(folder: Path) -> Path:
    path = made(folder / "x.db", "PRAGMA page_size = 512", "CREATE TABLE t(a)")
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO t VALUES(?)", [(f"row {n} " + "x" * 100,) for n in range(500)]
    )
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("size", [50, 100, 512, 700, 5000, 20_000])
def test_truncated_database_is_a_problem_and_no_traceback(size: int, folder: Path) -> None:
    path = large(folder)
    cut(path, size)
    assert codes_of(path) >= {"TRUNCATED" if size >= 100 else "CORRUPT"}


def test_damaged_page_loses_its_rows_and_no_others(folder: Path) -> None:
    path = large(folder)
    data = bytearray(path.read_bytes())
    middle = len(data) // 1024 * 512
    data[middle : middle + 512] = bytes(512)
    path.write_bytes(data)
    with viewed(path) as views:
        found = list(views.current.rows("t"))
        assert any(isinstance(item, Problem) and item.code == "CORRUPT" for item in found)
        assert not any(isinstance(item, Problem) and item.locator.pointer is None for item in found)


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 600])
def test_what_only_starts_like_a_database_is_no_traceback(data: bytes, folder: Path) -> None:
    path = folder / "x.db"
    path.write_bytes(data)
    assert codes_of(path) <= {"CORRUPT", "TRUNCATED"}


def test_table_whose_pages_repeat_is_not_read_for_ever(folder: Path) -> None:
    """An inner page leads to one leaf again and again: few bytes, rows without end."""
    page, magic = 512, b"SQLite format 3\0"
    path = made(folder / "small.db", f"PRAGMA page_size = {page}", "CREATE TABLE t(a)")
    first = bytearray(path.read_bytes()[:page])
    assert first.startswith(magic)
    first[28:32] = (3).to_bytes(4, "big")
    children = 60
    inner = bytearray(page)
    inner[0], inner[3:5], inner[8:12] = 5, children.to_bytes(2, "big"), (3).to_bytes(4, "big")
    content = page - 5 * children
    inner[5:7] = content.to_bytes(2, "big")
    for n in range(children):
        at = content + 5 * n
        inner[12 + 2 * n : 14 + 2 * n] = at.to_bytes(2, "big")
        inner[at : at + 5] = (3).to_bytes(4, "big") + b"\x7f"
    leaf = bytearray(page)
    count = 70
    leaf[0], leaf[3:5] = 13, count.to_bytes(2, "big")
    content = page - 5 * count
    leaf[5:7] = content.to_bytes(2, "big")
    for n in range(count):
        at = content + 5 * n
        leaf[8 + 2 * n : 10 + 2 * n] = at.to_bytes(2, "big")
        leaf[at : at + 5] = bytes([3, n + 1, 2, 1, 7])
    bomb = folder / "x.db"
    bomb.write_bytes(bytes(first + inner + leaf))
    with viewed(bomb) as views:
        found = list(views.current.rows("t", by=["a"]))
        assert isinstance(found[-1], Problem)
        assert found[-1].code == "CORRUPT"
        assert len(found) < 1000
        with pytest.raises(DatabaseError, match="more rows"):
            views.current.count("t")


def test_rows_that_share_their_bytes_do_not_fill_the_memory(folder: Path) -> None:
    """Ten cells lead to one chain of overflow pages: each is a row of 400 kB."""
    page = 512
    text = 39 + 800 * (page - 4) - 4  # 1.6: only 39 bytes of such a record lie in its cell
    path = made(
        folder / "x.db",
        f"PRAGMA page_size = {page}",
        "CREATE TABLE t(a)",
        f"INSERT INTO t VALUES(substr(hex(zeroblob({text})), 1, {text}))",
    )
    data = bytearray(path.read_bytes())
    leaf = data[page : 2 * page]
    cell = leaf[int.from_bytes(leaf[8:10], "big") :]
    assert (len(cell), cell[3]) == (47, 1), "size of the record, its number, its bytes, the chain"
    content = page - 10 * len(cell)
    leaf[3:5], leaf[5:7] = (10).to_bytes(2, "big"), content.to_bytes(2, "big")
    for n in range(10):
        at = content + n * len(cell)
        leaf[8 + 2 * n : 10 + 2 * n] = at.to_bytes(2, "big")
        leaf[at : at + len(cell)] = cell[:3] + bytes([n + 1]) + cell[4:]
    data[page : 2 * page] = leaf
    path.write_bytes(data)
    with viewed(path) as views:
        (problem,) = problems(views.current, "t")
        assert (problem.code, "more bytes" in problem.message) == ("CORRUPT", True)


def test_work_over_the_time_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_STEPS_PER_LOOK_AT_THE_CLOCK", 500)
    with viewed(large(folder), limits=replace(LIMITS, database_seconds=-1.0)) as views:
        (problem,) = problems(views.current, "t", "a")
        assert problem.code == "LIMIT_EXCEEDED"


def test_work_stops_at_a_wish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_STEPS_PER_LOOK_AT_THE_CLOCK", 500)
    cancel = Cancel()
    with viewed(large(folder), cancel=cancel) as views:
        cancel.set()
        with pytest.raises(Cancelled):
            list(views.current.rows("t", by=["a"]))


def test_handles_and_copies_are_gone_afterwards(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spool))
    path = in_wal_mode(folder)
    gc.collect()  # what other tests left is not counted
    before = len(list(Path("/proc/self/fd").iterdir()))
    with viewed(path) as views:
        assert rows(views.current, "t")
        (private,) = spool.iterdir()
        assert private.stat().st_mode & 0o777 == 0o700
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    assert not list(spool.iterdir())


def test_header_states_what_the_file_has(folder: Path) -> None:
    path = large(folder)
    with viewed(path) as views:
        assert views.header.pages == path.stat().st_size // 512
        assert views.header.written_by == sqlite3.sqlite_version
    assert wrong_size([single(path)]) == ()
    with path.open("ab") as stream:
        stream.write(bytes(512))
    assert [problem.code for problem in wrong_size([single(path)])] == ["TRAILING_DATA"]


def test_damaged_name_that_is_no_text_is_a_problem_and_no_traceback(folder: Path) -> None:
    path = made(folder / "x.db", "CREATE TABLE tabelle (a)")
    path.write_bytes(path.read_bytes().replace(b"TABLE tabelle", b"TABL\xff tabelle"))
    with pytest.raises(DatabaseError, match="not UTF-8") as caught, viewed(path):
        pass
    assert caught.value.code == "CORRUPT"

"""Archives and databases: what comes out is bounded, leaves nothing behind, and is never run."""

import lzma
import sqlite3
import tarfile
import tempfile
import zipfile
from bz2 import compress as bzip2
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from tests.drops import gzipped, tarred, tarred_entries, zipped
from tests.fuzz.parsers import Harness, Parser, require
from workbench.evidence.database import open_database
from workbench.evidence.drop import open_drop
from workbench.evidence.file import read_whole, sha256_of, single
from workbench.evidence.limits import KIB, MIB, Limits
from workbench.evidence.names import checked_member_name, checked_target, raw_path, shown_path
from workbench.formats.sniff import catalog_reader
from workbench.formats.table import sort_out
from workbench.formats.tally import inventory
from workbench.model.progress import Cancel, Silent

STORES = Path(__file__).resolve().parents[1] / "formats" / "stores"
TIGHT = Limits(
    record=64 * KIB, document=MIB, members=500, folders=16, ratio_slack=64 * KIB,
    archive_header=8 * KIB, database_seconds=3.0,
)  # fmt: skip
LOG = b'{"n":1}\n{"n":2}\n'
PAIR = {"a/log.jsonl": LOG, "b.txt": b"x"}


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-"))


def opened(name: str) -> Callable[[bytes], None]:
    """Return what opens a file of this name as a drop and reads all that is in it."""

    def run(data: bytes) -> None:
        path = _place() / name
        path.write_bytes(data)
        with open_drop([path], limits=TIGHT, cancel=Cancel(), progress=Silent()) as drop:
            roots = {file.root for file in drop.files if file.member is not None and file.parts}
            out = sum(file.size for file in drop.files if file.parts)
            require(out <= 2 * MIB + TIGHT.ratio * len(data), "more came out than may")
            for file in drop.files:
                if file.parts:
                    sha256_of(file, cancel=Cancel())
                    read_whole(file)
            sort_out(drop, ())
        require(not any(Path(root).exists() for root in roots), "something is left behind")
        require(path.read_bytes() == data, "evidence was changed")

    return run


def archives(kind: str) -> Callable[[], Iterator[bytes]]:
    """Return seeds of one kind of archive."""

    def zips() -> Iterator[bytes]:
        yield zipped(PAIR)
        yield zipped(PAIR, method=zipfile.ZIP_STORED, comment=b"c")
        yield zipped({"../x": b"1", "C:\\y": b"2", "z.zip": zipped({"q.tar": tarred(PAIR)})})
        yield zipped({"0": bytes(200_000)}, method=zipfile.ZIP_BZIP2)
        yield zipped({"0": bytes(200_000)}, method=zipfile.ZIP_LZMA)

    def tars() -> Iterator[bytes]:
        for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
            yield tarred({"long" * 30 + "/é": b"1", **PAIR}, form=form)
        link = tarfile.TarInfo("l")
        link.type, link.linkname = tarfile.SYMTYPE, "../../etc"
        device, pipe = tarfile.TarInfo("d"), tarfile.TarInfo("p")
        device.type, pipe.type = tarfile.CHRTYPE, tarfile.FIFOTYPE
        yield tarred_entries(link, device, pipe)
        yield tarred({"x": b""}).replace(b"00000000000\0", b"77777777777\0", 1)

    packers = {"gz": gzipped, "bz2": bzip2, "xz": lzma.compress}
    if kind == "zip":
        return zips
    if kind == "tar":
        return tars
    return lambda: (packers[kind](data) for data in (LOG, tarred(PAIR), bytes(300_000)))


def database(data: bytes) -> None:
    """Open a database and read every row of it."""
    path = _place() / "x.db"
    path.write_bytes(data)
    with open_database((single(path),), limits=TIGHT, cancel=Cancel()) as views:
        for name in views.current.names[:50]:
            views.current.table(name)
            rows = sum(1 for _ in views.current.rows(name))
            require(rows <= 10 * len(data), "more rows than bytes")
            views.current.count(name)
    require(path.read_bytes() == data, "evidence was changed")
    require(sorted(p.name for p in _place().glob("x.db*")) == ["x.db"], "something lies beside it")


def with_journal(data: bytes) -> None:
    """Open a database beside which something lies that calls itself its log."""
    for suffix in ("-wal", "-journal"):
        (_place() / "y.db").write_bytes(next(databases()))
        beside = _place() / f"y.db{suffix}"
        beside.write_bytes(data)
        files = (single(_place() / "y.db"), single(beside))
        with open_database(files, limits=TIGHT, cancel=Cancel()) as views:
            for name in views.current.names[:50]:
                sum(1 for _ in views.current.rows(name))
        require(beside.read_bytes() == data, "evidence was changed")
        beside.unlink()


_ACTIVE = (
    "CREATE VIEW v AS SELECT * FROM t; CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; "
    "END; CREATE TABLE w (k TEXT PRIMARY KEY) WITHOUT ROWID;"
)


@cache
def _databases() -> tuple[bytes, ...]:
    path = _place() / "seed.db"
    found = []
    for extra in ("", _ACTIVE):
        connection = sqlite3.connect(path)
        connection.executescript(
            "PRAGMA page_size = 512; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL, "
            "c BLOB, d AS (a || 'x')); CREATE INDEX i ON t (a);" + extra
        )
        rows = [("é" * n, n / 3, b"\xff" * n) for n in range(12)]
        connection.executemany("INSERT INTO t (a, b, c) VALUES (?, ?, ?)", rows)
        connection.commit()
        connection.close()
        found.append(path.read_bytes())
        path.unlink()
    return tuple(found)


def databases() -> Iterator[bytes]:
    """Yield small databases."""
    yield from _databases()


def journals() -> Iterator[bytes]:
    """Yield a write-ahead log and a rollback journal."""
    path = _place() / "walled.db"
    path.write_bytes(_databases()[0])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO t (a) VALUES ('later')")
        connection.commit()
        log = path.with_name("walled.db-wal").read_bytes()
    path.unlink()
    yield log
    yield bytes.fromhex("d9d505f920a163d7") + bytes(4) + b"\1" * 16 + bytes(600)


@cache
def _store() -> bytes:
    return lzma.decompress((STORES / "mlflow-1.30.1.db.xz").read_bytes())


def mlflow(data: bytes) -> None:
    """Read a store of MLflow in which bytes were changed: three of place and one of value each."""
    changed = bytearray(_store())
    for at in range(0, min(len(data), 256) - 3, 4):
        place = int.from_bytes(data[at : at + 3]) % len(changed)
        changed[place] = data[at + 3]
    path = _place() / "mlflow.db"
    path.write_bytes(changed)
    with open_drop([path], limits=TIGHT, cancel=Cancel(), progress=Silent()) as drop:
        for subject in sort_out(drop, ()).subjects:
            reader = catalog_reader(subject.format)
            if reader is not None:
                read = reader.read(subject, limits=TIGHT, cancel=Cancel(), progress=Silent())
                inventory(read)
    require(path.read_bytes() == bytes(changed), "evidence was changed")


def places() -> Iterator[bytes]:
    """Yield changes at the beginning of pages and in rows."""
    yield b""
    for page in range(0, len(_store()), 4096):
        yield (page + 100).to_bytes(3) + b"\x05" + (page + 3).to_bytes(3) + b"\xff"
    for word in (b"FINISHED", b"alembic_version", b"INTEGER", b"mlflow."):
        at = _store().find(word)
        yield max(at, 0).to_bytes(3) + b"\xff"


def names(data: bytes) -> None:
    """Make a name fit to show: two names never look the same, and each is given back."""
    name = data.decode("utf-8", "surrogateescape")
    shown, _ = checked_member_name(name)
    require(not shown.startswith("/") and ".." not in shown.split("/"), "leads out of its folder")
    shown.encode()
    checked_target(name)
    path = shown_path(name)
    path.encode()
    require(raw_path(path) == name, "another name is given back")


def odd_names() -> Iterator[bytes]:
    """Yield names."""
    yield from (b"a/./b//c", b"/etc", b"..\\x", b"caf\xe9", b"\\xe9", b"a" * 5000, b"\\\\u00e9\0")


HARNESS = Harness(
    (
        Parser("ZIP", opened("x.zip"), archives("zip")),
        Parser("tar", opened("x.tar"), archives("tar")),
        Parser("gzip", opened("x.jsonl.gz"), archives("gz")),
        Parser("compressed tar", opened("x.tgz"), archives("gz")),
        Parser("bzip2", opened("x.bz2"), archives("bz2")),
        Parser("xz", opened("x.xz"), archives("xz")),
        Parser("database", database, databases),
        Parser("journal of a database", with_journal, journals),
        Parser("MLflow", mlflow, places),
        Parser("names", names, odd_names),
    )
)

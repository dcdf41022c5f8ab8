"""The index engine reaches its own folder and nothing else, and asks no network."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.errors import StoreError
from workbench.store.duck import Duck, remove_leftovers

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Duck]:
    """Return an engine over an index folder that lies beside a secret."""
    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "link.csv").symlink_to(tmp_path / "secret.csv")
    engine = Duck(tmp_path / "index")
    yield engine
    engine.close()


#: What must not be possible; ``{out}`` is the folder around the index, ``{index}`` the index.
FORBIDDEN = {
    "read a file": "SELECT * FROM read_csv('{out}/secret.csv')",
    "read a file as text": "SELECT * FROM read_text('{out}/secret.csv')",
    "read a file by its name": "SELECT * FROM '{out}/secret.csv'",
    "read through the index": "SELECT * FROM read_text('{index}/../secret.csv')",
    "read through a link": "SELECT * FROM read_text('{index}/link.csv')",
    "read the machine": "SELECT * FROM read_text('/proc/self/environ')",
    "list a folder": "SELECT * FROM glob('{out}/*')",
    "write a file": "COPY (SELECT 1) TO '{out}/x.parquet'",
    "write to a device": "COPY (SELECT 1) TO '/dev/stdout'",
    "attach a database": "ATTACH '{out}/x.db'",
    "export a database": "EXPORT DATABASE '{out}/x'",
    "import a database": "IMPORT DATABASE '{out}/x'",
    "ask the network": "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')",
    "ask the network by name": "SELECT * FROM 's3://bucket/x.parquet'",
    "install an extension": "INSTALL httpfs",
    "install from elsewhere": "INSTALL spatial FROM community",
    "load an extension": "LOAD httpfs",
    "load a file": "LOAD '{index}/x.duckdb_extension'",
    "read another database": "SELECT * FROM sqlite_scan('{out}/x', 'y')",
    "make a secret": "CREATE SECRET (TYPE s3)",
    "allow access again": "SET enable_external_access = true",
    "allow another folder": "SET allowed_directories = ['/']",
    "unlock": "SET lock_configuration = false",
    "reset the lock": "RESET lock_configuration",
    "take more memory": "SET memory_limit = '100GB'",
    "load extensions again": "SET autoload_known_extensions = true",
    "write a profile": "PRAGMA profiling_output = '{out}/x'",
    "read the environment": "SELECT getenv('HOME')",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_engine_cannot(duck: Duck, tmp_path: Path, what: str) -> None:
    before = sorted(tmp_path.iterdir())
    statement = FORBIDDEN[what].format(out=tmp_path, index=duck.folder)
    with pytest.raises(StoreError, match="No: "), duck.told("No"):
        duck.connection.execute(statement).fetchall()
    assert sorted(tmp_path.iterdir()) == before


def test_engine_reads_and_writes_its_own_folder(duck: Duck) -> None:
    file = f"{duck.folder}/x.parquet"
    duck.connection.execute(f"COPY (SELECT 7 AS n) TO '{file}' (FORMAT parquet)")
    assert duck.cursor().execute("SELECT n FROM read_parquet(?)", [file]).fetchall() == [(7,)]


def test_settings_are_those_that_bound_it(duck: Duck) -> None:
    asked = (
        "enable_external_access",
        "autoinstall_known_extensions",
        "autoload_known_extensions",
        "allow_community_extensions",
        "allow_unsigned_extensions",
        "allow_persistent_secrets",
    )
    found = {n: duck.connection.execute(f"SELECT current_setting('{n}')").fetchone() for n in asked}
    assert found == dict.fromkeys(asked, (False,))
    locked = duck.connection.execute("SELECT current_setting('lock_configuration')").fetchone()
    assert locked == (True,)
    assert duck.connection.execute("SELECT current_setting('threads')").fetchone() == (2,)


def test_what_does_not_fit_into_memory_is_spilled_into_the_index_and_removed(
    duck: Duck,
) -> None:
    spilled = "SELECT count(*) FROM (SELECT r, hash(r)::VARCHAR || repeat('x', 200) AS t "
    spilled += "FROM range(3_000_000) AS s(r) ORDER BY t)"
    assert duck.connection.execute(spilled).fetchall() == [(3_000_000,)]
    duck.close()
    assert {p.name for p in duck.folder.iterdir()} == {"link.csv"}


def test_folder_with_pattern_characters_is_one_folder(tmp_path: Path) -> None:
    odd, other = tmp_path / "a[1]*'?", tmp_path / "a1x"
    for folder in (odd, other):
        folder.mkdir()
    engine = Duck(odd)
    file = str(odd / "x.parquet")
    engine.connection.execute("COPY (SELECT 7 AS n) TO '{}'".format(file.replace("'", "''")))
    assert engine.connection.execute("SELECT n FROM read_parquet(?)", [file]).fetchall() == [(7,)]
    engine.close()


def test_leftovers_of_a_process_that_is_gone_are_removed_at_once(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = Duck(tmp_path)
    (name,) = [path.name for path in tmp_path.iterdir()]
    dead = tmp_path / name.replace(f".{os.getpid()}.", f".{gone.pid}.")
    dead.mkdir()
    elsewhere = tmp_path / f"spill-another-machine.{gone.pid}.x"
    elsewhere.mkdir()
    remove_leftovers(tmp_path, before=0)
    assert {path.name for path in tmp_path.iterdir()} == {name, elsewhere.name}
    mine.close()


def test_old_leftovers_are_removed_and_young_ones_kept(tmp_path: Path) -> None:
    old, young = tmp_path / "spill-old", tmp_path / "spill-young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))
    remove_leftovers(tmp_path, before=young.stat().st_mtime)
    assert [p.name for p in tmp_path.iterdir()] == ["spill-young"]


JOB = """
import sys
from pathlib import Path
from workbench.store.duck import Duck
duck = Duck(Path(sys.argv[1]))
for statement in (
    "INSTALL httpfs", "LOAD httpfs", "SELECT * FROM 'https://example.com/x.parquet'",
    "SELECT * FROM 's3://x/y.parquet'", "CREATE SECRET (TYPE s3)", "SELECT 1",
):
    try:
        duck.connection.execute(statement).fetchall()
    except Exception as error:
        print(type(error).__name__)
"""


def test_engine_asks_the_system_for_no_socket(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not here: system calls not looked at")
    trace = tmp_path / "trace"
    (tmp_path / "index").mkdir()
    command = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(trace), sys.executable]
    done = subprocess.run(
        [*command, "-c", JOB, str(tmp_path / "index")],
        capture_output=True, text=True, cwd=CHECKOUT, check=False,
    )  # fmt: skip
    if done.returncode != 0 and not trace.exists():
        pytest.skip("strace may not trace here")
    assert done.stdout.count("PermissionException") >= 3, done.stdout + done.stderr
    assert not re.search(r"socket\(|connect\(", trace.read_text())

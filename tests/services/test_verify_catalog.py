"""A catalog that cannot be read whole says so in its verdict, not only where it is inspected."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from casework import AT, added, new_case

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Dimension, Indication
from workbench.model.verification import Verification
from workbench.services import cases
from workbench.services.verification import verify


def database(folder: Path, rows: int = 500) -> Path:
    """Make a database of some pages."""
    path = folder / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 100,)] * rows)
        connection.commit()
    return path


def judged(path: Path) -> Verification:
    """Verify a file."""
    return verify(VerifyRequest((path,), AT), progress=Silent(), cancel=Cancel())


def _overwritten(data: bytes) -> bytes:
    return data[:4096] + b"\xff" * 8192 + data[12288:]


SPOILT = {"TRUNCATED": lambda data: data[:9000], "CORRUPT": _overwritten}


@pytest.mark.parametrize("code", SPOILT)
def test_damaged_database_says_so_in_its_verdict(tmp_path: Path, code: str) -> None:
    path = database(tmp_path)
    path.write_bytes(SPOILT[code](path.read_bytes()))
    found = judged(path)
    for which in (Dimension.INTEGRITY, Dimension.COMPLETENESS):
        part = found.dimension(which)
        assert part.indication is Indication.INDETERMINATE
        assert code in part.codes
    assert code in {problem.code for problem in found.sources[0].problems}


def test_whole_database_is_unprotected_and_no_more(tmp_path: Path) -> None:
    assert judged(database(tmp_path)).dimension(Dimension.INTEGRITY).codes == ("UNPROTECTED",)


def test_log_beside_a_database_is_taken_into_the_case_with_it(tmp_path: Path) -> None:
    path = database(tmp_path)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO t VALUES ('y')")
        writer.commit()
        files = {end: Path(f"{path}{end}").read_bytes() for end in ("", "-wal")}
    (tmp_path / "drop").mkdir()
    copy = tmp_path / "drop/some.db"
    for end, data in files.items():
        Path(f"{copy}{end}").write_bytes(data)
    assert "WAL_PRESENT" in {p.code for p in judged(copy).sources[0].problems}
    with new_case(tmp_path) as case:
        (source,) = added(case, copy).added
        assert (source.path, source.files) == ("some.db", 2)
        assert "WAL_PRESENT" in {p.code for p in source.problems}
        moved = (tmp_path / "drop").rename(tmp_path / "moved") / "some.db"
        cases.locate(case, "some.db", moved, progress=Silent(), cancel=Cancel())
        Path(f"{moved}-wal").unlink()
        from casework import verified

        assert verified(case).dimension(Dimension.INTEGRITY).code == "EVIDENCE_CHANGED"

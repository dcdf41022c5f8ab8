"""Bring a case file of an older version to the newest, one numbered step at a time.

A file that is newer than this program is refused: what it means is not known here. For each old
version a stored case file is a test.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from workbench.errors import StoreError
from workbench.store.tables import Base

_KEYS_FOUND = """
INSERT OR IGNORE INTO evidence_key (fingerprint, found_in, seen)
SELECT found.key, found.value, done FROM verification, json_each(keys_in_evidence) AS found
"""


def _seal(connection: Connection) -> None:
    """2: the end of the journal and the keys that lay in evidence have tables of their own."""
    for table in ("journal_head", "evidence_key"):
        Base.metadata.tables[table].create(connection)
    connection.exec_driver_sql(_KEYS_FOUND)


def _keep_checks(connection: Connection) -> None:
    """3: what checks said outlives the window."""
    Base.metadata.tables["check_run"].create(connection)


_TRUST_2 = """CREATE TABLE trust (
    id INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, role TEXT,
    fingerprint TEXT NOT NULL, key_fingerprint TEXT NOT NULL, der BLOB NOT NULL, note_name TEXT,
    added INTEGER NOT NULL, who TEXT NOT NULL, confirmed_at INTEGER, confirmed_how TEXT NOT NULL,
    removed_at INTEGER, key_id TEXT NOT NULL, valid_from INTEGER, valid_to INTEGER,
    source TEXT NOT NULL, CONSTRAINT pk_trust PRIMARY KEY (id)
) STRICT"""


def _trust_with_lives(connection: Connection) -> None:
    """4: give each trusted key a life, a source and a name of its own; none is known of old ones."""
    connection.exec_driver_sql("ALTER TABLE trust RENAME TO trust_1")
    connection.exec_driver_sql(_TRUST_2)
    connection.exec_driver_sql("INSERT INTO trust SELECT *, '', NULL, NULL, '' FROM trust_1")
    connection.exec_driver_sql("DROP TABLE trust_1")


#: Step n (from 1) turns version n into version n + 1.
STEPS: tuple[Callable[[Connection], None], ...] = (_seal, _keep_checks, _trust_with_lives)
VERSION = 1 + len(STEPS)


def version_of(connection: Connection) -> int:
    """Return the version of a case file."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def set_version(connection: Connection, version: int = VERSION) -> None:
    """State the version of a case file."""
    connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")


def require_known(version: int, what: str) -> None:
    """Raise where a file is newer than this program.

    Raises:
        StoreError: it is.
    """
    if version > VERSION:
        raise StoreError(
            f"{what} was written by a newer version of this program (case format {version}; "
            f"this one knows up to {VERSION}). Open it with that one.",
            path=what,
        )


def migrate(connection: Connection, steps: tuple[Callable[[Connection], None], ...] = STEPS) -> int:
    """Run the steps that are missing, in the caller's transaction; return the version reached."""
    version = version_of(connection)
    for step in steps[version - 1 :]:
        step(connection)
        version += 1
    set_version(connection, version)
    return version

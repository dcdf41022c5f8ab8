"""The file of a case: written when the case is made, and let in only if it is one of ours."""

import os
import uuid
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session

from workbench import __version__
from workbench.errors import StoreError
from workbench.model.case import Engagement
from workbench.store import engagement as engagements
from workbench.store import journal, seals
from workbench.store.database import APPLICATION, FILE, Mode, engine_for, told
from workbench.store.migrations import (
    VERSION,
    migrate,
    require_known,
    set_version,
    version_of,
)
from workbench.store.tables import Base


def fill(file: Path, engagement: Engagement, *, who: str, at: datetime) -> None:
    """Write the file of a new case with its first act."""
    engine = engine_for(file, Mode.CREATE)
    try:
        with told(f"{file} cannot be written"):
            with engine.connect() as connection:
                _raw(connection, "PRAGMA journal_mode = WAL")
            with Session(engine) as session, session.begin():
                connection = session.connection()
                Base.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION:d}")
                set_version(connection)
                case_id = str(uuid.uuid4())
                engagements.put(session, engagement, case_id=case_id, at=at, tool=__version__)
                session.flush()
                journal.append(
                    session,
                    at=at,
                    who=who,
                    act="case.new",
                    subject=engagement.title,
                    detail={
                        "case": case_id,
                        "tool": __version__,
                        journal.SEALS: dict(seals.digests(session, seals.GROUPS)),
                    },
                )
            with engine.connect() as connection:
                _raw(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def _raw(connection: Connection, statement: str) -> None:
    """Run a statement outside any transaction."""
    raw = connection.connection.driver_connection
    if raw is None:
        raise StoreError("The database went away.")
    raw.execute(statement).fetchall()


def opened(folder: Path, *, write: bool, who: str) -> Engine:
    """Return the engine over a case that this program understands."""
    file = folder / FILE
    engine = engine_for(file, Mode.WRITE if write else Mode.READ, still=_is_still(folder, write))
    try:
        with engine.begin() as connection:
            _require_ours(connection, folder)
            if version_of(connection) < VERSION:
                _bring_up(connection, folder, write=write, who=who)
            _require_schema(connection, folder)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _is_still(folder: Path, write: bool) -> bool:
    """Tell whether a case lies where nothing can be written, closed as it should be."""
    if write or os.access(folder, os.W_OK):
        return False
    log = folder / f"{FILE}-wal"
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"{folder} was not closed before it was put where nothing can be written. "
            "Copy it to a place where it can, and open it there.",
            path=str(folder),
        )
    return True


def _require_ours(connection: Connection, folder: Path) -> None:
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if application != APPLICATION:
        raise StoreError(f"{folder / FILE} is not a case file of this program.", path=str(folder))
    require_known(version_of(connection), str(folder))


def _bring_up(connection: Connection, folder: Path, *, write: bool, who: str) -> None:
    if not write:
        raise StoreError(
            f"{folder} is of an older version of this program: open it once for writing.",
            path=str(folder),
        )
    before = version_of(connection)
    migrate(connection)
    with Session(connection) as session:
        everything = {*seals.GROUPS, *seals.catalogs(session)}
        unsealed = everything.difference(journal.recomputed(session).seals)
        journal.append(
            session,
            at=datetime.now(UTC),
            who=who,
            act=journal.MIGRATED,
            subject=f"case format {before} to {VERSION}",
            detail={
                "tool": __version__,
                journal.SEALS: dict(seals.digests(session, unsealed)),
            },
        )
        session.flush()


def _require_schema(connection: Connection, folder: Path) -> None:
    """Raise where the file holds a table, trigger or view that is not ours.

    A case may come from somebody else: nothing in it runs but what we wrote.
    """
    if schema_of(connection) != _schema():
        raise StoreError(
            f"{folder / FILE} was changed by another program: its tables are not those of a case.",
            path=str(folder),
        )


def schema_of(connection: Connection) -> frozenset[tuple[str, str, str]]:
    """Return kind, name and definition of everything that a file declares."""
    rows = connection.exec_driver_sql("SELECT type, name, coalesce(sql, '') FROM sqlite_master")
    return frozenset((kind, name, " ".join(sql.split())) for kind, name, sql in rows)


@cache
def _schema() -> frozenset[tuple[str, str, str]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        schema = schema_of(connection)
    engine.dispose()
    return schema

"""What comes after the auditor's signature, file to file: the review, time stamps, a query for one.

What is made is written whole or not at all; the report itself stays as it is on disk.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workbench.output import write_together, write_whole
from workbench.services.reports.signing import (
    REVIEWED,
    Lasting,
    Signed,
    answer_at,
    countersigned,
    query_of,
    report_at,
    stamped,
    to_write,
)
from workbench.sign.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Further:
    """A report that was made of another one: the file, its SHA-256, what to say of it."""

    path: Path
    sha256: str
    signed: Signed


def countersign(
    report: Path,
    out: Path,
    key: SigningKey,
    lasting: Lasting,
    *,
    reason: str = "",
    location: str | None = None,
) -> Further:
    """Write a report with the reviewer's signature after the auditor's, and a query if asked.

    Raises:
        SigningError: it does not verify, it is by the same person, or the key cannot sign it.
        SourceError: it cannot be read.
    """
    pdf = report_at(report)
    made = countersigned(pdf, key, lasting, reason=reason or REVIEWED, location=location)
    return _written(out, made, lasting)


def stamp(report: Path, out: Path, lasting: Lasting, *, reply: Path | None = None) -> Further:
    """Write a report with an answer put in, or with a time stamp over all of it.

    Raises:
        SigningError: the answer is about something else, or nobody stamps it.
        SourceError: a file cannot be read.
    """
    answer = None if reply is None else answer_at(reply)
    return _written(out, stamped(report_at(report), lasting, answer=answer), Lasting())


def ask(report: Path, query: Path, lasting: Lasting, *, archive: bool) -> None:
    """Write a query for a time stamp over the last signature, or over all of a report.

    Raises:
        SigningError: nobody signed the report, or there is no room in its last signature.
        SourceError: it cannot be read.
    """
    now = datetime.now(UTC)
    write_whole(query, query_of(report_at(report), lasting, archive=archive, now=now))


def _written(out: Path, made: Signed, lasting: Lasting) -> Further:
    write_together(to_write(out, made, lasting))
    return Further(out, hashlib.sha256(made.data).hexdigest(), made)

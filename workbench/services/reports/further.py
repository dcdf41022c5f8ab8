"""What comes after the auditor's signature, file to file: the review, time stamps, a query for one.

What is made is written whole or not at all; the report itself stays as it is on disk.
"""

import hashlib
from dataclasses import dataclass, replace
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
from workbench.store.asking import asking
from workbench.store.case_store import CaseStore


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
    case: CaseStore | None = None,
    force: bool = False,
) -> Further:
    """Write a report with the reviewer's signature after the auditor's, and a query if asked.

    Args:
        report: the signed report.
        out: the file to write.
        key: the reviewer's.
        lasting: what makes the signature last.
        reason: what it means, or "".
        location: where it is signed, or None.
        case: in whose journal it stands that a server was asked, or None.
        force: whether files that are there are replaced.

    Raises:
        SigningError: it does not verify, it is by the same person, or the key cannot sign it.
        SourceError: it cannot be read.
    """
    pdf = report_at(report)
    with asking(case, "report.countersign", lasting.told) as told:
        lasting = replace(lasting, told=told)
        made = countersigned(pdf, key, lasting, reason=reason or REVIEWED, location=location)
        return _written(out, made, lasting, force=force)


def stamp(
    report: Path,
    out: Path,
    lasting: Lasting,
    *,
    reply: Path | None = None,
    case: CaseStore | None = None,
    force: bool = False,
) -> Further:
    """Write a report with an answer put in, or with a time stamp over all of it.

    ``case`` and ``force`` as ``countersign`` takes them.

    Raises:
        SigningError: the answer is about something else, or nobody stamps it.
        SourceError: a file cannot be read.
    """
    answer = None if reply is None else answer_at(reply)
    with asking(case, "report.stamp", lasting.told) as told:
        made = stamped(report_at(report), replace(lasting, told=told), answer=answer)
        return _written(out, made, Lasting(), force=force)


def ask(report: Path, query: Path, lasting: Lasting, *, archive: bool, force: bool = False) -> None:
    """Write a query for a time stamp over the last signature, or over all of a report.

    Raises:
        SigningError: nobody signed the report, or there is no room in its last signature.
        SourceError: it cannot be read.
    """
    now = datetime.now(UTC)
    data = query_of(report_at(report), lasting, archive=archive, now=now)
    write_whole(query, data, replace=force)


def _written(out: Path, made: Signed, lasting: Lasting, *, force: bool) -> Further:
    write_together(to_write(out, made, lasting), replace=force)
    return Further(out, hashlib.sha256(made.data).hexdigest(), made)

"""Keys that lay in the evidence of a case: whatever becomes of the file, they came with it.

A key that the auditor trusts and that was also delivered proves nothing of its owner (VERDICTS 2).
That does not change when the copy is deleted, or delivered again with other content: fingerprints
of keys that were ever found are kept, and never taken back.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.store.tables import EvidenceKeyRow


def every(session: Session) -> dict[str, str]:
    """Return the fingerprint of each key that ever lay in the evidence, and where."""
    rows = session.scalars(select(EvidenceKeyRow).order_by(EvidenceKeyRow.fingerprint))
    return {row.fingerprint: row.found_in for row in rows}


def remember(session: Session, found: Mapping[str, str], *, at: datetime) -> None:
    """Keep the fingerprints that are new."""
    known = every(session)
    session.add_all(
        EvidenceKeyRow(fingerprint=key, found_in=place, seen=at)
        for key, place in found.items()
        if key not in known
    )

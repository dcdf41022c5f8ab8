"""Write the report of a verification or of a case, sign it, and check one that is handed over."""

from workbench.services.reports.of_case import (
    Asked,
    Note,
    Weight,
    case_built,
    case_details,
    readiness,
    require_case_unchanged,
    require_ready,
    write_case,
)
from workbench.services.reports.tables import write_registers
from workbench.services.reports.writing import (
    REASON,
    Details,
    Written,
    check,
    context_of,
    require_unchanged,
    signers_in,
    signing_key,
    trust_of,
    write,
)

__all__ = [
    "REASON",
    "Asked",
    "Details",
    "Note",
    "Weight",
    "Written",
    "case_built",
    "case_details",
    "check",
    "context_of",
    "readiness",
    "require_case_unchanged",
    "require_ready",
    "require_unchanged",
    "signers_in",
    "signing_key",
    "trust_of",
    "write",
    "write_case",
    "write_registers",
]

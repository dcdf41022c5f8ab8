"""What the audited side does: sign the head of a log, seal a folder that is handed over."""

from workbench.services.sealing.folder import (
    Asked,
    Sealed,
    require_sealable,
    required_name,
    seal,
)
from workbench.services.sealing.head import SealedHead, sign_head
from workbench.services.sealing.stamping import query_over, stamped

__all__ = [
    "Asked",
    "Sealed",
    "SealedHead",
    "query_over",
    "require_sealable",
    "required_name",
    "seal",
    "sign_head",
    "stamped",
]

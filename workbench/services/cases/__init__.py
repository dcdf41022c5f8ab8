"""Cases: make and open them, add evidence, find it again, keep the journal.

What all services of a case share is the ``CaseStore`` they are given.
"""

from workbench.services.cases.backing import back_up, restore
from workbench.services.cases.erasing import Erased, erase
from workbench.services.cases.index import (
    IndexReport,
    index_missing,
    map_events,
    rebuild_index,
)
from workbench.services.cases.intake import Added, Stated, add_evidence
from workbench.services.cases.keeping import (
    Standing,
    change_engagement,
    create,
    export_journal,
    journal_entries,
    login,
    open_case,
    standing,
    warning_of,
)
from workbench.services.cases.places import RawBytes, evidence_file, locate, presence, raw
from workbench.services.cases.private import private_case
from workbench.services.cases.stating import change_custody, state_totals
from workbench.services.cases.tap import index_tap, keep_tapped, with_index
from workbench.store.encryption import Key, Lock, new_identity, recipients_in

__all__ = [
    "Added",
    "Erased",
    "IndexReport",
    "Key",
    "Lock",
    "RawBytes",
    "Standing",
    "Stated",
    "add_evidence",
    "back_up",
    "change_custody",
    "change_engagement",
    "create",
    "erase",
    "evidence_file",
    "export_journal",
    "index_missing",
    "index_tap",
    "journal_entries",
    "keep_tapped",
    "locate",
    "login",
    "map_events",
    "new_identity",
    "open_case",
    "presence",
    "private_case",
    "raw",
    "rebuild_index",
    "recipients_in",
    "restore",
    "standing",
    "state_totals",
    "warning_of",
    "with_index",
]

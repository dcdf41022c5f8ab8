"""What a process does that is about to be killed: write to a case, and tell what is committed."""

import os
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import iter_modules

from casework import added, lines, plain_log, written

from workbench import formats
from workbench.model.case import Finding
from workbench.services import cases, findings

#: What a fork server loads once, so that a round costs no start.
LOADED = [
    *("duckdb", "numpy", "sqlalchemy.orm", "sqlalchemy.dialects.sqlite", "yaml", "orjson"),
    *("workbench.services.cases", "workbench.services.findings", "workbench.verify.chain.verdict"),
    *(f"workbench.formats.{module.name}" for module in iter_modules(formats.__path__)),
]


def work(folder: Path, evidence: Path, said: Connection) -> None:
    """Add evidence and findings for ever; after each act tell the last entry of the journal."""
    with cases.open_case(folder, who="bob", write=True) as case:
        for number in range(10_000):
            path = written(evidence, f"{os.getpid()}-{number}.jsonl", lines(plain_log(5)))
            added(case, path)
            said.send(cases.journal_entries(case, first=case.journal_state().entries))
            findings.add(case, Finding("", f"Finding {number}"))
            said.send(cases.journal_entries(case, first=case.journal_state().entries))

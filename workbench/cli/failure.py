"""What is said when the work was not done: one sentence, and with ``--json`` a document too."""

import json
from collections.abc import Sequence

from workbench.errors import WorkbenchError
from workbench.evidence.text import visible
from workbench.model import schema

#: The commands that print JSON, and by which schema.
SCHEMAS = {
    "verify": schema.VERIFICATION,
    "inspect": schema.INSPECTION,
    "verify-report": schema.REPORT_VERIFICATION,
    "selftest": schema.SELFTEST,
    "check": schema.CHECKS,
    "finding": schema.FINDINGS,
}


def sentence(error: WorkbenchError) -> str:
    """Return one line: what went wrong and where."""
    place = f" [{error.place}]" if error.place else ""
    return f"workbench: {visible(' '.join(f'{error.message}{place}'.split()))}"


def document(error: WorkbenchError, arguments: Sequence[str]) -> str:
    """Return the JSON document of VERDICTS section 7 where ``--json`` asks for one, else ""."""
    command = next((text for text in arguments if not text.startswith("-")), "")
    if "--json" not in arguments or command not in SCHEMAS:
        return ""
    detail = {"code": error.code, "message": error.message, "path": error.path}
    return json.dumps({"schema": SCHEMAS[command], "exit": 3, "error": detail}, ensure_ascii=True)

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
    "case": schema.CASE,
    "query": schema.QUERY,
    "search": schema.SEARCH,
    "tag": schema.QUERY,
    "note": schema.QUERY,
    "view": schema.VIEWS,
    "timeline": schema.TIMELINE,
    "detect": schema.DETECTION,
    "lineage": schema.LINEAGE,
    "as-of": schema.AS_OF,
    "diff": schema.DIFF,
    "alternate": schema.ALTERNATES,
    "reconcile": schema.RECONCILIATION,
}
#: Commands of a group whose JSON has a schema of its own.
_OF_GROUP: dict[tuple[str, ...], str] = {
    ("case", "verify"): schema.VERIFICATION,
    ("view", "use"): schema.QUERY,
}


def sentence(error: WorkbenchError) -> str:
    """Return one line: what went wrong and where."""
    place = f" [{error.place}]" if error.place else ""
    return f"workbench: {visible(' '.join(f'{error.message}{place}'.split()))}"


def document(error: WorkbenchError, arguments: Sequence[str]) -> str:
    """Return the JSON document of VERDICTS section 7 where ``--json`` asks for one, else ""."""
    words = tuple(text for text in arguments if not text.startswith("-"))
    command = words[0] if words else ""
    asked = "--json" in arguments or (command == "lineage" and _format(arguments) == "json")
    if not asked or command not in SCHEMAS:
        return ""
    name = _OF_GROUP.get(words[:2]) or SCHEMAS[command]
    detail = {"code": error.code, "message": error.message, "path": error.path}
    return json.dumps({"schema": name, "exit": 3, "error": detail}, ensure_ascii=True)


def _format(arguments: Sequence[str]) -> str:
    """Return what ``--format`` asks for, "" where nothing does."""
    for at, text in enumerate(arguments):
        if text == "--format":
            return "".join(arguments[at + 1 : at + 2])
        if text.startswith("--format="):
            return text.removeprefix("--format=")
    return ""

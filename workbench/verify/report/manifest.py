"""Compare the files embedded in a report with what its embedded manifest states of them."""

import hashlib
import re
from collections.abc import Mapping

from workbench.evidence.strict_json import JsonError, JsonValue, parse
from workbench.model.verdict import Code
from workbench.verify.report.verdict import Manifest, ReportAttachment, StatedEvidence

MANIFEST_NAME = "manifest.json"
MANIFEST_SCHEMA = "workbench.report-manifest/1"

_SHA256 = re.compile(r"[0-9a-f]{64}")


class _ManifestError(ValueError):
    """The manifest is not what its schema says; the message says how."""


def check_manifest(attachments: Mapping[str, bytes]) -> Manifest:
    """Return what the manifest states, each digest recomputed.

    Its list of attachments is complete, and a manifest without one lists none: a file missing
    from the document, or embedded without being listed, does not agree with it.
    """
    raw = attachments.get(MANIFEST_NAME)
    if raw is None:
        reason = f"No {MANIFEST_NAME} is embedded: this is not a report of this program."
        return Manifest("", "", (), Code.MALFORMED_SOURCE, reason)
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        document = _document(raw)
        stated, evidence = _stated(document), _evidence(document)
    except (JsonError, _ManifestError) as error:
        reason = f"The embedded {MANIFEST_NAME} cannot be used: {error}"
        return Manifest("", sha256, (), Code.MALFORMED_SOURCE, reason)
    rows = _rows(attachments, stated)
    wrong = [row.name for row in rows if not row.agrees]
    if not rows:
        reason = f"The embedded {MANIFEST_NAME} lists no other attachment, and there is none."
        return Manifest(MANIFEST_SCHEMA, sha256, (), None, reason, evidence)
    if not wrong:
        reason = (
            f"Every attachment ({len(rows)}) has the SHA-256 that the embedded manifest states."
        )
        return Manifest(MANIFEST_SCHEMA, sha256, rows, None, reason, evidence)
    reason = f"Attachments do not agree with the embedded manifest: {', '.join(wrong)}."
    return Manifest(MANIFEST_SCHEMA, sha256, rows, Code.HASH_FAILURE, reason, evidence)


def _rows(
    attachments: Mapping[str, bytes], stated: Mapping[str, str]
) -> tuple[ReportAttachment, ...]:
    found = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in attachments.items()
        if name != MANIFEST_NAME
    }
    return tuple(
        ReportAttachment(name, found.get(name, ""), stated.get(name, ""))
        for name in sorted(found.keys() | stated.keys())
    )


def _document(raw: bytes) -> dict[str, JsonValue]:
    document = parse(raw, what=f"the embedded {MANIFEST_NAME}", allow_halves=True)
    if not isinstance(document, dict) or document.get("schema") != MANIFEST_SCHEMA:
        raise _ManifestError(f"its schema is not {MANIFEST_SCHEMA}.")
    return document


def _evidence(document: Mapping[str, JsonValue]) -> tuple[StatedEvidence, ...]:
    """Return the evidence stated; a manifest without any states none."""
    entries = document.get("evidence", [])
    if not isinstance(entries, list):
        raise _ManifestError("its evidence is no list.")
    return tuple(map(_piece, entries))


def _piece(entry: JsonValue) -> StatedEvidence:
    match entry:
        case {"path": str(path), "member": str() | None as member, "sha256": str(sha256)}:
            return StatedEvidence(path, member, sha256)
        case _:
            pass
    raise _ManifestError("a piece of evidence is listed without its path and SHA-256.")


def _stated(document: Mapping[str, JsonValue]) -> dict[str, str]:
    """Return the digest stated for each attachment."""
    entries = document.get("attachments", [])
    if not isinstance(entries, list):
        raise _ManifestError("its attachments are no list.")
    stated: dict[str, str] = {}
    for entry in entries:
        name, sha256 = _entry(entry)
        if name in stated:
            raise _ManifestError(f"it lists {name!r} twice.")
        stated[name] = sha256
    return stated


def _entry(entry: JsonValue) -> tuple[str, str]:
    match entry:
        case {"name": str(name), "sha256": str(sha256)} if _SHA256.fullmatch(sha256):
            return name, sha256
    raise _ManifestError("an attachment is listed without a name and a SHA-256.")

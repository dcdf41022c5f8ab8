"""Where a diagnosis is, and the values that do not agree, as rows."""

from workbench.model.verdict import Diagnosis
from workbench.report.document import Run, Text, Tone, mono
from workbench.report.phrases import records_of
from workbench.report.shorten import grouped


def facts_of(diagnosis: Diagnosis) -> list[tuple[str, Text]]:
    """Return the facts of a diagnosis."""
    rows: list[tuple[str, Text]] = [("Place", _place(diagnosis))]
    if diagnosis.count is not None:
        unit = "Files" if diagnosis.path and diagnosis.record is None else "Records"
        sure = diagnosis.last in {None, diagnosis.record}
        rows.append((f"{unit} {'concerned' if sure else 'in question'}", f"{diagnosis.count:,}"))
    if diagnosis.stored:
        rows.append(("Stored or stated", mono(grouped(diagnosis.stored))))
    if diagnosis.recomputed:
        tone = Tone.FAILED if diagnosis.recomputed != diagnosis.stored else Tone.MONO
        rows.append(("Recomputed here", Run(grouped(diagnosis.recomputed), tone)))
    return rows


def _place(diagnosis: Diagnosis) -> Text:
    parts = [diagnosis.path] if diagnosis.path else []
    if diagnosis.record is not None:
        parts.append(records_of(diagnosis))
    if diagnosis.offset is not None:
        parts.append(f"byte {diagnosis.offset:,}")
    return mono(" · ".join(parts) or "the whole of it")

"""The journal of the case: its head, and how to hold an exported journal against it."""

from collections.abc import Iterator

from workbench.report.context import Page, Section
from workbench.report.document import Block, Callout, Code, KeyValues, Paragraph, Text, mono
from workbench.report.shorten import grouped

#: Walks the chain by hand: each act without its own digest, hashed, is what the next one names.
_WALK = (
    "import hashlib, json, sys",
    'last = hashlib.sha256(b"").hexdigest()',
    "for line in sys.stdin.buffer:",
    "    act = json.loads(line)",
    '    own = b"\\"digest\\":\\"%s\\"," % act["digest"].encode()',
    '    body = line.rstrip(b"\\n").replace(own, b"", 1)',
    '    assert act["previous"] == last, act["number"]',
    "    last = hashlib.sha256(body).hexdigest()",
    '    assert act["digest"] == last, act["number"]',
    "print(last)",
)

_AFTER = (
    "The journal says when that was noticed. What was verified after it stands in this report; "
    "where the digests of the intake or the trusted keys were changed, nothing passed."
)


def _build(page: Page) -> Iterator[Block]:
    case = page.context.case
    if case is None:
        return
    state = case.journal
    yield Paragraph(
        "Every act of the auditor on the case is kept in a journal in which each act names the "
        "digest of the act before it. Whoever holds this report can tell whether a journal that is "
        "shown later is the one of that time, up to this act: the last one on what the case holds. "
        "Acts that only wrote reports follow it."
    )
    rows: tuple[tuple[str, Text], ...] = (
        ("Case", mono(case.case_id)),
        ("Acts", f"{state.entries:,}"),
        ("Digest of the last", mono(grouped(state.head))),
    )
    yield KeyValues(rows)
    if state.noticed:
        changed = ", ".join(state.noticed)
        told = f"It was found changed, by something other than this program: {changed}."
        yield Callout("The case was changed by other means", (told, _AFTER))
    if state.broken is not None:
        where = f"from act {state.broken.number:,} on"
        yield Callout(
            "The journal does not hold",
            (f"It was changed by other means {where}; what it says is not evidence of anything.",),
        )
        return
    yield Paragraph("The journal is exported with this program, and checked without it:")
    yield Code(("# with this program", "workbench case journal CASE --export journal.jsonl"))
    yield Code(
        (
            "# begin journal",
            f"head -n {state.entries} journal.jsonl | python3 -c '",
            *_WALK[:-1],
            f"{_WALK[-1]}'",
            f"# prints: {state.head}",
            "# end journal",
        )
    )


SECTION = Section("journal", "Journal of the case", 65, _build)

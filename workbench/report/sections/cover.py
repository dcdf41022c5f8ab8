"""The first pages: what was examined, the case in four words, how to check the file itself."""

from collections.abc import Iterator

from workbench.model.verdict import Dimension, Indication, SubjectVerdict
from workbench.model.verification import SourceVerdict
from workbench.report.context import Page, Section
from workbench.report.document import (
    Block,
    Callout,
    Emblem,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Run,
    Said,
    Text,
    Title,
    Toc,
    Tone,
    mono,
    quiet,
    strong,
)
from workbench.report.glossary import headline, meaning_of
from workbench.report.phrases import (
    case_card,
    day,
    indication_of,
    kinds_of,
    moment,
    plural,
    short_name_of,
)
from workbench.report.shorten import grouped

_MOST_BROKEN = 3

_CHECK: tuple[Text, ...] = (
    (
        "1. Get the fingerprint of the root certificate from the auditor by another way than this "
        "file: by telephone, letter or in person."
    ),
    "2. Compare it with the one below, and with the certificate file that you were given.",
    (
        "3. Verify the signature against that certificate: ",
        Run("Check it yourself", Tone.LINK, "recipe"),
        " has the commands.",
    ),
)
_UNSIGNED: tuple[Text, ...] = (
    (
        "No certificate was named when these pages were made. A report without a signature shows "
        "neither who made it nor that it is as it was made."
    ),
)


def _build(page: Page) -> Iterator[Block]:
    context = page.context
    if branding := context.edition.branding:
        yield from [Emblem(branding.logo)] if branding.logo else []
        yield Paragraph(branding.name, quiet=True)
    yield Title(context.title, context.edition.template.kind)
    yield KeyValues(_about(page))
    yield Heading(3, "In short", "short")
    yield KeyValues(_in_short(page))
    yield Heading(3, "The case in four words", "case")
    yield case_card(context.verification)
    if context.verification.subjects:
        yield Paragraph(_scope_of_verdict(page), quiet=True)
    if context.signer_root:
        yield Callout("Check this file before you rely on it", _CHECK)
    else:
        yield Callout("This file may not be signed", _UNSIGNED)
    yield KeyValues(_fingerprints(page))
    yield PageBreak()
    yield Heading(3, "What this report is", "what")
    yield Paragraph(
        "It says what can be proven about the evidence named in it, what cannot, and where "
        "something does not agree. Every verdict was reached here, from the bytes that were handed "
        "over and from what the auditor trusts and states; none rests on what a producer's own "
        "tool reported. It is a verification report: it is no opinion on the audited organisation, "
        "its people or its models."
    )
    yield Paragraph(
        "The same evidence, trusted keys, statements, details and dates give the same version of "
        "the program this report again, byte for byte before its signature. What a verdict rests "
        "on is listed as a proof trail. Each of its steps has commands to redo it without this "
        "program, or says why it has none. All that is printed here is also in the embedded "
        "manifest.json."
    )
    yield Heading(3, "Contents", "contents")
    yield Toc()
    yield PageBreak()


def _about(page: Page) -> tuple[tuple[str, Text], ...]:
    context, engagement = page.context, page.context.engagement
    period, marked = engagement.period, context.edition.classification
    rows: list[tuple[str, Text]] = [
        ("Classification", strong(context.edition.classification) if marked else ""),
        ("Status", "Draft" if context.is_draft else ""),
        ("Evidence of", Said(engagement.client)),
        ("Prepared for", Said(context.prepared_for)),
        ("Scope", Said(engagement.scope)),
        ("Audit period", f"{day(period.first)} to {day(period.last)}" if period else ""),
        ("Cut-off", moment(engagement.cut_off) if engagement.cut_off else ""),
        ("Criteria", Said(engagement.criteria)),
        ("Team", ", ".join(engagement.team)),
        ("Auditor", Said(context.auditor)),
        ("Date of report", moment(context.report_date)),
        ("Trust judged at", moment(context.verification.at)),
        ("Report number", mono(page.number)),
        ("Made with", f"Audit Workbench {context.tool_version}, {_network(page)}"),
    ]
    return tuple(row for row in rows if row[1])


def _in_short(page: Page) -> tuple[tuple[str, Text], ...]:
    """Return what a reader wants to know in ten seconds."""
    subjects = page.context.verification.subjects
    examined = kinds_of(subjects) if subjects else "nothing that could be judged"
    return (
        ("Examined", examined),
        ("Does not agree", _broken(page)),
        ("Stays unproven", _unproven(page)),
        ("Signed by", _signer(page)),
    )


def _broken(page: Page) -> Text:
    """Return the first places where something failed, and how many there are."""
    subjects = page.context.verification.subjects
    parts = [part for s in subjects if s.verdict for part in _failures(s, s.verdict)]
    if not parts:
        return "nothing failed"
    text: list[str | Run] = []
    for line, name in parts[:_MOST_BROKEN]:
        text += [f"{line}, in ", strong(name), ". "]
    more = len(parts) - _MOST_BROKEN
    return (*text, quiet(f"And {plural(more, 'other place')}.") if more > 0 else "")


def _failures(source: SourceVerdict, verdict: SubjectVerdict) -> Iterator[tuple[str, str]]:
    """Yield what failed in a subject and its name: each diagnosis, each failure without one."""
    name = short_name_of(source)
    for diagnosis in verdict.diagnoses:
        if indication_of(diagnosis, verdict) is Indication.FAILED:
            yield headline(diagnosis), name
    told = {diagnosis.kind.value for diagnosis in verdict.diagnoses}
    for which in Dimension:
        answer = verdict.dimension(which)
        if answer.indication is Indication.FAILED and not told & set(answer.codes):
            yield f"{which.capitalize()}: {meaning_of(answer).short}", name


def _unproven(page: Page) -> Text:
    """Return each dimension that cannot be decided, with the number of its subjects."""
    subjects = page.context.verification.subjects
    if not subjects:
        return "everything"
    answers = [s.verdict.dimension(which) for which in Dimension for s in subjects if s.verdict]
    each = [answers[at : at + len(subjects)] for at in range(0, len(answers), len(subjects))]
    counts = [sum(a.indication is Indication.INDETERMINATE for a in row) for row in each]
    every = "" if len(subjects) == 1 else f" of {{}} of {len(subjects):,}"
    pairs = zip(Dimension, counts, strict=True)
    parts = [f"{which}{every.format(f'{count:,}')}" for which, count in pairs if count]
    return ", ".join(parts).capitalize() if parts else "nothing that was asked"


def _signer(page: Page) -> Text:
    context = page.context
    if not context.signer:
        return "nobody, as far as was known when these pages were made"
    return (context.signer, quiet(" · certificate "), mono(f"{context.signer_certificate[:16]}…"))


def _network(page: Page) -> str:
    acts = page.context.verification.network
    return f"with {plural(len(acts), 'network act')}" if acts else "without any network"


def _scope_of_verdict(page: Page) -> str:
    count = len(page.context.verification.subjects)
    worst = f"the worst of its {plural(count, 'subject')}" if count > 1 else "its only subject"
    return (
        f"The case is as good as {worst}. Integrity, authenticity, completeness and time are "
        "answered apart and never added up."
    )


def _fingerprints(page: Page) -> tuple[tuple[str, Text], ...]:
    root = page.context.signer_root
    shown: Text = mono(grouped(root)) if root else "Not stated: ask the auditor for it."
    return (
        ("Root certificate, SHA-256", shown),
        ("manifest.json, SHA-256", mono(grouped(page.manifest_sha256))),
    )


SECTION = Section("cover", "", 10, _build)

"""What the inspector shows of a check, and of a row that a check found."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from workbench.gui.checks.rows import word_of
from workbench.gui.context import WindowContext
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import Mark
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.case import EvidenceRef
from workbench.model.policy import Check, CheckResult, Framework, Pack, Undecided, Value
from workbench.model.policy import Row as PolicyRow

#: Places of a row that the inspector opens; a row read from more is rare.
_MOST_PLACES = 5


def check_inspected(
    theme: Theme,
    pack: Pack,
    check: Check,
    result: CheckResult | None,
    frameworks: Sequence[Framework],
) -> Inspected:
    """Return a check: what it says, its rule, where it comes from."""
    mark, word = word_of(result) if result else (Mark.NONE, tr("Not run"))
    return Inspected(
        f"{pack.id} {check.id}",
        check.id,
        (
            InspectorTab(tr("Result"), lambda: _result(theme, check, result)),
            InspectorTab(tr("Rule"), lambda: _rule(theme, check)),
            InspectorTab(tr("Maps to"), lambda: _maps(theme, check, frameworks)),
            InspectorTab(tr("Pack"), lambda: _pack(theme, pack)),
        ),
        mark=mark,
        status=f"{word} · {tr('{} severity').format(tr(check.severity.value))}",
    )


def entry_inspected(
    context: WindowContext,
    entry: PolicyRow | Undecided,
    actions: Sequence[tuple[str, Callable[[], None]]] = (),
) -> Inspected:
    """Return a row that a check found: its bytes, and what the check knew of it."""
    row, why = (entry.row, entry.reason) if isinstance(entry, Undecided) else (entry, "")
    undecided = isinstance(entry, Undecided)
    return Inspected(
        f"row {id(entry)}",
        row.label,
        (
            InspectorTab(tr("Bytes"), lambda: _bytes(context, row.evidence)),
            InspectorTab(tr("Fields"), lambda: _known(context.theme, row, why)),
        ),
        mark=Mark.INDETERMINATE if undecided else Mark.FAILED,
        status=tr("Could not be decided") if undecided else tr("Exception"),
        locator=row.evidence[0].locator if row.evidence else None,
        actions=tuple(actions),
    )


def _result(theme: Theme, check: Check, result: CheckResult | None) -> QWidget:
    box = column(gap=12)
    box.addWidget(Paragraph(theme, check.title, Face.STRONG))
    box.addWidget(Paragraph(theme, check.criteria))
    box.addWidget(Line(theme))
    fields = Fields(theme)
    fields.add(tr("Population"), _population(check, result))
    if result is not None:
        short = result.tested < result.population
        whole = "" if short else tr(", all")
        words = f"{result.tested:,}{whole}"
        fields.add(tr("Tested"), words, colour="indeterminate" if short else "text")
        fields.add(tr("Exceptions"), _rate(result))
        fields.add(tr("Undecided"), f"{len(result.undecided):,}")
        for footing, count in result.basis:
            fields.add(tr("Rows {}").format(tr(footing.value)), f"{count:,}")
    box.addWidget(fields)
    first = tr("Run the pack to see what the case says.")
    for why in (result.reason, *result.notes) if result else (first,):
        if why:
            box.addWidget(Paragraph(theme, why, Face.BODY, "secondary"))
    box.addWidget(Line(theme))
    for label, text in ((tr("Means"), check.consequence), (tr("Remedy"), check.remedy)):
        if text:
            box.addWidget(PlainLabel(theme, label, Face.SECONDARY, "secondary"))
            box.addWidget(Paragraph(theme, text))
    return boxed(box)


def _population(check: Check, result: CheckResult | None) -> str:
    of = tr(check.population.value.replace("_", " "))
    return of if result is None else f"{result.population:,} ({of})"


def _rate(result: CheckResult) -> str:
    bad = len(result.exceptions)
    if not bad or not result.tested:
        return f"{bad:,}"
    return tr("{}, rate {} % of tested").format(f"{bad:,}", f"{100 * bad / result.tested:.1f}")


def _rule(theme: Theme, check: Check) -> QWidget:
    box = column(gap=12)
    fields = Fields(theme)
    fields.add(tr("Of each"), tr(check.population.value.replace("_", " ")))
    for label, text in (
        (tr("Where"), check.where),
        (tr("Needs"), ", ".join(check.needs)),
        (tr("Must hold"), check.rule),
        (tr("Exceptions"), check.exceptions),
    ):
        if text:
            fields.add(label, text, face=Face.MONO)
    box.addWidget(fields)
    words = tr("A row of which a field is not known is undecided: it is not tested, and says so.")
    box.addWidget(Paragraph(theme, words, Face.SECONDARY, "secondary"))
    return boxed(box)


def _maps(theme: Theme, check: Check, frameworks: Sequence[Framework]) -> QWidget:
    box = column(gap=12)
    known = {framework.id: framework for framework in frameworks}
    for clause in check.mappings:
        found = known.get(clause.framework)
        title = found.title if found else clause.framework
        box.addWidget(Paragraph(theme, f"{title}, {clause.clause}", Face.STRONG))
        if found is not None:
            box.addWidget(Paragraph(theme, found.clauses.get(clause.clause, "")))
            box.addWidget(Paragraph(theme, in_force(found), Face.SECONDARY, "secondary"))
    if not check.mappings:
        box.addWidget(Paragraph(theme, tr("Mapped to no framework."), Face.BODY, "secondary"))
    return boxed(box)


def in_force(framework: Framework, today: date | None = None) -> str:
    """Say from when to when a framework binds, and what must be said of it today."""
    first = f"{framework.first:%d %b %Y}".lstrip("0") if framework.first else tr("no stated day")
    until = f"{framework.last:%d %b %Y}".lstrip("0") if framework.last else ""
    span = tr("From {} to {}").format(first, until) if until else tr("From {}").format(first)
    late = today is not None and not framework.in_force(today)
    return f"{span}{tr(' (not in force today)') if late else ''}. {framework.status}"


def _pack(theme: Theme, pack: Pack) -> QWidget:
    fields = Fields(theme)
    fields.add(tr("Pack"), pack.title)
    fields.add(tr("Id"), pack.id, face=Face.MONO)
    fields.add(tr("Version"), pack.version)
    fields.add(tr("SHA-256"), HashLabel(theme, pack.sha256, head=12))
    fields.add(tr("What for"), pack.description)
    return fields


def _bytes(context: WindowContext, places: Sequence[EvidenceRef]) -> QWidget:
    box = column(gap=16)
    for place in places[:_MOST_PLACES]:
        box.addWidget(EvidenceBytes(context, place))
    if not places:
        words = tr("This row was read from no one place of the evidence.")
        box.addWidget(Paragraph(context.theme, words, Face.BODY, "secondary"))
    if len(places) > _MOST_PLACES:
        more = tr("and {} more places").format(f"{len(places) - _MOST_PLACES:,}")
        box.addWidget(PlainLabel(context.theme, more, Face.SECONDARY, "secondary"))
    return boxed(box)


def _known(theme: Theme, row: PolicyRow, why: str) -> QWidget:
    box = column(gap=12)
    if why:
        box.addWidget(Paragraph(theme, why, Face.BODY, "indeterminate"))
    fields = Fields(theme, label=110)
    for name, value in row.fields.items():
        fields.add(name.replace("_", " "), _in_words(value))
    box.addWidget(fields)
    if not row.fields:
        words = tr("The bytes say what is known of this row.")
        box.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
    return boxed(box)


def _in_words(value: Value) -> str:
    match value:
        case None:
            return tr("not stated")
        case bool():
            return tr("yes") if value else tr("no")
        case tuple():
            return ", ".join(_in_words(one) for one in value) or tr("none")
        case int():
            return f"{value:,}"
        case _ if isinstance(value, float | str):
            return str(value)
        case _:
            return ", ".join(f"{key}: {_in_words(one)}" for key, one in value.items()) or tr("none")

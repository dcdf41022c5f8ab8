"""What the inspector shows of a detection rule: what it said, what it cannot see, what it asks."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.detection.rows import hits_in_words, word_of
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.detection import KeptRule, Rule, RuleOutcome, RuleResult
from workbench.model.timeline import said_span


def rule_inspected(
    theme: Theme,
    rule: Rule,
    result: RuleResult | None,
    actions: Sequence[tuple[str, Callable[[], None]]],
    kept: KeptRule | None = None,
) -> Inspected:
    """Return a rule; ``kept``: what the case has of it, where that is what is shown."""
    mark, word = word_of(result)
    return Inspected(
        f"rule {rule.id}",
        rule.title,
        (
            InspectorTab(tr("Result"), lambda: _result(theme, rule, result, kept)),
            InspectorTab(tr("Limits"), lambda: _limits(theme, rule, result)),
            InspectorTab(tr("Rule"), lambda: _rule(theme, rule)),
        ),
        mark=mark,
        status=f"{word} · {tr('{} severity').format(tr(rule.level.value))}",
        actions=tuple(actions),
    )


def _result(theme: Theme, rule: Rule, result: RuleResult | None, kept: KeptRule | None) -> QWidget:
    box = column(gap=12)
    box.addWidget(Paragraph(theme, hits_in_words(result), Face.STRONG))
    if kept is not None:
        box.addWidget(Paragraph(theme, _asked(kept), Face.BODY, "secondary"))
    box.addWidget(Paragraph(theme, rule.criteria))
    words = tr(
        "No hit says that no such record stands in these logs, not that nothing happened: what is "
        "not in a log is a question of Completeness."
    )
    if result is not None and result.outcome is RuleOutcome.NO_HITS:
        box.addWidget(Paragraph(theme, words, Face.BODY, "secondary"))
    if result is not None and result.total:
        _listed(theme, box, tr("Innocent causes to rule out"), rule.innocent)
    box.addWidget(Line(theme))
    for label, text in ((tr("Means"), rule.consequence), (tr("Remedy"), rule.remedy)):
        if text:
            box.addWidget(PlainLabel(theme, label, Face.SECONDARY, "secondary"))
            box.addWidget(Paragraph(theme, text))
    return boxed(box)


def _asked(kept: KeptRule) -> str:
    run = kept.run
    words = tr("Asked {} UTC by {}.").format(f"{run.at:%Y-%m-%d %H:%M}", run.who)
    if run.hours:
        words += " " + tr("Working hours as stated: {}.").format(run.hours)
    if run.leavers is not None:
        words += " " + tr("Leavers as stated: {}.").format(f"{run.leavers:,}")
    return words + (" " + tr("The case changed after that.") if kept.is_stale else "")


def _limits(theme: Theme, rule: Rule, result: RuleResult | None) -> QWidget:
    box = column(gap=12)
    unseen = result.unseen if result is not None else ()
    _listed(theme, box, tr("Not seen in this case"), unseen, "indeterminate")
    _listed(theme, box, tr("It cannot see, in any log"), rule.blind)
    if not unseen and not rule.blind:
        box.addWidget(Paragraph(theme, tr("Its file names no limits."), Face.BODY, "secondary"))
    return boxed(box)


def _rule(theme: Theme, rule: Rule) -> QWidget:
    box = column(gap=12)
    fields, condition = Fields(theme), rule.condition
    fields.add(tr("A hit is"), _pattern(rule))
    fields.add(tr("Needs"), ", ".join(need.value for need in rule.needs))
    box.addWidget(fields)
    asked = Fields(theme)
    for number, query in enumerate(condition.steps, start=1):
        asked.add(tr("Selects {}").format(number), query, face=Face.MONO, below=True)
    if condition.unless:
        asked.add(tr("Unless"), condition.unless, face=Face.MONO, below=True)
    box.addWidget(asked)
    file = Fields(theme)
    file.add(tr("Id"), rule.id, face=Face.MONO)
    file.add(tr("Version"), rule.version)
    file.add(tr("SHA-256"), HashLabel(theme, rule.sha256, head=12))
    box.addWidget(file)
    return boxed(box)


def _pattern(rule: Rule) -> str:
    condition = rule.condition
    words = {
        "each": tr("each event that is selected"),
        "count": tr("{} selected events or more").format(f"{condition.least:,}"),
        "sequence": tr("the selected events one after the other"),
        "leaver": tr("each selected event of somebody who had left"),
        "off-hours": tr("each selected event outside working hours"),
    }[condition.pattern.value]
    if condition.within is not None:
        words += tr(", within {}").format(said_span(condition.within))
    if condition.by:
        words += tr(", of the same {}").format(", ".join(by.value for by in condition.by))
    return words


def _listed(
    theme: Theme, box: QVBoxLayout, title: str, lines: Sequence[str], colour: str = "text"
) -> None:
    if lines:
        box.addWidget(PlainLabel(theme, title, Face.SECONDARY, "secondary"))
        box.addWidget(Paragraph(theme, "\n".join(f"· {line}" for line in lines), Face.BODY, colour))

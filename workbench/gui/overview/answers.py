"""The four answers of a case: each the worst of its subjects, and it says of which."""

from collections import Counter
from collections.abc import Sequence

from workbench.gui.judged import Judged
from workbench.gui.parts.dimension import Answer
from workbench.gui.parts.proportion import Counts
from workbench.gui.text import tr
from workbench.model.verdict import Dimension, DimensionVerdict, Indication
from workbench.model.verification import Verification
from workbench.report.glossary import meaning_of
from workbench.report.phrases import plural
from workbench.report.sentences import sentence


def answers(verification: Verification, found: Sequence[Judged]) -> list[Answer]:
    """Return the four answers."""
    return [
        Answer(which, verification.dimension(which), _sentence(which, verification, found),
               counts_of(found, which))
        for which in Dimension
    ]  # fmt: skip


def counts_of(found: Sequence[Judged], which: Dimension) -> Counts:
    """Return how many subjects got which verdict."""
    given = [each.verdict.dimension(which).indication for each in found if each.verdict]
    return Counts(
        passed=given.count(Indication.PASSED),
        failed=given.count(Indication.FAILED),
        indeterminate=given.count(Indication.INDETERMINATE),
    )


def _sentence(which: Dimension, verification: Verification, found: Sequence[Judged]) -> str:
    case = verification.dimension(which)
    concerned = [each for each in found if _answer(each, which).indication is case.indication]
    if not concerned:
        return tr("No subject was found, and nothing judged is never a pass.")
    if len(found) == 1 and found[0].verdict is not None:
        return sentence(found[0].verdict, which, found[0].unit)
    lead = tr("{} of {}").format(f"{len(concerned):,}", plural(len(found), tr("subject")))
    match case.indication:
        case Indication.PASSED:
            return f"{lead} passed."
        case Indication.FAILED:
            names = ", ".join(each.name for each in concerned[:2])
            more = f" and {len(concerned) - 2:,} more" if len(concerned) > 2 else ""
            return f"{lead} failed: {names}{more}."
        case Indication.INDETERMINATE:
            return f"{lead} cannot be decided: {_reasons(concerned, which)}."


def _reasons(concerned: Sequence[Judged], which: Dimension) -> str:
    """Return every reason in a few words, with its number where there are several."""
    shorts = Counter(meaning_of(_answer(each, which)).short for each in concerned)
    if len(shorts) == 1:
        return next(iter(shorts))
    return ", ".join(f"{short} ({count:,})" for short, count in shorts.most_common())


def _answer(each: Judged, which: Dimension) -> DimensionVerdict:
    none = DimensionVerdict(Indication.INDETERMINATE, None)
    return each.verdict.dimension(which) if each.verdict else none

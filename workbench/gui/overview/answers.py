"""The four answers of a case, as the top bar has them: each says of which subjects it is."""

from collections import Counter
from collections.abc import Mapping, Sequence

from workbench.gui.judged import Judged
from workbench.gui.parts.dimension import Answer
from workbench.gui.parts.proportion import Counts
from workbench.gui.text import tr
from workbench.model.verdict import Dimension, DimensionVerdict, Indication
from workbench.report.glossary import meaning_of
from workbench.report.phrases import plural
from workbench.report.sentences import sentence


def answers(said: Mapping[Dimension, DimensionVerdict], found: Sequence[Judged]) -> list[Answer]:
    """Return the four answers; ``said`` is what the header says of the case."""
    return [
        Answer(which, said.get(which), _sentence(which, said.get(which), found),
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


def _sentence(which: Dimension, case: DimensionVerdict | None, found: Sequence[Judged]) -> str:
    if not found:
        return tr("No subject was found, and nothing judged is never a pass.")
    if case is None:
        late = [each for each in found if each.verdict is None]
        told = tr("{} of {} not verified as it is now.")
        return told.format(f"{len(late):,}", plural(len(found), tr("subject")))
    concerned = [
        each
        for each in found
        if each.verdict and each.verdict.dimension(which).indication is case.indication
    ]
    if not concerned:
        return meaning_of(case).meaning
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
    given = (each.verdict.dimension(which) for each in concerned if each.verdict)
    shorts = Counter(meaning_of(answer).short for answer in given)
    if len(shorts) == 1:
        return next(iter(shorts))
    return ", ".join(f"{short} ({count:,})" for short, count in shorts.most_common())

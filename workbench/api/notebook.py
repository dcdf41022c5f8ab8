"""How verdicts and answers show themselves in a notebook: the objects of services stay as they are.

IPython is asked to draw them only where it runs already; it is nothing that we need.
"""

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from workbench.api import html
from workbench.model.difference import Compared
from workbench.model.kept import Cell
from workbench.model.moment import text_of
from workbench.model.verdict import Dimension, DimensionVerdict
from workbench.model.verification import Verification

if TYPE_CHECKING:
    from workbench.model.event import IndexedEvent
    from workbench.services.standing import AsOf
    from workbench.verify.report.verdict import ReportVerdict

_MOST = 50


def register() -> None:
    """Tell IPython, where it runs, how to draw what services answer."""
    ipython = sys.modules.get("IPython")
    shell: Any = None if ipython is None else ipython.get_ipython()
    if shell is None:
        return
    drawn = shell.display_formatter.formatters["text/html"]
    for module, name, draw in _DRAWN:
        drawn.for_type_by_name(module, name, draw)


def verification(found: Verification) -> str:
    """Return a verification as a table: a row for each subject, the whole of it first."""
    names = ("", *(dimension.value for dimension in Dimension), "diagnoses")
    caption = f"Exit code {found.exit_code}, as of {found.at.isoformat()}"
    return html.table(names, _verdicts(found), caption=caption)


def _verdicts(found: Verification) -> Iterator[list[Cell]]:
    yield ["everything", *(_word(found.dimension(dimension)) for dimension in Dimension), ""]
    for source in found.subjects[:_MOST]:
        if verdict := source.verdict:
            words = [_word(verdict.dimension(dimension)) for dimension in Dimension]
            said = "; ".join(f"{d.kind.value} {d.record or d.path}" for d in verdict.diagnoses[:3])
            yield [source.path, *words, said]


def _word(verdict: DimensionVerdict) -> str:
    return f"{verdict.indication.value} {verdict.code or ''}".rstrip()


def compared(found: Compared) -> str:
    """Return a comparison as a table of its differences."""
    names = ("change", "kind", "key", "field", "before", "after")
    rows = (
        (d.change.value, d.kind, d.key, d.field, d.before, d.after)
        for d in found.differences[:_MOST]
    )
    unread = f"; {len(found.problems):,} parts could not be read" if found.problems else ""
    return html.table(names, rows, caption=f"{len(found.differences):,} differences{unread}")


def as_of(found: "AsOf") -> str:
    """Return what stood at a moment as a table of versions."""
    names = ("name", "version", "deployed", "retired", "approved")
    rows = (
        (
            each.name,
            each.version,
            _record(each.deployed),
            _record(each.retired),
            "; ".join(map(_record, each.approvals)),
        )
        for each in found.versions[:_MOST]
    )
    return html.table(names, rows, caption=f"As of {text_of(found.at)}, as records claim")


def _record(found: "IndexedEvent | None") -> str:
    if found is None:
        return ""
    event = found.event
    flags = "".join(f", {flag.value}" for flag in sorted(event.flags))
    when = event.time_text if event.time_ns is None else text_of(event.time_ns)
    return f"{when} {event.actor} (record {event.locator.record}{flags})"


def report(found: "ReportVerdict") -> str:
    """Return the verdict on a report as a table of its signatures."""
    names = ("field", "signer", "verdict", "why")
    rows = (
        (s.field, s.signer, f"{s.indication.value} {s.code or ''}".rstrip(), s.reason)
        for s in found.signatures
    )
    said = f"{found.display}: {found.indication.value} {found.code or ''}".rstrip()
    return html.table(names, rows, caption=said)


_DRAWN: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("workbench.model.verification", "Verification", verification),
    ("workbench.model.difference", "Compared", compared),
    ("workbench.analysis.as_of", "AsOf", as_of),
    ("workbench.verify.report.verdict", "ReportVerdict", report),
)

"""Hold the catalogs of a case against its logs and its files, three ways.

What is not there is said (``SideFound.lack``); what was not compared is counted with the reason;
a difference that has an innocent explanation carries it. Nothing here reads evidence: it is given
what was read of it (``three_sides``).
"""

from collections.abc import Iterator

from workbench.analysis import against_log, within
from workbench.analysis.against_files import against_files
from workbench.analysis.exports_compared import exports
from workbench.analysis.three_sides import Facts, Tally
from workbench.model.progress import Cancel
from workbench.model.reconciliation import Between, Line, Mismatch, Reconciled, Side, SideFound

_NO_CATALOG = "No source of this case describes things: a catalog, registry or lineage export."
_NO_LOG = "No source of this case is a log whose events were read."
_NO_FILES = "This case holds no files but catalogs, logs, signatures and keys."
_LACKS = {Side.CATALOG: _NO_CATALOG, Side.LOG: _NO_LOG, Side.FILES: _NO_FILES}


def reconcile(facts: Facts, *, cancel: Cancel) -> Reconciled:
    """Return every difference between the three sides, and what could not be compared.

    Raises:
        Cancelled: the user stopped it.
    """
    sides = tuple(_sides(facts))
    lacks = {side.side: side.lack for side in sides if side.lack}
    tallies = {between: Tally(between) for between in Between}
    touched = against_log.touched(facts, tallies[Between.CATALOG_LOG])
    cancel.check()
    _three_ways(facts, touched, tallies, lacks)
    cancel.check()
    if Side.LOG not in lacks:
        within.approvals(facts.events, tallies[Between.WITHIN_LOG])
    within.stages(facts, tallies[Between.WITHIN_CATALOG])
    exports(facts, touched, tallies[Between.EXPORTS], cancel)
    _say_nothing_found(facts, tallies)
    shown = [t for t in tallies.values() if t.between in _ALWAYS or t.compared or t.left]
    lines = [line for tally in tallies.values() for line in tally.lines]
    return Reconciled(sides, tuple(t.comparison for t in shown), tuple(sorted(lines, key=_order)))


_ALWAYS = frozenset({Between.CATALOG_LOG, Between.CATALOG_FILES, Between.LOG_FILES})
_SIDES = {
    Between.CATALOG_LOG: (Side.CATALOG, Side.LOG),
    Between.CATALOG_FILES: (Side.CATALOG, Side.FILES),
    Between.LOG_FILES: (Side.LOG, Side.FILES),
}


def _sides(facts: Facts) -> Iterator[SideFound]:
    files = [file for file in facts.files if not file.is_proof]
    counts = {
        Side.CATALOG: (len(facts.catalogs), len(facts.things)),
        Side.LOG: (len(facts.logs), sum(log.events for log in facts.logs.values())),
        Side.FILES: (len({file.source for file in files}), len(files)),
    }
    for side, (sources, items) in counts.items():
        yield SideFound(side, sources, items, "" if items else _LACKS[side])


def _three_ways(
    facts: Facts,
    touched: against_log.Touched,
    tallies: dict[Between, Tally],
    lacks: dict[Side, str],
) -> None:
    """Compare every two sides that are both there; say which is not."""
    for between, sides in _SIDES.items():
        tally, missing = tallies[between], [lacks[side] for side in sides if side in lacks]
        if missing:
            tally.left.clear()
            for reason in missing:
                tally.lacks(reason.removesuffix("."))
        elif between is Between.CATALOG_LOG:
            against_log.against_log(facts, touched, tally)
        elif between is Between.CATALOG_FILES:
            against_files(facts, tally)
        else:
            within.deleted_files(facts, tally)


def _say_nothing_found(facts: Facts, tallies: dict[Between, Tally]) -> None:
    """Say why two sides that are there had nothing in common."""
    reasons = {
        Between.CATALOG_LOG: "no event names anything that a catalog describes",
        Between.CATALOG_FILES: "no catalog names a place or SHA-256 of a file that is here",
        Between.LOG_FILES: "no event that makes, changes or deletes names a file that is here",
    }
    for between, reason in reasons.items():
        if not tallies[between].compared and not tallies[between].left:
            tallies[between].lacks(reason)
    if facts.logs and not tallies[Between.WITHIN_LOG].compared:
        tallies[Between.WITHIN_LOG].lacks("no log records a deployment")


def _order(line: Line) -> tuple[int, bool, str, str, str]:
    return list(Mismatch).index(line.mismatch), bool(line.doubt), line.kind, line.name, line.detail

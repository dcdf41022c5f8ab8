"""``workbench report --rebuild-and-compare``: is a report what its content gives?"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import opened
from workbench.cli.verify import verified
from workbench.model.edition import EditionAsked
from workbench.model.request import VerifyRequest

if TYPE_CHECKING:
    from workbench.services import reports


def compare(
    report: Path,
    case: Path | None,
    paths: list[Path],
    stated: o.Stated,
    at_hand: EditionAsked,
    *,
    who: str | None,
) -> int:
    """Make a report anew, of a case or of evidence, and compare; 0 the same, 1 not."""
    if case is not None:
        return of_case(case, report, at_hand, who=who)
    request = o.request_of(paths, stated)
    return of_evidence(request, report, at_hand, dated=stated.at is not None)


def of_evidence(request: VerifyRequest, report: Path, at_hand: EditionAsked, *, dated: bool) -> int:
    """Verify evidence, make the report anew, compare; 0 the same, 1 not.

    Without a time of its own (``dated``), trust is judged for the time of the report.
    """
    from workbench.services import reports, selftest
    from workbench.services.verification import verify

    signed = reports.report_at(report)
    if not dated:
        request = replace(request, at=reports.told_by(signed, at_hand).at)
    verification = verified(request)
    with work() as (progress, cancel):
        checked = selftest.run(verify, progress=progress, cancel=cancel)
    return _show(reports.rebuilt(signed, request, verification, checked, at_hand=at_hand))


def of_case(folder: Path, report: Path, at_hand: EditionAsked, *, who: str | None) -> int:
    """Make the report of a case anew, compare; 0 the same, 1 not."""
    from workbench.services import checking, reports, selftest
    from workbench.services.verification import verify

    signed = reports.report_at(report)
    pack_id = reports.told_by(signed, at_hand).pack
    with work() as (progress, cancel), opened(folder, who=who, write=False) as case:
        checked = selftest.run(verify, progress=progress, cancel=cancel)
        asked = reports.Asked(checked)
        if pack_id:
            pack, results = checking.answers(case, pack_id, progress=progress, cancel=cancel)
            asked = reports.Asked(checked, pack, results)
        found = reports.case_rebuilt(signed, case, asked, at_hand=at_hand)
    return _show(found)


def _show(found: "reports.Compared") -> int:
    say(f"unsigned, in that file  {found.stated}")
    say(f"unsigned, made anew     {found.rebuilt}")
    if found.same:
        say("The same, byte for byte: the report is what its content, settings and date give.")
        return 0
    say(f"Not the same: they differ from byte {found.offset:,} on.")
    if found.manifest:
        say("All results are the same (manifest.json): only how they are set on pages differs.")
    else:
        say("Their results differ: other evidence, keys, settings, or another version.")
    return 1

"""Say in words what a stranger should conclude from the verdict on a report."""

from workbench.model.report_signature import REVIEWER_FIELD
from workbench.model.verdict import Indication
from workbench.verify.report.parts import Parts
from workbench.verify.report.verdict import ReportSignature

_OPEN = (
    "Nothing shows that the report was changed, and what was given does not suffice to rely on it.",
    "Ask whoever handed it over for what is missing, on another way than the report came.",
)
_WRONG = (
    "Do not rely on this file: it is not, byte for byte, what the people named in it signed.",
    "Ask them for the report anew, and keep this file: how it differs may matter.",
)
_NOT_MORE = (
    "A signature says who stands for the report. It says nothing about whether what the report"
    " states is right: its own pages show how each result can be checked."
)


def concluded(indication: Indication, code: str | None, parts: Parts) -> tuple[str, ...]:
    """Return the sentences, the most important first."""
    if indication is Indication.FAILED:
        return _WRONG
    if indication is Indication.INDETERMINATE:
        return (f"{_OPEN[0][:-1]} ({code}).", _OPEN[1])
    return (
        "Every byte of this file is as it was when the last of these signed or stamped it: "
        + "; ".join(map(_who, parts.signatures))
        + ".",
        _NOT_MORE,
    )


def _who(row: ReportSignature) -> str:
    role = "reviewed by" if row.field == REVIEWER_FIELD else "signed by"
    if row.proven_time is not None:
        when = f", not later than {row.proven_time:%Y-%m-%d %H:%M} UTC"
    elif row.claimed_time is not None:
        when = f", by their own account on {row.claimed_time:%Y-%m-%d %H:%M} UTC"
    else:
        when = ""
    return f"{role} {row.signer}, for whom {row.trusted_by} vouches{when}"

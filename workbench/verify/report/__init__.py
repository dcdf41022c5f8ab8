"""Verify a signed report: is it, byte for byte, what someone the reader trusts has signed?

The argument, and the module that carries each part of it:

* ``structure``: the file is the signed bytes and one hexadecimal string, nothing more;
* ``cms``, ``der``: that string has one spelling for one set of signed facts;
* ``document``: pyHanko verifies the signature, its path to a given root, and what came after;
* ``manifest``: the embedded files are those that the report speaks of;
* ``judge``: the worst of these is the verdict.

So a report that passes cannot be changed in any single byte and pass again.
"""

from collections.abc import Sequence

from workbench.model.trust import Trust
from workbench.verify.report.verdict import (
    Coverage,
    Manifest,
    NotASignedReport,
    ReportAttachment,
    ReportSignature,
    ReportVerdict,
)

__all__ = [
    "Coverage",
    "Manifest",
    "NotASignedReport",
    "ReportAttachment",
    "ReportSignature",
    "ReportVerdict",
    "verify_report",
]


def verify_report(
    data: bytes, trust: Trust, *, expected: Sequence[str] = (), display: str
) -> ReportVerdict:
    """Return the verdict on a signed report; see ``judge.judge``, which this loads at first use.

    Args:
        data: the whole file.
        trust: certificates for the role ``report`` or ``ca``, and the time to judge for.
        expected: the signers that there must be and no others, each ``[ROLE=]SHA256`` of the
            certificate or of its public key, with a role of auditor, reviewer, or the name of a
            field; empty: whoever signed, each must be trusted.
        display: how the user named the file.

    Raises:
        NotASignedReport: the file is no PDF, or nobody signed it.
        LimitError: it decompresses to more than is read.
        UsageError: an expected signer is not a SHA-256.
    """
    from workbench.verify.report.judge import judge

    return judge(data, trust, expected=expected, display=display)

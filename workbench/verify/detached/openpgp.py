"""OpenPGP detached signatures (RFC 9580): not read yet."""

from datetime import datetime

from workbench.verify.detached.checked import Checked, Question, malformed


def judge_openpgp(question: Question, *, at: datetime) -> Checked:
    """Return what an OpenPGP signature is worth."""
    return malformed(question, "OpenPGP", f"not read yet {at}")

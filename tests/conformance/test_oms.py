"""Model signatures of real releases, of the specification and of the reference tool.

``generated/cases.json`` holds the verdicts of model_signing 1.1.1. Where a case ends in ``_peer``
that tool is known to be laxer than the specification; our verdict and its reason stand below.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.verify import oms_builder as oms
from workbench.model.expectation import Expectation
from workbench.model.model_signature import (
    MalformedSignature,
    manifest_from,
    manifest_of,
)
from workbench.model.trust import Trust
from workbench.model.verdict import SubjectVerdict
from workbench.verify.oms import VERIFIER
from workbench.verify.trust import load_trust
from workbench.verify.verifier import Bench

Unpack = Callable[[str], Path]
GREEN = ("PASSED ANCHORED", "PASSED", "PASSED ANCHORED")
UNSIGNED = ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_ANCHOR")


def words(verdict: SubjectVerdict) -> tuple[str, str, str]:
    """Return the first three dimensions as words; a passed authenticity without its signer."""
    who = verdict.authenticity
    signer = str(who.indication) if who.code is None or " " not in who.code else who.code
    code = f" {who.code}" if who.indication != "PASSED" else ""
    return (
        f"{verdict.integrity.indication} {verdict.integrity.code}",
        f"{who.indication}{code}" if code else signer.split(" ", maxsplit=1)[0],
        f"{verdict.completeness.indication} {verdict.completeness.code}",
    )

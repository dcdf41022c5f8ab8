"""Make the case file that is stored under ``tests/store/cases`` for the version of this program.

    python tests/store/make_case.py tests/store/cases

Run once, when a version of the case format is released; what it wrote is never written again.
"""

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from builders import KEY, LogBuilder
from casework import added, clock, lines, plain_log, verified, written

from workbench.model.case import Custody, Engagement, EvidenceRef, Finding, Severity
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.expectation import Period
from workbench.model.locator import Locator
from workbench.services import cases, findings, trusting
from workbench.sign.keys import public_pem
from workbench.store import catalog, sources
from workbench.store.case_store import CaseStore
from workbench.store.migrations import VERSION


def make(folder: Path) -> Path:
    """Write a case with something of everything, without its index, and return its file."""
    with TemporaryDirectory() as private:
        case = filled(Path(private))
        out = folder / f"version-{VERSION}.sqlite"
        out.write_bytes((case / "case.sqlite").read_bytes())
    return out


def filled(place: Path) -> Path:
    """Return a closed case with something of everything."""
    builder = LogBuilder("workbench", 12)
    written(place, "evidence/log.head", builder.head())
    builder.edit(5)
    written(place, "evidence/log.jsonl", builder.data())
    written(place, "evidence/plain.jsonl", lines(plain_log()))
    key = written(place, "log.pem", public_pem(KEY.public_key()))
    now = clock()()
    asked = Engagement(
        "Second quarter", "7", "Aldermoor", Period(now, now), now, ("ann", "bob"), "a", "b"
    )
    with cases.create(place / "x.case", asked, who="ann", clock=clock()) as case:
        trusting.add(case, [f"log={key}"])
        trusting.confirm(case, trusting.trusted(case)[0].anchor.fingerprint, how="telephone")
        totals = {"plain.jsonl": {"events": 20}}
        custody = Custody("IT", now, "courier", "bag 7")
        added(case, place / "evidence", stated=cases.Stated(custody, totals=totals))
        fill_catalog(case)
        verified(case)
        written(place, "evidence/plain.jsonl", lines(plain_log(9)))
        added(case, place / "evidence")
        digest = next(s.sha256 for s in cases.standing(case).sources if s.format == "chain")
        ref = EvidenceRef(digest, Locator("evidence/log.jsonl", record=5), "altered")
        finding = findings.add(case, Finding("", "Altered", Severity.HIGH, evidence=(ref,)))
        findings.change(case, replace(finding, response="Noted"))
        return case.folder


def fill_catalog(case: CaseStore) -> None:
    """Keep a thing and a relation."""
    place = Locator("evidence/plain.jsonl", record=1)
    value = Attribute(AttributeGroup.TAG, "owner", "ann", "/tags/0")
    thing = Thing(ThingKind.ARTIFACT, ArtifactType.DATASET, "d", "data", place, attributes=(value,))
    with case.acting("test.catalog") as act:
        number = next(s.id for s in sources.every(act.session) if s.format == "log")
        edge = Relation(RelationKind.USED, "r", "d", place, columns=("x", "y"))
        catalog.put(act.session, number, [thing, edge])


if __name__ == "__main__":
    make(Path(sys.argv[1]))

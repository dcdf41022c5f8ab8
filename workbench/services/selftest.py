"""Run the very verification that users get over the vectors that ship with the program.

A vector is a folder ``resources/selftest/FORMAT/NAME/`` with ``drop/`` (what is verified),
``expected.json`` (how, and the verdict that is known for it) and perhaps ``trust/``. That of a
signed report has ``report.json`` instead: a report has one verdict, not four.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from workbench import resources
from workbench.errors import WorkbenchError
from workbench.evidence.file import read_whole, single
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.expectation import Expectation, Origin
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest
from workbench.model.selftest import SelfTestCase, SelfTestResult
from workbench.model.verdict import Dimension, SubjectVerdict
from workbench.model.verification import Verification
from workbench.verify.report import verify_report
from workbench.verify.trust.anchors import load_trust


class Verify(Protocol):
    """The verification service."""

    def __call__(
        self, request: VerifyRequest, *, progress: Progress, cancel: Cancel
    ) -> Verification:
        """Verify."""
        ...


@dataclass(frozen=True, slots=True)
class _Vector:
    id: str
    folder: Path
    known: Mapping[str, JsonValue]

    def text(self, key: str) -> str | None:
        value = self.known.get(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.known.get(key)
        return tuple(str(item) for item in value) if isinstance(value, list) else ()


def run(verify: Verify, *, progress: Progress, cancel: Cancel) -> SelfTestResult:
    """Return how every vector came out, sorted by id."""
    known, reports = _vectors(), _vectors("report.json")
    vectors = sorted((*known, *reports), key=lambda vector: vector.id)
    cases: list[SelfTestCase] = []
    for done, vector in enumerate(vectors):
        cancel.check()
        progress.advance(done, len(vectors), f"self-test {vector.id}")
        if vector in reports:
            cases.append(_report_case(vector))
        else:
            cases.append(_case(vector, lambda r: verify(r, progress=progress, cancel=cancel)))
    return SelfTestResult(tuple(cases))


def _vectors(kind: str = "expected.json") -> list[_Vector]:
    folder = resources.path("selftest")
    found: list[_Vector] = []
    for path in folder.glob(f"*/*/{kind}"):
        value = parse(read_whole(single(path)), what=str(path))
        if isinstance(value, dict):
            found.append(_Vector(path.parent.relative_to(folder).as_posix(), path.parent, value))
    return found


def _case(vector: _Vector, verify: Callable[[VerifyRequest], Verification]) -> SelfTestCase:
    title = vector.text("title") or vector.id
    expected = ", ".join(f"{d.value} {vector.text(d.value)}" for d in Dimension)
    try:
        differences = _differences(vector, verify(_request(vector)))
    except WorkbenchError as error:
        differences = (f"not done: {error.message}",)
    return SelfTestCase(vector.id, title, expected, differences)


def _report_case(vector: _Vector) -> SelfTestCase:
    """Judge a signed report as whoever trusts the root beside it."""
    title, known = vector.text("title") or vector.id, vector.text("report") or ""
    at = datetime.fromisoformat(vector.text("at") or "")
    try:
        trust = load_trust([f"report={vector.folder / 'trust' / 'root.pem'}"], at=at)
        pdf = read_whole(single(vector.folder / "drop" / "report.pdf"))
        found = verify_report(pdf, trust, display="report.pdf").indication.value
        differences = () if found == known else (f"report: known {known}, found {found}",)
    except WorkbenchError as error:
        differences = (f"not done: {error.message}",)
    return SelfTestCase(vector.id, title, f"report {known}", differences)


def _request(vector: _Vector) -> VerifyRequest:
    def place(spec: str) -> str:
        role, equals, name = spec.rpartition("=")
        return f"{role}{equals}{vector.folder / name}"

    count = vector.known.get("expect_count")
    return VerifyRequest(
        paths=(vector.folder / "drop",),
        at=datetime.fromisoformat(vector.text("at") or "2026-06-30T00:00:00Z"),
        trust=tuple(place(spec) for spec in vector.texts("trust")),
        confirm=vector.texts("confirm"),
        secrets=tuple(place(spec) for spec in vector.texts("secret")),
        expectation=Expectation(
            count=count if isinstance(count, int) else None,
            head=vector.text("expect_head"),
            profile=vector.text("profile"),
            origin=Origin(
                identity=vector.text("identity"),
                issuer=vector.text("issuer"),
                builder=vector.text("builder"),
                source=vector.text("source_uri"),
                digest=vector.text("subject_digest"),
            ),
        ),
    )


def _differences(vector: _Vector, verification: Verification) -> tuple[str, ...]:
    subject = vector.text("subject") or "."
    wanted = "drop" if subject == "." else f"drop/{subject}"
    verdicts = [s.verdict for s in verification.subjects if s.path == wanted]
    if len(verdicts) != 1 or verdicts[0] is None:
        return (f"{wanted} was not judged as one subject",)
    found = verdicts[0]
    return (*_dimensions(vector, found), *_diagnoses(vector, found))


def _dimensions(vector: _Vector, found: SubjectVerdict) -> list[str]:
    differences: list[str] = []
    for dimension in Dimension:
        part = found.dimension(dimension)
        known = vector.text(dimension.value) or ""
        indication, _, code = known.partition(" ")
        if part.indication.value != indication or (code and part.code != code):
            got = f"{part.indication.value} {part.code or ''}".strip()
            differences.append(f"{dimension.value}: known {known}, found {got}")
    return differences


def _diagnoses(vector: _Vector, found: SubjectVerdict) -> list[str]:
    known = vector.known.get("diagnoses")
    pairs = known if isinstance(known, list) else []
    wanted = [tuple(pair) for pair in pairs if isinstance(pair, list)]
    got = [(d.kind.value, d.path if d.record is None else d.record) for d in found.diagnoses]
    return [] if wanted == got else [f"diagnoses: known {wanted}, found {got}"]

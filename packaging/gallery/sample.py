"""The sample as the window would have it: verified here, its records cut out of the file."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate

from workbench import resources
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.model.verification import Verification
from workbench.services.verification import verify

ROOT = resources.path("sample")
LOG = "audit-tampered/audit-log.jsonl"
ALTERED = 1845
HEADS = (988, 2015, 3000)
_KEYS = ("log=log.vkey", "model=model-root.pem", "model=model-key.pem")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the log: its place, its bytes, what it claims."""

    number: int
    offset: int
    raw: bytes

    @property
    def locator(self) -> Locator:
        """The place."""
        return Locator(LOG, record=self.number, offset=self.offset, length=len(self.raw))

    @property
    def claims(self) -> dict[str, object]:
        """What the record says."""
        found: dict[str, object] = json.loads(self.raw)
        return found

    @property
    def day(self) -> str:
        """The claimed day."""
        time = datetime.fromisoformat(str(self.claims["timestamp"]))
        return f"{time.day} {time:%b}"


@dataclass(frozen=True, slots=True)
class Sample:
    """The verification, and the tampered log."""

    verification: Verification
    records: tuple[Record, ...]

    @property
    def log(self) -> SubjectVerdict:
        """The verdict on the tampered log."""
        (found,) = [
            source.verdict
            for source in self.verification.subjects
            if source.verdict and source.path.endswith(LOG)
        ]
        return found


@cache
def load() -> Sample:
    """Verify the sample."""
    trust = tuple(f"{role}={ROOT / 'trust' / name}" for role, name in (k.split("=") for k in _KEYS))
    request = VerifyRequest(
        paths=(ROOT / "evidence",),
        at=datetime(2026, 7, 2, tzinfo=UTC),
        trust=trust,
        secrets=(str(ROOT / "trust" / "log-secret.txt"),),
    )
    found = verify(request, progress=Silent(), cancel=Cancel())
    lines = (ROOT / "evidence" / LOG).read_bytes().splitlines(keepends=True)
    starts = accumulate((len(line) for line in lines), initial=0)
    records = (
        Record(n, start, line.rstrip(b"\n"))
        for n, (start, line) in enumerate(zip(starts, lines, strict=False), 1)
    )
    return Sample(found, tuple(records))

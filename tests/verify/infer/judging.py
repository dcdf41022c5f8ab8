"""The recipe of a drawn log is searched for and kept; copies of the log are judged by it."""

from dataclasses import dataclass
from pathlib import Path

from tests.verify.chain.judging import AT
from tests.verify.infer.logs import Copy, Drawn
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.services import profiles
from workbench.services.verification import verified
from workbench.verify.infer.log import Inference
from workbench.verify.trust.anchors import load_trust

#: What says nothing of what was written into a record after its digest was made.
BESIDE = {"SEQUENCE_ANOMALY", "CLOCK_REGRESSION", "HEAD_TRUNCATED"}


@dataclass(frozen=True)
class Searched:
    """A log, what was found in it, and the folder in which both lie."""

    folder: Path
    log: Drawn
    secrets: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path, log: Drawn) -> "Searched":
        """Write a log and the secret that goes with it."""
        (folder / log.name).write_bytes(log.log.data)
        (folder / "key").write_bytes(log.secret or b"")
        return cls(folder, log, (str(folder / "key"),) if log.secret else ())

    def infer(self) -> Inference:
        """Search the recipe, and keep it."""
        log = self.folder / self.log.name
        found = profiles.infer(log, secrets=self.secrets, progress=Silent(), cancel=Cancel())
        (self.folder / "found.yaml").write_bytes(found.text)
        return found

    def verdict(self, copy: Copy) -> SubjectVerdict:
        """Return what is said of a copy by the profile that was kept."""
        drop = self.folder / "drop"
        drop.mkdir(exist_ok=True)
        (drop / self.log.name).write_bytes(copy.data)
        return verdict_by(self.folder / "found.yaml", drop, self.secrets)

    def told(self, copy: Copy) -> set[int]:
        """Return the records of a copy of which something is said that can be known."""
        said = {d.record for d in self.verdict(copy).diagnoses if d.kind.value not in BESIDE}
        return {n for n in said if n is not None} - self.beside

    def expected(self, copy: Copy) -> set[int]:
        """Return the records of a copy of which something must be said."""
        return set(copy.wrong - self.beside)

    @property
    def beside(self) -> frozenset[int]:
        """Return the records of which nothing in the log tells how they are made."""
        return self.log.unproven | self.log.untold


def verdict_by(profile: Path, drop: Path, secrets: tuple[str, ...]) -> SubjectVerdict:
    """Return the verdict on the one log in a drop by the profile in a file."""
    asked = Expectation(profile=str(profile))
    request = VerifyRequest(paths=(drop,), at=AT, expectation=asked)
    trust = load_trust((), secrets=secrets, at=AT, threshold=1)
    (source,) = verified(request, trust, Silent(), Cancel(), None).subjects
    assert source.verdict is not None
    return source.verdict

"""Judge one drop again and again, as the verification service judges it for anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verdict import Dimension, Indication
from workbench.model.verification import Verification
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust

AT = datetime(2026, 6, 30, tzinfo=UTC)
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Evidence:
    """Valid evidence, and what the auditor brings to it.

    Attributes:
        name: what it is called in reproductions.
        files: what is handed over, by path.
        trusted: files of the auditor, by path.
        trust: ``[ROLE=]FILE`` each, of ``trusted``.
        secrets: ``[ID=]FILE`` each, of ``trusted``.
        confirm: fingerprints.
        expectation: what the auditor states.
        strangers: other files, by those of ``trusted`` in whose place they are put.
        profile: file of ``trusted`` with the recipe, or "".
        at: time for which trust is judged.
    """

    name: str
    files: Files
    trusted: Files = field(default_factory=dict)
    trust: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    expectation: Expectation = field(default_factory=Expectation)
    strangers: Files = field(default_factory=dict)
    profile: str = ""
    at: datetime = AT


@dataclass(frozen=True)
class Said:
    """What was said of a drop.

    Attributes:
        passed: dimensions that PASSED in all that was judged.
        failed: dimensions that FAILED anywhere.
        told: class and record, or path, of each diagnosis, in order.
        words: the dimensions of each subject, to be printed.
    """

    passed: frozenset[Dimension] = frozenset()
    failed: frozenset[Dimension] = frozenset()
    told: tuple[tuple[str, int | str | None], ...] = ()
    words: str = "not judged"


class Judge:
    """A folder with a drop in it, whose files are exchanged from one verdict to the next."""

    def __init__(self, evidence: Evidence, folder: Path) -> None:
        self.evidence = evidence
        self._drop = folder / "drop"
        self._mine = folder / "mine"
        self._drop.mkdir(parents=True)
        self._written: dict[str, bytes] = {}
        self._theirs = folder / "theirs"
        for name, data in evidence.trusted.items():
            _put(self._mine / name, data)
            _put(self._theirs / name, evidence.strangers.get(name, data))

    @cached_property
    def trust(self) -> Trust:
        """Return what the auditor trusts."""
        return self._trust(self._mine)

    @cached_property
    def others(self) -> Trust:
        """Return trust in keys of somebody else."""
        return self._trust(self._theirs)

    def _trust(self, folder: Path) -> Trust:
        given = self.evidence

        def placed(spec: str) -> str:
            role, equals, name = spec.rpartition("=")
            return f"{role}{equals}{folder / name}"

        return load_trust(
            [placed(spec) for spec in given.trust],
            confirm=given.confirm if folder == self._mine else (),
            secrets=[placed(spec) for spec in given.secrets],
            at=given.at,
        )

    @cached_property
    def before(self) -> Said:
        """Return what is said of the evidence as it is."""
        return self(self.evidence.files)

    def __call__(self, files: Files, *, own_key: bool = True) -> Said:
        """Return what is said of a drop of these files, by our trust or that of somebody else."""
        self._exchange(files)
        given = self.evidence.expectation
        if self.evidence.profile:
            profile = str(self._mine / self.evidence.profile)
            given = Expectation(count=given.count, head=given.head, profile=profile)
        request = VerifyRequest(paths=(self._drop,), at=self.evidence.at, expectation=given)
        try:
            found = verified(
                request, self.trust if own_key else self.others, Silent(), Cancel(), None
            )
        except WorkbenchError as error:
            return Said(words=f"refused: {error.message}")
        return _said(found)

    def _exchange(self, files: Files) -> None:
        for name in self._written.keys() - files.keys():
            (self._drop / name).unlink()
        for name, data in files.items():
            if self._written.get(name) != data:
                _put(self._drop / name, data)
        self._written = dict(files)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _said(found: Verification) -> Said:
    verdicts = [s.verdict for s in found.subjects if s.verdict is not None]
    whole = bool(verdicts) and len(verdicts) == len(found.subjects)

    def all_are(dimension: Dimension) -> bool:
        parts = (verdict.dimension(dimension) for verdict in verdicts)
        return whole and all(part.indication is Indication.PASSED for part in parts)

    parts = [(d, verdict.dimension(d)) for verdict in verdicts for d in Dimension]
    return Said(
        passed=frozenset(filter(all_are, Dimension)),
        failed=frozenset(d for d, part in parts if part.indication is Indication.FAILED),
        told=tuple(
            (found.kind.value, found.path if found.record is None else found.record)
            for verdict in verdicts
            for found in verdict.diagnoses
        ),
        words=" ".join(f"{part.indication.value[0]}:{part.code}" for _, part in parts),
    )

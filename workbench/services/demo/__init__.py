"""Write a demo: a log of any length, its signed head, and one fault where the user wants one.

The log is honest first and its head is signed over the honest log; only then is the fault
planted, as somebody with write access to the file would do it. The two faults that no outsider
makes (a clock that goes back, numbers that skip) are the writer's own and lie below the head.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from tempfile import mkdtemp
from typing import BinaryIO

from workbench.errors import UsageError, WorkbenchError
from workbench.model.progress import Cancel, Progress
from workbench.model.verdict import DiagnosisClass
from workbench.services.demo.faults import Plan, Planted, plan_for
from workbench.services.demo.log import Head, Writer
from workbench.sign.head import vkey, write_head
from workbench.sign.keys import new_ed25519, private_pem, public_pem
from workbench.verify.chain import library

PROFILE = "workbench"
#: C2SP tlog-checkpoint: the log's key has the name of its origin.
ORIGIN = "demo.example/audit-log"
BATCH = 1024


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What was written where.

    Attributes:
        folder: the demo's folder.
        log: the log, JSONL in the profile ``workbench``.
        heads: signed heads, the shorter log first.
        public_key: the log's public key as PEM.
        verifier_key: the same key as C2SP verifier key.
        private_key: the log's private key as PEM, or None where it was not asked for.
        events: records of the honest log, which the last head covers.
        planted: the fault, or None.
    """

    folder: Path
    log: Path
    heads: tuple[Path, ...]
    public_key: Path
    verifier_key: Path
    private_key: Path | None
    events: int
    planted: Planted | None

    def lines(self) -> tuple[str, ...]:
        """Return what a user wants to know next: what there is and how to verify it."""
        evidence, key = quote(str(self.log.parent)), quote(f"log={self.public_key}")
        return (
            f"{self.log}: a log of {self.events:,} events, its head signed.",
            _told(self.planted),
            "Verify it:",
            f"  workbench verify {evidence} --trust {key}",
        )


def make_demo(
    folder: Path,
    *,
    events: int = 100_000,
    tamper: DiagnosisClass | None = None,
    seed: int = 1,
    progress: Progress,
    cancel: Cancel,
    keep_key: bool = False,
) -> DemoResult:
    """Write a demo into ``folder``, all of it or nothing.

    The same ``events``, ``tamper`` and ``seed`` give the same log; the signing key is new each
    time and is thrown away unless ``keep_key``.

    Raises:
        UsageError: the folder is not empty, there are too few events, or a log with a signed
            head cannot show ``tamper``.
        WorkbenchError: the folder could not be written.
        Cancelled: the user stopped it.
    """
    plan = plan_for(events, tamper, random.Random(seed))  # noqa: S311 - a place, no secret
    with _whole_or_nothing(folder) as part:
        log = part / "evidence" / "log.jsonl"
        log.parent.mkdir()
        writer = Writer(events, seed, plan.slip if plan else None)
        with log.open("xb") as stream:
            stated = _write_log(stream, writer, plan, progress, cancel)
        _sign(part, stated, keep_key=keep_key)
        planted = plan.planted if plan else None
        _write_text(part / "README.txt", _readme(events, seed, planted))
    return _result(folder, events, planted, keep_key=keep_key)


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[Path]:
    """Give a private folder inside ``folder``; move what it holds up at the end, or remove it."""
    part: Path | None = None
    try:
        created = _claim(folder)
        try:
            part = Path(mkdtemp(prefix=".part-", dir=folder))
            yield part
            for child in sorted(part.iterdir(), reverse=True):
                child.rename(folder / child.name)
            part.rmdir()
        except BaseException:
            _remove(part, folder if created else None)
            raise
    except OSError as error:
        raise WorkbenchError(
            f"The demo could not be written to {folder}: {error.strerror}.", path=str(folder)
        ) from error


def _claim(folder: Path) -> bool:
    """Make ``folder`` unless it is there and empty; tell whether it was made."""
    if folder.is_dir() and not any(folder.iterdir()):
        return False
    if folder.exists():
        raise UsageError(f"{folder} exists and is not empty; name a new folder.", path=str(folder))
    folder.mkdir(parents=True)
    return True


def _remove(part: Path | None, folder: Path | None) -> None:
    for path in filter(None, (part, folder)):
        shutil.rmtree(path, ignore_errors=True)


def _write_log(
    stream: BinaryIO, writer: Writer, plan: Plan | None, progress: Progress, cancel: Cancel
) -> list[Head]:
    """Write the log, with the fault, and return what its heads state of the honest log."""
    stated: list[Head] = []
    for first, last in _pieces(writer.events, plan):
        cancel.check()
        records = writer.take(first, last)
        lines = [record.line for record in records]
        if plan and plan.edit and plan.first <= first <= plan.last:
            lines = plan.edit(records)
        stream.write(b"".join([line + b"\n" for line in lines]))
        if last == writer.events or (plan and last == plan.early):
            stated.append(writer.head())
        progress.advance(last, writer.events, "events")
    return stated


def _pieces(events: int, plan: Plan | None) -> Iterator[tuple[int, int]]:
    """Yield first and last record of each batch; none reaches over the edge of a fault."""
    ends = {events} if plan is None else {events, plan.first - 1, plan.last, plan.early or events}
    first = 1
    for end in sorted(ends):
        while first <= end:
            last = min(end, first + BATCH - 1)
            yield first, last
            first = last + 1


def _sign(part: Path, stated: list[Head], *, keep_key: bool) -> None:
    """Write the signed heads, the key to trust, and the private key if it is wanted."""
    key = new_ed25519()
    profile = next(p for p in library.shipped() if p.id == PROFILE)
    heads, trust = part / "evidence" / "heads", part / "trust"
    heads.mkdir()
    trust.mkdir()
    for head in stated:
        signed = write_head(
            origin=ORIGIN,
            size=head.size,
            root=head.root,
            chain_head=("sha256", bytes.fromhex(head.tip)),
            profile=(profile.id, profile.sha256),
            key=key,
            signer_name=ORIGIN,
        )
        (heads / f"{head.size:012}.head").write_bytes(signed)
    (trust / "log.pem").write_bytes(public_pem(key.public_key()))
    _write_text(trust / "log.vkey", vkey(ORIGIN, key.public_key()) + "\n")
    if keep_key:
        private = part / "private"
        private.mkdir(mode=0o700)
        (private / "log-key.pem").write_bytes(private_pem(key))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _told(planted: Planted | None) -> str:
    if planted is None:
        return "Nothing was planted: it is honest."
    return f"Planted: {planted.kind} at record {planted.record}. {planted.done}"


def _readme(events: int, seed: int, planted: Planted | None) -> str:
    return "\n".join(
        (
            "A demo log of invented events, written by Audit Workbench.",
            "",
            f"evidence/log.jsonl    {events} events (seed {seed}), chain profile {PROFILE}",
            "evidence/heads/       what the log signed: its length and its head at that length",
            "trust/                the log's public key, as PEM and as C2SP verifier key",
            "",
            _told(planted),
            "",
            "    workbench verify evidence --trust log=trust/log.pem",
            "",
        )
    )


def _result(folder: Path, events: int, planted: Planted | None, *, keep_key: bool) -> DemoResult:
    trust = folder / "trust"
    return DemoResult(
        folder=folder,
        log=folder / "evidence" / "log.jsonl",
        heads=tuple(sorted((folder / "evidence" / "heads").iterdir())),
        public_key=trust / "log.pem",
        verifier_key=trust / "log.vkey",
        private_key=folder / "private" / "log-key.pem" if keep_key else None,
        events=events,
        planted=planted,
    )

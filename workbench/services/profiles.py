"""Which chain recipes are known, what one says in words, and which one a log seems to follow."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, single
from workbench.formats.sniff import held_in, recognise
from workbench.formats.table import LOGS
from workbench.model.event_mapping import TEXT
from workbench.model.profile import ChainProfile
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role
from workbench.verify.chain import explain as words
from workbench.verify.chain import library
from workbench.verify.infer.log import Inference
from workbench.verify.infer.log import infer as search
from workbench.verify.infer.words import found_in_words
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench


def known() -> Sequence[ChainProfile]:
    """Return the profiles that ship with the program, by id."""
    return library.shipped()


def find(name: str) -> ChainProfile:
    """Return a shipped profile by id, or the one in a file.

    Raises:
        SourceError: there is no such profile and no such file.
        ProfileError: the file cannot be understood.
    """
    [profile] = library.chosen(name)
    return profile


def explain(profile: ChainProfile) -> list[str]:
    """Return what a profile says, in plain sentences."""
    return words.explain(profile)


def infer(
    log: Path, *, secrets: Sequence[str] = (), progress: Progress, cancel: Cancel
) -> Inference:
    """Search the recipe of a log that no profile describes.

    Args:
        log: one file.
        secrets: ``[ID=]FILE`` each.
        progress: told how far the work is.
        cancel: checked now and then.

    Raises:
        SourceError: it cannot be read, or is no log.
        Cancelled: the user stopped it.
    """
    trust = load_trust((), secrets=secrets, at=datetime.now(UTC), threshold=1)
    bench = Bench(trust, cancel=cancel, progress=progress)
    file = single(log)
    return search(file, _container_of(file), bench)


def _container_of(file: EvidenceFile) -> str:
    """Return how the records of a log lie; the auditor says that it is one.

    Raises:
        SourceError: it is no log.
    """
    seen = recognise(file, ())
    if seen.format in LOGS:
        return "jsonl" if seen.container in set(TEXT) else seen.container or "jsonl"
    held = held_in(file)
    if seen.role is not Role.CONTEXT or held is None:
        where = str(file.path)
        raise SourceError(f"{where} is no log whose records can be told apart.", path=where)
    return held


def told(inference: Inference) -> list[str]:
    """Return what a search came to, in plain sentences."""
    said = found_in_words(inference)
    if inference.found is not None and not all(inference.found.right):
        said.append("Which records are not reproduced: keep the profile, and verify the log by it.")
    return said

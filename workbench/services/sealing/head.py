"""State how long a log is and what its head is, and sign that: what the audited side does."""

from dataclasses import dataclass
from pathlib import Path

from workbench.errors import SigningError, UsageError
from workbench.evidence.drop import open_drop
from workbench.evidence.subject import Subject
from workbench.formats.table import sort_out
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Progress
from workbench.model.trust import Trust
from workbench.output import require_writable, write_whole
from workbench.sign.head import vkey, write_head
from workbench.sign.keys import Ed25519PrivateKey, Passphrase, load_signing_key
from workbench.verify.chain.library import chosen
from workbench.verify.chain.state import LogState, state_of
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class SealedHead:
    """What was written: the head, how many records it covers, the key that checks it."""

    path: Path
    records: int
    profile: str
    verifier_key: str


def sign_head(
    log: Path,
    out: Path,
    *,
    origin: str,
    key: Path,
    passphrase: Passphrase,
    profile: str | None,
    trust: Trust,
    progress: Progress,
    cancel: Cancel,
) -> SealedHead:
    """Write a signed head over a log that holds (VERDICTS section 6).

    Raises:
        SourceError: the log cannot be read, or does not hold.
        SigningError: the key is no Ed25519 key, or its passphrase is wrong.
        UsageError: there is not exactly one log, or ``out`` exists.
    """
    require_writable(out, inputs=[key])
    private = load_signing_key(key, passphrase).private_key
    if not isinstance(private, Ed25519PrivateKey):
        raise SigningError(f"{key} is no Ed25519 key: heads of logs are signed with Ed25519.")
    profiles = chosen(profile)
    bench = Bench(trust, Expectation(profile=profile), profiles, progress=progress, cancel=cancel)
    with open_drop([log], cancel=cancel, progress=progress) as drop:
        logs = [s for s in sort_out(drop, profiles).subjects if s.format == "chain"]
        if len(logs) != 1:
            raise UsageError(f"{log} is not one hash-chained log.", path=str(log))
        head, state = _written(logs[0], bench, origin, private, origin)
    write_whole(out, head)
    return SealedHead(out, state.records, state.profile.id, vkey(origin, private.public_key()))


def headed(
    log: Subject, bench: Bench, origin: str, key: Ed25519PrivateKey, signer: str
) -> tuple[bytes, int]:
    """Return the signed head of a log that holds, and its number of records.

    Raises:
        SourceError: it does not hold.
    """
    head, state = _written(log, bench, origin, key, signer)
    return head, state.records


def _written(
    log: Subject, bench: Bench, origin: str, key: Ed25519PrivateKey, signer: str
) -> tuple[bytes, LogState]:
    state = state_of(log, bench)
    recipe = state.profile
    head = write_head(
        origin=origin,
        size=state.records,
        root=state.root,
        chain_head=(recipe.digest.algorithm.value.removeprefix("hmac-"), state.tip),
        profile=(recipe.id, recipe.sha256),
        key=key,
        signer_name=signer,
    )
    return head, state

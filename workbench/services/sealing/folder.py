"""Seal a folder that is handed over: a bag, a signed statement over its lists, a head on each log.

Whoever gets it needs the public key and nothing else: the statement covers the lists of digests,
the lists cover every file, the heads say where each log ended. What ``verify`` would not accept is
not written: a copy is verified before it gets its name. In place the files come in with the name:
whoever sealed verifies afterwards.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.errors import SigningError, SourceError, UsageError
from workbench.evidence.argument import arguments_of
from workbench.evidence.drop import open_drop
from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.intake import Intake
from workbench.evidence.limits import LIMITS
from workbench.evidence.names import collision_key
from workbench.evidence.subject import Subject
from workbench.evidence.walk import walk
from workbench.formats.table import sort_out
from workbench.model.contract import time_to_json
from workbench.model.expectation import Expectation
from workbench.model.profile import ChainProfile
from workbench.model.progress import Cancel, Progress
from workbench.model.statement import SEAL_TYPE, SEALED_LISTS, SEALED_STATEMENT
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Indication
from workbench.output import together, whole_file, whole_folder, write_whole
from workbench.services.sealing.head import headed
from workbench.services.sealing.listing import ALGORITHMS, Digested, digested, odd_names, tag_files
from workbench.sign.keys import Ed25519PrivateKey, SigningKey, public_der, public_key_pem
from workbench.sign.stampers import telling
from workbench.sign.statement import write_statement
from workbench.sign.time_stamp import Stamper, query
from workbench.sign.tsa_server import server_name, to_nobody
from workbench.store.asking import asking
from workbench.store.handing import require_outside, require_unmoved
from workbench.verify.chain.library import chosen
from workbench.verify.judge import judge
from workbench.verify.verifier import Bench

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

_HEADS = "heads"
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """How a folder is to be sealed.

    Attributes:
        key: signs the statement; an Ed25519 key also the heads.
        at: when, aware.
        origin: name of whoever seals: logs are called ``ORIGIN/PATH``.
        trust: secrets of HMAC chains.
        log_key: signs the heads where ``key`` is none of Ed25519, or None.
        in_place: the folder itself becomes the sealed one; else it is copied.
        stamper: who stamps the statement, or None.
        server: which server that asks, or "".
        public_key: where the public key of ``key`` goes, or None.
        to_stamp: where a query for a time stamp goes, or None.
        profile: the only chain profile, as the user named it, or None.
    """

    key: SigningKey
    at: datetime
    origin: str
    trust: Trust
    log_key: SigningKey | None = None
    in_place: bool = False
    stamper: Stamper | None = None
    server: str = ""
    public_key: Path | None = None
    to_stamp: Path | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was made.

    Attributes:
        folder: the sealed folder.
        files: files of the payload.
        size: their bytes.
        heads: logs that got a signed head, with their number of records.
        remarks: what the sealer should know, in sentences.
        query: a query for a time stamp over the statement (RFC 3161).
        network: servers that were asked for one.
    """

    folder: Path
    files: int
    size: int
    heads: Mapping[str, int]
    remarks: tuple[str, ...]
    query: bytes
    network: tuple[str, ...]


def required_name(origin: str) -> str:
    """Return the name of who seals.

    Raises:
        UsageError: it cannot stand in the name of a log.
    """
    if not origin or origin != "".join(origin.split()) or "+" in origin:
        raise UsageError("The name of who seals (--origin) has no space and no plus: example.com.")
    return origin


def require_sealable(
    folder: Path, out: Path, *, private: Iterable[Path] = (), case: "CaseStore | None" = None
) -> None:
    """Refuse early what sealing would have to refuse after long work.

    Args:
        folder: the folder.
        out: the sealed folder to make.
        private: files of keys and secrets, which nobody hands over.
        case: the case that is open or named: nothing is written into its evidence.

    Raises:
        UsageError: there is no such folder, or ``out`` is there, or one lies in the other, or a
            key lies in the folder.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise UsageError(f"{folder} is no folder: a folder is what is sealed.", path=str(folder))
    for path in private:
        if path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(
                f"{path} lies in {folder}: a key or secret would be handed over with it. Take it "
                "out of there."
            )
    if out == folder:
        require_unmoved(case, folder)
        return
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} exists already; name a new folder.", path=str(out))
    if not out.parent.is_dir():
        raise UsageError(f"{out} is no place for a folder: what it lies in does not exist.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{out} lies in {folder}, which is what is sealed.")
    require_outside(case, out)


def seal(
    folder: Path,
    out: Path,
    asked: Asked,
    *,
    case: "CaseStore | None" = None,
    progress: Progress,
    cancel: Cancel,
) -> Sealed:
    """Seal a folder, whole or not at all, with public key and query; ``case`` records who is asked.

    Steps: 1 list it, and refuse what a bag cannot hold; 2 sign a head over each log that holds;
    3 copy and hash every file; 4 write the lists; 5 sign them; 6 verify a copy; 7 write the public
    key and the query; 8 give it its name, or take those back.

    Raises:
        SourceError: something in it cannot be sealed, or cannot be read.
        SigningError: a key does not sign, or what was made would not verify.
        UsageError: see ``require_sealable``.
        Cancelled: the user stopped it.
    """
    require_sealable(folder, out, case=case)
    files = _listed(folder, progress, cancel)
    heads, records, remarks = _heads(folder, asked, progress, cancel)
    taking = "data" if asked.in_place else None
    with (
        asking(case, "folder.seal", to_nobody) as told,
        together() as put,
        whole_folder(out, taking=taking) as part,
    ):
        payload = _taken(files, None if asked.in_place else part, progress, cancel)
        tags = tag_files(payload, heads, at=asked.at, source=_one_line(asked.origin))
        statement = _statement(tags, payload, records, asked)
        made = tags | {SEALED_STATEMENT: statement} | _stamp(statement, asked, told)
        for name, data in made.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(part / name, data)
        if not asked.in_place:
            _require_good(part, asked, progress, cancel)
        put(_beside(statement, asked))
    size = sum(one.size for one in payload.values())
    made_for = query(hashlib.sha256(statement).digest())
    network = (server_name(asked.server),) if asked.server else ()
    return Sealed(out, len(payload), size, records, tuple(remarks), made_for, network)


def _listed(folder: Path, progress: Progress, cancel: Cancel) -> dict[str, EvidenceFile]:
    """Return the files of a folder by their path in it.

    Raises:
        SourceError: it holds what a bag cannot hold, or nothing.
    """
    intake = Intake(LIMITS, cancel, progress)
    found = {"/".join(file.parts): file for file in walk(arguments_of([folder]), intake)}
    if intake.links:
        names = _named([link.path for link in intake.links])
        raise SourceError(
            f"A bag holds files and no links: {names}. Put the files there, or take the links out.",
            path=intake.links[0].path,
        )
    if intake.problems:
        raise SourceError(intake.problems[0].message, path=str(intake.problems[0].locator.path))
    if odd := odd_names(found):
        raise SourceError(
            f"A bag cannot hold a file of this name: {_named(odd)}. Rename it.", path=odd[0]
        )
    _require_apart(found)
    if not found:
        raise SourceError(f"{folder} holds no file: nothing to seal.", path=str(folder))
    return found


def _require_apart(names: Mapping[str, EvidenceFile]) -> None:
    """Refuse names that some system would take for one: a copy there would lose a file."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(collision_key(name), name)
        if other != name:
            raise SourceError(
                f"{other} and {name} are one name on some systems: rename one.", path=name
            )


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _heads(
    folder: Path, asked: Asked, progress: Progress, cancel: Cancel
) -> tuple[dict[str, bytes], dict[str, int], list[str]]:
    """Return a head for each log that holds, by path in the bag; and why others have none."""
    profiles = chosen(asked.profile)
    expected = Expectation(profile=asked.profile)
    bench = Bench(asked.trust, expected, profiles, progress=progress, cancel=cancel)
    key = (asked.log_key or asked.key).private_key
    heads: dict[str, bytes] = {}
    records: dict[str, int] = {}
    remarks: list[str] = []
    for log, name in _logs(folder, profiles, progress, cancel):
        if not isinstance(key, Ed25519PrivateKey):
            remarks.append(f"{name}: no head, which an Ed25519 key has to sign (--log-key).")
            continue
        try:
            head, count = headed(log, bench, f"{asked.origin}/{name}", key, asked.origin)
        except SourceError as error:
            remarks.append(f"No head: {error.message}")
            continue
        heads[f"{_HEADS}/{name}.head"] = head
        records[name] = count
    return heads, records, remarks


def _logs(
    folder: Path, profiles: Sequence[ChainProfile], progress: Progress, cancel: Cancel
) -> Iterator[tuple[Subject, str]]:
    """Yield the hash-chained logs that lie open in a folder, with their path in it."""
    with open_drop([folder], cancel=cancel, progress=progress) as drop:
        for subject in sort_out(drop, profiles, cancel=cancel).subjects:
            if subject.format == "chain" and subject.member is None:
                yield subject, "/".join(subject.files[0].parts)


def _taken(
    files: Mapping[str, EvidenceFile], part: Path | None, progress: Progress, cancel: Cancel
) -> dict[str, Digested]:
    """Copy files below ``data`` and hash what is copied, or hash them where they lie."""
    found: dict[str, Digested] = {}
    total, done = sum(file.size for file in files.values()), 0
    for name, file in files.items():
        found[f"data/{name}"] = _copied(file, part and part / "data" / name, cancel)
        done += file.size
        progress.advance(done, total, file.display)
    return found


def _copied(file: EvidenceFile, to: Path | None, cancel: Cancel) -> Digested:
    running = {name: hashlib.new(name) for name in ALGORITHMS}

    def read() -> Iterator[bytes]:
        for block in blocks(file, cancel=cancel):
            for digest in running.values():
                digest.update(block)
            yield block

    if to is None:
        for _ in read():
            pass
    else:
        to.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(to) as temporary, temporary.open("xb") as stream:
            stream.writelines(read())
    return Digested(file.size, {name: digest.hexdigest() for name, digest in running.items()})


def _statement(
    tags: Mapping[str, bytes],
    payload: Mapping[str, Digested],
    records: Mapping[str, int],
    asked: Asked,
) -> bytes:
    """Return the signed statement over the lists of the bag."""
    subjects = {name: digested(tags[name]).digests for name in SEALED_LISTS}
    predicate = {
        "sealedAt": time_to_json(asked.at),
        "origin": asked.origin,
        "tool": f"Audit Workbench {__version__}",
        "payload": {"files": len(payload), "bytes": sum(one.size for one in payload.values())},
        "logs": [{"path": f"data/{name}", "records": count} for name, count in records.items()],
    }
    return write_statement(subjects, predicate_type=SEAL_TYPE, predicate=predicate, key=asked.key)


def _stamp(statement: bytes, asked: Asked, told: Callable[[str], None]) -> dict[str, bytes]:
    stamper = telling(asked.stamper, asked.server, told)
    if stamper is None:
        return {}
    return {f"{SEALED_STATEMENT}.tsr": stamper(hashlib.sha256(statement).digest())}


def _beside(statement: bytes, asked: Asked) -> dict[Path, bytes]:
    """Return what is written beside a sealed folder: who sealed it, what is to be stamped."""
    files: dict[Path, bytes] = {}
    if asked.public_key is not None:
        files[asked.public_key] = public_key_pem(asked.key)
    if asked.to_stamp is not None:
        files[asked.to_stamp] = query(hashlib.sha256(statement).digest())
    return files


def _require_good(part: Path, asked: Asked, progress: Progress, cancel: Cancel) -> None:
    """Verify a sealed folder as whoever gets it will, who trusts the key.

    Raises:
        SigningError: it would not be accepted.
    """
    der = public_der(asked.key)
    print_ = hashlib.sha256(der).hexdigest()
    anchor = TrustAnchor(
        "the key", AnchorKind.PUBLIC_KEY, TrustRole.ATTESTATION, print_, print_, der
    )
    bench = Bench(Trust(at=asked.at, anchors=(anchor,)), progress=progress, cancel=cancel)
    with open_drop([part], names=["sealed"], cancel=cancel, progress=progress) as drop:
        bag = next(s for s in sort_out(drop, ()).subjects if s.path == "sealed")
        found = judge(replace(bag, stamps=()), bench)
    dimensions = (found.integrity, found.authenticity, found.completeness)
    if any(one.indication is not Indication.PASSED for one in dimensions):
        codes = ", ".join(str(one.code) for one in dimensions)
        raise SigningError(f"What was sealed would not verify ({codes}); nothing was written.")


def _one_line(text: str) -> str:
    return " ".join(text.split())

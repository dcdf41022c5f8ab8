"""The auditor's evidence package: report, list and chosen evidence in one signed container."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench import __version__
from workbench.errors import SigningError, SourceError, UsageError
from workbench.evidence.file import EvidenceFile, blocks, found_again, sha256_of, single
from workbench.evidence.names import is_decodable
from workbench.model.case_source import Delivery, SourceFile
from workbench.model.contract import time_to_json
from workbench.model.package import EVIDENCE, LIST, REPORT
from workbench.model.progress import Cancel, Progress
from workbench.model.report_signature import DOCUMENT_PURPOSES
from workbench.model.trust import AnchorKind, TrustAnchor, TrustRole
from workbench.model.verdict import DiagnosisClass, Indication
from workbench.sign.keys import SigningKey
from workbench.sign.package import Content, write_package
from workbench.sign.stampers import telling
from workbench.sign.time_stamp import Stamper
from workbench.sign.tsa_server import server_name, to_nobody
from workbench.store import engagement, sources
from workbench.store.asking import asking
from workbench.store.case_store import REPORTS, CaseStore
from workbench.store.handing import require_outside
from workbench.verify.report.structure import looks_signed
from workbench.verify.trust.x509 import validate_path

SCHEMA = "workbench.package/1"
_ACT = "package.write"


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes into a package.

    Attributes:
        key: who signs, with a certificate.
        at: time of signing, aware.
        report: the signed report; None: the newest of the case.
        evidence: sources of the case by path, or folders of them; () for none.
        stamper: makes a time stamp, or None.
        server: which server that asks, or "".
    """

    key: SigningKey
    at: datetime
    report: Path | None = None
    evidence: tuple[str, ...] = ()
    stamper: Stamper | None = None
    server: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """What was made.

    Attributes:
        files: SHA-256 of each file in it by name.
        left_out: how many files of the evidence are not in it.
        network: servers that were asked for a time stamp.
    """

    files: dict[str, str]
    left_out: int
    network: tuple[str, ...] = ()


def write(
    case: CaseStore,
    out: Path,
    asked: Asked,
    *,
    force: bool = False,
    progress: Progress,
    cancel: Cancel,
) -> Package:
    """Write the package of a case, whole or not at all, and put that on record.

    Raises:
        SourceError: evidence is not there, or is not what it was at intake.
        SigningError: the key cannot sign a package.
        UsageError: there is no signed report, or no such evidence, or ``out`` lies in it.
    """
    require_outside(case, out, force=force)
    _require_fit(asked)
    report = single(asked.report or _newest(case))
    with report.open() as stream:
        if not looks_signed(stream.read()):
            raise UsageError(f"{report.display} is no signed report.", path=report.path)
    contents, listed, left_out = _contents(case, report, asked, progress, cancel)
    contents[LIST] = _list(case, asked, listed, left_out)
    network = (server_name(asked.server),) if asked.server else ()
    with (
        asking(case, _ACT, to_nobody, recorded=True) as told,
        case.acting(_ACT, subject=out.name) as act,
    ):
        stamper = telling(asked.stamper, asked.server, told)
        digests = write_package(
            out, contents, asked.key, at=asked.at, stamper=stamper, replace=force
        )
        act.detail = {
            "files": dict(digests),
            "left_out": left_out,
            "signer": asked.key.fingerprint,
            "network": list(network),
        }
    return Package(digests, left_out, network)


def _list(case: CaseStore, asked: Asked, listed: list[dict[str, str]], left_out: int) -> Content:
    """Return what a package says of itself."""
    with case.reading() as session:
        case_id = engagement.facts(session).case_id
    journal = case.journal_state()
    told = {
        "schema": SCHEMA,
        "case": case_id,
        "made": time_to_json(asked.at),
        "tool": f"Audit Workbench {__version__}",
        "journal": {"entries": journal.entries, "head": journal.head},
        "files": listed,
        "left_out": left_out,
    }
    data = json.dumps(told, indent=1, ensure_ascii=True).encode()
    return Content(len(data), lambda: (data,))


def names(case: CaseStore) -> tuple[str, ...]:
    """Return the files of the evidence that can be put in, as they were delivered."""
    with case.reading() as session:
        found = (
            file.path
            for source in sources.every(session)
            for file in sources.files(session, source.id)
            if file.member is None
        )
        return tuple(sorted(set(found)))


def _contents(
    case: CaseStore, report: EvidenceFile, asked: Asked, progress: Progress, cancel: Cancel
) -> tuple[dict[str, Content], list[dict[str, str]], int]:
    """Return what goes in, how it is listed, and how many files of the evidence do not."""
    chosen, left_out = _chosen(case, asked.evidence)
    contents = {REPORT: _content(report, cancel)}
    listed = [{"name": REPORT, "sha256": sha256_of(report, cancel=cancel)}]
    for number, (delivery, file) in enumerate(chosen):
        name, held = f"{EVIDENCE}{file.path}", _opened(delivery, file)
        progress.advance(number, len(chosen), file.path)
        _require_same(file, held, cancel)
        contents[name] = _content(held, cancel)
        listed.append({"name": name, "sha256": file.sha256})
    return contents, listed, left_out


def _require_fit(asked: Asked) -> None:
    """Refuse a signer whom a reader of the root beside the key would not accept.

    Raises:
        SigningError: the certificate is expired, not yet valid, or made for something else.
    """
    if asked.key.certificate is None:
        raise SigningError("A package is signed with a certificate: this key comes without one.")
    own, *pool = asked.key.ders
    root = asked.key.root_der or own
    print_ = hashlib.sha256(root).hexdigest()
    anchor = TrustAnchor("root", AnchorKind.CERTIFICATE, TrustRole.REPORT, print_, print_, root)
    path = validate_path(own, pool, [anchor], at=asked.at, eku=DOCUMENT_PURPOSES)
    if path.indication is not Indication.PASSED:
        raise SigningError(f"The signer would not be accepted ({path.code}): {path.reason}")


def _newest(case: CaseStore) -> Path:
    """Return the newest report in the folder of a case."""
    found = [path for path in (case.folder / REPORTS).glob("*.pdf") if path.is_file()]
    if not found:
        raise UsageError("No report lies in the case: name the signed one with --report FILE.")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _chosen(
    case: CaseStore, wanted: tuple[str, ...]
) -> tuple[list[tuple[Delivery, SourceFile]], int]:
    """Return the delivered files that are wanted, each once, and how many are not.

    Raises:
        UsageError: nothing in the case is called so.
    """
    with case.reading() as session:
        deliveries = {delivery.id: delivery for delivery in sources.deliveries(session)}
        every = {
            (source.delivery, file.path): file
            for source in sources.every(session)
            for file in sources.files(session, source.id)
            if file.member is None
        }
    names = [name.rstrip("/") for name in wanted]
    for name in names:
        if not any(_is_below(path, name) for _, path in every):
            raise UsageError(f"No evidence of the case is called {name}: case show lists it.")
    found = [
        (deliveries[delivery], file)
        for (delivery, path), file in sorted(every.items(), key=lambda item: item[0][1])
        if any(_is_below(path, name) for name in names)
    ]
    return found, len(every) - len(found)


def _is_below(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}/")


def _opened(delivery: Delivery, file: SourceFile) -> EvidenceFile:
    place = Path(delivery.place)
    alone = not file.parts or place.is_file()
    root, parts = (place.parent, file.parts or (place.name,)) if alone else (place, file.parts)
    if not is_decodable(file.path) or "\\" in file.path:
        raise SourceError(f"{file.path} has a name that a package cannot hold.", path=file.path)
    return found_again(file.path, root, parts)


def _require_same(file: SourceFile, held: EvidenceFile, cancel: Cancel) -> None:
    if sha256_of(held, cancel=cancel) != file.sha256:
        error = SourceError(f"{file.path} is not what it was at intake.", path=file.path)
        error.code = DiagnosisClass.EVIDENCE_CHANGED
        raise error


def _content(file: EvidenceFile, cancel: Cancel) -> Content:
    def read() -> Iterable[bytes]:
        return blocks(file, cancel=cancel)

    return Content(file.size, read)

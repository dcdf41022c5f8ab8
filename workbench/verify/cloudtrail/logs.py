"""Hold log files against the digests that list them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from workbench.errors import SourceError
from workbench.evidence.archive_kind import whole_place
from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import MIB
from workbench.model.cloudtrail import ListedLog, name_of
from workbench.model.cloudtrail_names import LOG_NAME
from workbench.model.source import ProblemCode
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.cloudtrail.chain import Chain, Member
from workbench.verify.cloudtrail.reading import Places
from workbench.verify.verifier import Bench

D = DiagnosisClass
Window = tuple[datetime, datetime]
#: A log file is listed by the digest of the time in which it was delivered, not of its events.
SPILL = timedelta(hours=1)
#: Innocent causes are tested on log files up to this size.
_TESTED = 16 * MIB
_DELIVERY = {
    ProblemCode.TRAILING_DATA: "More data follows after the end of its compressed data.",
    ProblemCode.NOT_AN_ARCHIVE: "It lies here uncompressed under the name of a compressed file.",
}
_ABSENT = ProblemCode.UNREADABLE


@dataclass(slots=True)
class LogsFound:
    """What became of the log files.

    Attributes:
        listed: how many are listed by digests that nothing speaks against.
        agreeing: how many of these are here, byte for byte.
        signed: how many of these are listed by a digest that is signed.
        diagnoses: what was found.
        doubtful: files that only a digest lists that does not hold, or none that is here.
        unread: (file, code) that could not be read.
    """

    listed: int = 0
    agreeing: int = 0
    signed: int = 0
    diagnoses: list[Diagnosis] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def hold_logs(files: Sequence[EvidenceFile], chains: Sequence[Chain], bench: Bench) -> LogsFound:
    """Return what became of the log files of a delivery; each is read once."""
    bench.progress.advance(0, len(files), "log files")
    digests = {file: _sha256(file, bench) for file in files}
    holding = _Holding(files, digests)
    for chain in chains:
        for member in chain.good:
            bench.cancel.check()
            for listed in member.digest.logs:
                holding.take(listed, member)
        holding.doubt(chain)
    holding.leave(chains)
    return holding.found


def _sha256(file: EvidenceFile, bench: Bench) -> str:
    """Return the digest of the uncompressed bytes, or "" where they cannot be read."""
    digest = hashlib.sha256()
    try:
        for block in blocks(file, cancel=bench.cancel):
            digest.update(block)
    except SourceError as error:
        if error.code == DiagnosisClass.EVIDENCE_CHANGED:
            raise
        return ""
    return digest.hexdigest()


class _Holding:
    """Log files by key and by digest, and what was said of them so far."""

    def __init__(self, files: Sequence[EvidenceFile], digests: dict[EvidenceFile, str]) -> None:
        self.found = LogsFound()
        self._files = files
        self._digests = digests
        self._places = Places.of(files)
        self._by_digest: dict[str, EvidenceFile] = {}
        for file, digest in digests.items():
            self._by_digest.setdefault(digest, file)
        self._spoken_for: set[EvidenceFile] = set()
        self._unsigned: dict[EvidenceFile, None] = {}

    def take(self, listed: ListedLog, member: Member) -> None:
        """Hold one line of a digest against the file that it is about."""
        self.found.listed += 1
        file = self._places.at(listed.key)
        if file is None:
            self._elsewhere(listed)
            return
        self._spoken_for.add(file)
        digest = self._digests[file]
        if not digest:
            self.found.unread.append((whole_place(file), file.problem or _ABSENT))
            return
        if digest == listed.sha256 and file.problem is None:
            self._agrees(file, member)
            return
        self.found.diagnoses.append(_altered(file, listed, digest))

    def _agrees(self, file: EvidenceFile, member: Member) -> None:
        self.found.agreeing += 1
        self.found.signed += member.signed.passed
        if not member.signed.passed:
            self._unsigned[file] = None

    def doubt(self, chain: Chain) -> None:
        """Say of files that only an unsigned digest lists whether a signed one should have.

        Whoever adds a file of a time that is long signed can write the newest digest for it.
        """
        windows: dict[tuple[str, str] | None, list[Window]] = defaultdict(list)
        for member in chain.proven:
            windows[member.digest.covers].append((member.digest.start, member.digest.end))
        for file in [f for f in self._unsigned if _is_covered(f, windows)]:
            self.found.doubtful.append(whole_place(file))
            self.found.diagnoses.append(_unlisted(file, self._digests[file], _LATE))
        self._unsigned.clear()

    def _elsewhere(self, listed: ListedLog) -> None:
        """Say of a file that is not where it should be whether it lies elsewhere."""
        file = self._by_digest.get(listed.sha256)
        if file is None or file in self._spoken_for:
            self.found.diagnoses.append(
                Diagnosis(D.FILE_MISSING, path=listed.key, stored=listed.sha256)
            )
            return
        self._spoken_for.add(file)
        why = f"Its bytes lie at {whole_place(file)}."
        self.found.diagnoses.append(
            Diagnosis(
                D.FILE_RENAMED,
                path=listed.key,
                stored=listed.key,
                recomputed=whole_place(file),
                explanations=(why,),
            )
        )

    def leave(self, chains: Sequence[Chain]) -> None:
        """Say what is known of the files that no digest lists against which nothing speaks."""
        uncertain = {log.key for c in chains for m in c.members for log in m.digest.logs}
        places = Places.of([f for f in self._files if f not in self._spoken_for])
        doubted = {places.at(key) for key in uncertain}
        windows: dict[tuple[str, str] | None, list[Window]] = defaultdict(list)
        for member in (member for chain in chains for member in chain.proven):
            windows[member.digest.covers].append((member.digest.start, member.digest.end))
        spoken = {(name_of(whole_place(f)), self._digests[f]) for f in self._spoken_for}
        for file in self._files:
            place = whole_place(file)
            if file in self._spoken_for or (name_of(place), self._digests[file]) in spoken:
                continue  # or a copy of one, to the byte
            self.found.doubtful.append(place)
            if file not in doubted and _is_covered(file, windows):
                self.found.diagnoses.append(_unlisted(file, self._digests[file]))


def _is_covered(file: EvidenceFile, windows: Mapping[tuple[str, str] | None, list[Window]]) -> bool:
    """Tell whether digests that hold cover the time of a file and the hour after it."""
    name = LOG_NAME.fullmatch(whole_place(file).rpartition("/")[2])
    if name is None:
        return bool(windows)
    try:
        moment = datetime.strptime(name["time"], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
        first, last = moment, moment + SPILL
    except (ValueError, OverflowError):
        return bool(windows)
    for start, end in sorted(windows.get((name["account"], name["region"]), ())):
        if start <= first < end:
            first = end
    return first >= last


#: Why a file may not be one that CloudTrail delivered.
_ADDED = (
    "Digests that hold cover its hour and do not list it: it was added, or another trail "
    "without log file validation delivers to the same place."
)
_LATE = (
    "Signed digests cover its hour and do not list it; only a later one does, which is not signed "
    "here: both may have been added."
)


def _unlisted(file: EvidenceFile, digest: str, why: str = _ADDED) -> Diagnosis:
    return Diagnosis(
        D.FILE_UNLISTED, path=whole_place(file), recomputed=digest, explanations=(why,)
    )


def _altered(file: EvidenceFile, listed: ListedLog, digest: str) -> Diagnosis:
    return Diagnosis(
        D.FILE_ALTERED,
        path=whole_place(file),
        stored=listed.sha256,
        recomputed=digest,
        explanations=tuple(_why(file, listed, digest)),
    )


def _why(file: EvidenceFile, listed: ListedLog, digest: str) -> Iterator[str]:
    problem = next((code for code in _DELIVERY if file.problem == code), None)
    if digest == listed.sha256:
        yield "Its uncompressed bytes are those that the digest states."
        yield (
            _DELIVERY[problem] if problem else f"But it was not delivered cleanly: {file.problem}."
        )
        return
    if file.size > _TESTED:
        yield "Innocent causes were not tested: it is too large."
        return
    data = read_whole(file, limit=_TESTED)
    causes = {
        "A line end was added at its end: nothing else differs.": data.rstrip(b"\r\n"),
        "Its line ends were changed: nothing else differs.": data.replace(b"\r\n", b"\n"),
        "A byte order mark was put before it.": data.removeprefix(b"\xef\xbb\xbf"),
        "It was written anew with other escapes of slashes.": data.replace(b"\\/", b"/"),
    }
    fitting = [
        sentence
        for sentence, other in causes.items()
        if hashlib.sha256(other).hexdigest() == listed.sha256
    ]
    yield from fitting or ["Line ends, byte order mark and escapes were tested: none explains it."]

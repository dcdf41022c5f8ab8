"""Recognise what CloudTrail delivers: log files, their digests, and the signatures of these.

A delivery is one subject: a digest lists the log files of its hour and names the digest before it,
so neither says much without the others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of, whole_place
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonValue, parse
from workbench.evidence.subject import Subject
from workbench.formats.glimpse import glimpse
from workbench.formats.reader import Account, EventReading, Look, Recognition
from workbench.model.cloudtrail_names import DIGEST_NAME, LOG_NAME, REQUIRED, TOP
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

DIGEST, LOG, SIGNATURE = "cloudtrail-digest", "cloudtrail-log", "cloudtrail-signature"
FORMATS = frozenset({DIGEST, LOG, SIGNATURE})
SUBJECT = "cloudtrail"

#: How every digest begins that nobody wrote anew.
_BEGIN = re.compile(rb'\A\{"awsAccountId":"[0-9]{12}","digestStartTime":"')
_WORDS = (b'"digestS3Object"', b'"signature-algorithm"')
_RECORDS = re.compile(rb'\A\s*\{\s*"Records"\s*:\s*\[\s*\{\s*"eventVersion"\s*:')
_ALONE = ("whether a log file was changed, removed or added: no digest of CloudTrail lies with it",)


@dataclass(frozen=True, slots=True)
class CloudTrailReader:
    """Log files, digests, and what ``aws s3api head-object`` says of a digest."""

    id: str = "cloudtrail"
    order: int = 22

    def recognise(self, look: Look) -> Recognition | None:
        """Return which of them a file is: by content, or by the names that CloudTrail gives."""
        name, head = whole_place(look.file).rpartition("/")[2], look.head
        if DIGEST_NAME.fullmatch(name) or _BEGIN.match(head):
            return Recognition(DIGEST, Role.ANCHOR)
        document = _document(look)
        if isinstance(document, dict) and document.keys() >= set(REQUIRED):
            return Recognition(DIGEST, Role.ANCHOR)
        if _is_metadata(document):
            return Recognition(SIGNATURE, Role.SIGNATURE)
        if LOG_NAME.fullmatch(name) or (_RECORDS.match(head) and not _goes_on(head)):
            return Recognition(LOG, Role.SUBJECT, cannot_show=_ALONE)
        return None

    def events(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> EventReading:
        """Return the events in the log files of a delivery; digests hold none."""
        from workbench.formats.logs.kinds.cloudtrail_events import READER as EVENTS
        from workbench.model.event_mapping import LogContainer
        from workbench.model.log_event import LogEvent

        digests = set(subject.anchors)
        places = [n for n, file in enumerate(subject.files) if file not in digests]
        logs = replace(subject, files=tuple(subject.files[n] for n in places))
        logs = replace(logs, container=LogContainer.JSON_ARRAY.value)
        reading = EVENTS.events(logs, limits=limits, cancel=cancel, progress=progress)
        while True:
            try:
                read = next(reading)
            except StopIteration as stop:
                account: Account = stop.value
                return account
            if isinstance(read, LogEvent):
                yield read._replace(file=places[read.file])
            else:
                yield read


def _goes_on(head: bytes) -> bool:
    """Tell whether documents follow each other, as collectors write them: no file delivered so."""
    top = glimpse(head)
    return top is not None and top.goes_on


def _is_metadata(document: JsonValue) -> bool:
    if document is None:
        return False
    from workbench.model.cloudtrail import metadata_from

    return metadata_from(document) is not None


def _document(look: Look) -> JsonValue:
    """Return the whole JSON document where it may be one of CloudTrail's, else None.

    A log that merely mentions such names must not be taken for proof: it would not be judged.
    """
    if not look.whole or not any(word in look.head for word in _WORDS):
        return None
    try:
        return parse(look.head, what=look.file.display)
    except SourceError:
        return None


def is_digest(file: EvidenceFile) -> bool:
    """Tell whether a file of a delivery is a digest, by the name that CloudTrail gives it."""
    return DIGEST_NAME.fullmatch(whole_place(file).rpartition("/")[2]) is not None


def deliveries(
    digests: Sequence[EvidenceFile],
    logs: Sequence[EvidenceFile],
    signatures: Sequence[EvidenceFile],
) -> Iterator[Subject]:
    """Yield a subject for each folder that a delivery was copied to.

    Digests and logs belong together below the folder that holds ``AWSLogs``; what lies elsewhere
    goes to the only delivery there is, or makes one of its own. Signatures go to all: whose they
    are is in their names, which are judged.
    """
    tops = {file: _top(file) for file in (*digests, *logs)}
    known = sorted({top for top in tops.values() if top is not None})
    loose = [file for file, top in tops.items() if top is None]
    together = known[0] if len(known) == 1 else _folder_around(loose)
    apart = len(known) != 1 and not set(loose) & set(digests)
    places = {f: together if top is None else top for f, top in tops.items()}
    if apart:
        yield from (Subject(f.path, f.member, SUBJECT, (f,)) for f in loose)
        places = {file: top for file, top in places.items() if file not in loose}
    for base in sorted(set(places.values())):
        mine = [file for file, place in places.items() if place == base]
        own = tuple(file for file in digests if places.get(file) == base)
        yield Subject(
            path=base.rstrip("/") or ".",
            member=None,
            format=SUBJECT,
            files=tuple(sorted(mine, key=lambda file: file.place)),
            base=base,
            signatures=tuple(signatures) if own else (),
            anchors=own,
        )


def _folder_around(files: Sequence[EvidenceFile]) -> str:
    """Return the folder that holds all of some files, with its slash, or ""."""
    folders = [folder_of(file).split("/") for file in files]
    common: list[str] = []
    for names in zip(*folders, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return "/".join(common) + "/" if any(common) else ""


def _top(file: EvidenceFile) -> str | None:
    """Return the folder above ``AWSLogs``, with its slash, or None."""
    place = whole_place(file)
    at = place.rfind(f"/{TOP}")
    if at >= 0:
        return place[: at + 1]
    return "" if place.startswith(TOP) else None


READER = CloudTrailReader()

"""Take a bag apart: what lies in it, what its tag files say, what is wrong with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Subject
from workbench.verify.bagit.tags import (
    DECLARATION,
    FETCH,
    INFORMATION,
    Declaration,
    Malformed,
    Manifest,
    NotKnown,
    manifest_name,
    payload_oxum,
    read_declaration,
    read_fetch,
    read_manifest,
    text_of,
)

TAG_BYTES = 64 * MIB
#: Read on with these where the declaration is damaged: what can be compared still is.
_GUESS = Declaration((1, 0), "UTF-8")


@dataclass(slots=True)
class Bag:
    """A bag, read but not yet judged.

    Attributes:
        files: what lies in it, by path within the bag.
        declaration: what ``bagit.txt`` says, or what is taken for it where that is damaged.
        manifests: its lists of digests.
        fetch: paths that are to be fetched from elsewhere.
        oxum: bytes and files of the payload as stated, or None.
        faults: what is not as it must be, in sentences.
        unknown: what it uses that is not known here, in sentences.
        missing: tag files that have to be there and are not.
        unread: files that could not be read, with the reason.
    """

    files: dict[str, EvidenceFile]
    declaration: Declaration = _GUESS
    manifests: list[Manifest] = field(default_factory=list)
    fetch: tuple[str, ...] = ()
    oxum: tuple[int, int] | None = None
    faults: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unread: dict[str, SourceError] = field(default_factory=dict)

    @property
    def payload(self) -> list[str]:
        """Return the paths of the payload."""
        return [name for name in self.files if name.startswith("data/")]

    def over(self, *, tags: bool) -> list[Manifest]:
        """Return the lists over tag files, or over the payload."""
        return [manifest for manifest in self.manifests if manifest.of_tags is tags]

    def open(self) -> None:
        """Read all tag files: the declaration first, which says how to read the others."""
        self._attempt(DECLARATION, self._read_declaration)
        for name in sorted(self.files):
            if "/" not in name and manifest_name(name):
                self._attempt(name, self._read_manifest)
        self._attempt(FETCH, self._read_fetch)
        for name in INFORMATION:
            self._attempt(name, self._read_information)
        if DECLARATION not in self.files:
            self.missing.append(DECLARATION)
        if not self.over(tags=False) and not self.unknown:
            self.faults.append("No list of digests of the payload could be read.")

    def _attempt(self, name: str, read: Callable[[str], None]) -> None:
        if name not in self.files:
            return
        try:
            read(name)
        except Malformed as reason:
            self.faults.append(str(reason))
        except NotKnown as reason:
            self.unknown.append(str(reason))
        except SourceError as error:
            self.unread[name] = error

    def _bytes(self, name: str) -> bytes:
        return read_whole(self.files[name], limit=TAG_BYTES)

    def _text(self, name: str) -> str:
        return text_of(self._bytes(name), self.declaration.encoding, name)

    def _read_declaration(self, name: str) -> None:
        self.declaration = read_declaration(self._bytes(name))

    def _read_manifest(self, name: str) -> None:
        version = self.declaration.version
        self.manifests.append(read_manifest(name, self._text(name), version=version))

    def _read_fetch(self, name: str) -> None:
        self.fetch, outside = read_fetch(self._text(name), version=self.declaration.version)
        self.faults += (f"{name} would fetch {path}, outside of the payload." for path in outside)

    def _read_information(self, name: str) -> None:
        for oxum in payload_oxum([self._text(name)]):
            if oxum is None:
                self.faults.append(f"{name}: the Payload-Oxum is no number of bytes and files.")
            self.oxum = oxum


def open_bag(subject: Subject) -> Bag:
    """Return the bag that a folder is."""
    bag = Bag(dict(_by_name(subject.files, subject.base)))
    bag.open()
    return bag


def _by_name(files: Iterable[EvidenceFile], base: str) -> Iterable[tuple[str, EvidenceFile]]:
    return ((file.place.removeprefix(base), file) for file in files)

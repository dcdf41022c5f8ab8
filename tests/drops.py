"""Open drops in tests, and make the archives that go wrong."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workbench.evidence.drop import Drop, open_drop
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import LIMITS, Limits
from workbench.model.progress import Cancel, Silent

LOG = b'{"n": 1}\n{"n": 2}\n'


@contextmanager
def opened(*paths: Path, limits: Limits = LIMITS, cancel: Cancel | None = None) -> Iterator[Drop]:
    """Open ``paths`` as a drop."""
    with open_drop(paths, limits=limits, cancel=cancel or Cancel(), progress=Silent()) as drop:
        yield drop


def names(drop: Drop) -> list[str]:
    """Return what the drop calls its files."""
    return [file.display for file in drop.files]


def codes(drop: Drop) -> set[str]:
    """Return the codes of the problems of the drop."""
    return {problem.code for problem in drop.problems}


def kept_from_green(drop: Drop) -> dict[str, str]:
    """Return the problem of each file that has one, by how it is called."""
    return {file.display: file.problem for file in drop.files if file.problem is not None}


def contents(drop: Drop) -> dict[str, bytes]:
    """Return the bytes of each file that has any to read, by how it is called."""
    return {file.display: read_whole(file) for file in drop.files if file.parts}


def only(drop: Drop) -> EvidenceFile:
    """Return the only file of a drop."""
    (file,) = drop.files
    return file


def zipped(
    members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(members: Mapping[str, bytes], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar archive that is not compressed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def untarred(archive: Path, folder: Path) -> Path:
    """Unpack an archive of our own, byte for byte; the first Python 3.11 know no filters."""
    with tarfile.open(archive) as tar:
        tar.extraction_filter = getattr(tarfile, "fully_trusted_filter", None)
        tar.extractall(folder)
    return folder


def tarred_entries(*entries: tarfile.TarInfo) -> bytes:
    """Return a tar archive of headers without data: links, devices."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for entry in entries:
            archive.addfile(entry)
    return out.getvalue()


def gzipped(data: bytes) -> bytes:
    """Return one gzip member."""
    return gzip.compress(data, mtime=0)


def placed(folder: Path, name: str, data: bytes) -> Path:
    """Write ``data`` to a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path

"""Test whether only the line ends of a file were changed: an innocent cause that fits often."""

from collections.abc import Callable, Iterable, Iterator

from workbench.evidence.file import EvidenceFile, blocks
from workbench.verify.verifier import Bench


def tested_line_ends(
    file: EvidenceFile, is_signed: Callable[[Iterable[bytes]], bool], bench: Bench
) -> str:
    """Say whether other line ends give the signed bytes back."""
    if file.size > bench.limits.document:
        return "Line ends were not tested: the file is too large to be a text."
    if b"\0" in next(blocks(file, cancel=bench.cancel), b""):
        return "Line ends were not tested: the file is not a text."
    for ends, convert in (("CR LF", _with_lf), ("LF", _with_crlf)):
        if is_signed(convert(blocks(file, cancel=bench.cancel))):
            return (
                f"Tested: only the line ends differ (now {ends}), as git with autocrlf or a "
                "copy through another system leaves them; the text is the signed one."
            )
    return "Tested: other line ends do not give the signed bytes back."


def _with_lf(data: Iterable[bytes]) -> Iterator[bytes]:
    """Yield text with CR LF made LF, also where a block ends between the two."""
    held = b""
    for block in data:
        whole = held + block
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole.removesuffix(held).replace(b"\r\n", b"\n")
    yield held


def _with_crlf(data: Iterable[bytes]) -> Iterator[bytes]:
    """Yield text with every line end made CR LF."""
    for block in _with_lf(data):
        yield block.replace(b"\n", b"\r\n")

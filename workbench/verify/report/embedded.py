"""Find every file embedded in a PDF, wherever a viewer could find it.

Viewers list the files of the name tree ``EmbeddedFiles``; some also those of ``AF`` arrays, of
annotations on a page, of media. So the whole document is searched for file specifications (ISO
32000-1 7.11.3), not only the places that are known, and every name that a file goes by counts.
"""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

#: What a file is called that lies in the document and that no specification names.
NAMELESS = "a file without a name"
#: What is said of a file that viewers do not list, so that no manifest can have meant it.
HIDDEN = " (not in the list of attachments)"

_TREE_DEPTH = 16
_NAMES = ("/UF", "/F", "/Unix", "/Mac", "/DOS")


class UnreadableDocument(ValueError):  # noqa: N818 - says what the document is
    """The PDF cannot be read in the one way that a report can be."""


def embedded_files(reader: PdfFileReader) -> dict[str, bytes]:
    """Return the content of every embedded file by every name that it goes by.

    Raises:
        UnreadableDocument: a file has no single content, or a name stands for two.
    """
    leaves = tuple(_leaves(find(reader.root, "/Names", "/EmbeddedFiles")))
    if len({name for name, _ in leaves}) < len(leaves):
        raise UnreadableDocument("the tree of embedded files has a name twice")
    found = _Found(frozenset(name for name, _ in leaves))
    for name, specification in leaves:
        found.add(specification, name)
    loose: list[generic.StreamObject] = []
    for each in _everything(reader.root):
        if isinstance(each, generic.DictionaryObject) and "/EF" in each:
            found.add(each)
        elif isinstance(each, generic.StreamObject) and each.get("/Type") == "/EmbeddedFile":
            loose.append(each)
    for stream in loose:
        if not any(stream is known for known in found.streams):
            found.enter(NAMELESS, stream.data)
    return found.files


class _Found:
    """The files found so far, and the streams that hold them; ``tree``: names that viewers list."""

    def __init__(self, tree: frozenset[str]) -> None:
        self._tree = tree
        self.files: dict[str, bytes] = {}
        self.streams: list[generic.StreamObject] = []

    def add(self, specification: generic.PdfObject, *names: str) -> None:
        """Enter a file by the given names and by those that its specification has for it."""
        streams = find(specification, "/EF")
        if not isinstance(specification, generic.DictionaryObject) or "/RF" in specification:
            raise UnreadableDocument("an embedded file has related files")
        if not isinstance(streams, generic.DictionaryObject) or not streams:
            raise UnreadableDocument("an embedded file has no content")
        own = {str(specification[key]) for key in _NAMES if key in specification}
        for key in streams:
            stream = streams[key]
            if not isinstance(stream, generic.StreamObject):
                raise UnreadableDocument("an embedded file has no content")
            self.streams.append(stream)
            for name in {*names, *own} or {NAMELESS}:
                self.enter(name, stream.data)

    def enter(self, name: str, content: bytes) -> None:
        """Note the content of a name, which is the only one."""
        if name not in self._tree:
            name = f"{name}{HIDDEN}"
        if self.files.setdefault(name, content) != content:
            raise UnreadableDocument(f"the embedded file {name!r} has no single content")


def _everything(root: generic.PdfObject) -> Iterator[generic.PdfObject]:
    """Yield every dictionary, stream and array that can be reached from ``root``, each once."""
    seen: set[tuple[int, int]] = set()
    todo: list[generic.PdfObject] = [root]
    while todo:
        item = todo.pop()
        if isinstance(item, generic.IndirectObject):
            place = (item.idnum, item.generation)
            if place in seen:
                continue
            seen.add(place)
            item = item.get_object()
        yield item
        if isinstance(item, generic.DictionaryObject):
            todo += [item.raw_get(key) for key in item]
        elif isinstance(item, generic.ArrayObject):
            todo += [item.raw_get(place) for place in range(len(item))]


def _leaves(
    node: generic.PdfObject | None, depth: int = _TREE_DEPTH
) -> Iterator[tuple[str, generic.PdfObject]]:
    """Yield the pairs of a name tree (ISO 32000-1 7.9.6)."""
    if depth == 0:
        raise UnreadableDocument("the tree of embedded files is too deep")
    pairs = _items(node, "/Names")
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        yield str(name), value
    for kid in _items(node, "/Kids"):
        yield from _leaves(kid, depth - 1)


def _items(node: generic.PdfObject | None, key: str) -> list[generic.PdfObject]:
    """Return what the array under ``key`` holds; nothing when there is none."""
    array = None if node is None else find(node, key)
    if array is None:
        return []
    if not isinstance(array, generic.ArrayObject):
        raise UnreadableDocument(f"{key} is not an array")
    return [item.get_object() for item in array]


def find(start: generic.PdfObject, *keys: str) -> generic.PdfObject | None:
    """Follow ``keys`` from dictionary to dictionary; None when one of them is missing."""
    found: generic.PdfObject = start
    for key in keys:
        if not isinstance(found, generic.DictionaryObject):
            raise UnreadableDocument(f"{key} is looked for in what is not a dictionary")
        if key not in found:
            return None
        found = found[key]
    return found

"""Write the structure of a report into its PDF: elements, parent tree, links.

ISO 32000-1 14.7.2 to 14.7.5; ISO 14289-1 (PDF/UA-1) 7.
"""

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from workbench.report.tags import Annotation, Element, Mark, Role

#: Language of what is not translated.
ENGLISH = "en-GB"
_PRINT = 4  # annotation flag 3 (ISO 32000-1 12.5.3); PDF/A wants it set and Hidden not

#: What stays though it holds nothing: a row has as many cells as the one above it.
_KEPT = frozenset({Role.HEAD, Role.CELL, Role.LABEL, Role.BODY})


def write_tree(document: Pdf, tree: Element, language: str = ENGLISH) -> None:
    """Write the structure of what stands on the pages of a document, which is in a language."""
    _Writer(document, language).write(tree)


class _Writer:
    """The structure tree of one document while it grows."""

    def __init__(self, document: Pdf, language: str) -> None:
        self._document = document
        self._marks_english = language != ENGLISH
        self._pages = [page.obj for page in document.pages]
        # ISO 32000-1 14.7.4.4: for each page the elements of its marks, in their order.
        self._of_page: list[dict[int, Object]] = [{} for _ in self._pages]
        self._of_annotation: list[Object] = []

    def write(self, tree: Element) -> None:
        """Write all of it."""
        root = self._document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = self._element(tree, root)
        numbers: list[object] = []
        for page, marks in enumerate(self._of_page):
            self._pages[page].StructParents = page
            self._pages[page].Tabs = Name.S
            numbers += [page, Array([marks[number] for number in range(len(marks))])]
        for number, element in enumerate(self._of_annotation, len(self._pages)):
            numbers += [number, element]
        root.ParentTree = self._document.make_indirect(Dictionary(Nums=Array(numbers)))
        root.ParentTreeNextKey = len(self._pages) + len(self._of_annotation)
        self._document.Root.StructTreeRoot = root
        self._document.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, element: Element, parent: Object) -> Object:
        made = self._document.make_indirect(Dictionary(S=Name(f"/{element.role}"), P=parent))
        if element.alt and element.role != Role.LINK:
            made.Alt = String(element.alt)
        if self._marks_english and (element.english or element.role == Role.FIGURE):
            made.Lang = String(ENGLISH)  # ISO 32000-1 14.9.2
        attributes = list(_attributes(element))
        if attributes:
            made.A = attributes[0] if len(attributes) == 1 else Array(attributes)
        marks = [kid for kid in element.kids if isinstance(kid, Mark)]
        if marks:
            made.Pg = self._pages[marks[0].page]
        kids = [self._kid(kid, made, element, marks) for kid in element.kids if _holds(kid)]
        if kids:
            made.K = kids[0] if len(kids) == 1 else Array(kids)
        return made

    def _kid(
        self, kid: Element | Mark | Annotation, made: Object, element: Element,
        marks: list[Mark],
    ) -> Object | int:  # fmt: skip
        match kid:
            case Element():
                return self._element(kid, made)
            case Mark(page, number):
                self._of_page[page][number] = made
                if page == marks[0].page:
                    return number
                return Dictionary(Type=Name.MCR, Pg=self._pages[page], MCID=number)
            case Annotation(page, place):
                return self._link(self._pages[page], place, made, element.alt)

    def _link(self, page: Object, place: int, made: Object, contents: str) -> Object:
        annotation = page.Annots[place]
        annotation.Contents = String(contents)
        annotation.F = _PRINT
        annotation.StructParent = len(self._pages) + len(self._of_annotation)
        self._of_annotation.append(made)
        return Dictionary(Type=Name.OBJR, Pg=page, Obj=annotation)


def _holds(kid: object) -> bool:
    """Tell whether there is anything in it, or it has to be there."""
    if not isinstance(kid, Element):
        return True
    return kid.role in _KEPT or any(map(_holds, kid.kids))


def _attributes(element: Element) -> Iterator[Dictionary]:
    if element.scope is not None:
        yield Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"))
    if element.box is not None:
        corners = Array([round(edge, 3) for edge in element.box])
        yield Dictionary(O=Name.Layout, Placement=Name.Block, BBox=corners)

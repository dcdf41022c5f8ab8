"""Make the places of all signatures while a report is not signed yet.

After the certification no field with a place on a page may come in: it could cover what was
signed. So the auditor's revision makes the reviewer's field too, empty. Where a report has no place
for a signature, its field is made when it is signed, and draws nothing.

In a tagged report each place is a Form element of the structure (ISO 14289-1 7.18.4). That of the
reviewer has no reference to its annotation (OBJR): an object that the structure refers to could not
change any more when it is signed, for whoever compares revisions by what refers to what.
"""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from workbench.model.report_signature import (
    BOX_HEIGHT,
    BOX_WIDTH,
    LEAD_AUDITOR_FIELD,
    PLACE,
    REVIEWER_FIELD,
)

_TITLES = {
    LEAD_AUDITOR_FIELD: "Signature of the lead auditor",
    REVIEWER_FIELD: "Signature of the reviewer",
}

_name = generic.NameObject


def make_places(writer: IncrementalPdfFileWriter) -> None:
    """Make a field at each place that the report has for a signature."""
    known = {str(name) for name, _, _ in fields.enumerate_sig_fields(writer)}
    for field, title in _TITLES.items():
        spot = _spot(writer, field)
        if spot is not None and field not in known:
            _make(writer, field, title, *spot)


def _spot(
    writer: IncrementalPdfFileWriter, field: str
) -> tuple[generic.IndirectObject, float, float] | None:
    """Return page, left and top of a place, by its named destination (ISO 32000-1 12.3.2.3)."""
    key = f"/{PLACE.format(field)}"
    if "/Dests" not in writer.root or key not in writer.root["/Dests"]:
        return None
    found = writer.root["/Dests"][key]
    if isinstance(found, generic.DictionaryObject):
        found = found["/D"]
    if not isinstance(found, generic.ArrayObject) or len(found) < 4 or found[1] != "/XYZ":
        return None
    return found.raw_get(0), float(found[2]), float(found[3])


def _make(
    writer: IncrementalPdfFileWriter,
    field: str,
    title: str,
    page: generic.IndirectObject,
    left: float,
    top: float,
) -> None:
    box = (left, top - BOX_HEIGHT, left + BOX_WIDTH, top)
    widget = fields.SignatureFormField(field, box=box, include_on_page=page)
    widget[_name("/TU")] = generic.TextStringObject(title)
    widget[_name("/AP")] = generic.DictionaryObject({_name("/N"): writer.add_object(_nothing())})
    reference = writer.add_object(widget)
    widget.register_widget_annotation(writer, reference)
    _form(writer)[_name("/Fields")].append(reference)
    if "/StructTreeRoot" in writer.root:
        _tag(writer, reference, title, page, refers=field == LEAD_AUDITOR_FIELD)


def _nothing() -> generic.StreamObject:
    """Return an appearance that draws nothing: one there must be (ISO 19005-3 6.3.3)."""
    box = generic.ArrayObject(generic.FloatObject(n) for n in (0, 0, BOX_WIDTH, BOX_HEIGHT))
    told = {"/Type": _name("/XObject"), "/Subtype": _name("/Form"), "/BBox": box}
    return generic.StreamObject({_name(key): value for key, value in told.items()}, stream_data=b"")


def _form(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    """Return the form of the document, made where there is none."""
    if "/AcroForm" not in writer.root:
        form = generic.DictionaryObject(
            {
                _name("/Fields"): generic.ArrayObject(),
                _name("/SigFlags"): generic.NumberObject(3),
            }
        )
        writer.root[_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    fields.ensure_sig_flags(writer)
    found: generic.DictionaryObject = writer.root["/AcroForm"]
    writer.update_container(found)
    return found


def _tag(
    writer: IncrementalPdfFileWriter,
    widget: generic.IndirectObject,
    title: str,
    page: generic.IndirectObject,
    *,
    refers: bool,
) -> None:
    """Enter a widget into the structure of the document, as its last element."""
    tree = writer.root["/StructTreeRoot"]
    top = tree["/K"]
    parent_reference = (
        top.raw_get(0) if isinstance(top, generic.ArrayObject) else tree.raw_get("/K")
    )
    parent = parent_reference.get_object()
    element = generic.DictionaryObject(
        {
            _name("/Type"): _name("/StructElem"),
            _name("/S"): _name("/Form"),
            _name("/P"): parent_reference,
            _name("/Pg"): page,
            _name("/Alt"): generic.TextStringObject(title),
        }
    )
    if refers:
        element[_name("/K")] = generic.DictionaryObject(
            {_name("/Type"): _name("/OBJR"), _name("/Obj"): widget, _name("/Pg"): page}
        )
    else:
        element[_name("/A")] = generic.DictionaryObject(
            {_name("/O"): _name("/PrintField"), _name("/Role"): _name("/tv")}
        )
    reference = writer.add_object(element)
    kids = parent["/K"]
    if not isinstance(kids, generic.ArrayObject):
        kids = generic.ArrayObject([parent.raw_get("/K")])
        parent[_name("/K")] = kids
    kids.append(reference)
    writer.update_container(kids)
    writer.update_container(parent)
    _enter_parent(writer, tree, widget, reference)


def _enter_parent(
    writer: IncrementalPdfFileWriter,
    tree: generic.DictionaryObject,
    widget: generic.IndirectObject,
    element: generic.IndirectObject,
) -> None:
    """Let the widget find its element: in a leaf of its own at the end of the parent tree."""
    numbers = tree["/ParentTree"]
    key = generic.NumberObject(int(tree.get("/ParentTreeNextKey", 0)) or _highest(numbers) + 1)
    widget.get_object()[_name("/StructParent")] = key
    if "/Nums" in numbers:
        numbers["/Nums"] += [key, element]
        writer.update_container(numbers["/Nums"])
    else:
        leaf = generic.DictionaryObject(
            {
                _name("/Nums"): generic.ArrayObject([key, element]),
                _name("/Limits"): generic.ArrayObject([key, key]),
            }
        )
        numbers["/Kids"].append(writer.add_object(leaf))
        writer.update_container(numbers["/Kids"])
    writer.update_container(numbers)
    tree[_name("/ParentTreeNextKey")] = generic.NumberObject(int(key) + 1)
    writer.update_container(tree)


def _highest(numbers: generic.DictionaryObject) -> int:
    if "/Nums" in numbers:
        return max((int(n) for n in numbers["/Nums"][::2]), default=-1)
    return max((_highest(kid) for kid in numbers["/Kids"]), default=-1)

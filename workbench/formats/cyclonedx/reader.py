"""CycloneDX bills of materials 1.4 to 1.7, in JSON and XML: models, data, software, their making.

The names are those of the specification (ECMA-424); an ML-BOM is one with components of the types
``machine-learning-model`` and ``data``.
"""

from collections.abc import Iterator

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonValue
from workbench.evidence.subject import Subject
from workbench.formats.cyclonedx import is_xml
from workbench.formats.cyclonedx.components import Bom, components, ref_key
from workbench.formats.cyclonedx.formulation import formulas
from workbench.formats.cyclonedx.xml_form import Form
from workbench.formats.document import DocumentReader, account_of, told, unread
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogProblem, CatalogRecord, NoPlace, RelationKind
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role

_NEVER = (
    "who changed a component, when, and what it was before: a bill states one moment",
    "which components are in use, approved or in production",
    "whether its lists are whole, beyond what its compositions say of them",
)
#: What compositions say of lists that are not whole.
_OPEN = {"incomplete", "incomplete_first_party_only", "incomplete_third_party_only", "unknown"}


#: The names at the top of a bill; one writer puts the name of the format last.
_NAMES = {
    "$schema",
    "metadata",
    "components",
    "services",
    "dependencies",
    "compositions",
    "externalReferences",
    "formulation",
    "annotations",
    "vulnerabilities",
    "serialNumber",
    "specVersion",
    "version",
    "properties",
}


def _fits(top: Glimpse) -> bool:
    if "bomFormat" in top.members or top.is_list:
        return top.says("bomFormat", b'"CycloneDX"') and not top.is_list
    if top.ended or not top.members.keys() <= _NAMES:
        return False
    return top.says("components", b'"bom-ref"', b'"purl"') and top.says("components", b'"type"')


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    """Yield what a bill holds; ``metadata.component`` is what it is about."""
    root = Part.apart(sheet, value, "")
    sheet.version = root.see("specVersion")
    bom = Bom(sheet)
    metadata = root.part("metadata")
    yield from components(bom, metadata.apart_each("component"))
    yield from components(bom, root.apart_each("components"))
    yield from components(bom, root.apart_each("services"), usual="service")
    yield from _dependencies(sheet, root)
    yield from formulas(bom, root.apart_each("formulation"))
    _say_what_is_open(sheet, root)


def _dependencies(sheet: Sheet, root: Part) -> Iterator[CatalogRecord]:
    for entry in root.parts("dependencies"):
        subject = ref_key(entry.see("ref"))
        kinds = (("dependsOn", RelationKind.DEPENDS_ON), ("provides", RelationKind.GENERATED))
        for member, kind in kinds:
            for ref, pointer in entry.texts(member):
                sheet.count("dependencies")
                yield sheet.relation(kind, subject, ref_key(ref), pointer, member)


def _say_what_is_open(sheet: Sheet, root: Part) -> None:
    if not sheet.totals.get("workflows"):
        sheet.gaps.append(NoPlace.RUNS.value)
    if "signature" in root.members:
        sheet.gaps.append("whether its enveloped signature (JSF) holds: it is not checked")
    words = {entry.see("aggregate") for entry in root.parts("compositions")}
    if words & _OPEN:
        said = ", ".join(sorted(words & _OPEN))
        sheet.gaps.append(f"what else belongs to its components: it calls their lists {said}")


def _repeated(file: EvidenceFile, form: Form) -> Iterator[Problem]:
    """Yield that a list stands once more where the schema has one: other programs may read one."""
    for path in form.repeated:
        place = Locator(file.path, file.member, pointer=path)
        words = f"{file.display}: {path} is there once more: the items of all are read."
        yield Problem(CatalogProblem.DUPLICATE_NAME, place, words)


class BillReader(DocumentReader):
    """Reads bills in both of their forms; what one in XML says is read as its JSON would be."""

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format for XML of its namespace too."""
        if is_xml(look):
            return Recognition(self.id, Role.SUBJECT, container="xml", cannot_show=_NEVER)
        return DocumentReader.recognise(self, look)

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what a bill says."""
        if subject.container != "xml":
            read = DocumentReader.read
            return (yield from read(self, subject, limits=limits, cancel=cancel, progress=progress))
        file = subject.files[0]
        sheet = Sheet(file, cancel)
        progress.advance(0, file.size, file.display)
        try:
            form = Form.of(read_whole(file, limits=limits), what=file.display)
            yield from _repeated(file, form)
            yield from form.placed(told(sheet, _tell(sheet, form.value)))
        except SourceError as error:
            yield unread(file, error)
        progress.advance(file.size, file.size, file.display)
        return account_of(sheet, _NEVER)


READER = BillReader("cyclonedx", "CycloneDX BOM", _fits, _tell, _NEVER)

"""Azure Machine Learning: files of its command line (v2), and what ``az ml … show`` answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from workbench.errors import SourceError
from workbench.evidence.file import read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.strict_yaml import load_yaml
from workbench.evidence.subject import Subject
from workbench.formats.azureml import SCHEMA
from workbench.formats.azureml.things import DATA, ENDPOINTS, MODELS, deployed, jobs, monitor, plain
from workbench.formats.document import ORDER, account_of, json_of, told, unread
from workbench.formats.glimpse import Glimpse, glimpse
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord, NoPlace
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

if TYPE_CHECKING:
    from workbench.evidence.strict_json import JsonValue

_NEVER = (
    "who changed it, when, and what it was before",
    "which bytes data and models had: paths and versions are named, digests are not",
    NoPlace.RUNS.value,
    NoPlace.OWNERS.value,
)
_AUTHORED = "whether any of it was ever done: a file in YAML says what somebody meant to happen"
_BY_PAPER = (
    "whether it is read as Azure means it: answers in JSON are read by the documentation only, and "
    "were never held against an export"
)
_HOME = b"/providers/microsoft.machinelearningservices/"


@dataclass(frozen=True, slots=True)
class AzureReader:
    """Tells a file by the schema that it names, an answer by the resource that it is."""

    id: str = "azureml"
    title: str = "Azure ML file"
    order: int = ORDER

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format by content."""
        top = glimpse(look.head)
        if top is not None:
            is_answer = not top.goes_on and _fits(top)
            return Recognition(self.id, Role.SUBJECT, cannot_show=_NEVER) if is_answer else None
        found = SCHEMA.search(look.head)
        return Recognition(self.id, Role.SUBJECT, cannot_show=_NEVER) if found else None

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what a file or an answer says."""
        file = subject.files[0]
        sheet = Sheet(file, cancel)
        progress.advance(0, file.size, file.display)
        try:
            data = read_whole(file, limits=limits)
            if SCHEMA.search(data):
                value = cast("JsonValue", load_yaml(data, what=file.display, limits=limits))
                sheet.gaps.append(_AUTHORED)
            else:
                value = json_of(sheet, limits)
                sheet.gaps.append(_BY_PAPER)
            yield from told(sheet, _told(sheet, value))
        except SourceError as error:
            yield unread(file, error)
        return account_of(sheet, _NEVER)


def _fits(top: Glimpse) -> bool:
    home = top.members.get("id", b"").lower()
    return not top.is_list and _HOME in home and "creation_context" in top.members


def _told(sheet: Sheet, value: "JsonValue") -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    kind = _kind(root)
    sheet.version = kind
    if "pipeline" in kind or "commandjob" in kind or "/jobs/" in kind:
        yield from jobs(sheet, root)
    elif "schedule" in kind or "create_monitor" in root.members:
        yield from monitor(sheet, root)
    elif "deployment" in kind:
        yield from deployed(sheet, root)
    elif "endpoint" in kind:
        yield plain(sheet, root, ENDPOINTS)
    elif "model" in kind:
        yield plain(sheet, root, MODELS)
    elif "data" in kind:
        yield plain(sheet, root, DATA)


def _kind(root: Part) -> str:
    """Return what a file says it is: the name of its schema, or the kind of the resource."""
    schema = root.see("$schema").rpartition("/")[2].lower()
    if schema:
        return schema.removesuffix(".json").removesuffix(".schema")
    steps = root.see("id").lower().split("/")
    kinds = ("deployments", "onlineendpoints", "batchendpoints", "models", "data", "jobs")
    return next((f"/{kind}/" for kind in kinds if kind in steps), "")


READER = AzureReader()

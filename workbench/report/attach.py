"""Finish a report: structure, attachments, what PDF/A and PDF/UA ask for.

Nothing newer than PDF 1.7 is used, so that signatures can be added to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

from workbench.report.archival import About, describe, pdf_date
from workbench.report.pdf import Rendered
from workbench.report.text_maps import repair_text_maps
from workbench.report.tree import write_tree


class Relationship(StrEnum):
    """What an attachment is to the report (ISO 19005-3 annex E)."""

    SOURCE = "Source"
    DATA = "Data"
    SUPPLEMENT = "Supplement"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed.

    Attributes:
        name: its name; unique in the report.
        data: its bytes.
        description: what it is, in a few words.
        relationship: what it is to the report.
        media_type: its MIME type.
    """

    name: str
    data: bytes
    description: str
    relationship: Relationship
    media_type: str = "application/json"


def finish(rendered: Rendered, attachments: Sequence[Attachment], about: About) -> bytes:
    """Return the PDF with its structure, attachments and metadata, ready to be signed."""
    with Pdf.open(BytesIO(rendered.pdf)) as document:
        repair_text_maps(document)
        write_tree(document, rendered.tree, about.language)
        if attachments and about.date is not None:
            _attach(document, attachments, about.date)
        describe(document, about)
        out = BytesIO()
        document.save(
            out,
            deterministic_id=True,
            force_version="1.7",
            object_stream_mode=ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    return out.getvalue()


def _attach(document: Pdf, attachments: Sequence[Attachment], date: datetime) -> None:
    """Embed files as ISO 32000-1 7.11.4, related to the document as ISO 19005-3 6.8 has it."""
    names: list[Object | String] = []
    for each in sorted(attachments, key=lambda attachment: attachment.name.encode()):
        names += [String(each.name), document.make_indirect(_file(document, each, date))]
    document.Root.AF = Array(names[1::2])
    document.Root.Names = document.Root.get("/Names", Dictionary())
    document.Root.Names.EmbeddedFiles = Dictionary(Names=Array(names))


def _file(document: Pdf, attachment: Attachment, date: datetime) -> Dictionary:
    stream = Stream(document, attachment.data)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name(f"/{attachment.media_type}")
    stream.Params = Dictionary(Size=len(attachment.data), ModDate=String(pdf_date(date)))
    file = document.make_indirect(stream)
    return Dictionary(
        Type=Name.Filespec,
        F=String(attachment.name),
        UF=String(attachment.name),
        Desc=String(attachment.description),
        AFRelationship=Name(f"/{attachment.relationship}"),
        EF=Dictionary(F=file, UF=file),
    )

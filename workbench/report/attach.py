"""What ReportLab cannot do to a PDF: attachment, metadata, language, sound text maps.

Everything is written by hand rather than by pikepdf's helpers, whose dates and ids would make
two runs differ. Nothing newer than PDF 1.7 is used, so that signatures can be added to it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String

from workbench.model.contract import TOOL

PRODUCER = "{name} {version}".format(**TOOL)

_BFCHAR = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]+)>")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed; ``description`` says in a few words what it is."""

    name: str
    data: bytes
    description: str


@dataclass(frozen=True, slots=True)
class About:
    """Title and author as plain visible text, and the date that the document carries."""

    title: str
    author: str
    date: datetime


def finish(pdf: bytes, attachment: Attachment, about: About) -> bytes:
    """Return the PDF with its attachment and metadata, ready to be signed."""
    with Pdf.open(BytesIO(pdf)) as document:
        repair_text_maps(document)
        _attach(document, attachment, about.date)
        _describe(document, about)
        out = BytesIO()
        document.save(
            out,
            deterministic_id=True,
            force_version="1.7",
            object_stream_mode=ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    return out.getvalue()


def repair_text_maps(document: Pdf) -> None:
    """Rewrite the map from glyphs to characters of every face."""
    for item in document.objects:
        if isinstance(item, Dictionary) and isinstance(found := item.get("/ToUnicode"), Stream):
            _repair_text_map(found)


def _repair_text_map(stream: Stream) -> None:
    """Rewrite a ToUnicode map as ISO 32000-1 9.10.3 and Adobe note 5411 want it.

    ReportLab 5.1 writes one block of more than 100 entries, characters beyond U+FFFF with five
    digits, and unused codes as U+0000.
    """
    head, rest = stream.read_bytes().split(b"endcodespacerange\n", 1)
    tail = rest[rest.index(b"endcmap") :]
    pairs = [(code, int(char, 16)) for code, char in _BFCHAR.findall(rest)]
    used = [(code, chr(char).encode("utf-16-be").hex().upper()) for code, char in pairs if char]
    body = b""
    for start in range(0, len(used), 100):
        block = used[start : start + 100]
        lines = b"\n".join(b"<%s> <%s>" % (code, char.encode()) for code, char in block)
        body += b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), lines)
    stream.write(head + b"endcodespacerange\n" + body + tail)


def _attach(document: Pdf, attachment: Attachment, date: datetime) -> None:
    """Embed a file as ISO 32000-1 7.11.4, related to the document as ISO 19005-3 6.8 has it."""
    stream = Stream(document, attachment.data)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/application/json")
    stream.Params = Dictionary(Size=len(attachment.data), ModDate=String(_pdf_date(date)))
    file = document.make_indirect(stream)
    specification = document.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(attachment.name),
            UF=String(attachment.name),
            Desc=String(attachment.description),
            AFRelationship=Name.Source,
            EF=Dictionary(F=file, UF=file),
        )
    )
    names = Array([String(attachment.name), specification])
    document.Root.AF = Array([specification])
    document.Root.Names = document.Root.get("/Names", Dictionary())
    document.Root.Names.EmbeddedFiles = Dictionary(Names=names)


def _describe(document: Pdf, about: About) -> None:
    document.Root.Lang = String("en-GB")
    document.Root.PageMode = Name.UseOutlines
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    document.trailer.Info = document.make_indirect(
        Dictionary(
            Title=String(about.title),
            Author=String(about.author),
            Creator=String(PRODUCER),
            Producer=String(PRODUCER),
            CreationDate=String(_pdf_date(about.date)),
            ModDate=String(_pdf_date(about.date)),
        )
    )
    document.Root.Metadata = Stream(
        document, _xmp(about).encode(), Type=Name.Metadata, Subtype=Name.XML
    )


def _xmp(about: About) -> str:
    return _XMP.format(
        title=escape(about.title),
        author=escape(about.author),
        date=about.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        producer=PRODUCER,
    )


def _pdf_date(date: datetime) -> str:
    return date.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")

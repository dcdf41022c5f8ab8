"""What makes a PDF one that is kept: PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).

Everything is written by hand rather than by pikepdf's helpers, whose dates and ids would make
two runs differ.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from workbench import resources
from workbench.model.contract import TOOL

PRODUCER = "{name} {version}".format(**TOOL)

_CONDITION = "sRGB IEC61966-2.1"
# ISO 19005-3 6.6.2.3.3: a schema that PDF/A does not know is described where it is used.
_AUTHOR = "   <dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\n"
_DATE = """   <xmp:CreateDate>{0}</xmp:CreateDate>
   <xmp:ModifyDate>{0}</xmp:ModifyDate>
   <xmp:MetadataDate>{0}</xmp:MetadataDate>
"""
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{author}   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <dc:format>application/pdf</dc:format>
{date}   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <pdf:Producer>{producer}</pdf:Producer>
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>A</pdfaid:conformance>
   <pdfuaid:part>1</pdfuaid:part>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Part of ISO 14289 that it follows</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """Title and author as plain visible text, the date that it carries, if any, its language."""

    title: str
    author: str
    date: datetime | None
    language: str = "en-GB"


def describe(document: Pdf, about: About) -> None:
    """Say in a document what it is, in which language, and what its colours mean."""
    root = document.Root
    root.Lang = String(about.language)
    root.PageMode = Name.UseOutlines
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Metadata = Stream(document, _xmp(about).encode(), Type=Name.Metadata, Subtype=Name.XML)
    root.OutputIntents = Array([document.make_indirect(_intent(document))])
    said = Dictionary(
        Title=String(about.title), Creator=String(PRODUCER), Producer=String(PRODUCER)
    )
    if about.author:
        said.Author = String(about.author)
    if about.date is not None:
        said.CreationDate = said.ModDate = String(pdf_date(about.date))
    document.trailer.Info = document.make_indirect(said)


def pdf_date(date: datetime) -> str:
    """Return a date as PDF writes it, in UTC."""
    return date.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")


def _intent(document: Pdf) -> Dictionary:
    """Return what the RGB of the pages is meant for (ISO 19005-3 6.2.3)."""
    profile = resources.path("third_party", "srgb-icc", "sRGB.icc").read_bytes()
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(_CONDITION),
        Info=String(_CONDITION),
        DestOutputProfile=Stream(document, profile, N=3, Alternate=Name.DeviceRGB),
    )


def _xmp(about: About) -> str:
    date = "" if about.date is None else about.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _XMP.format(
        title=escape(about.title),
        author=_AUTHOR.format(escape(about.author)) if about.author else "",
        date=_DATE.format(date) if date else "",
        producer=PRODUCER,
        language=about.language,
    )

"""Read XML of strangers: no document type, no entities, nothing from elsewhere, within limits."""

from xml.etree.ElementTree import Element

from workbench.errors import LimitError, SourceError
from workbench.evidence.limits import MIB

__all__ = ["Element", "parse"]

MOST_BYTES = 16 * MIB
#: Elements deeper than this are no manifest of anything.
MOST_DEPTH = 100


def parse(data: bytes, *, what: str) -> Element:
    """Return the root element of a document.

    Raises:
        SourceError: it is not well-formed, or declares a document type or an entity.
        LimitError: it is too large or too deep.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, XMLParser

    if len(data) > MOST_BYTES:
        raise LimitError(f"{what} has {len(data)} bytes of XML; at most {MOST_BYTES} are read.")
    if data.count(b"<") > MOST_BYTES // 64:
        raise LimitError(f"{what} has more elements than are read.")
    parser = XMLParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise SourceError(f"{what} declares what XML of others may not declare here.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise SourceError(f"{what} is not well-formed XML: {error}.") from error
    _require_flat(root, what)
    return root


def _require_flat(root: Element, what: str) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise LimitError(f"{what} is nested deeper than {MOST_DEPTH} levels.")
        level = [child for element in level for child in element]

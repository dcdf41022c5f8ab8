"""CycloneDX bills of materials 1.4 to 1.7, in JSON and XML: models, data, software, their making.

The names are those of the specification (ECMA-424); an ML-BOM is one with components of the types
``machine-learning-model`` and ``data``.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later, Look

#: The namespace of bills in XML, near their top.
NAMESPACE = "http://cyclonedx.org/schema/bom"
_TOP, _BOM = 4096, b"\xef\xbb\xbf"


def is_xml(look: Look) -> bool:
    """Tell whether a file is a bill in XML."""
    starts = look.head.removeprefix(_BOM).lstrip()[:1] == b"<"
    return starts and NAMESPACE.encode() in look.head[:_TOP]


def _may_be(look: Look) -> bool:
    return is_document(look) or is_xml(look)


READER = Later("cyclonedx", "workbench.formats.cyclonedx.reader", _may_be, order=60)

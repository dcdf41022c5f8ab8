"""CycloneDX bills of materials 1.4 to 1.7 in JSON: models, data, software, and how they were made.

The names are those of the specification (ECMA-424); an ML-BOM is one with components of the types
``machine-learning-model`` and ``data``.
"""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later, Look

#: The namespace of bills in XML, near their top.
_XML, _TOP = b"http://cyclonedx.org/schema/bom", 4096


def is_xml(look: Look) -> bool:
    """Tell whether a file is a bill in XML: it must not be passed over."""
    return look.head.lstrip()[:1] == b"<" and _XML in look.head[:_TOP]


def _may_be(look: Look) -> bool:
    return is_document(look) or is_xml(look)


READER = Later("cyclonedx", "workbench.formats.cyclonedx.reader", _may_be, order=60)

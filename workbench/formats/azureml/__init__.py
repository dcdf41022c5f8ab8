"""Azure Machine Learning: files of its command line (v2), and what ``az ml … show`` answers.

A file in YAML is written by people before anything happens; an answer in JSON says what there is.
"""

import re

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later, Look

#: The schema that a file names in its first lines.
SCHEMA = re.compile(rb"^\$schema:[ \t]*['\"]?https?://azureml[^ \t\r\n'\"]*", re.MULTILINE)


def _may_be(look: Look) -> bool:
    named = b"azureml" in look.head and SCHEMA.search(look.head) is not None
    return named or is_document(look)


READER = Later("azureml", "workbench.formats.azureml.reader", _may_be, order=60)

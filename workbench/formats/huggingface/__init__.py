"""Hugging Face cards: the YAML at the head of a ``README.md`` that describes a model or data set.

A card names data and base models by the names of their repositories, without a digest: the edges
are as weak as that. What follows the YAML is kept as one text.
"""

from workbench.formats.reader import Later, Look

#: What the files of a model's folder that are read as catalogs are recognised as.
CARD = "huggingface"
SUFFIXES = (".md", ".markdown")


def _may_be(look: Look) -> bool:
    return look.suffix in SUFFIXES


READER = Later(CARD, "workbench.formats.huggingface.reader", _may_be, order=60)

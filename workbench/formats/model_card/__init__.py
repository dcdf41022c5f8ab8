"""Model cards in JSON as the Model Card Toolkit writes them, schemas 0.0.1 and 0.0.2."""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("model-card", "workbench.formats.model_card.reader", is_document, order=60)

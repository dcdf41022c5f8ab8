"""Settings of a model as ``transformers`` and ``peft`` write them, beside its weights."""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

CONFIG = "huggingface-config"
READER = Later(CONFIG, "workbench.formats.huggingface_config.reader", is_document, order=60)

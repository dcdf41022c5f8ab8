"""SageMaker: what its command line answers of model packages, training jobs and associations."""

from workbench.formats.glimpse import is_document
from workbench.formats.reader import Later

READER = Later("sagemaker", "workbench.formats.sagemaker.reader", is_document, order=60)

"""SageMaker: what its command line answers of model packages, training jobs and associations.

``describe-model-package``, ``list-model-packages``, ``describe-training-job``,
``list-associations``; and the reports of Clarify and Model Monitor on a model. The answers are read
by the documentation of the API.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.sagemaker.associations import associations
from workbench.formats.sagemaker.things import package, report, training
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogProblem, CatalogRecord, NoPlace

_BY_PAPER = (
    "whether it is read as AWS means it: answers are read by the documentation only, never "
    "held against a real one"
)
_NEVER = (
    "who approved it, and what it was before: an answer has the present word",
    "which bytes a model or data had: places in S3 are named, digests are not",
    _BY_PAPER,
    NoPlace.RUN_TAGS.value,
    NoPlace.MODEL_TAGS.value,
    NoPlace.VERSION_TAGS.value,
    NoPlace.OWNERS.value,
)
_TOKEN = "NextToken"  # noqa: S105 - it names a page and opens nothing
_ARN = b"arn:aws"
#: What an answer, or a report on a model, has at its top.
_ANSWERS = (
    ("ModelPackageArn", "ModelPackageStatus"),
    ("TrainingJobArn", "InputDataConfig"),
)
_LISTS = ("AssociationSummaries", "ModelPackageSummaryList")
_REPORTS = (
    ("pre_training_bias_metrics", "version"),
    ("post_training_bias_metrics", "version"),
    ("explanations", "version"),
    ("binary_classification_metrics",),
    ("multiclass_classification_metrics",),
    ("regression_metrics",),
    ("metric_groups",),
)


def _fits(top: Glimpse) -> bool:
    if top.is_list:
        return False
    is_answer = any(top.has(*names) and top.says(names[0], _ARN) for names in _ANSWERS)
    is_list = any(top.says(name, _ARN) for name in _LISTS)
    return is_answer or is_list or _is_report(top)


def _is_report(top: Glimpse) -> bool:
    """Tell whether all that is said is metrics, as Clarify and Model Monitor call them."""
    found = [names for names in _REPORTS if top.has(*names)]
    known = {name for names in _REPORTS for name in names} | {"dataset"}
    if not found or not top.members.keys() <= known:
        return False
    words = (b'"metric_data"', b'"facets"', b'"global_shap_values"', b'"standard_deviation"')
    return any(top.says(found[0][0], word) for word in words)


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    if "ModelPackageArn" in root.members:
        yield from package(sheet, root)
    elif "TrainingJobArn" in root.members:
        yield from training(sheet, root)
    elif any(name in root.members for name in _LISTS):
        for part in root.apart_each("ModelPackageSummaryList"):
            yield from package(sheet, part)
        yield from associations(sheet, root.apart_each("AssociationSummaries"))
    else:
        yield report(sheet, root)
    if not sheet.totals.get("training jobs"):
        sheet.gaps.append(NoPlace.RUNS.value)
    if root.see(_TOKEN):
        sheet.problem(CatalogProblem.TOTALS_DISAGREE, root.at(_TOKEN), "names a next page")
        sheet.gaps.append("what is on the next pages: the answer names one, which is no part of it")


READER = DocumentReader("sagemaker", "SageMaker answer", _fits, _tell, _NEVER)

"""Write huggingface-card.md with huggingface_hub: run it in an environment of its own."""

import sys
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData

NAME = "huggingface-card.md"
TEXT = """# letter reader

Sorts letters of customers. Not for decisions about loans.
"""


def main(folder: Path) -> None:
    data = ModelCardData(
        language="en",
        license="other",
        license_name="aldermoor-1.0",
        license_link="LICENSE",
        library_name="transformers",
        tags=["letters"],
        datasets=["aldermoor/letters"],
        base_model="google-bert/bert-base-uncased",
        model_name="letter-reader",
        eval_results=[
            EvalResult(
                task_type="text-classification",
                dataset_type="aldermoor/letters",
                dataset_name="Letters",
                dataset_split="test",
                dataset_revision="5503434ddd753f426f4b38109466949a1217c2bb",
                metric_type="accuracy",
                metric_value=0.91,
            )
        ],
    )
    ModelCard(f"---\n{data.to_yaml()}\n---\n\n{TEXT}").save(folder / NAME)


main(Path(sys.argv[1]))

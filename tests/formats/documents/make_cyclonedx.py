"""Write cyclonedx-1.6.json with cyclonedx-python-lib: run it in an environment of its own.

The library has no model cards and no formulation: they are added here, and the whole is checked
by the library against the strict schema of the specification.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType, Pedigree
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

NAME = "cyclonedx-1.6.json"


def bill() -> Bom:
    licences = LicenseFactory()
    base = Component(
        type=ComponentType.MACHINE_LEARNING_MODEL, name="tabular-base", version="1", bom_ref="base"
    )
    model = Component(
        type=ComponentType.MACHINE_LEARNING_MODEL,
        group="risk",
        name="credit-scorer",
        version="3",
        bom_ref="model",
        supplier=OrganizationalEntity(name="Aldermoor Bank"),
        hashes=[HashType.from_composite_str("sha256:" + "ab" * 32)],
        licenses=[licences.make_from_string("Apache-2.0")],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri("https://models.example.org/credit-scorer/3"),
            )
        ],
        properties=[Property(name="approved_by", value="r.dubois")],
        pedigree=Pedigree(ancestors=[base]),
    )
    data = Component(
        type=ComponentType.DATA,
        name="applications",
        version="2026-03",
        bom_ref="data",
        hashes=[HashType.from_composite_str("md5:" + "cd" * 16)],
        licenses=[licences.make_from_string("Customer data, internal")],
    )
    library = Component(
        type=ComponentType.LIBRARY,
        name="scikit-learn",
        version="1.7.2",
        bom_ref="sklearn",
        licenses=[licences.make_from_string("BSD-3-Clause")],
    )
    made = Bom(components=[model, data, library])
    made.serial_number = UUID("5f3c2a10-8a44-4a38-9c2e-0c7a3f6f6f01")
    made.metadata.timestamp = datetime(2026, 4, 14, 8, 30, tzinfo=UTC)
    made.register_dependency(model, [library, data])
    return made


def with_cards(text: str) -> str:
    document = json.loads(text)
    model = next(c for c in document["components"] if c["bom-ref"] == "model")
    model["modelCard"] = {
        "modelParameters": {
            "approach": {"type": "supervised"},
            "task": "classification",
            "datasets": [
                {"ref": "data"},
                {
                    "type": "dataset",
                    "name": "bureau extract",
                    "contents": {"url": "s3://bureau/2026-03"},
                    "classification": "confidential",
                    "sensitiveData": ["income"],
                    "governance": {"owners": [{"organization": {"name": "Risk"}}]},
                },
            ],
        },
        "quantitativeAnalysis": {
            "performanceMetrics": [
                {"type": "auc", "value": "0.81", "slice": "all"},
                {"type": "auc", "value": "0.77", "slice": "age < 25"},
            ]
        },
        "considerations": {"users": ["underwriters"], "technicalLimitations": ["no thin files"]},
    }
    document["formulation"] = [
        {
            "bom-ref": "made",
            "workflows": [
                {
                    "bom-ref": "training",
                    "uid": "run-7",
                    "name": "train credit-scorer",
                    "taskTypes": ["build"],
                    "timeStart": "2026-04-13T06:05:03+02:00",
                    "timeEnd": "2026-04-13T06:16:03+02:00",
                    "inputs": [
                        {"resource": {"ref": "data"}},
                        {"parameters": [{"name": "random_seed", "value": "7"}]},
                    ],
                    "outputs": [{"type": "artifact", "resource": {"ref": "model"}}],
                    "tasks": [
                        {"bom-ref": "fit", "uid": "fit", "taskTypes": ["build"], "name": "fit"},
                        {"bom-ref": "test", "uid": "test", "taskTypes": ["test"]},
                    ],
                    "taskDependencies": [{"ref": "test", "dependsOn": ["fit"]}],
                }
            ],
        }
    ]
    document["compositions"] = [{"aggregate": "incomplete", "assemblies": ["model"]}]
    return json.dumps(document, indent=1) + "\n"


def main(folder: Path) -> None:
    version = SchemaVersion.V1_6
    text = make_outputter(bill(), OutputFormat.JSON, version).output_as_string()
    whole = with_cards(text)
    fault = JsonStrictValidator(version).validate_str(whole)
    if fault is not None:
        raise SystemExit(str(fault))
    (folder / NAME).write_text(whole)


main(Path(sys.argv[1]))

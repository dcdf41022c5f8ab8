"""Write ro-crate-metadata.json with rocrate: run it in an environment of its own."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rocrate.model.contextentity import ContextEntity
from rocrate.model.person import Person
from rocrate.rocrate import ROCrate

NAME = "ro-crate-metadata.json"


def main(folder: Path) -> None:
    crate = ROCrate(gen_preview=False)
    crate.name = "training of the credit scorer"
    crate.license = "https://spdx.org/licenses/CC-BY-4.0"
    crate.datePublished = datetime(2026, 4, 14, tzinfo=UTC)
    remote = {"fetch_remote": False, "validate_url": False}
    data = crate.add_file(
        "https://data.example.org/applications.csv",
        properties={"name": "applications", "sha256": "ab" * 32},
        **remote,
    )
    old = crate.add_file(
        "https://data.example.org/bureau.csv",
        properties={"name": "bureau", "sha1": "cd" * 20, "license": "ask the bank"},
        **remote,
    )
    model = crate.add_file(
        "https://models.example.org/scorer.onnx", properties={"name": "scorer"}, **remote
    )
    workflow = crate.add_file(
        "https://git.example.org/train.cwl",
        properties={
            "name": "train",
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        },
        **remote,
    )
    person = crate.add(Person(crate, "#dubois", properties={"name": "R. Dubois"}))
    seed = crate.add(
        ContextEntity(
            crate,
            "#seed",
            properties={"@type": "PropertyValue", "name": "random_seed", "value": "7"},
        )
    )
    run = crate.add_action(
        workflow,
        identifier="#run-7",
        object=[data, old, seed],
        result=[model],
        properties={
            "name": "run 7",
            "startTime": "2026-04-13T06:05:03+02:00",
            "endTime": "2026-04-13T06:16:03+02:00",
            "actionStatus": "http://schema.org/CompletedActionStatus",
        },
    )
    run["agent"] = person
    failed = crate.add_action(
        workflow, identifier="#run-8", object=[data], properties={"error": "out of memory"}
    )
    failed["agent"] = person
    with tempfile.TemporaryDirectory() as place:
        crate.metadata.write(Path(place))
        text = (Path(place) / NAME).read_text()
    (folder / NAME).write_text(text + "\n")


main(Path(sys.argv[1]))

"""Write prov.json with prov: run it in an environment of its own."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from prov.model import ProvDocument

NAME = "prov.json"


def main(folder: Path) -> None:
    made = ProvDocument()
    made.add_namespace("bank", "https://aldermoor.example.org/")
    start, end = (datetime(2026, 4, 13, 4, minute, tzinfo=UTC) for minute in (5, 16))
    data = made.entity("bank:applications", {"prov:type": "bank:Dataset", "bank:rows": 1200})
    clean = made.entity("bank:features")
    model = made.entity("bank:model/3", {"prov:type": "bank:Model", "prov:label": "credit scorer"})
    old = made.entity("bank:model/2", {"prov:type": "bank:Model"})
    plan = made.entity("bank:train.py", {"prov:type": "prov:Plan"})
    run = made.activity("bank:run/7", start, end, {"bank:seed": 7})
    prepare = made.activity("bank:prepare")
    agent = made.agent("bank:dubois", {"prov:type": "prov:Person"})
    team = made.agent("bank:risk", {"prov:type": "prov:Organization"})
    made.used(run, clean, time=start, other_attributes={"prov:role": "training"})
    made.wasGeneratedBy(model, run, time=end)
    made.wasGeneratedBy(clean, prepare)
    made.used(prepare, data)
    made.wasInformedBy(run, prepare)
    made.wasDerivedFrom(model, old)
    made.wasInvalidatedBy(old, run)
    made.wasAssociatedWith(run, agent, plan)
    made.actedOnBehalfOf(agent, team)
    made.wasAttributedTo(model, team)
    made.specializationOf(model, made.entity("bank:model"))
    made.wasInfluencedBy(run, team)
    made.used(run, None, time=start)
    bundle = made.bundle("bank:review")
    bundle.entity("bank:model/3", {"bank:approved": "r.dubois"})
    bundle.wasAttributedTo("bank:model/3", "bank:dubois")
    made.entity("bank:review", {"prov:type": "prov:Bundle"})
    (folder / NAME).write_text(made.serialize(format="json", indent=1) + "\n")


main(Path(sys.argv[1]))

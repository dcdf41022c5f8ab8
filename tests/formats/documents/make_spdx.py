"""Write spdx-3.0.1.json with spdx-python-model: run it in an environment of its own."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import spdx_python_model as spdx

NAME = "spdx-3.0.1.json"
BASE = "https://spdx.example.org/"
v3 = spdx.v3_0_1


def main(folder: Path) -> None:
    info = v3.CreationInfo(_id="_:made")
    info.specVersion = "3.0.1"
    info.created = datetime(2026, 4, 14, 8, 30, tzinfo=UTC)
    graph: list[object] = [info]

    def element(kind: str, name: str, **members: object) -> object:
        made = getattr(v3, kind)()
        made.spdxId = BASE + name.replace(" ", "-")
        made.creationInfo = info
        if kind not in {"Relationship", "simplelicensing_LicenseExpression"}:
            made.name = name
        for member, value in members.items():
            setattr(made, member, value)
        graph.append(made)
        return made

    def related(kind: str, start: object, *ends: object) -> None:
        name = f"{kind}-{len(graph)}"
        kinds = v3.RelationshipType
        element(
            "Relationship",
            name,
            from_=start,
            to=list(ends),
            relationshipType=getattr(kinds, kind),
            description=f"{kind}, as the team states it",
        )

    def digest(algorithm: str, value: str) -> object:
        return v3.Hash(algorithm=getattr(v3.HashAlgorithm, algorithm), hashValue=value)

    def pair(key: str, value: str) -> object:
        return v3.DictionaryEntry(key=key, value=value)

    team = element("Organization", "Aldermoor Bank")
    info.createdBy = [team]
    model = element(
        "ai_AIPackage",
        "credit scorer",
        software_packageVersion="3",
        suppliedBy=team,
        software_downloadLocation="https://models.example.org/credit-scorer/3",
        ai_hyperparameter=[pair("C", "1.0"), pair("random_seed", "7")],
        ai_metric=[pair("auc", "0.81")],
        ai_typeOfModel=["logistic regression"],
        ai_useSensitivePersonalInformation=v3.PresenceType.yes,
        verifiedUsing=[digest("sha256", "ab" * 32)],
    )
    structured = v3.dataset_DatasetType.structured
    data = element(
        "dataset_DatasetPackage",
        "applications",
        originatedBy=[team],
        dataset_datasetType=[structured],
        dataset_hasSensitivePersonalInformation=v3.PresenceType.yes,
        verifiedUsing=[digest("md5", "cd" * 16)],
    )
    test = element("dataset_DatasetPackage", "holdout", dataset_datasetType=[structured])
    script = element("software_File", "train.py")
    script.software_primaryPurpose = v3.software_SoftwarePurpose.source
    free = element(
        "simplelicensing_LicenseExpression",
        "licence",
        simplelicensing_licenseExpression="Apache-2.0 OR MIT",
    )
    own = element(
        "simplelicensing_LicenseExpression",
        "own licence",
        simplelicensing_licenseExpression="ask the bank",
    )
    related("trainedOn", model, data)
    related("testedOn", model, test)
    related("generates", script, model)
    related("hasDeclaredLicense", model, free)
    related("hasConcludedLicense", data, own)
    related("describes", script, model)
    bill = element("software_Sbom", "bill", rootElement=[model])
    element("SpdxDocument", "document", rootElement=[bill])
    objects = v3.SHACLObjectSet(graph)
    path = folder / NAME
    with path.open("wb") as stream:
        v3.JSONLDSerializer().write(objects, stream, indent=1)


main(Path(sys.argv[1]))

"""Write croissant-1.0.json with mlcroissant: run it in an environment of its own."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import mlcroissant as mlc

NAME = "croissant-1.0.json"


def main(folder: Path) -> None:
    archive = mlc.FileObject(
        id="raw.zip",
        name="raw.zip",
        content_url="https://data.example.org/raw.zip",
        encoding_formats=["application/zip"],
        sha256="https://github.com/mlcommons/croissant/issues/80",
    )
    table = mlc.FileObject(
        id="applications.csv",
        name="applications.csv",
        content_url="applications.csv",
        contained_in=["raw.zip"],
        encoding_formats=["text/csv"],
        sha256="ab" * 32,
    )
    bureau = mlc.FileObject(
        id="bureau.csv",
        name="bureau.csv",
        content_url="bureau.csv",
        encoding_formats=["text/csv"],
        md5="cd" * 16,
    )

    def field(name: str, file: str, column: str) -> mlc.Field:
        extract = mlc.Extract(column=column)
        source = mlc.Source(file_object=file, extract=extract)
        return mlc.Field(
            id=f"loans/{name}", name=name, data_types=mlc.DataType.FLOAT, source=source
        )

    records = mlc.RecordSet(
        id="loans",
        name="loans",
        fields=[field("income", "applications.csv", "INCOME"), field("debt", "bureau.csv", "DEBT")],
    )
    metadata = mlc.Metadata(
        name="loan applications",
        description="Applications of a quarter with what the bureau says of them.",
        license=["https://creativecommons.org/licenses/by-nc/4.0/"],
        url="https://data.example.org/loans",
        version="1.2.0",
        date_published=datetime(2026, 4, 1, tzinfo=UTC),
        creators=[mlc.Organization(name="Aldermoor Bank")],
        keywords=["credit"],
        personal_sensitive_information=["income"],
        distribution=[archive, table, bureau],
        record_sets=[records],
    )
    (folder / NAME).write_text(json.dumps(metadata.to_json(), indent=1, default=str) + "\n")


main(Path(sys.argv[1]))

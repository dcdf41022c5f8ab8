"""Write the evidence of the sample: ``build.py EVIDENCE TRUST PRIVATE`` (three new folders)."""

import sys
from pathlib import Path

import story
from audit import write_log
from chronicle import Facts, chronicle
from folders import sign, write_model
from keys import write_keys
from lineage import write_lineage
from papers import write_papers
from registry import write_registry

#: Of the demo log's HMAC key nothing depends: it ships with the sample.
SECRET = b"aldermoor-sample-record-key-2026"


def main(evidence: Path, trust: Path, private: Path) -> None:
    """Write registry, models, lineage, log and papers, in the order in which they refer."""
    for folder in (evidence / "registry", evidence / "lineage", trust, private):
        folder.mkdir(parents=True)
    write_keys(private, trust, story.BANK)
    (trust / "log-secret.txt").write_bytes(SECRET + b"\n")
    registry = write_registry(evidence / "registry" / "mlflow.db")
    digests = {}
    for version, name in (
        (7, "credit-scoring-v7"),
        (8, "credit-scoring-v8"),
        (9, "credit-scoring-v9-candidate"),
    ):
        release = story.release("credit-scoring", version)
        run_id = registry.run_ids[f"credit-scoring-v{version}"]
        learned = registry.models["credit-scoring", version]
        folder = evidence / "models" / name
        digests["credit-scoring", version] = write_model(folder, release, learned, run_id)
    sign(
        evidence / "models" / "credit-scoring-v7", "certificate",
        "--private_key", private / "release.pem",
        "--signing_certificate", private / "release-cert.pem",
        "--certificate_chain", trust / "model-root.pem",
    )  # fmt: skip
    sign(
        evidence / "models" / "credit-scoring-v8", "key", "--private_key", private / "developer.pem"
    )
    write_lineage(evidence / "lineage" / "openlineage.ndjson", registry.run_ids)
    events = chronicle(Facts(registry.run_ids, digests))
    write_log(evidence / "audit" / "audit-log.jsonl", events, SECRET)
    write_papers(evidence / "approvals")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))

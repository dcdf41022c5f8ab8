"""Sign the log's heads, tamper with a copy, make the auditor: ``seal.py SAMPLE``.

It runs in the program's own environment, since heads are our format.
"""

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from make_ca import make_ca

from workbench.sign.head import vkey, write_head
from workbench.sign.keys import new_ed25519
from workbench.verify.chain import library
from workbench.verify.heads.merkle import Accumulator, leaf_hash

#: C2SP tlog-checkpoint: the log's key has the name of its origin.
ORIGIN = "aldermoor.example/audit-log"
#: The last head was signed with the export, on the morning after the quarter.
HEADS = ("2026-04-30", "2026-05-31", "2026-07-01")
#: The day after the quarter: every certificate is valid.
AT = "2026-07-02T00:00:00Z"

#: Who signed version 7: subject of the certificate that ``keys.py`` makes.
RELEASE = "CN=Aldermoor Bank Model Release (sample),O=Aldermoor Bank"
AUDITOR_SINCE = datetime(2026, 1, 5, tzinfo=UTC)

GENUINE = b'"agent_did": "did:mesh:tomas.okafor"'
FORGED = b'"agent_did": "did:mesh:priya.raman"'


def main(sample: Path) -> None:
    """Complete what ``build.py`` wrote into ``sample``."""
    evidence, trust = sample / "evidence", sample / "trust"
    log = evidence / "audit" / "audit-log.jsonl"
    lines = log.read_bytes().splitlines()
    write_heads(log.parent / "heads", lines, trust)
    record = tamper(log.parent, evidence / "audit-tampered", lines)
    make_ca(trust, name="Audit Workbench demo auditor", now=AUDITOR_SINCE)
    expected = json.dumps(expectation(record), indent=1, ensure_ascii=False)
    (sample / "expected.json").write_text(expected + "\n", encoding="utf-8", newline="\n")


def write_heads(folder: Path, lines: list[bytes], trust: Path) -> None:
    """Sign one head at the end of each month, the last with the export; the key is thrown away."""
    folder.mkdir()
    profile = next(p for p in library.shipped() if p.id == "agentmesh")
    key = new_ed25519()
    done, tree = 0, Accumulator()
    for end in HEADS:
        size = sum(json.loads(line)["timestamp"][:10] <= end for line in lines)
        tree.add_leaf_hashes(map(leaf_hash, lines[done:size]))
        done = size
        tip = bytes.fromhex(json.loads(lines[size - 1])["content_hash"])
        head = write_head(
            origin=ORIGIN,
            size=size,
            root=tree.root(),
            chain_head=("sha256", tip),
            profile=(profile.id, profile.sha256),
            key=key,
            signer_name=ORIGIN,
        )
        (folder / f"{end}.head").write_bytes(head)
    (trust / "log.vkey").write_text(vkey(ORIGIN, key.public_key()) + "\n")


def tamper(genuine: Path, copy: Path, lines: list[bytes]) -> int:
    """Copy log and heads; in the copy another name stands under the approval of version 8."""
    shutil.copytree(genuine, copy)
    [record] = [
        number
        for number, line in enumerate(lines, 1)
        if b'"action": "model.approve"' in line and b'"models:/credit-scoring/8"' in line
    ]
    forged = lines[record - 1].replace(GENUINE, FORGED)
    if forged == lines[record - 1]:
        raise RuntimeError(f"record {record} was not approved by whom the story says")
    lines = [*lines[: record - 1], forged, *lines[record:]]
    (copy / "audit-log.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return record


def expectation(record: int) -> dict[str, object]:
    """Return how to verify the sample and what must come out of it."""
    # The April head agrees; those of May and June are not over these bytes any more.
    spoiled = verdict("FAILED RECORD_ALTERED", "INDETERMINATE HASH_FAILURE", "PASSED ANCHORED")
    nothing = verdict(
        "INDETERMINATE UNPROTECTED", "INDETERMINATE NO_SIGNATURE", "INDETERMINATE NO_ANCHOR"
    )
    return {
        "title": "One quarter of a credit-scoring team",
        "client": "Aldermoor Bank (invented)",
        "period": ["2026-04-01T00:00:00Z", "2026-06-30T23:59:59Z"],
        "at": AT,
        "trust": ["log=trust/log.vkey", "model=trust/model-root.pem", "model=trust/model-key.pem"],
        "secret": ["trust/log-secret.txt"],
        "exit": 1,
        "planted": {
            "path": "evidence/audit-tampered/audit-log.jsonl",
            "class": "RECORD_ALTERED",
            "record": record,
            "member": "agent_did",
            "was": "did:mesh:tomas.okafor",
            "is": "did:mesh:priya.raman",
            "meaning": "Who approved credit-scoring 8, the version in production.",
        },
        "subjects": {
            "evidence/audit/audit-log.jsonl": proven(ORIGIN),
            "evidence/audit-tampered/audit-log.jsonl": spoiled
            | {"diagnoses": [["RECORD_ALTERED", record]]},
            "evidence/lineage/openlineage.ndjson": nothing,
            "evidence/models/credit-scoring-v7": proven(RELEASE),
            "evidence/models/credit-scoring-v8": proven("model-key.pem"),
            "evidence/models/credit-scoring-v9-candidate": nothing,
            "evidence/registry/mlflow.db": nothing,
        },
    }


def proven(signer: str) -> dict[str, object]:
    """Return what can be proven at most without a trusted time."""
    return verdict("PASSED ANCHORED", f"PASSED {signer}", "PASSED ANCHORED")


def verdict(integrity: str, authenticity: str, completeness: str) -> dict[str, object]:
    """Return the four dimensions; nothing in the sample carries a trusted time."""
    return {
        "integrity": integrity,
        "authenticity": authenticity,
        "completeness": completeness,
        "time": "INDETERMINATE NO_TRUSTED_TIME",
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Write the self-test vectors of CloudTrail to resources/selftest/cloudtrail.

Run from anywhere; the result is the same to the byte each time. The private key is derived from a
name and protects nothing.
"""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from tests.verify.trails import Trail, key_list  # noqa: E402 - needs the path above

OUTPUT = CHECKOUT / "resources" / "selftest" / "cloudtrail"


@dataclass(frozen=True)
class Vector:
    """A delivery with something done to it, and the verdict that is known for it."""

    title: str
    change: Callable[[Trail], None] = lambda trail: None
    metadata: bool = True
    signer: str = "aws"
    integrity: str = "PASSED ANCHORED"
    authenticity: str = "PASSED"
    completeness: str = "PASSED ANCHORED"
    time: str = "PASSED"
    diagnoses: list[list[str | int]] = field(default_factory=list)


def _altered(trail: Trail) -> None:
    name = trail.log(1, 0)
    trail.bodies[name] = trail.bodies[name].replace(b"1.08", b"1.09")


def _deleted(trail: Trail) -> None:
    trail.forget(trail.digest(1))


SOUND = Trail(hours=3, logs=1)

VECTORS = {
    "intact": Vector("Three hours of a trail, intact."),
    "without-metadata": Vector(
        "The same without the metadata of its objects: the newest digest is not signed.",
        metadata=False,
        integrity="PASSED SELF_CONSISTENT",
        completeness="INDETERMINATE NO_ANCHOR",
        time="INDETERMINATE NO_TRUSTED_TIME",
    ),
    "log-altered": Vector(
        "One log file was changed.",
        _altered,
        integrity="FAILED FILE_ALTERED",
        diagnoses=[["FILE_ALTERED", f"drop/s3/{SOUND.log(1, 0).rpartition('/')[2]}"]],
    ),
    "digest-deleted": Vector(
        "The digest in the middle is missing.",
        _deleted,
        integrity="INDETERMINATE NOT_COVERED",
        completeness="FAILED SEGMENT_MISSING",
        diagnoses=[["SEGMENT_MISSING", 2]],
    ),
    "unknown-key": Vector(
        "Signed by a key that the auditor does not know.",
        signer="mallory",
        integrity="PASSED SELF_CONSISTENT",
        authenticity="INDETERMINATE NO_TRUST_ANCHOR",
        completeness="INDETERMINATE NO_ANCHOR",
        time="INDETERMINATE NO_TRUSTED_TIME",
    ),
}


def write(name: str, vector: Vector) -> None:
    """Write one vector: what is verified, what is trusted, what is known."""
    folder = OUTPUT / name
    trail = Trail(hours=3, logs=1, signer=lambda hour: vector.signer)
    vector.change(trail)
    trail.write(folder, metadata=vector.metadata, flat=True)  # Windows knows no long paths
    (folder / "trust").mkdir(parents=True)
    (folder / "trust" / "keys.json").write_bytes(key_list("aws"))
    known = {
        "title": vector.title,
        "trust": ["log=trust/keys.json"],
        "subject": "s3",
        "integrity": vector.integrity,
        "authenticity": vector.authenticity,
        "completeness": vector.completeness,
        "time": vector.time,
        "diagnoses": vector.diagnoses,
    }
    (folder / "expected.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Write all vectors anew."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    for name, vector in VECTORS.items():
        write(name, vector)


if __name__ == "__main__":
    main()

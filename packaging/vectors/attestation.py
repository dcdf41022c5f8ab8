"""Write the self-test vectors of attestations to resources/selftest/attestation.

Run it only when a vector must change: signatures are made anew each time. The keys are derived from
names and protect nothing.
"""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from tests.verify import attestation_builder as a  # noqa: E402 - needs the path above
from tests.verify import sigstore_builder as sb  # noqa: E402

OUTPUT = CHECKOUT / "resources" / "selftest" / "attestation"
MODEL = b"weights of a small model\n" * 4
SIGNER, OWNER, ANN, BOB = (a.p256(name) for name in ("signer", "owner", "ann", "bob"))
INSTANCE = sb.Instance("self-test")

ANCHORED = "PASSED ANCHORED"
ALONE = "PASSED SELF_CONSISTENT"
OPEN = "INDETERMINATE NO_ANCHOR"
NO_TIME = "INDETERMINATE NO_TRUSTED_TIME"


@dataclass(frozen=True)
class Vector:
    """Files, what the auditor has and states, and the verdict that is known for it."""

    title: str
    files: dict[str, bytes]
    trusted: dict[str, bytes]
    subject: str = "model.bits"
    stated: dict[str, str] = field(default_factory=dict)
    integrity: str = ANCHORED
    authenticity: str = "PASSED"
    completeness: str = ANCHORED
    time: str = NO_TIME
    diagnoses: list[list[str]] = field(default_factory=list)


BY_KEY = {"signer.pem": a.pem_of(SIGNER)}
BY_ROOT = {"trusted_root.json": a.to_bytes(INSTANCE.trusted_root())}
BY_OWNER = {"owner.pem": a.pem_of(OWNER)}
WHO = {"identity": sb.IDENTITY, "issuer": sb.ISSUER}
PROVENANCE = a.to_bytes(a.envelope(a.provenance({"model.bits": MODEL}), SIGNER))
SIGNED = {"model.bits": MODEL, "model.bits.intoto.jsonl": PROVENANCE}
MESSAGE = INSTANCE.message(MODEL)
BUNDLED = {"model.bits": MODEL, "model.bits.sigstore.json": a.to_bytes(MESSAGE)}
SOURCE = {"train.py": b"print('train')\n"}
STEPS = [
    a.step("write", ANN, products=[["CREATE", "train.py"], ["DISALLOW", "*"]]),
    a.step(
        "train",
        BOB,
        materials=[["MATCH", "*", "WITH", "PRODUCTS", "FROM", "write"], ["DISALLOW", "*"]],
    ),
]
LAID_OUT = {
    "model.bits": MODEL,
    "root.layout": a.to_bytes(a.metablock(a.layout(STEPS, [ANN, BOB]), OWNER)),
    "write.0a1b2c3d.link": a.to_bytes(a.metablock(a.link("write", {}, SOURCE), ANN)),
    "train.0a1b2c3d.link": a.to_bytes(
        a.metablock(a.link("train", SOURCE, {"model.bits": MODEL}), BOB)
    ),
}
OTHER_SOURCE = a.link("train", {"train.py": b"evil"}, {"model.bits": MODEL})


def without_promise() -> bytes:
    """Return a bundle whose log does not say when it took the entry in."""
    bundle = json.loads(a.to_bytes(MESSAGE))
    bundle["verificationMaterial"]["tlogEntries"][0].pop("inclusionPromise")
    return a.to_bytes(bundle)


VECTORS = {
    "provenance-by-key": Vector("A model with provenance by a trusted key.", SIGNED, BY_KEY),
    "provenance-artifact-altered": Vector(
        "A model that was changed after its provenance was signed.",
        {**SIGNED, "model.bits": MODEL + b"!"},
        BY_KEY,
        integrity="FAILED FILE_ALTERED",
        completeness=OPEN,
        diagnoses=[["FILE_ALTERED", "drop/model.bits"]],
    ),
    "provenance-of-another-builder": Vector(
        "The provenance names another builder than the auditor asks for.",
        SIGNED,
        BY_KEY,
        stated={"builder": "https://builds.example/other"},
        authenticity="FAILED POLICY_MISMATCH",
    ),
    "provenance-by-nobody-known": Vector(
        "Nobody whom the auditor trusts signed the provenance.",
        SIGNED,
        {"owner.pem": a.pem_of(OWNER)},
        integrity=ALONE,
        authenticity="FAILED SIG_CRYPTO_FAILURE",
        completeness=OPEN,
    ),
    "sigstore-pinned": Vector(
        "A model signed with a Sigstore identity that the auditor names.",
        BUNDLED,
        BY_ROOT,
        stated=WHO,
        time="PASSED",
    ),
    "sigstore-not-pinned": Vector(
        "The same, and the auditor does not say who must have signed.",
        BUNDLED,
        BY_ROOT,
        integrity=ALONE,
        authenticity="INDETERMINATE IDENTITY_NOT_PINNED",
        completeness=OPEN,
        time="PASSED",
    ),
    "sigstore-without-time": Vector(
        "Nobody trusted says when it was signed, and the certificate lived for minutes.",
        {**BUNDLED, "model.bits.sigstore.json": without_promise()},
        BY_ROOT,
        stated=WHO,
        integrity=ALONE,
        authenticity="INDETERMINATE OUT_OF_BOUNDS_NO_POE",
        completeness=OPEN,
    ),
    "layout-followed": Vector(
        "Two steps of a layout, done by those who may, one's product the other's material.",
        LAID_OUT,
        BY_OWNER,
        subject="root.layout",
    ),
    "layout-other-material": Vector(
        "The second step used something that the first did not make.",
        {**LAID_OUT, "train.0a1b2c3d.link": a.to_bytes(a.metablock(OTHER_SOURCE, BOB))},
        BY_OWNER,
        subject="root.layout",
        integrity="FAILED POLICY_MISMATCH",
    ),
    "layout-link-missing": Vector(
        "The link of the first step is not here.",
        {name: data for name, data in LAID_OUT.items() if not name.startswith("write")},
        BY_OWNER,
        subject="root.layout",
        integrity="INDETERMINATE NOT_RECOMPUTABLE",
        completeness="FAILED FILE_MISSING",
        diagnoses=[["FILE_MISSING", f"write.{a.sha256(a.spki_of(ANN))[:8]}.link"]],
    ),
}


def write(name: str, vector: Vector) -> None:
    """Write a vector."""
    folder = OUTPUT / name
    for base, files in (("drop", vector.files), ("trust", vector.trusted)):
        (folder / base).mkdir(parents=True)
        for file, data in files.items():
            (folder / base / file).write_bytes(data)
    known = {
        "title": vector.title,
        "trust": [f"attestation=trust/{file}" for file in vector.trusted],
        "confirm": [],
        "secret": [],
        "profile": None,
        "expect_count": None,
        **vector.stated,
        "at": "2026-06-30T00:00:00Z",
        "subject": vector.subject,
        "integrity": vector.integrity,
        "authenticity": vector.authenticity,
        "completeness": vector.completeness,
        "time": vector.time,
        "diagnoses": vector.diagnoses,
    }
    (folder / "expected.json").write_text(json.dumps(known, indent=2) + "\n")


def main() -> None:
    """Write all vectors anew."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    for name, vector in VECTORS.items():
        write(name, vector)


if __name__ == "__main__":
    main()

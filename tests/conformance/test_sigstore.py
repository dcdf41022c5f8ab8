"""Every bundle of the conformance suite of Sigstore, and those of sigstore-python, offline.

A directory whose name ends in ``_fail`` must not verify, any other must. ``pytest -s`` prints the
table of all cases. Two of them the field's own Python tool gets wrong (``peer`` in the table).
"""

# ruff: noqa: T201 - the table is what the reader of a run wants

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import recipes

from tests.conformance.table import Conforms
from tests.verify import attestation_builder as a
from workbench.model.expectation import Origin
from workbench.model.verification import Verification
from workbench.verify.timestamp.token import Token, read_token

Unpack = Callable[[str], Path]

_BEACON = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon"
IDENTITY = f"{_BEACON}/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
ISSUER = "https://token.actions.githubusercontent.com"
PRODUCTION = "trusted_root.tuf-repo-cdn.sigstore.dev.json"
STAGING = "trusted_root.tuf-repo-cdn.sigstage.dev.json"
AT = a.datetime(2026, 11, 26, tzinfo=a.UTC)

#: Of sigstore-python: the artifact, its bundle, who signed, whether it must verify.
GITHUB = "https://github.com/login/oauth"
ASSETS = {
    "bundle.txt": ("bundle.txt.sigstore", "a@tny.town", True),
    "bundle_v3.txt": ("bundle_v3.txt.sigstore", "william@yossarian.net", True),
    # Its log entry is of something else (GHSA-vjxv-45g9-9296).
    "bundle_cve_2022_36056.txt": (
        "bundle_cve_2022_36056.txt.sigstore",
        "william@yossarian.net",
        False,
    ),
    "bundle_no_log_entry.txt": (
        "bundle_no_log_entry.txt.sigstore",
        "alex.cameron@trailofbits.com",
        False,
    ),
    "staging-rekor-v2.txt": ("staging-rekor-v2.txt.sigstore.json", "jku@goto.fi", True),
}


@dataclass(frozen=True)
class Case:
    """A bundle, what it is about, whom the auditor trusts, and whether it must verify."""

    name: str
    drop: a.Drop
    sound: bool


def suite(root: Path) -> Iterator[Case]:
    folder = root / "conformance" / "bundle-verify"
    for path in sorted(p for p in folder.iterdir() if p.is_dir()):
        yield case_in(path, root)


def case_in(path: Path, root: Path) -> Case:
    artifact = path / "artifact" if (path / "artifact").exists() else path.parent / "a.txt"
    own = path / "trusted_root.json"
    trusted = {"root.json": (own if own.exists() else root / "trust" / PRODUCTION).read_bytes()}
    origin = Origin(
        identity=stated(path, "identity", IDENTITY), issuer=stated(path, "issuer", ISSUER)
    )
    if (path / "key.pub").exists():  # the suite gives a key in place of an identity
        trusted["key.pub"], origin = (path / "key.pub").read_bytes(), Origin()
    files = {
        "a.txt": artifact.read_bytes(),
        "a.txt.sigstore.json": (path / "bundle.sigstore.json").read_bytes(),
    }
    return Case(path.name, a.Drop(files, trusted, origin, at=AT), not path.name.endswith("_fail"))


def stated(path: Path, name: str, otherwise: str) -> str:
    return (path / name).read_text().strip() if (path / name).exists() else otherwise


def assets(root: Path) -> Iterator[Case]:
    folder = root / "sigstore-python"
    for name, (bundle, identity, sound) in ASSETS.items():
        files = {name: (folder / name).read_bytes(), bundle: (folder / bundle).read_bytes()}
        trusted = {"root.json": (root / "trust" / STAGING).read_bytes()}
        origin = Origin(identity=identity, issuer=GITHUB)
        yield Case(f"sigstore-python {name}", a.Drop(files, trusted, origin, at=AT), sound)


def word(case: Case, verification: Verification) -> str:
    """Return how our verdict stands to the expected one: never green where it must fail."""
    green = verification.exit_code == 0
    if green == case.sound:
        return "agrees"
    return "stricter" if case.sound else "WRONG"


def test_every_bundle_has_its_expected_verdict(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
) -> None:
    root = evidence_archive("integrity/sigstore")
    peer = {
        case["case"]: case["peer"]
        for case in json.loads(
            (root / "conformance" / "peer-sigstore-python-4.5.1.json").read_bytes()
        )
    }
    counts: Counter[str] = Counter()
    print()
    for number, case in enumerate((*suite(root), *assets(root))):
        verification = case.drop.verified(tmp_path / str(number))
        (source,) = verification.subjects
        found = word(case, verification)
        counts[found] += 1
        told = ", ".join(a.words(source.verdict)) if source.verdict else ""
        said = peer.get(case.name, "-")
        print(f"  {found:8} exit {verification.exit_code} peer {said:7} {case.name}: {told}")
    print(f"  {counts.total()} cases: {dict(counts)}")
    conforms(agreed=counts["agrees"], wrong=counts["WRONG"])
    assert counts == {"agrees": 49 + len(ASSETS)}


@pytest.mark.parametrize(
    "name",
    ["happy-path-v0.1", "rekor2-timestamp-with-embedded-cert", "managed-key-and-trusted-root"],
)
def test_a_real_bundle_is_redone_by_hand(
    name: str, evidence_archive: Unpack, tmp_path: Path
) -> None:
    root = evidence_archive("integrity/sigstore")
    case = case_in(root / "conformance" / "bundle-verify" / name, root)
    verdict = case.drop.verdict(tmp_path)
    recipes.require_reproduced(verdict.steps, tmp_path)
    said = [line for step in verdict.steps for line in step.prints.splitlines()]
    assert "Verified OK" in said


def test_no_changed_byte_of_what_a_time_stamp_signs_is_green(
    evidence_archive: Unpack, tmp_path: Path
) -> None:
    """Of a log that gives no time: without its stamp nothing says that the certificate counted."""
    root = evidence_archive("integrity/sigstore")
    path = root / "conformance" / "bundle-verify" / "rekor2-timestamp-without-embedded-cert"
    case = case_in(path, root)
    bundle = json.loads(case.drop.files["a.txt.sigstore.json"])
    (stamp,) = bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"]
    data = a.base64.b64decode(stamp["signedTimestamp"])
    token = read_token(data)
    assert isinstance(token, Token)
    protected = [
        data.index(part) + at
        for part in (token.info, token.signed[1:], token.signature)
        for at in range(len(part))
    ]
    generator = random.Random(5)
    for number, at in enumerate(generator.sample(protected, 40)):
        flipped = data[:at] + bytes([data[at] ^ (1 << generator.randrange(8))]) + data[at + 1 :]
        stamp["signedTimestamp"] = a.b64(flipped)
        found = case.drop.with_file("a.txt.sigstore.json", a.to_bytes(bundle))
        assert found.verified(tmp_path / str(number)).exit_code != 0, at

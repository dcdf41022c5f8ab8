"""Provenance of real builds: Cloud Build with named defects, of GitHub, of Bazel's registry.

The verdicts are those of slsa-verifier for the same expectations (its names of files say them);
``pytest -s`` prints the table. Where ours is stricter the reason stands in ``STRICTER``.
"""

# ruff: noqa: T201 - the table is what the reader of a run wants

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conformance.table import Conforms
from tests.conformance.test_sigstore import AT, ISSUER, PRODUCTION, Case, word
from tests.verify import attestation_builder as a
from workbench.model.expectation import Origin

Unpack = Callable[[str], Path]

#: Of Google Cloud Build in us-west2, as slsa-verifier ships it (commit 62e8e1ff).
CLOUD_BUILD_KEY = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEw/gdczl7qDD4ww9B6WmJ6++/hQ5S
mdw/1RBcwNNQE9qN0O+DilRE9/AjH7OvJUhNznOzEzH7mFq5mNdmUjYlXg==
-----END PUBLIC KEY-----
"""
CLOUD_BUILDER = "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3"
IMAGE = "f472ca4b68898c951ac3b476cba919d0d56fca4ced631fabcead51e4b2b690e7"
SOURCES = {
    "github-tag": "github.com/slsa-framework/example-package",
    "gcs": "gs://slsa-tooling_cloudbuild/source/1663616632.078353-fc7db143dcc64b5f9fe71d0497125ca1.tgz",
}
DEFECTS = ("invalid-", "mismatch-", "empty-", "no-", "multiple-invalid-")
GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows"
GENERATOR += "/generator_generic_slsa3.yml@refs/tags/v2.1.0"
REGISTRY = "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml"
REGISTRY += "@refs/tags/v0.0.1"

#: What slsa-verifier accepts and we do not call green, with the reason.
STRICTER: dict[str, str] = {}


def cloud_builds(root: Path) -> Iterator[Case]:
    for path in sorted((root / "gcb_container" / "v0.3").glob("*.json")):
        name = path.stem.removeprefix("gcloud-container-")
        digest = path.with_suffix(".digest")
        image = digest.read_text().strip().removeprefix("sha256:") if digest.exists() else IMAGE
        origin = Origin(
            builder=CLOUD_BUILDER,
            source=SOURCES.get(name, "github.com/laurentsimon/gcb-tests"),
            digest=image,
        )
        drop = a.Drop({path.name: path.read_bytes()}, {"key.pem": CLOUD_BUILD_KEY}, origin, at=AT)
        yield Case(f"gcb {name}", drop, not name.startswith(DEFECTS))


def of_actions(root: Path, sigstore: Path) -> Iterator[Case]:
    trusted = {"root.json": (sigstore / "trust" / PRODUCTION).read_bytes()}
    for path in sorted((root / "gha_generic" / "v2.1.0").iterdir()):
        said = json.loads(
            a.base64.b64decode(json.loads(path.read_bytes())["dsseEnvelope"]["payload"])
        )
        for source, sound in (
            ("github.com/slsa-framework/example-package", True),
            ("github.com/slsa-framework/other", False),
        ):
            origin = Origin(
                GENERATOR, ISSUER, GENERATOR, source, said["subject"][0]["digest"]["sha256"]
            )
            drop = a.Drop({path.name: path.read_bytes()}, trusted, origin, at=AT)
            yield Case(f"gha {path.name} {'right' if sound else 'wrong'} source", drop, sound)
    files = {p.name: p.read_bytes() for p in (root / "bcr").iterdir()}
    origin = Origin(REGISTRY, ISSUER, REGISTRY, "https://github.com/aspect-build/rules_lint")
    yield Case("bcr", a.Drop(files, trusted, origin, at=AT), sound=True)
    wrong = Origin(GENERATOR, ISSUER, REGISTRY, "https://github.com/aspect-build/rules_lint")
    yield Case("bcr wrong signer", a.Drop(files, trusted, wrong, at=AT), sound=False)
    altered = {**files, "MODULE.bazel": files["MODULE.bazel"] + b"\n"}
    yield Case("bcr altered", a.Drop(altered, trusted, origin, at=AT), sound=False)


def test_every_provenance_has_its_expected_verdict(
    evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
) -> None:
    root = evidence_archive("integrity/slsa")
    sigstore = evidence_archive("integrity/sigstore")
    counts: Counter[str] = Counter()
    stricter: set[str] = set()
    print()
    for number, case in enumerate((*cloud_builds(root), *of_actions(root, sigstore))):
        verification = case.drop.verified(tmp_path / str(number))
        (source,) = verification.subjects
        found = word(case, verification)
        counts[found] += 1
        stricter |= {case.name} if found == "stricter" else set()
        told = ", ".join(a.words(source.verdict)) if source.verdict else ""
        print(f"  {found:8} exit {verification.exit_code} {case.name}: {told}")
    print(f"  {counts.total()} cases: {dict(counts)}")
    reasons = {name: STRICTER.get(name, "no reason given") for name in stricter}
    conforms(agreed=counts["agrees"], stricter=reasons, wrong=counts["WRONG"])
    assert counts["WRONG"] == 0
    assert stricter == set(STRICTER)
    assert counts.total() == 24 + 8 + 3

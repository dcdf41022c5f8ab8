"""Valid evidence of the field, where it lies beside the checkout: real logs, models and proofs."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.drops import untarred
from tests.mutation import logs, shapes
from tests.mutation.chains import Case
from tests.mutation.judging import AT, Evidence
from tests.mutation.proofs import SHAPED, SIGSTORE, Proof, below
from tests.mutation.reading import Record
from workbench.model.expectation import Expectation, Origin

EVIDENCE = Path(__file__).resolve().parents[2].parent / "shared" / "evidence" / "integrity"
#: Of the logs of projects: how each writes.
WRITERS = {
    "certmate": "certmate",
    "hashchainalgo": "hashchainalgo",
    "earcrawler": "earcrawler",
    "cmcp": "cmcp",
    "agt-fileauditsink": "agentmesh",
}


def unpacked(folder: Path, name: str) -> Path:
    """Return an archive of the evidence, unpacked."""
    return untarred(EVIDENCE / f"{name}.tar.xz", folder) / name


def chains(folder: Path) -> Iterator[Case]:
    """Yield the good logs that the projects' own formulas reproduce, byte for byte."""
    for project, kind in WRITERS.items():
        log = logs.of_builder(kind)
        for path in sorted((folder / "generated" / project).glob("good*.jsonl")):
            records = tuple(map(json.loads, path.read_bytes().splitlines()))
            same = log.data(records) == path.read_bytes()
            if same and log.chain(list(records)) == list(records):
                edit = log.edit if log.edit[0] in records[0] else (_editable(log, records[0]),)
                name = f"{project}/{path.name}"
                yield Case(replace(log, name=name, records=records, edit=edit))


def _editable(log: logs.ChainLog, record: Record) -> str:
    """Return a member with a text that digests protect."""
    digests = {log.own, log.previous}
    texts = (name for name, value in record.items() if isinstance(value, str))
    return next(n for n in texts if n not in digests and (n in log.covered or not log.covered))


def models(folder: Path) -> Iterator[Proof]:
    """Yield models that the reference tool signed."""
    keys = folder / "generated" / "keys"
    for case, key in (("key-p256_ok", "p256.pub.pem"), ("cert-chain_ok", "root.crt.pem")):
        stranger = "p384.pub.pem" if "pub" in key else "other-root.crt.pem"
        evidence = Evidence(
            f"oms/{case}",
            below(folder / "generated" / case),
            {key: (keys / key).read_bytes()},
            (f"model={key}",),
            strangers={key: (keys / stranger).read_bytes()},
        )
        yield Proof(evidence, SHAPED["model"], named=("model/*",), closed=("model/*",))


INCLUSION = "/verificationMaterial/tlogEntries/*/inclusionProof"
#: What a bundle of v0.1 may lack, as it has a promise of inclusion: part of the proof, or all.
OPTIONAL = (f"{INCLUSION}/checkpoint", INCLUSION)


def bundles(folder: Path) -> Iterator[Proof]:
    """Yield Sigstore bundles of the conformance suite that have to verify."""
    suite = folder / "conformance" / "bundle-verify"
    production = folder / "trust" / "trusted_root.tuf-repo-cdn.sigstore.dev.json"
    identity = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon"
    identity += "/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
    origin = Origin(identity, "https://token.actions.githubusercontent.com")
    for name in ("happy-path-v0.1", "happy-path-v0.2", "happy-path-v0.3"):
        evidence = Evidence(
            f"sigstore/{name}",
            {
                "a.txt": (folder / "conformance" / "a.txt").read_bytes(),
                "a.txt.sigstore.json": (suite / name / "bundle.sigstore.json").read_bytes(),
            },
            {"root.json": production.read_bytes()},
            ("attestation=root.json",),
            expectation=Expectation(origin=origin),
            at=datetime(2026, 11, 26, tzinfo=UTC),
        )
        shape = shapes.document(*SIGSTORE)
        for optional in OPTIONAL if name.endswith("v0.1") else ():
            shape = shapes.with_optional(shape, evidence.files["a.txt.sigstore.json"], optional)
        yield Proof(evidence, (("*.sigstore*", shape),))


def trails(folder: Path) -> Iterator[Proof]:
    """Yield a delivery of CloudTrail."""
    case = folder / "generated" / "chain_ok"
    files = below(case / "s3", "s3/") | below(case / "head-object", "head-object/")
    metadata = sorted(p for p in files if p.startswith("head-object/"))
    signature = shapes.document(kept=("/Metadata/signature",))
    shaped = [("s3/*.gz", shapes.compressed), (metadata[-1], signature)]
    shaped += [(path, shapes.nothing) for path in metadata[:-1]]
    key = (case / "list-public-keys.json").read_bytes()
    evidence = Evidence("cloudtrail/chain_ok", files, {"keys.json": key}, ("log=keys.json",))
    yield Proof(evidence, tuple(shaped), spare=tuple(metadata[:-1]))


def bags(folder: Path) -> Iterator[Proof]:
    """Yield valid bags of the conformance suite of the Library of Congress."""
    for name in ("basic-bag", "bag-with-space", "bag-with-escapable-characters"):
        files = below(folder / "v0.97" / "valid" / name)
        lists = shapes.names(files, ["tagmanifest-*"])
        shaped = tuple((path, shapes.digests(files[path])) for path in lists)
        named = tuple(path for path in files if path not in lists)
        evidence = Evidence(f"bagit/{name}", files)
        yield Proof(evidence, shaped, named, ("data/*",), ("tagmanifest-*",))


def tiled(folder: Path) -> Iterator[Proof]:
    """Yield a log of Tessera with its newest checkpoint and its widest tiles."""
    log = folder / "tessera-log"
    names = ("checkpoint", "tile/0/000.p/15", "tile/entries/000.p/15")
    evidence = Evidence(
        "tlog/tessera-log",
        {name: (log / name).read_bytes() for name in names},
        {"log.vkey": (log / "KEY.vkey").read_bytes()},
        ("log=log.vkey",),
    )
    note = shapes.note("example.com/log/testdata")
    yield Proof(evidence, (("checkpoint", note),), ("tile/entries/*",), spare=("tile/0/*",))


def pangea(folder: Path) -> Iterator[Proof]:
    """Yield a real event of the Pangea Secure Audit Log."""
    kept = ("/envelope/*", "/hash", "/membership_proof", "/root/size", "/root/root_hash")
    evidence = Evidence("pangea/log_artifact.json", below(folder, ""), at=AT)
    files = {"log_artifact.json": evidence.files["log_artifact.json"]}
    shaped = (("*", shapes.document(kept=kept)),)
    yield Proof(replace(evidence, files=files), shaped)


#: By format, the archive and what is taken of it.
SOURCES: Mapping[str, tuple[str, Callable[[Path], Iterator[Case | Proof]]]] = {
    "field: chains": ("chains", chains),
    "field: OMS": ("oms", models),
    "field: Sigstore": ("sigstore", bundles),
    "field: CloudTrail": ("cloudtrail", trails),
    "field: BagIt": ("bagit", bags),
    "field: transparency log": ("tlog", tiled),
    "field: Pangea": ("pangea", pangea),
}


def cases(name: str, folder: Path) -> Sequence[Case | Proof]:
    """Return the evidence of a format; none where it is not beside the checkout."""
    archive, made = SOURCES[name]
    if not (EVIDENCE / f"{archive}.tar.xz").is_file():
        return ()
    return tuple(made(unpacked(folder, archive)))

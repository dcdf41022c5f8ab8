"""Evidence of every format that is no chain: valid, from the vectors that ship with the program."""

import base64
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import OTHER_KEY
from tests.mutation import shapes
from tests.mutation.chains import Change
from tests.mutation.flips import changed_byte
from tests.mutation.judging import AT, Evidence, Files
from tests.mutation.logs import pem
from tests.mutation.shapes import Shape
from tests.mutation.truth import LOOSE, OPEN, UNPROTECTED, Truth
from workbench import resources
from workbench.model.expectation import Expectation, Origin


@dataclass(frozen=True)
class Proof:
    """Valid evidence of one format, and what of it is protected.

    Attributes:
        evidence: the evidence.
        shapes: by pattern of paths, what of a file is protected; the first one counts.
        named: patterns of the paths whose names are protected.
        closed: patterns of paths where no file may be added.
        spare: patterns of the files without which all of it stays proven.
    """

    evidence: Evidence
    shapes: tuple[tuple[str, Shape], ...] = ()
    named: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.evidence.name

    def protected(self, files: Files) -> Counter[tuple[str, object]]:
        """Return what is protected of some files."""
        return Counter(
            (path if _matches(path, self.named) else "", self._shape(path, data)(data))
            for path, data in files.items()
            if path in self.evidence.files or _matches(path, self.closed) or not self._spare(path)
        )

    def _shape(self, path: str, data: bytes) -> Shape:
        """Return the shape of a file: one whose name means nothing is what it was elsewhere."""
        as_before = (p for p, kept in self.evidence.files.items() if kept == data)
        origin = path if _matches(path, self.named) else next(as_before, path)
        return shapes.first_matching(self.shapes, origin)

    def _spare(self, path: str) -> bool:
        return _matches(path, self.spare)

    def change(self, chance: random.Random) -> Change:
        """Return the evidence with one thing changed."""
        files = dict(self.evidence.files)
        draw = chance.random()
        if draw < 0.02 and self.evidence.strangers:
            return Change("keys of somebody else", files, OPEN, own_key=False)
        if draw < 0.1:
            return _of_files(self, files, chance)
        path = chance.choice([p for p, data in sorted(files.items()) if data])
        if draw < 0.14:
            at = chance.randrange(len(files[path]))
            words, data = f"cut at {at}", files[path][:at]
        else:
            words, data, _ = changed_byte(files[path], chance)
        fresh = {**files, path: data}
        return Change(f"{path}: {words}", fresh, self.truth(fresh))

    def truth(self, files: Files) -> Truth:
        """Return what files that were changed have to lead to."""
        if files == self.evidence.files:
            return UNPROTECTED
        return LOOSE if self.protected(files) == self.protected(self.evidence.files) else OPEN


def _matches(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def _of_files(proof: Proof, files: dict[str, bytes], chance: random.Random) -> Change:
    """Take a file away, add one, rename one, or exchange two."""
    path = chance.choice(sorted(files))
    match chance.randrange(4):
        case 0:
            data = files.pop(path)
            said = LOOSE if _matches(path, proof.spare) else OPEN
            return Change(f"{path} out ({len(data)} bytes)", files, said)
        case 1:
            new = f"{path}.copy"
            said = OPEN if _matches(path, proof.closed) else LOOSE
            return Change(f"{path} copied", {**files, new: files[path]}, said)
        case 2:
            new = f"{path}x" if "." not in path else path.replace(".", "x.", 1)
            files[new] = files.pop(path)
            said = OPEN if _matches(path, proof.named) else LOOSE
            return Change(f"{path} renamed", files, said)
        case _:
            other = chance.choice(sorted(files))
            files[path], files[other] = files[other], files[path]
            return Change(f"{path} and {other} exchanged", files, proof.truth(files))


def vector(name: str, *, strangers: Files | None = None, **more: Any) -> Proof:
    """Return a vector that ships with the program."""
    folder = resources.path("selftest", *name.split("/"))
    known = json.loads((folder / "expected.json").read_bytes())
    at, trusted = known.get("at"), below(folder / "trust", "trust/")
    assert all(trusted[place] != other for place, other in (strangers or {}).items())
    evidence = Evidence(
        name=name,
        files=below(folder / "drop"),
        trusted=trusted,
        trust=tuple(known.get("trust") or ()),
        secrets=tuple(known.get("secret") or ()),
        confirm=tuple(known.get("confirm") or ()),
        expectation=Expectation(
            origin=Origin(
                identity=known.get("identity"),
                issuer=known.get("issuer"),
                builder=known.get("builder"),
                source=known.get("source_uri"),
                digest=known.get("subject_digest"),
            )
        ),
        strangers=strangers or {},
        at=datetime.fromisoformat(at) if at else AT,
    )
    return Proof(evidence, **more)


def below(folder: Path, prefix: str = "") -> dict[str, bytes]:
    """Return the files below a folder."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {f"{prefix}{p.relative_to(folder).as_posix()}": p.read_bytes() for p in files}


def trusted_in(name: str, file: str) -> bytes:
    """Return what the auditor of a vector trusts."""
    return resources.path("selftest", *name.split("/"), "trust", file).read_bytes()


#: Of a model's bundle: what is signed, by whom, and what kind of bundle it is. A hint at the key,
#: its bytes, an id in a signature: nobody signs that, and nothing rests on it. The auditor's own
#: copy of a root ends the path, not the one in the bundle.
MODEL = (
    "/mediaType",
    "/verificationMaterial/x509CertificateChain/certificates/[01]/rawBytes",
    "/verificationMaterial/certificate/rawBytes",
    "/dsseEnvelope/payload",
    "/dsseEnvelope/payloadType",
    "/dsseEnvelope/signatures/*/sig",
)
#: Of a Sigstore bundle: ids, the digest beside a signature, and what the body of an entry says too.
SIGSTORE = (
    "/dsseEnvelope/signatures/*/keyid",
    "/messageSignature/messageDigest",
    "/verificationMaterial/tlogEntries/*/kindVersion",
)
ENVELOPE = ("/payload", "/payloadType", "/signatures/*/sig")
METABLOCK = ("/signed/*", "/signatures/*/sig")
SHAPED = {
    "model": (("model.sig", shapes.document(kept=MODEL)),),
    "sigstore": (("*.sigstore*", shapes.document(*SIGSTORE)),),
    "envelope": (("*.intoto.jsonl", shapes.document(kept=ENVELOPE)),),
    "layout": tuple(
        (pattern, shapes.document(kept=METABLOCK)) for pattern in ("*.layout", "*.link")
    ),
}


def models() -> tuple[Proof, ...]:
    """Return signed models in all forms."""
    how: dict[str, Any] = {"named": ("model/*",), "closed": ("model/*",), "shapes": SHAPED["model"]}
    other = {"trust/key.pem": trusted_in("oms/key-unknown", "key.pem")}
    by_key = ("oms/key-intact", "oms/key-shards-blake2b-intact", "oms/legacy-intact")
    root = {"trust/root.pem": trusted_in("timestamp/intact", "root.pem")}
    return (
        *(vector(name, **how, strangers=other) for name in by_key),
        vector("oms/certificate-intact", **how, strangers=root),
    )


def attestations(*, policy: bool) -> tuple[Proof, ...]:
    """Return statements in envelopes; with policy, what provenance has to say."""
    other = {"trust/signer.pem": trusted_in("attestation/provenance-by-nobody-known", "owner.pem")}
    proof = vector("attestation/provenance-by-key", shapes=SHAPED["envelope"], strangers=other)
    if policy:
        origin = Origin(builder="https://builds.example/ci@v2")
        evidence = replace(proof.evidence, expectation=Expectation(origin=origin))
        proof = replace(proof, evidence=replace(evidence, name="provenance with its builder"))
    return (proof,)


def trails() -> tuple[Proof, ...]:
    """Return digests and logs of CloudTrail."""
    other = {"trust/keys.json": _other_rsa(trusted_in("cloudtrail/intact", "keys.json"))}
    proof = vector("cloudtrail/intact", strangers=other)
    metadata = sorted(p for p in proof.evidence.files if p.startswith("head-object/"))
    signature = shapes.document("/Metadata/signature-algorithm")
    shaped = [("s3/*.gz", shapes.compressed), (metadata[-1], signature)]
    # A digest that another one follows is signed by that one too.
    shaped += [(path, shapes.nothing) for path in metadata[:-1]]
    return (replace(proof, shapes=tuple(shaped), spare=tuple(metadata[:-1])),)


def _other_rsa(listed: bytes) -> bytes:
    """Return a list of keys with another one in the place of each."""
    key = rsa.generate_private_key(65537, 2048).public_key()
    value = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.PKCS1)).decode()
    known = json.loads(listed)
    keys = [{**one, "Value": value} for one in known["PublicKeyList"]]
    return json.dumps({**known, "PublicKeyList": keys}).encode()


def bags() -> tuple[Proof, ...]:
    """Return a bag: its lists of tag files are protected by nothing."""
    proof = vector("bagit/intact", named=("*",), closed=("data/*",), spare=("tagmanifest-*",))
    lists = shapes.names(proof.evidence.files, ["tagmanifest-*"])
    shaped = tuple((path, shapes.digests(proof.evidence.files[path])) for path in lists)
    # Of what they are called nothing is protected either.
    named = tuple(path for path in proof.evidence.files if path not in lists)
    return (replace(proof, shapes=shaped, named=named),)


#: A proof of membership has its sides by itself, so that it needs no leaf_index; consistency with
#: an older root is shown beside it.
PANGEA = (
    "/result/events/*/envelope/*",
    "/result/events/*/hash",
    "/result/events/*/membership_proof",
    "/result/root/size",
    "/result/root/root_hash",
)
ProofMaker = Callable[[], tuple[Proof, ...]]
PROOFS: Mapping[str, ProofMaker] = {
    "OMS folder": models,
    "Sigstore bundle": lambda: (vector("attestation/sigstore-pinned", shapes=SHAPED["sigstore"]),),
    "DSSE, in-toto statement": lambda: attestations(policy=False),
    "in-toto layout and links": lambda: (
        # Products need not be handed over: links say what they were.
        vector("attestation/layout-followed", shapes=SHAPED["layout"], spare=("model.bits",)),
    ),
    "SLSA provenance": lambda: attestations(policy=True),
    "CloudTrail": trails,
    "BagIt": bags,
    "transparency log": lambda: (
        vector(
            "tlog/witnessed",
            shapes=(("checkpoint", shapes.note("log.example/models", "witness0.example")),),
            # Hashes are computed from entries; where tiles of them lie, they have to agree.
            named=("tile/entries/*",),
            spare=("tile/0/*", "tile/1/*"),
        ),
    ),
    "Pangea": lambda: (vector("pangea/intact", shapes=(("*", shapes.document(kept=PANGEA)),)),),
    "SSHSIG": lambda: (vector("signature/ssh-intact", shapes=(("*.sig", shapes.armoured),)),),
    "minisign": lambda: (
        vector("signature/minisign-intact", shapes=(("*.minisig", shapes.minisign),)),
    ),
    "OpenPGP": lambda: (vector("signature/openpgp-intact", shapes=(("*.asc", shapes.openpgp),)),),
    "RFC 3161 token": lambda: (
        vector(
            "timestamp/intact",
            shapes=(("*.tsr", shapes.timestamp),),
            strangers={"trust/root.pem": trusted_in("timestamp/unknown-authority", "root.pem")},
        ),
    ),
    "signed head": lambda: (
        vector(
            "head/vector-1",
            shapes=(("*.head", shapes.note("example.com/audit-log")), ("*", shapes.record_lines)),
            strangers={"trust/log.vkey": pem(OTHER_KEY)},
        ),
    ),
}

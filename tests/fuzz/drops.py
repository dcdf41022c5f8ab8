"""Whole verifications: one file of a known delivery is another one, or says what a signer wished.

What holds of each: there is a verdict, two programs do not contradict each other, and nothing is
green but the content that was signed, by whom it was signed.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.fuzz.parsers import Harness, Parser, require
from tests.verify import attestation_builder as a
from tests.verify import oms_builder as oms
from workbench.model.olpc import UncanonicalError
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import Trust
from workbench.model.verdict import Indication
from workbench.model.verification import Verification
from workbench.services.selftest import _request, _vectors
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust

#: What holds signatures or points at files: other bytes of it may say the same.
_PROOF = (".sig", ".asc", ".minisig", ".json", ".jsonl.gz", ".link", ".layout", ".intoto.jsonl",
          ".head", ".tsr", ".txt.sig", "checkpoint")  # fmt: skip
LARGEST = 40_000


@dataclass(frozen=True)
class Delivery:
    """A vector of the self-test, in a folder of its own.

    Attributes:
        root: the folder with ``drop`` and ``trust``.
        request: how it is verified.
        trust: whom the auditor trusts.
        files: its files that can be another one, by their paths below ``drop``.
        signers: fingerprints of those whose signatures may pass.
    """

    root: Path
    request: VerifyRequest
    trust: Trust
    files: tuple[str, ...]
    signers: frozenset[str]

    def verified(self) -> Verification:
        """Verify what lies in the folder now."""
        return verified(self.request, self.trust, Silent(), Cancel(), None)


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-"))


@cache
def deliveries(kind: str) -> tuple[Delivery, ...]:
    """Return the vectors of a kind that are green or nearly so."""
    known = sorted(_vectors(), key=lambda vector: vector.id)
    chosen = [v for v in known if v.id.startswith(f"{kind}/") and _is_sound(v.known)]
    return tuple(_delivery(vector) for vector in chosen)


def _is_sound(known: Mapping[str, object]) -> bool:
    return str(known.get("integrity", "")).startswith("PASSED")


def _delivery(vector) -> Delivery:
    root = _place() / vector.id.replace("/", "-")
    shutil.copytree(vector.folder, root)
    request = _request(replace(vector, folder=root))
    trust = load_trust(
        request.trust, confirm=request.confirm, secrets=request.secrets, at=request.at
    )
    drop = root / "drop"
    files = [path for path in sorted(drop.rglob("*")) if path.is_file()]
    small = [path for path in files if path.stat().st_size <= LARGEST]
    names = tuple(path.relative_to(drop).as_posix() for path in small)
    signers = {a.fingerprint for a in trust.anchors} | {a.key_fingerprint for a in trust.anchors}
    found = Delivery(root, request, trust, names, frozenset(signers))
    return replace(found, signers=found.signers | _signers(found.verified()))


def _signers(verification: Verification) -> frozenset[str]:
    signatures = (s for source in verification.subjects if source.verdict
                  for s in source.verdict.signatures)  # fmt: skip
    return frozenset(s.fingerprint for s in signatures if s.indication is Indication.PASSED)


def replaced(kind: str) -> Callable[[bytes], None]:
    """Return what verifies a delivery in which one file is other bytes; the first two say which."""

    def run(data: bytes) -> None:
        if len(data) < 2:
            return
        known = deliveries(kind)
        delivery = known[data[0] % len(known)]
        name = delivery.files[data[1] % len(delivery.files)]
        path = delivery.root / "drop" / name
        before = path.read_bytes()
        path.write_bytes(data[2:])
        try:
            require_sound(delivery, name, before, data[2:])
        finally:
            path.write_bytes(before)

    return run


def require_sound(delivery: Delivery, name: str, before: bytes, after: bytes) -> None:
    """Require what holds of a delivery in which a file was replaced."""
    found = delivery.verified()
    require(found.exit_code in {0, 1, 2}, "no verdict")
    require(_signers(found) <= delivery.signers, "somebody else signed")
    told = after == before or name.endswith(_PROOF) or _lines(after) == _lines(before)
    in_bag = name.startswith("data/")
    for subject in found.subjects:
        verdict = subject.verdict
        about = subject.path in {f"drop/{name}", "drop"} or f"drop/{name}".startswith(subject.path)
        if verdict is None or told or not about or not (verdict.signatures or in_bag):
            continue
        parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
        parts = parts[:1] if in_bag else parts
        green = all(part.indication is Indication.PASSED for part in parts)
        require(not green, f"{name} was changed and passes")


def _lines(data: bytes) -> list[bytes]:
    """Return lines as a log has them: their ends and blank ones are no part of a record."""
    lines = (line.rstrip(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"))
    return [line for line in lines if line.strip()]


def places(kind: str) -> Callable[[], Iterator[bytes]]:
    """Return the files of the deliveries of a kind, each with its number."""

    def found() -> Iterator[bytes]:
        for number, delivery in enumerate(deliveries(kind)):
            for place, name in enumerate(delivery.files):
                path = delivery.root / "drop" / name
                yield bytes([number, place]) + path.read_bytes()

    return found


OWNER, ANN = a.p256("owner"), a.p256("ann")
MODEL = {"model.bits": b"weights\n"}


def _judged(name: str, files: Mapping[str, bytes]) -> None:
    folder = _place() / name
    shutil.rmtree(folder, ignore_errors=True)
    drop = a.Drop({**MODEL, **files}, {"owner.pem": a.pem_of(OWNER)})
    require(drop.verified(folder).exit_code in {0, 1, 2}, "no verdict")


def statement(data: bytes) -> None:
    """Verify an envelope whose trusted signer signed any bytes."""
    _judged("statement", {"model.bits.intoto.jsonl": a.to_bytes(a.envelope(data, OWNER))})


def statements() -> Iterator[bytes]:
    """Yield what may be signed about the model."""
    for said in (a.provenance(MODEL), a.provenance_0_2(MODEL), a.link("train", {}, MODEL)):
        yield json.dumps(said).encode()


def layout(data: bytes) -> None:
    """Verify a layout, and a link, that a trusted signer made of any JSON object."""
    value = json.loads(data)
    link = a.metablock(a.link("train", {}, MODEL), ANN)
    if not isinstance(value, dict):
        return
    whole = a.layout([a.step("train", OWNER, products=[["ALLOW", "*"]])], [OWNER])
    for root, made in ((value, link), (whole, a.metablock(value, OWNER))):
        files = {"root.layout": a.metablock(root, OWNER), "train.0a1b2c3d.link": made}
        _judged("layout", {name: a.to_bytes(block) for name, block in files.items()})


def layouts() -> Iterator[bytes]:
    """Yield a layout and a link."""
    rules = [["MATCH", "*", "WITH", "PRODUCTS", "IN", "a", "FROM", "x"], ["CREATE", "[!a]*?"]]
    steps = [a.step("train", ANN, threshold=1, materials=rules, products=[["ALLOW", "*"]])]
    yield json.dumps(a.layout(steps, [ANN], inspect=[{"name": "x"}])).encode()
    yield json.dumps(a.link("train", {}, MODEL, ["python", "x"])).encode()


def model(data: bytes) -> None:
    """Verify a model whose trusted signer signed any bytes as its manifest."""
    private = oms.key("fuzz")
    bundle = oms.bundle(data, oms.by_key(private), [oms.sign(private, oms.encoding(data))])
    folder = _place() / "model"
    if not folder.exists():
        oms.SignedModel(oms.FILES, b"").write(folder / "drop")
        (_place() / "model.pem").write_bytes(oms.pem(private))
    (folder / "drop" / "model.sig").write_bytes(oms.to_bytes(bundle))
    request = VerifyRequest((folder / "drop",), a.AT, (f"model={_place() / 'model.pem'}",))
    trust = load_trust(request.trust, at=request.at)
    require(verified(request, trust, Silent(), Cancel(), None).exit_code in {0, 1, 2}, "no verdict")


def manifests() -> Iterator[bytes]:
    """Yield manifests."""
    for more in ({}, {"shard_size": 100}, {"algorithm": "blake2b", "ignore_paths": ["a/../b", ""]}):
        yield oms.to_bytes(oms.statement(oms.FILES, **more))  # type: ignore[arg-type]
    yield oms.to_bytes(oms.legacy_statement(oms.FILES))


KINDS = ("attestation", "bagit", "cloudtrail", "head", "oms", "pangea", "signature", "timestamp",
         "tlog")  # fmt: skip
HARNESS = Harness(
    (
        *(Parser(kind, replaced(kind), places(kind)) for kind in KINDS),
        Parser("signed statement", statement, statements),
        Parser("signed layout", layout, layouts, (UncanonicalError, ValueError)),
        Parser("signed manifest", model, manifests),
    )
)

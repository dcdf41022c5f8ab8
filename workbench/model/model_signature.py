"""What an OpenSSF Model Signing bundle claims, before anybody judges it.

Built from strictly parsed JSON (``evidence.strict_json.parse``). What holds afterwards:

* the payload is kept as the bytes that were signed, never written out again;
* base64 is canonical, so no two texts stand for the same bytes;
* names are relative, ``/`` separated, without ``..``, and each occurs once;
* shards of a file follow each other from its first byte, without a hole.

The signed statement is read into a ``Manifest`` by a second step, because it is JSON within
JSON: ``manifest_from`` takes the parsed payload, ``manifest_of`` does both steps.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workbench.model.bundle import Bundle, bundle_from
from workbench.model.envelope import IN_TOTO, EnvelopeSignature, envelope_from
from workbench.model.json_place import Json, Place
from workbench.model.json_place import MalformedSignature as MalformedSignature

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
PREDICATE_LEGACY = "https://model_signing/Digests/v0.1"

#: Hash algorithms of the OMS algorithm registry, with the bytes of their digests.
DIGEST_BYTES = {"sha256": 32, "blake2b": 64, "blake3": 32}

_MEDIA_TYPES = {
    "application/vnd.dev.sigstore.bundle.v0.3+json",
    *(f"application/vnd.dev.sigstore.bundle+json;version=0.{minor}" for minor in (1, 2, 3)),
}
#: Characters of a path; no system opens a longer one.
MOST_PATH = 4096
_HEX = re.compile(r"[0-9a-f]+")
_SHARD = re.compile(
    r"(?P<path>.+):(?P<start>0|[1-9][0-9]{0,18}):(?P<end>[1-9][0-9]{0,18})", re.DOTALL
)

Parse = Callable[[bytes], Json]


class SignatureKind(StrEnum):
    """How the signer is identified (OMS 1.0, 4.1)."""

    KEY = "key"
    CERTIFICATE = "certificate"
    SIGSTORE = "sigstore"


@dataclass(frozen=True, slots=True)
class ModelSignature:
    """A bundle as it lies in the file.

    Attributes:
        kind: how the signer is identified.
        media_type: version of the bundle format, as stated.
        payload_type: type of the payload, as stated; it is part of what is signed.
        payload: the signed bytes.
        signatures: every signature of the envelope, at least one.
        hint: what the bundle calls the key, or None; nothing protects it.
        embedded_keys: public keys in the bundle itself (before 1.1), as they lie there.
        certificates: DER certificates, the signer's first.
        bundle: all of it, with log entries and timestamps, where a Sigstore identity signed.
    """

    kind: SignatureKind
    media_type: str
    payload_type: str
    payload: bytes
    signatures: tuple[EnvelopeSignature, ...]
    hint: str | None = None
    embedded_keys: tuple[bytes, ...] = ()
    certificates: tuple[bytes, ...] = ()
    bundle: Bundle | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One line of the manifest: a file, or a range of bytes of it.

    Attributes:
        name: as signed.
        path: the file, relative to the model; model_signing writes "." for a model of one file.
        span: first byte and the byte after the last, or None for the whole file.
        algorithm: as signed; ``Manifest.hash_type`` decides.
        digest: lower hex.
    """

    name: str
    path: str
    span: tuple[int, int] | None
    algorithm: str
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the signer says the model consists of.

    Attributes:
        subject_name: what the signer called the model; informational (OMS 1.0, 6.5).
        subject_digest: stated root digest, lower hex; "" in the legacy form, which has none.
        resources: lines in the order signed, at least one.
        method: "files" or "shards".
        hash_type: algorithm of every line.
        shard_size: bytes of a shard, or None.
        allow_symlinks: links were followed when signing.
        ignore_paths: what the signer left out, as signed.
        legacy: the v0.2 form, one subject a file.
    """

    subject_name: str
    subject_digest: str
    resources: tuple[Resource, ...]
    method: str = "files"
    hash_type: str = "sha256"
    shard_size: int | None = None
    allow_symlinks: bool = False
    ignore_paths: tuple[str, ...] = ()
    legacy: bool = False

    @property
    def root_digest(self) -> str:
        """Return the SHA-256 over the digests of all lines in order (OMS 1.0, 6.5.1)."""
        raw = b"".join(bytes.fromhex(resource.digest) for resource in self.resources)
        return hashlib.sha256(raw).hexdigest()

    @property
    def contradicts_itself(self) -> bool:
        """Tell whether the stated root digest is not that of the lines."""
        return not self.legacy and self.root_digest != self.subject_digest

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files it names, each once, in the order signed."""
        return tuple(dict.fromkeys(resource.path for resource in self.resources))


def model_signature_from(bundle: Json) -> ModelSignature:
    """Return what a parsed bundle claims.

    Raises:
        MalformedSignature: it is not a Sigstore bundle around one DSSE envelope.
    """
    top = Place(bundle, "")
    media_type = top.text("mediaType")
    if media_type not in _MEDIA_TYPES:
        top.refuse("mediaType", f"is {media_type!r}, not a Sigstore bundle up to version 0.3")
    if top.get("messageSignature") is not None:
        top.refuse("messageSignature", "a bundle holds an envelope or a signature, not both")
    inside = top.object("dsseEnvelope")
    payload_type = inside.text("payloadType")
    if payload_type != IN_TOTO:
        inside.refuse("payloadType", f"is {payload_type!r}, not {IN_TOTO!r}")
    envelope = envelope_from(inside)
    kind, hint, keys, certificates = _material(top.object("verificationMaterial"))
    sealed = bundle_from(bundle) if kind is SignatureKind.SIGSTORE else None
    return ModelSignature(
        kind=kind,
        media_type=media_type,
        payload_type=envelope.payload_type,
        payload=envelope.payload,
        signatures=envelope.signatures,
        hint=hint,
        embedded_keys=keys,
        certificates=certificates,
        bundle=sealed,
    )


def manifest_from(statement: Json) -> Manifest:
    """Return the manifest of a parsed in-toto statement, current or legacy (OMS 1.0, 5 and 11).

    Raises:
        MalformedSignature: it is no such statement, or its manifest contradicts itself.
    """
    top = Place(statement, "payload#")
    if top.text("_type") != STATEMENT:
        top.refuse("_type", f"is not {STATEMENT!r}")
    predicate = top.text("predicateType")
    if predicate == PREDICATE_LEGACY:
        return _legacy(top)
    if predicate != PREDICATE:
        top.refuse("predicateType", f"{predicate!r} is not known", code="UNKNOWN_PROFILE")
    return _current(top)


def manifest_of(bundle: Json, parse: Parse) -> Manifest:
    """Return the manifest of a parsed bundle; ``parse`` is the strict JSON parser.

    Raises:
        MalformedSignature: bundle or statement are malformed.
    """
    return manifest_from(parse(model_signature_from(bundle).payload))


def _material(
    place: Place,
) -> tuple[SignatureKind, str | None, tuple[bytes, ...], tuple[bytes, ...]]:
    """Return kind, hint, embedded keys and certificates (OMS 1.0, 4.1)."""
    kinds = [k for k in ("publicKey", "x509CertificateChain", "certificate") if k in place.members]
    if len(kinds) != 1:
        place.refuse("", f"names {len(kinds)} kinds of signer, not exactly one")
    signer = place.object(kinds[0])
    match kinds[0]:
        case "publicKey":
            keys = (signer.decoded("rawBytes"),) if signer.get("rawBytes") is not None else ()
            return SignatureKind.KEY, signer.optional_text("hint") or None, keys, ()
        case "x509CertificateChain":
            chain = tuple(c.decoded("rawBytes") for c in signer.items("certificates"))
            return SignatureKind.CERTIFICATE, None, (), chain
        case _:
            return SignatureKind.SIGSTORE, None, (), (signer.decoded("rawBytes"),)


def _current(top: Place) -> Manifest:
    """Read the form of 0.3 and later: one subject, the files in the predicate."""
    subjects = top.items("subject")
    if len(subjects) != 1:
        top.refuse("subject", f"has {len(subjects)} entries, not exactly one (OMS 1.0, 6.5)")
    predicate = top.object("predicate")
    serialization = predicate.object("serialization")
    method, hash_type = serialization.text("method"), serialization.text("hash_type")
    if method not in ("files", "shards"):
        serialization.refuse("method", f"{method!r} is not known", code="UNKNOWN_PROFILE")
    if hash_type not in DIGEST_BYTES:
        serialization.refuse("hash_type", f"{hash_type!r} is not known", code="UNKNOWN_PROFILE")
    shard_size = serialization.count("shard_size") if method == "shards" else None
    resources = tuple(
        _resource(item, hash_type, shard_size) for item in predicate.items("resources", most=None)
    )
    _require_distinct(predicate, resources)
    if shard_size is not None:
        _require_whole(predicate, resources, shard_size)
    return Manifest(
        subject_name=subjects[0].text("name"),
        subject_digest=_digest(subjects[0].object("digest"), "sha256", "sha256"),
        resources=resources,
        method=method,
        hash_type=hash_type,
        shard_size=shard_size,
        allow_symlinks=serialization.flag("allow_symlinks"),
        ignore_paths=serialization.texts("ignore_paths"),
    )


def _legacy(top: Place) -> Manifest:
    """Read the form of 0.2: one subject a file, no serialization, SHA-256 always."""
    subjects = top.items("subject", most=None)
    resources = tuple(
        _line(s, s.text("name"), None, "sha256", _digest(s.object("digest"), "sha256", "sha256"))
        for s in subjects
    )
    _require_distinct(top, resources)
    return Manifest("", "", resources, legacy=True)


def _resource(place: Place, hash_type: str, shard_size: int | None) -> Resource:
    algorithm = place.text("algorithm")
    # model_signing writes "sha256-sharded-8" for shards of 8 bytes; the spec's schema "sha256".
    if algorithm not in (hash_type, f"{hash_type}-sharded-{shard_size}"):
        place.refuse("algorithm", f"{algorithm!r} is not the hash_type {hash_type!r}")
    name, span = place.text("name"), None
    path = name
    if shard_size is not None:
        shard = _SHARD.fullmatch(name)
        if shard is None:
            place.refuse("name", f"{name[:80]!r} is not of the form path:start:end")
        path, span = shard["path"], (int(shard["start"]), int(shard["end"]))
    return _line(place, path, span, algorithm, _digest(place, "digest", hash_type), name=name)


def _line(
    place: Place,
    path: str,
    span: tuple[int, int] | None,
    algorithm: str,
    digest: str,
    *,
    name: str | None = None,
) -> Resource:
    """Check the path of a line (OMS 1.0, 6.1.2); the sole name "." is a model of one file."""
    if path != "." and any(part in ("", ".", "..") for part in path.split("/")):
        place.refuse("name", f"{path[:80]!r} is not a normalised relative path")
    if "\\" in path or "\0" in path or len(path) > MOST_PATH:
        place.refuse("name", f"{path[:80]!r} holds a backslash or a NUL, or is too long")
    return Resource(name or path, path, span, algorithm, digest)


def _digest(place: Place, key: str, algorithm: str) -> str:
    value = place.text(key)
    if len(value) != 2 * DIGEST_BYTES[algorithm] or not _HEX.fullmatch(value):
        place.refuse(key, f"is not a {algorithm} digest in lower hex")
    return value


def _require_distinct(place: Place, resources: tuple[Resource, ...]) -> None:
    if len({resource.name for resource in resources}) != len(resources):
        place.refuse("resources", "a name occurs twice")
    paths = {resource.path for resource in resources}
    if "." in paths and len(paths) > 1:
        place.refuse("resources", "a model of one file names other files")


def _require_whole(place: Place, resources: tuple[Resource, ...], size: int) -> None:
    """Refuse shards that leave a hole: its bytes would be signed by nobody."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for resource in resources:
        if resource.span is not None:
            spans.setdefault(resource.path, []).append(resource.span)
    for path, parts in spans.items():
        parts.sort()
        starts = [start for start, _ in parts]
        full = [end - start == size for start, end in parts[:-1]]
        last = parts[-1][1] - parts[-1][0]
        if starts != [n * size for n in range(len(parts))] or not all(full) or not 0 < last <= size:
            place.refuse("resources", f"the shards of {path[:80]!r} do not follow each other")

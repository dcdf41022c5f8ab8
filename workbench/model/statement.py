"""What an in-toto statement says of which artifacts, and SLSA provenance where it is that.

Built from the strictly parsed payload of an envelope, never from a copy beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.model.json_place import Json, MalformedSignature, Place

STATEMENTS = {
    "https://in-toto.io/Statement/v0.1": "v0.1",
    "https://in-toto.io/Statement/v1": "v1",
}
#: Digests that still bind, with their hexadecimal digits, the strongest first.
BINDING = {"sha512": 128, "sha384": 96, "sha256": 64}
#: More subjects than this in one statement cost time and are no release.
MOST_SUBJECTS = 10_000

_HEX = re.compile(r"[0-9a-f]+")
_SLSA = re.compile(r"https://slsa\.dev/provenance/(v0\.1|v0\.2|v1)(?:\.0)?")
#: What the statement of a sealed folder says of it, and how that file is called.
SEAL_TYPE = "urn:audit-workbench:seal:1"
SEALED_STATEMENT = "seal.dsse.json"
#: The lists that it is over: of the payload, and of all else.
SEALED_LISTS = tuple(
    f"{kind}manifest-{name}.txt" for kind in ("", "tag") for name in ("sha256", "sha512")
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An artifact that something signed is about.

    Attributes:
        name: what it is called there, or "".
        digests: lower hex by algorithm; those that bind, and any other as it stands.
    """

    name: str
    digests: tuple[tuple[str, str], ...]

    @property
    def binding(self) -> tuple[tuple[str, str], ...]:
        """Return the digests that still bind, the strongest first."""
        known = dict(self.digests)
        return tuple((name, known[name]) for name in BINDING if name in known)


@dataclass(frozen=True, slots=True)
class Provenance:
    """How an artifact was built, as far as a policy asks (SLSA 0.1, 0.2, 1.0).

    Attributes:
        version: of the predicate.
        builder: id of the builder, or "".
        sources: where the source came from, every place at which the predicate says so; not its
            other dependencies.
    """

    version: str
    builder: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An in-toto statement.

    Attributes:
        version: "v0.1" or "v1".
        subjects: the artifacts it is about, at least one.
        predicate_type: what kind of thing it says of them.
        provenance: the predicate where it is SLSA provenance, else None.
        result: what the predicate says that came of a check of the artifacts, or "".
    """

    version: str
    subjects: tuple[Claimed, ...]
    predicate_type: str
    provenance: Provenance | None = None
    result: str = ""


def statement_from(value: Json) -> Statement:
    """Return the statement of a parsed payload (in-toto Attestation Framework 1.0).

    Raises:
        MalformedSignature: it is none; ``UNKNOWN_PROFILE`` where its type is not known.
    """
    top = Place(value, "payload#")
    kind = top.text("_type")
    if kind not in STATEMENTS:
        top.refuse("_type", f"{kind[:80]!r} is not known", code="UNKNOWN_PROFILE")
    subjects = tuple(_claimed(item) for item in top.items("subject", most=MOST_SUBJECTS))
    predicate_type = top.text("predicateType")
    provenance = _provenance(top, predicate_type)
    return Statement(STATEMENTS[kind], subjects, predicate_type, provenance, _result(top))


def _result(top: Place) -> str:
    """Return what a verification summary (SLSA) or test result (in-toto) came to."""
    predicate = top.get("predicate")
    said = (_text_at(predicate, name) for name in ("verificationResult", "result"))
    return next(filter(None, said), "")


def claimed_digests(place: Place) -> tuple[tuple[str, str], ...]:
    """Return a set of digests; those that bind must be well-formed.

    Raises:
        MalformedSignature: it holds none, or one that is no digest.
    """
    found: list[tuple[str, str]] = []
    for algorithm, value in place.members.items():
        if not isinstance(value, str) or not value:
            place.refuse(algorithm, "must be a text that is not empty")
        digits = BINDING.get(algorithm)
        if digits is not None and (len(value) != digits or not _HEX.fullmatch(value)):
            place.refuse(algorithm, f"is not a {algorithm} digest in lower hex")
        found.append((algorithm, value))
    if not found:
        place.refuse("", "must hold at least one digest")
    return tuple(sorted(found))


def _claimed(place: Place) -> Claimed:
    return Claimed(place.optional_text("name") or "", claimed_digests(place.object("digest")))


def _provenance(top: Place, predicate_type: str) -> Provenance | None:
    """Return builder and sources; a predicate without them names none, which no policy meets."""
    found = _SLSA.fullmatch(predicate_type)
    predicate = top.get("predicate")
    if found is None or not isinstance(predicate, dict):
        return None
    if found[1] == "v1":
        builder = _text_at(predicate, "runDetails", "builder", "id")
        return Provenance("v1", builder, tuple(_sources_of_1(predicate)))
    builder = _text_at(predicate, "builder", "id")
    return Provenance(found[1], builder, tuple(_sources_of_0(predicate)))


def _sources_of_0(predicate: Mapping[str, Json]) -> list[str]:
    """Return the source of SLSA 0.1 and 0.2: where the build was configured, the first material."""
    materials = predicate.get("materials")
    first = materials[0] if isinstance(materials, list) and materials else {}
    places = (
        _text_at(predicate, "invocation", "configSource", "uri"),
        _text_at(first, "uri"),
    )
    return [place for place in dict.fromkeys(places) if place]


def _sources_of_1(predicate: Mapping[str, Json]) -> list[str]:
    """Return the source of SLSA 1.0: external parameters that known build types have for it.

    Resolved dependencies are what a build may use, not what it was asked to build: a build of
    something else can have any of them.
    """
    outside = ("buildDefinition", "externalParameters")
    places = [
        _text_at(predicate, *outside, *route)
        for route in (
            ("workflow", "repository"),
            ("source",),
            ("source", "uri"),
            ("source", "repository"),
            ("sourceToBuild", "repository"),
            ("buildConfigSource", "repository"),
            ("configSource", "repository"),
            ("repository",),
        )
    ]
    return [place for place in dict.fromkeys(places) if place]


def _text_at(value: Json, *route: str) -> str:
    """Return the text at a route of names, or "" where there is none."""
    for name in route:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def read_statement(value: Json) -> Statement | MalformedSignature:
    """Return the statement of a parsed payload, or why it is none."""
    try:
        return statement_from(value)
    except MalformedSignature as error:
        return error

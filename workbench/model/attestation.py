"""What a file of attestations holds: envelopes and bundles, each with what it is about.

One document, or one a line (``.intoto.jsonl``), or the answer of ``gcloud artifacts docker images
describe --show-provenance``. What is signed is taken from the payload alone; where a readable copy
of it lies beside, the two are compared and the copy counts for nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.errors import LimitError, SourceError
from workbench.model.bundle import Bundle, MessageSignature, bundle_from, is_bundle
from workbench.model.envelope import IN_TOTO, Envelope, envelope_from
from workbench.model.json_place import Json, MalformedSignature, Place
from workbench.model.layout import Link, is_metablock, link_from, metablock_from
from workbench.model.statement import Claimed, Statement, statement_from

#: Attestations in one file; more cost time and are no release.
MOST = 1000
FORMAT_FAILURE = "FORMAT_FAILURE"
LIMIT_EXCEEDED = "LIMIT_EXCEEDED"

Parse = Callable[[bytes], Json]
#: Names and numbers that lead from a document to what is in it.
Route = tuple[str | int, ...]


class Form(StrEnum):
    """What exactly is signed."""

    DSSE = "DSSE"
    #: Cloud Build signed the payload without the encoding around it.
    CLOUD_BUILD = "Cloud Build"
    #: in-toto before envelopes: the canonical JSON of a link.
    METABLOCK = "Metablock"


@dataclass(frozen=True, slots=True)
class Attestation:
    """One envelope or bundle.

    Attributes:
        line: line of the file from 1, or None where the file is one document.
        route: where the envelope, or the signature of a message, stands in it.
        envelope: the envelope, or None.
        bundle: the bundle that it came in, or None.
        statement: what the payload says, or None where it says nothing that is known.
        link: what the payload says where it is a link of in-toto, or None.
        form: what exactly is signed.
        copies: what a readable copy beside the payload says otherwise, in sentences.
        code: why it cannot be used, or why the payload says nothing; or None.
        message: the same in words.
    """

    line: int | None = None
    route: Route = ()
    envelope: Envelope | None = None
    bundle: Bundle | None = None
    statement: Statement | None = None
    link: Link | None = None
    form: Form = Form.DSSE
    copies: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""

    @property
    def claimed(self) -> tuple[Claimed, ...]:
        """Return the artifacts that it is about."""
        if self.statement is not None:
            return self.statement.subjects
        if self.link is not None:
            return self.link.claimed
        content = self.bundle.content if self.bundle else None
        if isinstance(content, MessageSignature) and content.algorithm:
            return (Claimed("", ((content.algorithm, content.digest.hex()),)),)
        return ()

    @property
    def readable(self) -> bool:
        """Tell whether there is a signature to check."""
        return self.envelope is not None or self.bundle is not None


def attestations_in(data: bytes, parse: Parse) -> tuple[Attestation, ...]:
    """Return what a file holds, in order; damage is an attestation that cannot be used."""
    try:
        return tuple(_of_document(parse(data), parse))
    except LimitError as error:
        return (Attestation(code=LIMIT_EXCEEDED, message=error.message),)
    except SourceError as error:
        if not _is_of_lines(data, parse):
            return (Attestation(code=FORMAT_FAILURE, message=error.message),)
    return tuple(_of_lines(data, parse))


def _is_of_lines(data: bytes, parse: Parse) -> bool:
    """Tell whether the first line is a document by itself, and not all there is."""
    first, _, rest = data.lstrip().partition(b"\n")
    try:
        return bool(rest.strip()) and isinstance(parse(first), dict)
    except SourceError:
        return False


def _of_lines(data: bytes, parse: Parse) -> Iterator[Attestation]:
    count = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        count += 1
        if count > MOST:
            yield Attestation(
                line=number, code=LIMIT_EXCEEDED, message=f"More than {MOST} are not read."
            )
            return
        try:
            found = tuple(_of_document(parse(line), parse))
        except SourceError as error:
            found = (Attestation(code=FORMAT_FAILURE, message=error.message),)
        yield from (replace(one, line=number) for one in found)


def _of_document(value: Json, parse: Parse) -> Iterator[Attestation]:
    try:
        if is_bundle(value):
            yield _of_bundle(value, parse)
        elif isinstance(value, dict) and "provenance_summary" in value:
            yield from _of_gcloud(value, parse)
        elif is_metablock(value):
            yield _of_metablock(value)
        else:
            yield _said(Attestation(envelope=envelope_from(Place(value, ""))), parse)
    except MalformedSignature as error:
        yield Attestation(code=error.code, message=f"{error}.")


def _of_bundle(value: Json, parse: Parse) -> Attestation:
    bundle = bundle_from(value)
    if isinstance(bundle.content, MessageSignature):
        return Attestation(route=("messageSignature",), bundle=bundle)
    found = Attestation(route=("dsseEnvelope",), envelope=bundle.content, bundle=bundle)
    return _said(found, parse)


def _of_metablock(value: Json) -> Attestation:
    """Return a link of the old form; a layout says nothing of artifacts by itself."""
    found = metablock_from(value)
    link = link_from(found.signed)
    return Attestation(route=(), envelope=found.envelope, link=link, form=Form.METABLOCK)


def _said(found: Attestation, parse: Parse) -> Attestation:
    """Return an attestation with what its payload says."""
    if found.envelope is None or found.envelope.payload_type != IN_TOTO:
        return found
    try:
        said = parse(found.envelope.payload)
        if isinstance(said, dict) and said.get("_type") == "link":
            return replace(found, link=link_from(said))
        return replace(found, statement=statement_from(said))
    except MalformedSignature as error:
        return replace(found, code=error.code, message=f"{error}.")
    except SourceError as error:
        return replace(found, code=FORMAT_FAILURE, message=error.message)


def _of_gcloud(value: Mapping[str, Json], parse: Parse) -> Iterator[Attestation]:
    """Yield the envelopes of Cloud Build; each is refused by itself."""
    top = Place(value, "")
    listed = top.object("provenance_summary").items("provenance")
    for number, place in enumerate(listed):
        route: Route = ("provenance_summary", "provenance", number, "envelope")
        try:
            found = Attestation(
                route=route, envelope=envelope_from(place.object("envelope")), form=Form.CLOUD_BUILD
            )
        except MalformedSignature as error:
            yield Attestation(route=route, code=error.code, message=f"{error}.")
            continue
        said = _said(found, parse)
        if said.statement is None or said.envelope is None:
            yield said
            continue
        copies = _differing(top, place, said.statement, parse(said.envelope.payload))
        yield replace(said, copies=tuple(copies))


def _differing(top: Place, place: Place, said: Statement, payload: Json) -> Iterator[str]:
    """Yield what the readable part of a gcloud answer says that the signed part does not."""
    digests = {f"sha256:{dict(one.digests).get('sha256', '')}" for one in said.subjects}
    if place.get("kind") != "BUILD":
        yield "The kind of the occurrence is not BUILD."
    uri = place.get("resourceUri")
    if not isinstance(uri, str) or uri.rpartition("@")[2] not in digests:
        yield "The resource that it lies with is none of the signed subjects."
    summary = top.get("image_summary")
    image = summary.get("digest") if isinstance(summary, dict) else None
    if image not in digests:
        yield "The digest of the image summary is none of the signed subjects."
    build = place.get("build")
    copies = build.values() if isinstance(build, dict) else ()
    for copy in copies:
        if isinstance(copy, dict) and not _agrees(copy, payload):
            yield "The readable statement is not the signed one."


def _agrees(copy: Mapping[str, Json], payload: Json) -> bool:
    """Tell whether each member of a readable statement is that of the payload."""
    if not isinstance(payload, dict):
        return False
    return all(value == payload.get(name, payload.get("predicate")) for name, value in copy.items())

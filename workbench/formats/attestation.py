"""Recognise files of attestations: envelopes, Sigstore bundles, links of in-toto, and layouts."""

import re
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.strict_json import parse
from workbench.formats.reader import Look, Recognition
from workbench.model.json_place import Json, MalformedSignature, Place
from workbench.model.source import Role

ATTESTATION = "attestation"
IN_TOTO = "in-toto"
LINK_FORM, LAYOUT_FORM = "link", "layout"
LINK_SUFFIX = ".link"
#: What is called so is meant as attestation, whatever became of its bytes; the longest first.
SUFFIXES = (
    ".sigstore.json",
    ".sigstore",
    ".intoto.jsonl",
    ".intoto.json",
    ".attestation.json",
    ".attestation",
    ".dsse.json",
    ".dsse",
    ".att",
)
#: Each kind has one of these at its top.
_NAMES = {"verificationMaterial", "signed", "payload", "provenance_summary"}
_TOP = 4096
#: A bundle or envelope that is damaged, or too large to be looked at whole.
_BUNDLE = re.compile(rb'"(?:messageSignature|dsseEnvelope)"')
_ENVELOPE = re.compile(rb'\A\s*\{\s*"payload(?:Type)?"\s*:\s*"')
#: How ``gcloud artifacts docker images describe --show-provenance`` answers.
_GCLOUD = re.compile(rb'\A\s*\{\s*"image_summary"\s*:')


@dataclass(frozen=True, slots=True)
class AttestationReader:
    """A file that says, signed, something of artifacts."""

    id: str = ATTESTATION
    order: int = 21

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``attestation`` by content, or by name so that a damaged one does not drop out."""
        if look.head.lstrip()[:1] != b"{":
            return _recognition("") if _is_called(look) else None
        kind = _kind(_first(look))
        if kind == LAYOUT_FORM:
            below = look.file.name.lower().endswith(LINK_SUFFIX)
            return Recognition(IN_TOTO, Role.SIGNATURE if below else Role.SUBJECT, LAYOUT_FORM)
        if kind is None and (_by_bytes(look.head) or _is_called(look)):
            kind = ""
        return None if kind is None else _recognition(kind)


def _first(look: Look) -> Json:
    """Return the document, or that of the first line, or None where it cannot be read."""
    texts = ([look.head] if look.whole else []) + [look.head.lstrip().partition(b"\n")[0]]
    for text in texts:
        try:
            return parse(text, what=look.file.display)
        except SourceError:
            continue
    return None


def _kind(value: Json) -> str | None:
    """Return what a document is, or None where it is no attestation."""
    if not isinstance(value, dict) or not _NAMES & set(value):
        return None
    from workbench.model.bundle import is_bundle
    from workbench.model.layout import is_metablock

    if is_bundle(value) and {"messageSignature", "dsseEnvelope", "mediaType"} & set(value):
        return "Sigstore bundle"
    if is_metablock(value):
        return str(Place(value, "").object("signed").get("_type"))
    if {"payload", "payloadType", "signatures"} <= set(value):
        return _type_of(value) or "DSSE"
    if "provenance_summary" in value and "image_summary" in value:
        return "gcloud"
    return None


def _type_of(value: Json) -> str:
    """Return ``link`` or ``layout`` where that is what an envelope holds, else ""."""
    try:
        said = parse(Place(value, "").decoded("payload"), what="payload")
    except (SourceError, MalformedSignature):
        return ""
    kind = said.get("_type") if isinstance(said, dict) else ""
    return kind if kind in {LINK_FORM, LAYOUT_FORM} else ""


def _by_bytes(head: bytes) -> bool:
    if _BUNDLE.search(head) and b'"verificationMaterial"' in head:
        return True
    top = head[:_TOP]
    return bool(_ENVELOPE.match(top) and b'"payloadType"' in head) or bool(_GCLOUD.match(top))


def _is_called(look: Look) -> bool:
    return look.file.name.lower().endswith(SUFFIXES)


def stem_of(name: str) -> str:
    """Return the name of what a file of attestations is about, by what it is called; or ""."""
    lower = name.lower()
    suffix = next((suffix for suffix in SUFFIXES if lower.endswith(suffix)), "")
    return name[: -len(suffix)] if suffix else ""


def _recognition(kind: str) -> Recognition:
    return Recognition(ATTESTATION, Role.SIGNATURE, kind or None)


READER = AttestationReader()

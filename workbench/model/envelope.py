"""A DSSE envelope as it lies in the file: a payload, its type, and who signed both (DSSE 1.0).

What holds afterwards: the payload is the bytes that were signed, never written out again; base64
is canonical, standard or URL-safe; there is at least one signature.
"""

from dataclasses import dataclass

from workbench.model.json_place import Place

IN_TOTO = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True)
class EnvelopeSignature:
    """One signature of an envelope.

    Attributes:
        value: its bytes.
        keyid: the key id that it states, a hint that nothing protects; "" for none.
        headers: the signed part of the OpenPGP packet that it was, or b"".
    """

    value: bytes
    keyid: str = ""
    headers: bytes = b""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was signed, and the signatures.

    Attributes:
        payload_type: type of the payload, as stated; it is part of what is signed.
        payload: the signed bytes.
        signatures: at least one.
    """

    payload_type: str
    payload: bytes
    signatures: tuple[EnvelopeSignature, ...]


def envelope_from(place: Place) -> Envelope:
    """Return the envelope that a JSON object is.

    Raises:
        MalformedSignature: it is none.
    """
    return Envelope(
        payload_type=place.text("payloadType"),
        payload=place.decoded("payload"),
        signatures=tuple(signature_from(item) for item in place.items("signatures")),
    )


def signature_from(place: Place) -> EnvelopeSignature:
    """Return one signature of an envelope.

    Raises:
        MalformedSignature: it is none.
    """
    return EnvelopeSignature(place.decoded("sig"), place.optional_text("keyid") or "")

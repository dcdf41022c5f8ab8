"""DSSE, Dead Simple Signing Envelope 1.0: what exactly is signed."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding of a payload (DSSE 1.0, signature definition).

    Lengths count bytes and are written in decimal.
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def pae_of_model_signing_0_2(payload_type: str, payload: bytes) -> bytes:
    r"""Return what model_signing 0.2 signed in place of the encoding.

    It wrote ``DSSEV1`` and put the bytes into a text, so that Python's spelling of them was
    signed (``b'{\n ...'``). OMS 1.0, 11.2 lets a verifier accept the form for old signatures.
    """
    kind = payload_type.encode()
    return b"DSSEV1 %d %b %d %b" % (len(kind), kind, len(payload), repr(payload).encode())

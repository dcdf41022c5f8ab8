"""Tags whose key goes forward: each key is the digest of the one before (acra audit logs).

Who steals the key of today cannot forge the records of yesterday. It also means that a record can
be checked only after all before it: after the first one that is not reproduced, nothing up to the
next beginning of a chain can be.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.model.profile import get
from workbench.verify.chain.digests import encode
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.frame import Cut, records_of
from workbench.verify.chain.reading import MalformedError


@dataclass(slots=True)
class _State:
    """The key of the next record, the tag of the last one, and whether both are known."""

    key: bytes = b""
    tag: bytes = b""
    known: bool = False


def expected(cuts: Iterable[Cut], engine: Engine) -> Iterator[Cut]:
    """Yield cuts with what each record's digest should be; "" where nothing tells."""
    state = _State()
    for cut in cuts:
        if cut.oversized or engine.secrets.digest is None:
            state.known = False
            yield cut
            continue
        wanted = tuple(_next(engine, state, raw) for _, raw in records_of(cut))
        yield replace(cut, expected=wanted)


def _next(engine: Engine, state: _State, raw: bytes) -> str:
    """Return what the digest of the next record should be, and go forward."""
    try:
        record = engine.parse(raw)
    except MalformedError:
        state.known = False
        return ""
    sections, secret = engine.profile.sections, engine.secrets.digest or b""
    if sections is None or get(record, sections.field) == sections.new:
        state.key, state.tag, state.known = hashlib.sha256(secret).digest(), b"", True
    if engine.own(record) is None:
        return ""  # a line beside the chain: its writer hashes none such
    line = engine.preimage(record, raw)
    if not state.known or line is None:
        state.known = False
        return ""
    state.tag = hmac.digest(state.key, line + state.tag, "sha256")
    state.key = hashlib.sha256(state.key).digest()
    digest = encode(hashlib.sha256(state.tag).digest(), engine.profile.digest)
    state.known = digest == engine.own(record)
    return digest


def expected_of(records: Iterable[bytes], engine: Engine) -> Iterator[str]:
    """Yield what the digest of each of the first records should be; "" where nothing tells."""
    state = _State()
    for raw in records:
        yield _next(engine, state, raw) if engine.forward and engine.secrets.digest else ""

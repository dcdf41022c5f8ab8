"""Give records that do not store the previous digest that of the record before."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbench.verify.chain.engine import Engine
from workbench.verify.chain.forward import expected
from workbench.verify.chain.frame import Cut, records_of
from workbench.verify.chain.reading import MalformedError


def linked(cuts: Iterable[Cut], engine: Engine) -> Iterator[Cut]:
    """Yield cuts with the digest before their first record, where records do not store it."""
    before: str | None = None
    if engine.forward:
        cuts = expected(cuts, engine)
    for n, cut in enumerate(cuts):
        if not engine.implicit or cut.oversized:
            before = None
            yield cut
            continue
        records = list(records_of(cut))
        if records and n == 0:
            before = genesis_in(engine, records[0][1])
        yield replace(cut, before=before)
        before = own_in(engine, records[-1][1]) if records else before


def genesis_in(engine: Engine, raw: bytes) -> str | None:
    """Return what a first record is linked to; None where it cannot be read."""
    try:
        return engine.genesis(engine.parse(raw))
    except MalformedError:
        return None


def own_in(engine: Engine, raw: bytes) -> str | None:
    """Return the digest that a record stores; None where it cannot be read."""
    try:
        return engine.own(engine.parse(raw))
    except MalformedError:
        return None

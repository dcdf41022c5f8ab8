"""Tell hash-chained logs, and logs without protection, and name their container."""

import re
from dataclasses import dataclass, replace

from workbench.evidence.own_digest import own_digest
from workbench.formats.chain_log import LOG_SUFFIXES
from workbench.formats.reader import Look, Recognition
from workbench.formats.records import glance, looks_chained
from workbench.model.source import Role

#: Hex or base64 of the size of a digest.
_DIGESTS = re.compile(r"[0-9A-Fa-f]{32}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==")

#: What a chain cannot show of itself, whoever wrote it.
_ALONE = (
    "whether its newest records were cut off, and who wrote it: that takes a signed head",
    "whether an event was logged at all",
)
#: What a log cannot show whose records seem to hold digests of their own and name no other one.
_UNLINKED = (
    "whether a record was changed, removed or added, unless it is found how the digests in it are "
    "made (workbench profile infer searches for it)"
)
#: A log without protection, of which nothing says how it is read.
_PLAIN = Recognition(
    "log",
    Role.SUBJECT,
    container="jsonl",
    cannot_show=("whether a record was changed, removed or added: records carry no digests",),
)
_DRAFT = "workbench mapping draft proposes one, to be edited"
_GUESSED = (
    "for certain who did what and when: no mapping of such a log is known, and its members are "
    f"guessed by their names ({_DRAFT})"
)
_OF_TEXT = f"who did what and when: no mapping of such a log is known ({_DRAFT})"


@dataclass(frozen=True, slots=True)
class ChainLogReader:
    """A log whose records carry digests of each other, or at least look as if they did."""

    id: str = "chain"
    order: int = 70

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``chain`` when a profile fits or the fields look chained, ``log`` otherwise."""
        if look.file.size == 0:
            empty = look.suffix in LOG_SUFFIXES
            return Recognition("chain", Role.SUBJECT, container="jsonl") if empty else None
        seen = glance(look)
        if seen is None:
            # Damage must not make a log drop out of the case: its name says what it was.
            if look.suffix == ".log" and _is_plain_text(look):
                return replace(_PLAIN, cannot_show=(*_PLAIN.cannot_show, _OF_TEXT))
            meant = look.suffix in LOG_SUFFIXES
            return Recognition("chain", Role.SUBJECT, container="jsonl") if meant else None
        container, records = seen
        fitting = [p for p in look.profiles if any(p.fits(record) for record in records)]
        if fitting or looks_chained(records) or not records:
            version = fitting[0].id if len(fitting) == 1 else None
            return Recognition("chain", Role.SUBJECT, version, container, cannot_show=_ALONE)
        if container != "jsonl" or look.suffix == ".json":
            return None  # a lone JSON document or table is context
        cannot_show = (_UNLINKED,) if own_digest(records) else _PLAIN.cannot_show
        return replace(_PLAIN, cannot_show=(*cannot_show, _GUESSED))


def _is_plain_text(look: Look) -> bool:
    """Tell whether a file is lines of text, no JSON, in which nothing looks like a digest."""
    try:
        text = look.head[: look.head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    json = any(line.lstrip("\ufeff \t").startswith(("{", "[", '"')) for line in lines)
    return bool(lines) and not json and "\0" not in text and not _DIGESTS.search(text)


READER = ChainLogReader()

"""The honest log of a demo: invented events of one quarter in the chain profile ``workbench``."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from workbench.verify.heads.merkle import Accumulator, leaf_hash

GENESIS = "0" * 64
DAY = 86_400

_START = datetime(2026, 4, 1, tzinfo=UTC)
_SPAN = int(timedelta(days=91).total_seconds())

_ACTORS = ("a.okafor", "b.lindqvist", "ci-runner", "j.müller", "m.tanaka", "registry", "s.rossi")
_ACTIONS = ("access", "approve", "config", "deploy", "evaluate", "register", "score", "train")
_OUTCOMES = ("success", "success", "success", "denied")


class Story(NamedTuple):
    """What happened, as told in any record: JSON before the digest, and up to the link."""

    before: bytes
    after: str

    @classmethod
    def of(cls, actor: str, action: str, thing: str, outcome: str) -> "Story":
        """Return the story as canonical JSON; the invented values need no escapes."""
        before = f'{{"action":"{action}","actor":"{actor}",'
        return cls(before.encode(), f'"object":"{thing}","outcome":"{outcome}",')

    def opposite(self) -> "Story":
        """Return the same story with another outcome."""
        was, turned = (
            ('"success"', '"denied"') if '"success"' in self.after else ('"denied"', '"success"')
        )
        return self._replace(after=self.after.replace(was, turned))


class Entry(NamedTuple):
    """What a record says, and the digest (hex) of the record before it."""

    seq: int
    time: str
    story: Story
    prev: str


class Sealed(NamedTuple):
    """A record as written: its entry, its digest (hex), its line without line end."""

    entry: Entry
    digest: str
    line: bytes


class Head(NamedTuple):
    """What a head states: number of records, RFC 6962 root, digest (hex) of the last record."""

    size: int
    root: bytes
    tip: str


class Writer:
    """Makes records in order and knows what a head over them states.

    Args:
        events: how many there will be; they fill the quarter evenly.
        seed: the same seed tells the same story.
        slip: what the writer itself gets wrong, done to an entry before it is sealed.
    """

    def __init__(
        self, events: int, seed: int, slip: Callable[[Entry], Entry] | None = None
    ) -> None:
        self.events = events
        self._slip = slip
        self._merkle = Accumulator()
        self._tip = GENESIS
        self._random = random.Random(seed)  # noqa: S311 - invented events, no secret
        self._stories = _stories()

    def head(self) -> Head:
        """Return the statement over all records taken so far."""
        return Head(self._merkle.size, self._merkle.root(), self._tip)

    def take(self, first: int, last: int) -> list[Sealed]:
        """Return the next records, ``first`` to ``last``."""
        slip = self._slip
        told = self._random.choices(self._stories, k=last - first + 1)
        sealed: list[Sealed] = []
        for seq, story in enumerate(told, first):
            entry = Entry(seq, time_of(seq, self.events), story, self._tip)
            record = seal(slip(entry) if slip else entry)
            self._tip = record.digest
            sealed.append(record)
        self._merkle.add_packed(b"".join([leaf_hash(record.line) for record in sealed]))
        return sealed


def _stories() -> list[Story]:
    return [
        Story.of(actor, action, f"models:/credit-{model}/{version}", _OUTCOMES[version % 4])
        for actor in _ACTORS
        for action in _ACTIONS
        for model in range(1, 5)
        for version in range(1, 9)
    ]


def seal(entry: Entry) -> Sealed:
    """Return the record whose digest is over the canonical line without its ``hash``."""
    before, after = _around_hash(entry)
    digest = sha256(before + after).hexdigest()
    return Sealed(entry, digest, b'%b"hash":"%b",%b' % (before, digest.encode(), after))


def with_digest(entry: Entry, digest: str) -> bytes:
    """Return the line that says ``entry`` and carries ``digest``, whatever its own would be."""
    before, after = _around_hash(entry)
    return b'%b"hash":"%b",%b' % (before, digest.encode(), after)


def _around_hash(entry: Entry) -> tuple[bytes, bytes]:
    """Return the canonical line (keys sorted, no spaces) before and after its ``hash``."""
    seq, time, story, prev = entry
    return story.before, f'{story.after}"prev":"{prev}","seq":{seq},"time":"{time}"}}'.encode()


def time_of(seq: int, events: int, *, shift: int = 0) -> str:
    """Return the time of record ``seq``: the events fill a quarter evenly."""
    hours, seconds = divmod((seq - 1) * _SPAN // events + shift, 3600)
    return f"{_hour(hours)}:{seconds // 60:02}:{seconds % 60:02}Z"


@lru_cache(maxsize=64)
def _hour(number: int) -> str:
    return (_START + timedelta(hours=number)).isoformat()[:13]

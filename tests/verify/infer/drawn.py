"""Logs by recipes that nobody wrote: drawn at random over what a chain profile can express.

Each list is drawn from uniformly; draws that contradict themselves are rejected and counted.
"""

import json
from dataclasses import dataclass
from random import Random

from workbench.model.profile import ChainProfile, Container, Fields, Genesis, Origin
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    FieldText,
    JsonObject,
    JsonStyle,
    Key,
    LengthPrefix,
    Literal,
    Numbers,
    OwnField,
    Part,
    Previous,
    PreviousForm,
    RawLine,
    Rendering,
    Sort,
    TimeStyle,
)
from workbench.verify.chain.engine import Engine, Secrets
from workbench.verify.chain.render import UnrenderableError

SECRET = b"correct horse battery staple"
OWN = ("hash", "entry_hash", "log_digest", "integrity", "h", "chainHash", "record_hash")
PREVIOUS = ("prev_hash", "previous", "parent_digest", "prevHash", "last", "p")
MEMBERS = ("actor", "action", "object", "outcome", "detail", "session", "reason")
SEPARATORS = ("", "|", ":", "\n", ",", ";", " ", ".", "-", "_", "\t", "::", "||")


@dataclass(frozen=True)
class Drawn:
    """A log, and the recipe it was made by."""

    profile: ChainProfile
    lines: tuple[bytes, ...]
    secrets: tuple[bytes, ...]


class RejectedError(Exception):
    """A draw that contradicts itself."""


def draw(random: Random, count: int = 24) -> Drawn:
    """Return a log by a recipe drawn at random.

    Raises:
        RejectedError: what was drawn makes no chain.
    """
    own, previous = random.choice(OWN), random.choice(PREVIOUS)
    members = random.sample(MEMBERS, random.randint(3, len(MEMBERS)))
    digest = _digest(random)
    stored = random.random() < 0.85
    genesis = random.choice(("", "GENESIS", "genesis", "0" * 64, "0", "root"))
    names = ["ts", *members, *(["seq"] if random.random() < 0.6 else [])]
    parts = _parts(random, names, own, previous, stored=stored)
    fields = Fields((own,), (previous,), ("seq",) if "seq" in names else None, ("ts",))
    profile = ChainProfile(
        "drawn", "drawn", "", Origin("drawn"), "", Container(), fields, digest, parts,
        Genesis(value=genesis),
    )  # fmt: skip
    engine = Engine(profile, Secrets(SECRET if digest.key else None))
    lines, before = [], genesis
    for n in range(count):
        record = {**_event(random, names, n), previous: before}
        items = list(record.items())
        if n == 0:
            place = random.randrange(len(items))
            fields_order = [k for k, _ in items]
            fields_order.insert(place, fields_order.pop())
        record = {k: record[k] for k in fields_order}
        raw = json.dumps({**record, own: ""}, ensure_ascii=False).encode()
        try:
            before_now = engine.recompute({**record, own: ""}, raw)
        except (UnrenderableError, ValueError):
            before_now = None
        if before_now is None:
            raise RejectedError
        shown = {k: v for k, v in record.items() if stored or k != previous}
        lines.append(json.dumps({**shown, own: before_now}, ensure_ascii=False).encode())
        before = before_now
    return Drawn(profile, tuple(lines), (SECRET,) if digest.key else ())


def _digest(random: Random) -> DigestRecipe:
    algorithm = random.choice(list(Algorithm))
    encoding = random.choice(list(Encoding))
    prefix = random.choice(("", "", "0x", "sha256:", f"{algorithm.value}:"))
    length = random.choice((None, None, None, 32))
    key = Key() if random.random() < 0.25 and algorithm is not Algorithm.BLAKE3 else None
    if encoding is Encoding.BASE64:
        length = None
    return DigestRecipe(algorithm, encoding, prefix, length, key)


def _parts(
    random: Random, names: list[str], own: str, previous: str, *, stored: bool
) -> tuple[Part, ...]:
    chain: Part = Previous(random.choice(list(PreviousForm)))
    kind = random.choice(("json", "json", "fields", "fields", "line", "wrapped"))
    if kind == "line":
        if not stored:
            raise RejectedError
        return (RawLine(random.choice(list(OwnField))),)
    style = JsonStyle(
        random.choice([s for s in Sort if s is not Sort.DECLARED]),
        *random.choice(((",", ":"), (", ", ": "))),
        random.random() < 0.5,
        numbers=random.choice(list(Numbers)),
    )
    if kind == "wrapped":
        pair = [("prev", "$previous"), ("payload", "$rest")]
        random.shuffle(pair)
        return (JsonObject(exclude=(own, previous), wrap=tuple(pair), style=style),)
    if kind == "json":
        return _json(random, names, own, previous, chain, style, stored=stored)
    return _fields(random, names, chain)


def _json(
    random: Random, names: list[str], own: str, previous: str, chain: Part, style: JsonStyle,
    *, stored: bool,
) -> tuple[Part, ...]:  # fmt: skip
    left_out = random.sample(names, random.choice((0, 0, 1, 2)))
    position = random.choice(("in", "before", "after", "both"))
    if position in {"in", "both"} and not stored:
        raise RejectedError
    outside = position in {"before", "after"}
    part = JsonObject(exclude=(own, *left_out, *([previous] if outside else [])), style=style)
    between = random.choice(SEPARATORS)
    literal: tuple[Part, ...] = (Literal(between.encode()),) if between else ()
    if position == "in":
        return (part,)
    return (part, *literal, chain) if position == "after" else (chain, *literal, part)


def _fields(random: Random, names: list[str], chain: Part) -> tuple[Part, ...]:
    chosen = [n for n in names if random.random() < 0.75] or names[:2]
    if random.random() < 0.2:
        random.shuffle(chosen)
    null = random.choice(("", "NULL", "null"))
    prefix = random.choice((LengthPrefix.NONE, LengthPrefix.NONE, *LengthPrefix))
    time = random.choice((None, None, TimeStyle("s"), TimeStyle("ms"), TimeStyle("iso", 3)))
    parts: list[Part] = [
        FieldText((name,), Rendering(null, time if name == "ts" else None), length_prefix=prefix)
        for name in chosen
    ]
    parts.insert(random.choice((0, len(parts))), chain)
    between = "" if prefix is not LengthPrefix.NONE else random.choice(SEPARATORS)
    joined: list[Part] = []
    for part in parts:
        if joined and between:
            joined.append(Literal(between.encode()))
        joined.append(part)
    return tuple(joined)


def _event(random: Random, names: list[str], number: int) -> dict[str, object]:
    values: dict[str, object] = {
        "ts": f"2026-03-{1 + number:02}T08:{random.randrange(60):02}:00.{number:06}Z",
        "seq": number + 1,
        "actor": random.choice(("ann", "bob", "j.müller", "ci-runner")),
        "action": random.choice(("model.train", "model.approve", "model.deploy")),
        "object": f"models:/credit/{random.randrange(9)}",
        "outcome": random.choice(("success", "denied", None)),
        "detail": {
            "auc": random.choice((0.93, 1.0, 1e-07, 12)),
            "note": random.choice((None, "ok", "für Österreich")),
            "b": random.random() < 0.5,
        },
        "session": random.choice((None, f"s-{random.randrange(10**6)}")),
        "reason": random.choice(("", "ticket 118", "“quoted”")),
    }
    return {name: values[name] for name in names}

"""Events for drawn logs: fields as audit logs have them, some null, some beyond ASCII."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.verify.infer.hashing import Record, Spelled, at
from tests.verify.infer.lists import TEXTS, Recipe

Value = Callable[[Random], object]
NOTES = ("ok", "für Österreich", "weekly run", None)
VALUES: dict[str, Value] = {
    "actor": lambda r: r.choice(("ann", "bob", "j.müller", "ci-runner", "svc-deploy")),
    "action": lambda r: r.choice(("model.train", "model.approve", "model.deploy", "data.read")),
    "object": lambda r: f"models:/credit/{r.randrange(40)}",
    "outcome": lambda r: r.choice(("success", "success", "denied", None)),
    "session": lambda r: r.choice((None, f"s-{r.randrange(10**6)}")),
    "reason": lambda r: r.choice(("", "ticket 118", "“quoted”", None)),
    "amount": lambda r: Spelled(r.choice(("0.93", "1.0", "1e-07", "12", "0.50", "250000.0"))),
    "retries": lambda r: Spelled(r.randrange(4)),
    "approved": lambda r: r.random() < 0.5,
    "detail": lambda r: {
        "score": Spelled(r.choice(("0.93", "1.0", "1e-07", "12"))),
        "note": r.choice(NOTES),
        "b": r.random() < 0.5,
        "a": r.randrange(3) * "x",
    },
    "tags": lambda r: r.sample(("pii", "prod", "eu", "größer"), r.randrange(3)),
    "ip": lambda r: f"10.0.{r.randrange(9)}.{r.randrange(250)}",
}
PARTITIONS = {
    "tenant": ("acme", "globex", "initech"),
    "agent": ("agent-1", "agent-2"),
    "user": ("u100", "u101", "u102", "u103"),
    "structure": ("pharmacy-7", "pharmacy-9"),
}
CLOCKS = ("micro.Z", "milli.Z", "micro.+00:00")


def event(random: Random, recipe: Recipe, clock: str, number: int) -> Record:
    """Return what happened, without anything of the chain."""
    found: Record = {"ts": time_of(random, clock, number)}
    for name in recipe.members:
        value = VALUES[name](random)
        found[name] = value
    if recipe.container in TEXTS:  # a field that says nothing is left out
        return {name: str(value) for name, value in found.items() if value is not None}
    return found


def time_of(random: Random, clock: str, number: int) -> str:
    """Return a time some minutes after that of the event before."""
    when = datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(minutes=37 * number)
    when += timedelta(microseconds=random.randrange(60 * 10**6))
    digits, zone = clock.split(".")
    fraction = f"{when.microsecond:06}"[: 6 if digits == "micro" else 3]
    return f"{when:%Y-%m-%dT%H:%M:%S}.{fraction}{zone}"


def kinds_of(record: Record, paths: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Return what programs may write in different ways, of the values of some fields."""
    return frozenset(kind for path in paths for kind in _kinds(at(record, path)))


def _kinds(value: object) -> Iterator[str]:
    match value:
        case Spelled():
            yield _kind_of_number(value)
        case str():
            yield "no text" if not value else "text" if value.isascii() else "beyond ASCII"
        case list() | dict():
            yield f"{type(value).__name__} {bool(value)}"
            for below in value.values() if isinstance(value, dict) else value:
                yield from _kinds(below)
        case _:
            yield str(value)


def _kind_of_number(spelled: str) -> str:
    """Return in what of its spelling a number is special: an exponent, zeros at its end."""
    if "e" in spelled:
        return "exponent"
    _, point, digits = spelled.partition(".")
    return f"number {point} {digits.endswith('0')} {set(digits) == {'0'}}"

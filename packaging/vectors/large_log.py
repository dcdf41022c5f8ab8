"""Write a long log of records as services write them, to measure with: FILE EVENTS KIND.

``uniform``: every record has the same members, as an export of a table does. ``mixed``: each kind
of event has details of its own, and a few texts hold quotes. Both have numbers, lists, texts beyond
ASCII, and about the 507 bytes a record of the log on which the limits of this work were measured.
"""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import orjson

START, SPAN = datetime(2026, 4, 1, tzinfo=UTC), timedelta(days=91)
BATCH = 4096
#: How many different things happen; each happens many times in a long log.
STORIES = 20_000

PEOPLE = ("a.okafor", "b.lindqvist", "j.müller", "m.tanaka", "s.rossi", "svc-registry", "svc-ci")
AGENTS = ("curl/8.7.1", "mlflow-python/2.14.1", "python-requests/2.32.3")
COLUMNS = ("age", "income", "tenure_months", "postcode", "arrears_90d", "exposure")

Json = dict[str, object]
Details = Callable[[random.Random], Json]


def main() -> None:
    """Write the log."""
    path, events, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    chance = random.Random(kind)  # noqa: S311 - invented events, no secret
    stories = [story(chance, KINDS[kind]) for _ in range(STORIES)]
    previous = "0" * 64
    with path.open("wb") as file:
        for first in range(1, events + 1, BATCH):
            lines = []
            for seq in range(first, min(first + BATCH, events + 1)):
                time = START + SPAN * (seq - 1) / events
                said = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
                record = {**chance.choice(stories), "prev": previous, "seq": seq, "time": said}
                previous = record["hash"] = sha256(canonical(record)).hexdigest()
                lines.append(canonical(record))
            file.write(b"\n".join(lines) + b"\n")


def canonical(record: Json) -> bytes:
    """Return the canonical form (profile ``workbench``)."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def story(chance: random.Random, kinds: dict[str, Details]) -> Json:
    """Return what happened, without its place in the log."""
    action = chance.choice(tuple(kinds))
    refused = len(kinds) > 1 and chance.random() < 0.02
    return {
        "action": action,
        "actor": {"id": chance.choice(PEOPLE), "session": f"{chance.getrandbits(32):08x}"},
        "details": kinds[action](chance),
        "object": f"models:/credit-{chance.randint(1, 40)}/{chance.randint(1, 120)}",
        "outcome": "denied" if refused else "success",
        "source": {
            "agent": chance.choice(AGENTS),
            "ip": f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}",
        },
        **({"reason": '"four eyes" not met: asked again'} if refused else {}),
    }


def _digest(chance: random.Random) -> str:
    return f"sha256:{chance.getrandbits(256):064x}"


def _training(chance: random.Random) -> Json:
    return {
        "auc": round(chance.uniform(0.7, 0.9), 4),
        "dataset": _digest(chance),
        "epochs": chance.randint(3, 40),
        "learning_rate": chance.choice((0.01, 0.003, 0.0005)),
        "seed": chance.getrandbits(31),
    }


def _approval(chance: random.Random) -> Json:
    return {
        "comment": f"Reviewed with validation report VR-{chance.randint(100, 999)}; ok.",
        "policy": "MRM-7.2",
        "required": 2,
        "ticket": f"CR-{chance.randint(1000, 9999)}",
        "valid": True,
    }


def _reading(chance: random.Random) -> Json:
    return {
        "columns": sorted(chance.sample(COLUMNS, 2)),
        "purpose": "monthly back-testing",
        "rows": chance.randint(1, 250_000),
        "snapshot": _digest(chance)[:23],
    }


def _setting(chance: random.Random) -> Json:
    before, after = sorted((round(chance.random(), 3), round(chance.random(), 3)))
    return {
        "after": after,
        "before": before,
        "field": f"serving.threshold.segment_{chance.randint(1, 9)}",
        "pull_request": f"https://git.example/credit/serving/pull/{chance.randint(100, 4000)}",
        "rollback": None,
    }


def _scoring(chance: random.Random) -> Json:
    return {
        "columns": sorted(chance.sample(COLUMNS, 2)),
        "latency_ms": round(chance.uniform(1, 90), 2),
        "rows": chance.randint(1, 250_000),
        "score": round(chance.uniform(0, 1), 6),
        "snapshot": _digest(chance)[:23],
    }


KINDS: dict[str, dict[str, Details]] = {
    "uniform": {"score": _scoring},
    "mixed": {"approve": _approval, "config": _setting, "read": _reading, "train": _training},
}


if __name__ == "__main__":
    main()

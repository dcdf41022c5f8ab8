"""Write a long log of records as services write them, to measure with: FILE EVENTS.

Each kind of event has details of its own, as those of real logs have: records differ in their
members, hold numbers, lists, texts beyond ASCII and, now and then, a quote within a text. A record
has about 507 bytes, as many as those on which the limits of this work were measured.
"""

import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

START, SPAN = datetime(2026, 4, 1, tzinfo=UTC), timedelta(days=91)
GENESIS = "0" * 64
BATCH = 4096

PEOPLE = ("a.okafor", "b.lindqvist", "j.müller", "m.tanaka", "s.rossi", "svc-registry", "svc-ci")
AGENTS = ("curl/8.7.1", "mlflow-python/2.14.1", "python-requests/2.32.3")
COLUMNS = ("age", "income", "tenure_months", "postcode", "arrears_90d", "exposure")

Json = dict[str, object]


def main() -> None:
    """Write the log."""
    path, events = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(events)  # noqa: S311 - invented events, no secret
    previous = GENESIS
    with path.open("wb") as file:
        for first in range(1, events + 1, BATCH):
            lines = []
            for seq in range(first, min(first + BATCH, events + 1)):
                previous, line = sealed(event(chance, seq, events), previous)
                lines.append(line)
            file.write(b"".join(lines))


def sealed(record: Json, previous: str) -> tuple[str, bytes]:
    """Return the digest of a record and its line (profile ``workbench``)."""
    record["prev"] = previous
    digest = sha256(canonical(record)).hexdigest()
    return digest, canonical({**record, "hash": digest}) + b"\n"


def canonical(record: Json) -> bytes:
    """Return the canonical form."""
    encoder = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return encoder.encode()


def event(chance: random.Random, seq: int, events: int) -> Json:
    """Return what happened, without digests."""
    action = chance.choice(tuple(DETAILS))
    who = chance.choice(PEOPLE)
    time = START + SPAN * (seq - 1) / events
    kept = {} if chance.random() < 0.98 else {"reason": '"four eyes" not met: asked again'}
    return {
        "action": action,
        "actor": {"id": who, "session": f"{chance.getrandbits(64):016x}"},
        "details": DETAILS[action](chance),
        "object": f"models:/credit-{chance.randint(1, 40)}/{chance.randint(1, 120)}",
        "outcome": "denied" if kept else "success",
        "seq": seq,
        "source": {
            "agent": chance.choice(AGENTS),
            "ip": f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}",
        },
        "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **kept,
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
        "columns": sorted(chance.sample(COLUMNS, 3)),
        "purpose": "monthly back-testing of the score",
        "rows": chance.randint(1, 250_000),
        "snapshot": _digest(chance)[:47],
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


DETAILS: dict[str, Callable[[random.Random], Json]] = {
    "approve": _approval,
    "config": _setting,
    "read": _reading,
    "train": _training,
}


if __name__ == "__main__":
    main()

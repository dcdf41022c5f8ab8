"""What the audit log of the quarter says: everything that the other evidence rests on, and days."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import story
from story import Release, Run
from training import applicants

TOTAL = 3_000

Data = dict[str, object]


@dataclass(frozen=True)
class Event:
    """One line of the log before it is chained."""

    time: datetime
    action: str
    actor: str
    resource: str
    data: Data = field(default_factory=dict)
    outcome: str = "success"
    decision: str | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Facts:
    """What the events refer to: ids of runs by name, digests of weights by model and version."""

    run_ids: dict[str, str]
    digests: dict[tuple[str, int], str]

    def weights(self, release: Release) -> Data:
        """Return the digest of a version's weights where the folder is at hand."""
        digest = self.digests.get((release.model, release.version))
        return {"model_sha256": digest} if digest else {}


def chronicle(facts: Facts) -> list[Event]:
    """Return the 3,000 events of the quarter and of its export, oldest first."""
    told = [*_trainings(facts), *_releases(facts), *_incident(), *_weeks(), *_governance()]
    told = [event for event in told if story.FIRST <= event.time < story.END]
    told.append(_export())
    told += _days(TOTAL - len(told))
    return sorted(told, key=lambda event: event.time)


def uri(release: Release) -> str:
    """Return how the registry names a version."""
    return f"models:/{release.model}/{release.version}"


def _trainings(facts: Facts) -> Iterator[Event]:
    for run in story.runs():
        resource = f"runs:/{facts.run_ids[run.name]}"
        if run.snapshot:
            month: Data = {"sha256": applicants(run.snapshot).digest, "rows": 2000}
            yield Event(run.start, "data.read", story.TRAINER, _snapshot(run.snapshot), month)
        started = run.start + timedelta(seconds=2)
        yield Event(started, "train.start", run.developer, resource, _settings(run))
        if run.minutes is not None:
            end = run.start + timedelta(minutes=run.minutes)
            outcome = "success" if run.status == "FINISHED" else "error"
            yield Event(end, "train.finish", story.TRAINER, resource, outcome=outcome)
        if run.deleted:
            gone = run.start + timedelta(days=3, hours=1)
            yield Event(gone, "run.delete", run.developer, resource, {"reason": "wrong branch"})


def _snapshot(month: str) -> str:
    return f"s3://aldermoor-ml/snapshots/applications/{month}.parquet"


def _settings(run: Run) -> Data:
    return {"model": run.model, "l2": run.l2, "epochs": run.epochs, "random_seed": run.seed}


def _releases(facts: Facts) -> Iterator[Event]:
    for release in story.RELEASES:
        name, weights = uri(release), facts.weights(release)
        run_id = facts.run_ids.get(f"{release.model}-v{release.version}")
        made = release.made + timedelta(minutes=2)
        yield Event(made, "model.register", release.developer, name, {"run_id": run_id, **weights})
        evaluated = release.made + timedelta(hours=2)
        yield Event(evaluated, "model.evaluate", story.VALIDATOR, name, {"suite": "validation-v4"})
        yield from _decision(release, weights)
        if release.deployed:
            target: Data = {"target": "scoring-prod", "replicas": 3, **weights}
            yield Event(release.deployed, "model.deploy", story.OPERATIONS, name, target)


def _decision(release: Release, weights: Data) -> Iterator[Event]:
    """Yield who decided; the emergency rule is how a developer could approve his own version."""
    name = uri(release)
    if release.approved is None:
        refused = release.made + timedelta(days=8)
        reason: Data = {"reason": "no fairness evaluation for applicants under 25", **weights}
        yield Event(
            refused, "model.approve", story.VALIDATOR, name, reason, "denied", "deny", "four-eyes"
        )
        return
    own = release.approver == release.developer
    rule, ticket = ("emergency", story.INCIDENT) if own else ("four-eyes", None)
    data: Data = {"ticket": ticket, **weights}
    yield Event(
        release.approved, "model.approve", release.approver or "", name, data, decision="allow",
        rule=rule,
    )  # fmt: skip
    if not own:
        second = release.approved + timedelta(hours=3, minutes=11)
        yield Event(second, "model.countersign", story.COMPLIANCE, name, data, decision="allow")


def _incident() -> Iterator[Event]:
    ticket, model = f"incidents:/{story.INCIDENT}", "models:/credit-scoring"
    opened, back, closed = story.INCIDENT_OPENED, story.ROLLED_BACK, story.INCIDENT_CLOSED
    symptom: Data = {"severity": 2, "symptom": "43.1 % of scores above 0.99"}
    cause: Data = {"cause": "income feed in cents since 2026-05-10", "affected_decisions": 0}
    schema: Data = {"key": "income_unit", "before": "auto", "after": "EUR"}
    yield Event(opened, "incident.open", story.OPERATIONS, ticket, symptom)
    yield Event(back, "model.rollback", story.OPERATIONS, f"{model}/7", {"to": f"{model}/6"})
    yield Event(
        opened + timedelta(hours=6),
        "data.quarantine",
        story.STEWARD,
        "s3://aldermoor-ml/raw/applications",
        {"partition": "2026-05-11"},
    )
    yield Event(
        closed - timedelta(days=2), "config.change", story.STEWARD, "config:/ingest", schema
    )
    yield Event(closed, "incident.close", story.COMPLIANCE, ticket, cause)


def _weeks() -> Iterator[Event]:
    monday = datetime(2026, 4, 6, 4, 5, 4, 220_000, tzinfo=story.FIRST.tzinfo)
    while monday < story.END:
        version = story.production("credit-scoring", monday)
        bad = monday.date() == story.INCIDENT_OPENED.date()
        lake, scored = "s3://aldermoor-ml", monday + timedelta(hours=2)
        rows: Data = {"rows": 18_000 + monday.timetuple().tm_yday * 13}
        yield Event(monday, "data.ingest", story.STEWARD, f"{lake}/raw/applications", rows)
        yield Event(
            monday + timedelta(minutes=20),
            "feature.build",
            story.PIPELINE,
            f"{lake}/features/applicant",
            rows,
        )
        yield Event(
            scored,
            "score.batch",
            story.SCORER,
            f"models:/credit-scoring/{version}",
            rows,
            "error" if bad else "success",
        )
        drift: Data = {"psi": 0.41 if bad else round(0.02 + monday.day / 1000, 3), "limit": 0.2}
        yield Event(
            monday + timedelta(hours=3),
            "drift.check",
            story.PIPELINE,
            f"{lake}/monitoring/drift",
            drift,
            "failure" if bad else "success",
        )
        monday += timedelta(days=7)


def _governance() -> Iterator[Event]:
    """Yield access reviews, policy and continuity: what a control owner leaves behind."""
    day = story.FIRST + timedelta(days=1, hours=9, minutes=30)
    for number, (action, actor, resource) in enumerate(_ACTS):
        yield Event(day + timedelta(days=number * 7, minutes=17 * number), action, actor, resource)


_ACTS = (
    ("access.review", story.COMPLIANCE, "roles:/registry-publisher"),
    ("access.grant", story.OPERATIONS, "users:/tomas.okafor/registry-publisher"),
    ("policy.publish", story.COMPLIANCE, "policies:/release/v4"),
    ("backup.restore-test", story.OPERATIONS, "stores:/registry"),
    ("retention.purge", story.STEWARD, "s3://aldermoor-ml/snapshots/applications/2024-03.parquet"),
    ("access.grant", story.OPERATIONS, "users:/ci-train/feature-reader"),
    ("config.change", story.OPERATIONS, "config:/scoring-prod"),
    ("key.rotate", story.OPERATIONS, "keys:/scoring-tls"),
    ("incident.drill", story.COMPLIANCE, "incidents:/DRILL-2026-2"),
    ("access.revoke", story.OPERATIONS, "users:/tomas.okafor/registry-publisher"),
    ("policy.review", story.COMPLIANCE, "policies:/release/v4"),
    ("access.review", story.COMPLIANCE, "roles:/feature-reader"),
)


def _export() -> Event:
    """Return the export for the auditor: silence until the end of a period would prove nothing."""
    when = story.END + timedelta(hours=6, minutes=30)
    period = {"from": f"{story.FIRST:%Y-%m-%d}", "to": f"{story.END - timedelta(days=1):%Y-%m-%d}"}
    return Event(when, "audit.export", story.COMPLIANCE, "logs:/audit-log", period)


def _days(count: int) -> Iterator[Event]:
    """Yield what fills a working day: scoring by the hour, readers of the registry, log-ins."""
    chance = story.dice("days")
    span = int((story.END - story.FIRST).total_seconds())
    for number in range(count):
        when = story.FIRST + timedelta(
            seconds=number * span // count, microseconds=chance.randrange(999_999) + 1
        )
        yield _daily(when, chance)


def _daily(when: datetime, chance: random.Random) -> Event:
    model = chance.choice(story.MODELS)
    live = f"models:/{model}/{story.production(model, when)}"
    at_work = when.weekday() < 5 and 7 <= when.hour < 18
    if not at_work or chance.random() < 0.4:
        return Event(when, "score.serve", story.SCORER, live, {"decisions": chance.randint(4, 260)})
    who = chance.choice((*story.DEVELOPERS, story.VALIDATOR, story.OPERATIONS, story.STEWARD))
    action, resource = chance.choice(
        (
            ("registry.read", live),
            ("feature.read", "s3://aldermoor-ml/features/applicant"),
            ("session.open", f"users:/{who}"),
            ("report.read", "s3://aldermoor-ml/monitoring/drift"),
        )
    )
    refused = action == "feature.read" and chance.random() < 0.03
    return Event(when, action, who, resource, outcome="denied" if refused else "success")

"""A catalog in two exports, a log and files that agree, and differences planted between them.

What is planted is known by name; nothing of the comparison is shared. Beside each kind of
difference stand innocent changes that look like it, which must not be told.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from workbench.analysis.lineage import Placement
from workbench.analysis.three_sides import CatalogFact, Facts, FileFact, LogFact
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    Lifecycle,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.event import Event, IndexedEvent, Outcome
from workbench.model.lineage import NodeId
from workbench.model.locator import Locator

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 90
FIRST, SECOND, LOG = 1, 2, 3
FOLDER = ("drop", "store")
SHA = "0" * 64

#: What is told of a difference: its kind, and what it is about.
Told = tuple[str, str]


def nanoseconds(time: datetime) -> int:
    return round((time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 10**9


@dataclass
class World:
    """Three sides, and what was planted in them."""

    chance: random.Random
    things: dict[NodeId, Thing] = field(default_factory=dict)
    edges: list[tuple[int, Relation]] = field(default_factory=list)
    events: list[tuple[datetime, str, str, str, Outcome]] = field(default_factory=list)
    files: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)
    planted: Counter[Told] = field(default_factory=Counter)
    touched: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, seed: int | str, *, versions: int = 200, datasets: int = 320) -> "World":
        world = cls(random.Random(seed))
        for number in range(datasets):
            world._dataset(number)
        for number in range(versions):
            world._version(number)
        for number in range(datasets // 4):
            world._run(number)
        return world

    def facts(self) -> Facts:
        """Return the three sides as the comparison is given them."""
        self.events.sort()
        log = tuple(self._event(n, *each) for n, each in enumerate(self.events, 1))
        last = START + timedelta(days=DAYS)
        return Facts(
            things=self.things,
            relations=tuple(Placement(source, edge) for source, edge in self.edges),
            catalogs={
                FIRST: CatalogFact(FIRST, "first.json", SHA, FOLDER, "registry"),
                SECOND: CatalogFact(SECOND, "second.json", SHA, ("drop", "other"), "registry"),
            },
            logs={LOG: LogFact(LOG, "log.jsonl", len(log), nanoseconds(START), nanoseconds(last))},
            events=log,
            files=tuple(
                FileFact(9, SHA, parts, digest, size, Locator("/".join(parts)))
                for parts, (digest, size) in self.files.items()
            ),
        )

    def _event(
        self, number: int, time: datetime, actor: str, action: str, item: str, outcome: Outcome
    ) -> IndexedEvent:
        place = Locator("log.jsonl", record=number)
        event = Event(place, nanoseconds(time), "", actor, action, item, outcome)
        return IndexedEvent(LOG, SHA, event)

    def say(self, time: datetime, action: str, item: str, *, outcome: Outcome = Outcome.SUCCESS,
            actor: str = "ann") -> None:  # fmt: skip
        """Record an event."""
        self.events.append((time, actor, action, item, outcome))

    def when(self, earliest: float = 1, latest: float = DAYS - 1) -> datetime:
        """Return a moment so many days after the beginning."""
        return START + timedelta(seconds=int(self.chance.uniform(earliest, latest) * 86400))

    def _dataset(self, number: int) -> None:
        name, path = f"table-{number}", f"data/part{number % 7}/table-{number}.csv"
        digest, size = self.chance.randbytes(32).hex(), self.chance.randrange(10, 10**6)
        made = self.when(latest=40)
        thing = Thing(
            ThingKind.ARTIFACT, "dataset", f"dataset/{name}", name,
            Locator("catalog", record=number), created=made, attributes=(
                Attribute(AttributeGroup.DIGEST, "sha256", digest),
                Attribute(AttributeGroup.FIELD, "contentSize", str(size)),
            ),
        )  # fmt: skip
        self.things[FIRST, thing.key] = replace(thing, uri=path)
        self.things[SECOND, thing.key] = thing
        self.files[(*FOLDER, *path.split("/"))] = digest, size
        self.say(made + timedelta(seconds=1), "dataset.create", name)

    def _version(self, number: int) -> None:
        name, version = f"model-{number // 4}", str(number % 4 + 1)
        made = self.when(latest=40)
        thing = Thing(
            ThingKind.ARTIFACT, "model_version", f"model_version/{name}/{version}", name,
            Locator("catalog", record=10_000 + number), version=version, created=made,
        )  # fmt: skip
        self.things[FIRST, thing.key] = self.things[SECOND, thing.key] = thing
        self.say(made + timedelta(seconds=1), "model.register", f"models:/{name}/{version}")
        if number % 3 == 0:
            approved = made + timedelta(days=1)
            self.say(approved, "model.approve", f"{name}:{version}", actor="eve")
            self.say(approved + timedelta(days=1), "model.deploy", f"models:/{name}/{version}")
            self.touched.add(thing.key)

    def _run(self, number: int) -> None:
        key = f"run/{self.chance.randbytes(16).hex()}"
        thing = Thing(ThingKind.RUN, "", key, f"run-{number}", Locator("catalog"))
        used = Relation(RelationKind.USED, key, f"dataset/table-{number}", Locator("catalog"))
        for source in (FIRST, SECOND):
            self.things[source, key] = thing
            self.edges.append((source, used))

    def plant(self) -> None:
        """Plant one difference where none was planted yet."""
        self.chance.choice(PLANTS)(self)

    def soothe(self) -> None:
        """Make one change that looks like a difference and is none."""
        self.chance.choice(INNOCENT)(self)

    def _untouched(self, kind: str) -> Thing:
        free = {k for s, k in self.things if s == FIRST and k.startswith(f"{kind}/")}
        free -= self.touched
        key = self.chance.choice(sorted(free))
        self.touched.add(key)
        return self.things[FIRST, key]

    def _either(self) -> Thing:
        return self._untouched(self.chance.choice(("dataset", "model_version")))

    def _lose(self, thing: Thing, verbs: tuple[str, ...]) -> None:
        names = _objects(thing)
        self.events = [e for e in self.events if not (e[2] in verbs and e[3] in names)]

    def _delete(self, thing: Thing) -> datetime:
        time = self.when(45, 60)
        item = self.chance.choice(_objects(thing))
        what = "dataset" if thing.type == "dataset" else "model_version"
        self.say(time, f"{what}.delete", item, actor="mallory")
        return time

    def _change(self, source: int, thing: Thing, **changed: object) -> None:
        self.things[source, thing.key] = replace(self.things[source, thing.key], **changed)  # type: ignore[arg-type]

    def _new_digest(self, thing: Thing) -> None:
        digest = Attribute(AttributeGroup.DIGEST, "sha256", self.chance.randbytes(32).hex())
        self._change(SECOND, thing, attributes=(digest, *thing.attributes[1:]))

    def _file(self, thing: Thing) -> tuple[str, ...]:
        return (*FOLDER, *thing.uri.split("/"))


def _objects(thing: Thing) -> list[str]:
    """Return how logs may name a thing."""
    if thing.type == "dataset":
        return [thing.name, thing.key]
    name, version = thing.name, thing.version
    return [f"models:/{name}/{version}", f"{name}:{version}", f"{name}/v{version}"]


def _called(thing: Thing) -> str:
    return f"{thing.name} {thing.version}".rstrip()


def no_creation(world: World) -> None:
    thing = world._either()
    world._lose(thing, ("dataset.create", "model.register"))
    world.planted["NO_CREATION_EVENT", _called(thing)] += 1


def unknown_artifact(world: World) -> None:
    item = f"models:/ghost-{len(world.planted)}/{world.chance.randrange(1, 9)}"
    for action in ("model.register", "model.approve")[: world.chance.randrange(1, 3)]:
        world.say(world.when(latest=20), action, item)
    world.planted["UNKNOWN_ARTIFACT", item] += 1


def unknown_dataset(world: World) -> None:
    item = f"shadow-{len(world.planted)}"
    world.say(world.when(latest=20), "dataset.create", item)
    world.planted["UNKNOWN_ARTIFACT", item] += 1


def digest_changed(world: World) -> None:
    thing = world._untouched("dataset")
    world._new_digest(thing)
    world.planted["DIGEST_CHANGED", _called(thing)] += 1


def deleted_and_there(world: World) -> None:
    thing = world._either()
    world._delete(thing)
    for source in (FIRST, SECOND):  # otherwise every catalog could be older than that
        later = world.things[source, thing.key].attributes
        world._change(source, thing, ended=START + timedelta(days=70), attributes=later)
    world.planted["DELETED_BUT_IN_CATALOG", _called(thing)] += 1


def deleted_file(world: World) -> None:
    thing = world._untouched("dataset")
    world.say(world.when(45, 60), "DeleteObject", f"s3://bucket/{thing.uri}")
    world.planted["DELETED_BUT_IN_FILES", f"s3://bucket/{thing.uri}"] += 1


def file_missing(world: World) -> None:
    thing = world._untouched("dataset")
    del world.files[world._file(thing)]
    world.planted["FILE_MISSING", _called(thing)] += 1


def file_altered(world: World) -> None:
    thing = world._untouched("dataset")
    place = world._file(thing)
    size = world.files[place][1] + world.chance.randrange(2)
    world.files[place] = world.chance.randbytes(32).hex(), size
    world.planted["FILE_DIGEST_DIFFERS", _called(thing)] += 1


def size_differs(world: World) -> None:
    thing = world._untouched("dataset")
    attributes = (thing.attributes[0], replace(thing.attributes[1], value="7"))
    world._change(FIRST, thing, attributes=attributes)
    world.planted["FILE_SIZE_DIFFERS", _called(thing)] += 1


def file_unknown(world: World) -> None:
    place = (*FOLDER, "data", "part3", *(["deep"] * world.chance.randrange(2)),
             f"stranger-{len(world.planted)}.csv")  # fmt: skip
    world.files[place] = world.chance.randbytes(32).hex(), 5
    world.planted["FILE_UNKNOWN", "/".join(place)] += 1


def approved_late(world: World) -> None:
    thing = world._untouched("model_version")
    first, second = _objects(thing)[:2]
    world.say(world.when(42, 50), "model.deploy", first)
    world.say(world.when(51, 60), "model.approve", second, actor="eve")
    world.planted["APPROVED_AFTER_DEPLOYMENT", first] += 1


def not_approved(world: World) -> None:
    thing = world._untouched("model_version")
    item = world.chance.choice(_objects(thing))
    world.say(world.when(42, 60), "model.deploy", item)
    if world.chance.random() < 0.5:
        world.say(world.when(41, 42), "model.approve", item, outcome=Outcome.FAILURE)
    world.planted["DEPLOYED_WITHOUT_APPROVAL", item] += 1


def lost_thing(world: World) -> None:
    thing = world._either()
    del world.things[SECOND, thing.key]
    world.planted["LOST_IN_EXPORT", _called(thing)] += 1


def lost_relation(world: World) -> None:
    kept = [e for e in world.edges if e[0] == SECOND and e[1].object not in world.touched]
    source, edge = world.chance.choice(kept)
    world.touched.add(edge.object)
    world.edges.remove((source, edge))
    run, data = world.things[FIRST, edge.subject], world.things[FIRST, edge.object]
    world.planted["LOST_IN_EXPORT", f"{run.name} used {data.name}"] += 1


def stage_against_alias(world: World) -> None:
    thing = world._untouched("model_version")
    champion = Attribute(AttributeGroup.ALIAS, world.chance.choice(("champion", "prod")), "")
    stage = world.chance.choice((Lifecycle.ARCHIVED, Lifecycle.STAGING))
    world._change(FIRST, thing, attributes=(champion,), lifecycle=stage)
    world.planted["STAGE_AGAINST_ALIAS", _called(thing)] += 1


PLANTS: tuple[Callable[[World], None], ...] = (
    no_creation, unknown_artifact, unknown_dataset, digest_changed, deleted_and_there, deleted_file,
    file_missing, file_altered, size_differs, file_unknown, approved_late, not_approved, lost_thing,
    lost_relation, stage_against_alias,
)  # fmt: skip


def deleted_and_made_anew(world: World) -> None:
    thing = world._either()
    time = world._delete(thing)
    what = "dataset.create" if thing.type == "dataset" else "model.register"
    world.say(time + timedelta(hours=1), what, _objects(thing)[0])


def deleted_and_told_so(world: World) -> None:
    thing = world._either()
    world._delete(thing)
    for source in (FIRST, SECOND):
        world._change(source, thing, lifecycle=Lifecycle.DELETED)


def deletion_that_failed(world: World) -> None:
    thing = world._either()
    world.say(world.when(45, 60), "dataset.delete", thing.name, outcome=Outcome.FAILURE)


def changed_on_record(world: World) -> None:
    thing = world._untouched("dataset")
    world._new_digest(thing)
    world.say(world.when(45, 60), "dataset.update", world.chance.choice(_objects(thing)))


def moved_file(world: World) -> None:
    thing = world._untouched("dataset")
    world.files[(*FOLDER, "data", "moved", thing.name)] = world.files.pop(world._file(thing))


def file_put(world: World) -> None:
    thing = world._untouched("dataset")
    world.say(world.when(45, 60), "DeleteObject", f"s3://bucket/{thing.uri}")
    world.say(world.when(61, 62), "PutObject", f"s3://bucket/{thing.uri}")


def approved_again(world: World) -> None:
    thing = world._untouched("model_version")
    for time, action in ((42, "model.approve"), (45, "model.deploy"), (50, "model.approve")):
        world.say(world.when(time, time + 1), action, _objects(thing)[1])


def served_and_in_production(world: World) -> None:
    thing = world._untouched("model_version")
    champion = Attribute(AttributeGroup.ALIAS, "champion", "")
    for source in (FIRST, SECOND):
        world._change(source, thing, attributes=(champion,), lifecycle=Lifecycle.PRODUCTION)


def read_only(world: World) -> None:
    world.say(world.when(), world.chance.choice(("dataset.read", "model.list", "user.login")), "x")


def made_before_the_log(world: World) -> None:
    thing = world._either()
    world._lose(thing, ("dataset.create", "model.register"))
    for source in (FIRST, SECOND):
        world._change(source, thing, created=START - timedelta(days=3))


def in_a_folder_of_another_catalog(world: World) -> None:
    world.files["drop", "other", f"x{len(world.files)}"] = world.chance.randbytes(32).hex(), 5


INNOCENT: tuple[Callable[[World], None], ...] = (
    deleted_and_made_anew, deleted_and_told_so, deletion_that_failed, changed_on_record, moved_file,
    file_put, approved_again, served_and_in_production, read_only, made_before_the_log,
    in_a_folder_of_another_catalog,
)  # fmt: skip

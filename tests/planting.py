"""Plants differences in a catalog and knows what it planted; shares nothing with the comparison."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace

from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.locator import Locator

HERE = Locator("catalog.json")
TYPES = ("dataset", "model_version", "code")
GROUPS = (AttributeGroup.PARAM, AttributeGroup.TAG, AttributeGroup.METRIC)

#: change, about, key, field, before, after
Planted = tuple[str, str, str, str, str | None, str | None]


def a_thing(chance: random.Random, key: str) -> Thing:
    """Return a thing that no other one is like."""
    named = [
        Attribute(chance.choice(GROUPS), f"n{number}", f"{key}-{number}")
        for number in range(chance.randrange(1, 5))
    ]
    digest = [Attribute(AttributeGroup.DIGEST, "sha256", chance.randbytes(32).hex())]
    attributes = (*named, *(digest if chance.random() < 0.5 else []))
    uri = f"s3://bucket/{key}" if chance.random() < 0.5 else ""
    kind = chance.choice(TYPES)
    return Thing(ThingKind.ARTIFACT, kind, key, f"name of {key}", HERE, uri=uri, owner="ann",
                 attributes=attributes)  # fmt: skip


@dataclass
class Garden:
    """A catalog before and after, and what was planted in between."""

    chance: random.Random
    things: dict[str, Thing] = field(default_factory=dict)
    edges: list[Relation] = field(default_factory=list)
    planted: Counter[Planted] = field(default_factory=Counter)
    touched: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, seed: int | str, things: int) -> "Garden":
        chance = random.Random(seed)
        garden = cls(chance)
        for number in range(things):
            garden.things[f"k{number}"] = a_thing(chance, f"k{number}")
        keys = list(garden.things)
        ends = {(chance.choice(keys), chance.choice(keys)) for _ in range(2 * things)}
        garden.edges = [Relation(RelationKind.USED, a, b, HERE) for a, b in sorted(ends)]
        return garden

    def plant(self) -> None:
        """Plant one difference where none was planted yet."""
        acts = (self._add, self._remove, self._rename, self._field, self._value, self._no_value,
                self._edge, self._no_edge, self._edge_said)  # fmt: skip
        self.chance.choice(acts)()

    def _untouched(self) -> Thing:
        key = self.chance.choice(sorted(self.things.keys() - self.touched))
        self.touched.add(key)
        return self.things[key]

    def _add(self) -> None:
        thing = a_thing(self.chance, f"new{len(self.touched)}")
        self.touched.add(thing.key)
        self.things[thing.key] = thing
        self.planted["added", "thing", thing.key, "", None, None] += 1

    def _remove(self) -> None:
        thing = self._untouched()
        del self.things[thing.key]
        self.planted["removed", "thing", thing.key, "", None, None] += 1

    def _rename(self) -> None:
        thing = self._untouched()
        new = f"moved{len(self.touched)}"
        self.touched.add(new)
        self.moved[thing.key] = new
        self.things = {
            (new if k == thing.key else k): (replace(t, key=new) if k == thing.key else t)
            for k, t in self.things.items()
        }
        self.edges = [
            replace(e, subject=self.moved.get(e.subject, e.subject),
                    object=self.moved.get(e.object, e.object))
            for e in self.edges
        ]  # fmt: skip
        self.planted["renamed", "thing", thing.key, "", thing.key, new] += 1

    def _field(self) -> None:
        thing = self._untouched()
        self.things[thing.key] = replace(thing, owner="eve")
        self.planted["changed", "thing", thing.key, "field owner", "ann", "eve"] += 1

    def _value(self) -> None:
        thing = self._untouched()
        first, *rest = thing.attributes
        self.things[thing.key] = replace(thing, attributes=(replace(first, value="x"), *rest))
        label = f"{first.group.value} {first.name}"
        self.planted["changed", "thing", thing.key, label, first.value, "x"] += 1

    def _no_value(self) -> None:
        thing = self._untouched()
        first, *rest = thing.attributes
        self.things[thing.key] = replace(thing, attributes=tuple(rest))
        label = f"{first.group.value} {first.name}"
        self.planted["changed", "thing", thing.key, label, first.value, None] += 1

    def _edge(self) -> None:
        number = len(self.edges)
        self.edges.append(Relation(RelationKind.USED, f"from{number}", f"to{number}", HERE))
        key = f"from{number} → to{number}"
        self.planted["added", "relation", key, "", None, None] += 1

    def _free_edge(self) -> int:
        free = [n for n, e in enumerate(self.edges)
                if e.subject[0] == e.object[0] == "k" and not e.transformation]  # fmt: skip
        return self.chance.choice(free)

    def _no_edge(self) -> None:
        edge = self.edges.pop(self._free_edge())
        key = f"{edge.subject} → {edge.object}"
        self.planted["removed", "relation", key, "", None, None] += 1

    def _edge_said(self) -> None:
        number = self._free_edge()
        edge = self.edges[number]
        self.edges[number] = replace(edge, transformation="hash")
        key = f"{edge.subject} → {edge.object}"
        self.planted["changed", "relation", key, "field transformation", None, "hash"] += 1

"""What in-toto wrote before the statement: links, which tell of a step, and layouts (0.9, 1.0).

Either stands in a Metablock, ``{"signatures": …, "signed": …}``, whose signatures are over the
canonical JSON of ``signed``, or in a DSSE envelope. Nothing here has been judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from workbench.model.envelope import Envelope, EnvelopeSignature
from workbench.model.json_place import Json, Place
from workbench.model.moment import moment_of, time_of
from workbench.model.olpc import UncanonicalError, canonical
from workbench.model.statement import Claimed, claimed_digests

MOST_ARTIFACTS = 100_000
MOST_STEPS = 1000
MOST_RULES = 1000
MOST_SUBKEYS = 32

#: Digests of an artifact by algorithm, as it is written down.
Digests = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What somebody says to have done in a step.

    Attributes:
        name: of the step.
        command: what was run.
        materials: what was there before, by path.
        products: what was there after, by path.
    """

    name: str
    command: tuple[str, ...]
    materials: Mapping[str, Digests]
    products: Mapping[str, Digests]

    @property
    def claimed(self) -> tuple[Claimed, ...]:
        """Return the products as what is attested."""
        return tuple(Claimed(path, digests) for path, digests in self.products.items())


@dataclass(frozen=True, slots=True)
class LayoutKey:
    """The key of somebody who may do a step.

    Attributes:
        keytype: "rsa", "ed25519", "ecdsa"…
        public: PEM text, or hexadecimal for Ed25519.
        openpgp: it signs in the way of OpenPGP.
        numbers: of such a key, its numbers in hexadecimal by name.
        ends: until when it may sign, aware UTC, or None.
        subkeys: by key id, the keys that may sign in its place.
    """

    keytype: str
    public: str
    openpgp: bool = False
    numbers: Mapping[str, str] = field(default_factory=dict)
    ends: datetime | None = None
    subkeys: Mapping[str, "LayoutKey"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayoutStep:
    """A step that must be done, by whom, and what may come of it.

    Attributes:
        name: of the step.
        keyids: whose links count.
        threshold: how many of them must say the same.
        command: what should be run; only compared.
        materials: artifact rules, each a list of words.
        products: the same for products.
    """

    name: str
    keyids: tuple[str, ...]
    threshold: int
    command: tuple[str, ...]
    materials: tuple[tuple[str, ...], ...]
    products: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How something must be made.

    Attributes:
        expires: until when it counts, aware UTC, or None where it does not say.
        keys: by key id, who may do steps.
        steps: in order.
        inspections: names of commands that should be run over the product; never run here.
    """

    expires: datetime | None
    keys: Mapping[str, LayoutKey]
    steps: tuple[LayoutStep, ...]
    inspections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metablock:
    """A signed link or layout of the old form.

    Attributes:
        signed: what is signed, as JSON.
        envelope: its canonical bytes, and the signatures over them.
    """

    signed: Json
    envelope: Envelope


def is_metablock(value: Json) -> bool:
    """Tell whether a JSON value means to be a Metablock of a link or layout."""
    if not isinstance(value, dict) or not {"signed", "signatures"} <= set(value):
        return False
    signed = value["signed"]
    return isinstance(signed, dict) and signed.get("_type") in ("link", "layout")  # any JSON


def metablock_from(value: Json) -> Metablock:
    """Return the Metablock that a JSON value is.

    Raises:
        MalformedSignature: it is none.
    """
    top = Place(value, "")
    signed = top.object("signed")
    try:
        payload = canonical(signed.value)
    except UncanonicalError as error:
        signed.refuse("", f"cannot be written in canonical JSON: {error}")
    listed = top.items("signatures") if top.get("signatures") else ()
    return Metablock(signed.value, Envelope("", payload, tuple(map(_signature, listed))))


def _signature(place: Place) -> EnvelopeSignature:
    headers = place.optional_text("other_headers")
    # What signs in the way of OpenPGP calls it so; newer tools call it as any other.
    name = "signature" if headers is not None and place.get("signature") else "sig"
    signed = place.hexadecimal("other_headers") if headers else b""
    return EnvelopeSignature(place.hexadecimal(name), place.text("keyid"), signed)


def link_from(value: Json) -> Link:
    """Return the link that a JSON value is.

    Raises:
        MalformedSignature: it is none.
    """
    top = Place(value, "signed#")
    return Link(
        name=top.text("name"),
        command=_words(top, "command"),
        materials=_artifacts(top, "materials"),
        products=_artifacts(top, "products"),
    )


def _artifacts(top: Place, key: str) -> dict[str, Digests]:
    place = top.object(key)
    if len(place.members) > MOST_ARTIFACTS:
        place.refuse("", f"names more than {MOST_ARTIFACTS} artifacts")
    return {path: claimed_digests(place.object(path)) for path in place.members}


def _words(place: Place, key: str) -> tuple[str, ...]:
    """Return a command: a list of words, or one text."""
    value = place.get(key)
    return tuple(value.split()) if isinstance(value, str) else place.texts(key)


def layout_from(value: Json) -> Layout:
    """Return the layout that a JSON value is.

    Raises:
        MalformedSignature: it is none.
    """
    top = Place(value, "signed#")
    steps = tuple(_step(item) for item in top.items("steps", most=MOST_STEPS))
    if len({step.name for step in steps}) != len(steps):
        top.refuse("steps", "two have the same name")
    keys = top.object("keys")
    inspections = top.items("inspect", most=MOST_STEPS) if top.get("inspect") else ()
    return Layout(
        expires=_expires(top),
        keys={keyid: key_from(keys.object(keyid)) for keyid in keys.members},
        steps=steps,
        inspections=tuple(item.text("name") for item in inspections),
    )


def _expires(top: Place) -> datetime | None:
    text = top.optional_text("expires")
    if text is None:
        return None
    found = moment_of(text)
    if found is None:
        top.refuse("expires", "is no time of RFC 3339")
    return time_of(found).astimezone(UTC)


def key_from(place: Place) -> LayoutKey:
    """Return a key as it is described.

    Raises:
        MalformedSignature: it has no value.
    """
    method = place.optional_text("method") or ""
    return LayoutKey(
        keytype=place.optional_text("keytype") or place.optional_text("type") or "",
        public=_public(place),
        openpgp=method.startswith("pgp+"),
        numbers=_numbers(place),
        ends=_ends(place),
        subkeys=_subkeys(place),
    )


def _numbers(place: Place) -> dict[str, str]:
    public = place.object("keyval").get("public")
    values = public.items() if isinstance(public, dict) else ()
    return {name: value for name, value in values if isinstance(value, str)}


def _ends(place: Place) -> datetime | None:
    """Return the end of a key's life: its beginning and its length, both in seconds."""
    start, length = place.get("creation_time"), place.get("validity_period")
    if type(start) is not int or type(length) is not int or not length:
        return None
    try:
        return datetime.fromtimestamp(start + length, UTC)
    except (ValueError, OverflowError, OSError):
        place.refuse("validity_period", "ends at no time of a calendar")


def _subkeys(place: Place) -> dict[str, LayoutKey]:
    if place.get("subkeys") is None:
        return {}
    subkeys = place.object("subkeys")
    if len(subkeys.members) > MOST_SUBKEYS:
        place.refuse("subkeys", f"are more than {MOST_SUBKEYS}")
    return {
        keyid: replace(key_from(subkeys.object(keyid)), subkeys={}) for keyid in subkeys.members
    }


def _public(place: Place) -> str:
    public = place.object("keyval").get("public")
    return public if isinstance(public, str) else ""


def _step(place: Place) -> LayoutStep:
    threshold = place.get("threshold")
    whole = isinstance(threshold, int) and not isinstance(threshold, bool)
    if not whole or not isinstance(threshold, int) or not 1 <= threshold <= MOST_STEPS:
        place.refuse("threshold", "must be a whole number of at least 1")
    return LayoutStep(
        name=place.text("name"),
        keyids=place.texts("pubkeys"),
        threshold=threshold,
        command=_words(place, "expected_command"),
        materials=_rules(place, "expected_materials"),
        products=_rules(place, "expected_products"),
    )


def _rules(place: Place, key: str) -> tuple[tuple[str, ...], ...]:
    rules = place.get(key)
    if rules is None:
        return ()
    if not isinstance(rules, list) or len(rules) > MOST_RULES:
        place.refuse(key, f"must be a list of at most {MOST_RULES}")
    found: list[tuple[str, ...]] = []
    for rule in rules:
        if not isinstance(rule, list) or not all(isinstance(word, str) for word in rule):
            place.refuse(key, "must be a list of lists of texts")
        found.append(tuple(rule))
    return tuple(found)

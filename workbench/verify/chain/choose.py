"""Choose the recipe of a log: the one that reproduces its first records."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.strict_json import JsonError, parse
from workbench.evidence.table_cells import of_anybody, rows_of
from workbench.model.profile import ChainProfile, Container, GenesisKind, get
from workbench.model.recipe import Key, Name, Seal, SealKind
from workbench.model.trust import Secret, Trust
from workbench.verify.chain.digests import decode_secret
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.forward import expected_of
from workbench.verify.chain.frame import BOM, Cut, cut_document, cut_lines, records_of
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.layout import cuts_of, laid_out
from workbench.verify.chain.reading import TABLE, MalformedError
from workbench.verify.chain.rows import cut_rows
from workbench.verify.verifier import Bench

SAMPLE = 50
LINES, ARRAY = "jsonl", "json-array"
#: How deep in a document the list of records is looked for.
MOST_NESTED = 4
#: A profile with so many named fields is taken for the right one although nothing reproduces.
DISTINCTIVE = 4


@dataclass(frozen=True, slots=True)
class Sample:
    """The first records of a log, the JSON document around them, or a first line too long.

    ``container`` is what the file was recognised as, ``head`` the first of its lines, ``objects``
    the records that are JSON objects.
    """

    records: tuple[bytes, ...]
    document: Mapping[str, object] | None = None
    oversized: int = 0
    container: str = "jsonl"
    head: bytes = b""
    objects: tuple[Mapping[str, object], ...] = ()

    def suits(self, profile: ChainProfile) -> bool:
        """Tell, without recomputing anything, whether a profile may fit one of the records."""
        plain = self.container == LINES and not profile.container.entry
        return not plain or any(profile.fits(record) for record in self.objects)

    @property
    def any(self) -> bool:
        """Tell whether there is anything to look at."""
        return bool(self.records or self.oversized) or self.document is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """A recipe to judge a log by.

    Attributes:
        profile: the recipe.
        secrets: what the auditor gave for it, decoded.
        path: members down to the array of records of a JSON document.
        reproduced: records of the sample that it reproduces.
        tried: records of the sample that have its fields.
        later: whether the sample lies further on, as of the first records none is reproduced.
        named: whether the auditor, or a head that the auditor trusts, names it.
        given: for each seal, whether a secret was given for it, of use or not.
        notes: what the auditor must know about secrets.
    """

    profile: ChainProfile
    secrets: Secrets
    path: Name
    reproduced: int
    tried: int
    named: bool = False
    given: tuple[bool, ...] = ()
    notes: tuple[str, ...] = ()
    later: bool = False


def sample_of(file: EvidenceFile, container: str, bench: Bench) -> Sample:
    """Return the first records of a log; none of a JSON document, which is looked at whole.

    Raises:
        JsonError: a JSON document cannot be read.
    """
    if container != ARRAY:
        lines = cut_lines(blocks(file, cancel=bench.cancel), bench.limits, cut_off=file.cut_off)
        cut = next(lines, Cut(0, b""))
        first = _first(cut)
        if container == TABLE:
            first = tuple(islice(rows_of(cut.data, of_anybody(cut.data)), 1, SAMPLE + 1))
        objects = tuple(_objects(first)) if container == LINES else ()
        return Sample(first, None, cut.oversized, container, cut.data, objects)
    data = read_whole(file, limits=bench.limits)
    document = cut_document(data, None, limits=bench.limits, what=file.display)
    first = () if document.value else _first(document.cut)
    return Sample(first, document.value, container=ARRAY)


def _objects(records: Iterable[bytes]) -> Iterator[Mapping[str, object]]:
    for raw in records:
        try:
            value = parse(raw, what="record")
        except JsonError:
            continue
        if isinstance(value, dict):
            yield value


def _first(cut: Cut) -> tuple[bytes, ...]:
    return tuple(raw for _, (_, raw) in zip(range(SAMPLE), records_of(cut), strict=False))


def choose(
    file: EvidenceFile, container: str, bench: Bench, *, vouched: frozenset[str] = frozenset()
) -> Choice | None:
    """Return the recipe of a log, or None where no profile fits.

    What reproduces records of the sample wins. Where nothing does, a profile is still taken if
    the auditor or a trusted head names it, or if it alone fits and has many named fields: then
    the records are broken. Else the recipe is unknown.

    Args:
        file: the log.
        container: how its records lie in the file.
        bench: profiles, secrets and limits.
        vouched: SHA-256 of the profile files that trusted heads name.
    """
    sample = sample_of(file, container, bench)
    options = []
    for profile in bench.profiles:
        named = bench.expectation.profile is not None or profile.sha256 in vouched
        option = _option(file, profile, sample, bench, named=named)
        if option is not None:
            options.append(option)
    if not options:
        return None
    if not any(option.reproduced for option in options):
        options = _tried_later(options, file, sample, bench)
    options.sort(key=_rank, reverse=True)
    best = options[0]
    if best.reproduced or best.named or (len(options) == 1 and _distinctive(best)):
        return best
    return None


def _rank(choice: Choice) -> tuple[int, bool, bool, int]:
    """Rank what reproduces most first; of equals the one that also judges a manifest."""
    profile = choice.profile
    return choice.reproduced, choice.named, profile.manifest is not None, len(profile.present)


def _tried_later(
    options: Sequence[Choice], file: EvidenceFile, sample: Sample, bench: Bench
) -> list[Choice]:
    """Return the options with what they reproduce further on: more altered is no less known."""
    if sample.document is not None:
        return list(options)
    layouts = list(dict.fromkeys(option.profile.container for option in options))
    for layout in layouts if sample.container == TABLE else layouts[:1]:
        for raws in _later(file, sample.container, layout, bench):
            tried = [
                _with_trial(option, raws)
                if sample.container != TABLE or option.profile.container == layout
                else option
                for option in options
            ]
            if any(option.reproduced for option in tried):
                return tried
    return list(options)


def _later(
    file: EvidenceFile, container: str, layout: Container, bench: Bench
) -> Iterator[tuple[bytes, ...]]:
    """Yield records of each piece of a log: as many from its end as a sample has."""
    if container == ARRAY:
        data = read_whole(file, limits=bench.limits)
        cuts = iter([cut_document(data, None, limits=bench.limits, what=file.display).cut])
    else:
        cuts = cuts_of(blocks(file, cancel=bench.cancel), file, container, layout, bench.limits)
    for cut in cuts:
        yield tuple(raw for _, raw in deque(records_of(cut), SAMPLE))


def _with_trial(choice: Choice, records: Sequence[bytes]) -> Choice:
    tried, right, _ = _trial(Engine(choice.profile, choice.secrets), records)
    return replace(choice, reproduced=right, tried=tried, later=True) if right else choice


def _distinctive(choice: Choice) -> bool:
    return len(choice.profile.present) >= DISTINCTIVE


def _option(
    file: EvidenceFile, profile: ChainProfile, sample: Sample, bench: Bench, *, named: bool
) -> Choice | None:
    """Return how well one profile does; None where its fields are not there."""
    records: tuple[bytes, ...] = sample.records
    path: Name = ()
    laid = laid_out(profile, sample.container, sample.head)
    if laid is None or not sample.suits(profile):
        return None
    profile = laid
    if sample.container == TABLE:
        cut = Cut(0, sample.head.removeprefix(BOM))
        cuts = cut_rows(iter([cut.data]), profile.container, bench.limits)
        records = _first(next(cuts, Cut(0, b"")))
    if sample.document is not None:
        found = _path_in(sample.document, profile)
        if found is None:
            return None
        data = read_whole(file, limits=bench.limits)
        cut = cut_document(data, found, limits=bench.limits, what=file.display).cut
        records, path = _first(cut), found
    elif profile.manifest is not None:
        return None
    best, most = None, (-1, -1)
    for secrets, given, notes in _secrets(profile, bench.trust):
        tried, right, sealed = _trial(Engine(profile, secrets), records)
        # The names of a table's columns were found: it is known, whatever its rows are.
        if (tried or sample.container == TABLE) and (right, sealed) > most:
            best = Choice(profile, secrets, path, right, tried, named, given, notes)
            most = right, sealed
    return best


def _path_in(document: Mapping[str, object], profile: ChainProfile) -> Name | None:
    """Return where the records of a profile lie in a document."""
    if profile.manifest is not None:
        return profile.container.path if profile.fits(document) else None
    for path, rows in lists_in(document):
        if any(isinstance(row, dict) and profile.fits(row) for row in rows[:SAMPLE]):
            return path
    return None


def lists_in(document: Mapping[str, object]) -> Iterator[tuple[Name, list[object]]]:
    """Yield the lists in the objects of a document with the way to each, the upper ones first."""
    level: list[tuple[Name, Mapping[str, object]]] = [((), document)]
    for _ in range(MOST_NESTED):
        below: list[tuple[Name, Mapping[str, object]]] = []
        for path, members in level:
            for name, value in members.items():
                if isinstance(value, list):
                    yield (*path, name), value
                elif isinstance(value, dict):
                    below.append(((*path, name), value))
        level = below


def _trial(engine: Engine, records: Sequence[bytes]) -> tuple[int, int, int]:
    """Return how many records have the fields, how many of these reproduce, how many seals do."""
    tried = right = sealed = 0
    before: dict[tuple[str, ...], str | None] = {}
    for raw, wanted in zip(records, expected_of(records, engine), strict=True):
        try:
            record = engine.parse(raw)
            chain = engine.partition(record)
            link = before.get(chain) or engine.genesis(record)
            record = engine.placed(record, f"{link or ''}\0{wanted}" if engine.forward else link)
        except MalformedError:
            continue
        before[chain] = engine.own(record)
        if all(get(record, name) is not None for name in _stated(engine.profile)):
            tried += 1
            own = engine.own(record)
            right += own is not None and engine.recompute(record, raw) == own
            seals = range(len(engine.profile.seals))
            sealed += sum(engine.is_sealed(n, record, raw) for n in seals)
    return tried, right, sealed


def _stated(profile: ChainProfile) -> Iterator[Name]:
    """Yield the fields that have a value in every record: a first one may point at nothing."""
    nothing = profile.genesis.kind is GenesisKind.NULL
    return (n for n in profile.present if not (nothing and n == profile.fields.previous))


def _secrets(
    profile: ChainProfile, trust: Trust
) -> Iterable[tuple[Secrets, tuple[bool, ...], tuple[str, ...]]]:
    """Yield what secrets may be tried for a profile: each that is meant for it, or none.

    With each comes, for every seal, whether it is meant for that, and what to note.
    """
    used = _keys_of(profile)
    ids = {profile.id, *(k.id for k in used)}
    meant = [s for s in trust.secrets if s.id in {None, *ids}]
    none = tuple(_signers(seal, trust) for seal in profile.seals)
    by = tuple(_by(used, trust.secrets))
    if not used or not meant:
        yield Secrets(None, none, by), tuple(False for _ in none), ()
        return
    for secret in meant:
        notes = ("One newline at the end of the secret was dropped.",)
        for_seals = tuple(_is_meant(secret, seal.key, profile) for seal in profile.seals)
        decoded = _with_older(_decoded(profile, secret, none), profile, (secret, *meant))
        yield replace(decoded, by=by), for_seals, notes if secret.newline_stripped else ()


def _keys_of(profile: ChainProfile) -> list[Key]:
    keys = [profile.digest.key, *(seal.key for seal in profile.seals)]
    keys += [v.digest.key for v in profile.versions if v.digest is not None]
    return [key for key in keys if key is not None]


def with_idle_secret(choice: Choice, secrets: Iterable[Secret]) -> Choice:
    """Return a choice that says so where a secret was given and the recipe has none.

    Whoever takes the log for a keyed one would believe more of it than is shown.
    """
    profile = choice.profile
    meant = any(secret.id in {None, profile.id} for secret in secrets)
    if not (meant and profile.preimage) or _keys_of(profile) or _IDLE in choice.notes:
        return choice
    return replace(choice, notes=(*choice.notes, _IDLE))


_IDLE = (
    "The secret that was given was not used: no secret goes into these digests, and anybody can "
    "make them."
)


def _signers(seal: Seal, trust: Trust) -> bytes | None:
    """Return the keys that may have signed records, 32 bytes each; None where there is none."""
    if seal.kind is not SealKind.ED25519:
        return None
    from workbench.verify.keys.public import ed25519_anchors

    return b"".join(anchor.der[-32:] for anchor in ed25519_anchors(trust)) or None


def _by(keys: Iterable[Key], given: Iterable[Secret]) -> Iterator[tuple[str, bytes]]:
    """Yield the secrets of a log that has several, by the value of the field that names them."""
    for key in dict.fromkeys(key for key in keys if key.by is not None):
        for secret in given:
            if secret.id is not None and secret.id.startswith(f"{key.id}-"):
                value = decode_secret(secret.value, key)
                if value is not None:
                    yield secret.id.removeprefix(f"{key.id}-"), value


def _with_older(secrets: Secrets, profile: ChainProfile, given: Sequence[Secret]) -> Secrets:
    """Return secrets with those of older recipes, which may have others than the newest has."""

    def of(key: Key | None) -> bytes | None:
        fit = (decode_secret(s.value, key) for s in given if key and _is_meant(s, key, profile))
        return next((value for value in fit if value is not None), None)

    if not profile.versions:
        return secrets
    keys = [(v.digest or profile.digest).key for v in profile.versions]
    newest = secrets.digest if secrets.digest is not None else of(profile.digest.key)
    return replace(secrets, digest=newest, older=tuple(map(of, keys)))


def _is_meant(secret: Secret, key: Key | None, profile: ChainProfile) -> bool:
    return key is not None and secret.id in {None, key.id, profile.id}


def _decoded(profile: ChainProfile, secret: Secret, signers: Sequence[bytes | None]) -> Secrets:
    """Return a secret as the profile means it; None where it is no such text."""
    keys = (profile.digest.key, *(seal.key for seal in profile.seals))
    digest, *seals = (
        decode_secret(secret.value, key) if _is_meant(secret, key, profile) else None
        for key in keys
    )
    both = (a if a is not None else b for a, b in zip(seals, signers, strict=True))
    return Secrets(digest, tuple(both))

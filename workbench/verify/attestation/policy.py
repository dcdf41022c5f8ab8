"""Does the statement say what the auditor asks for: builder, source, subject (SLSA 1.0, 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.model.attestation import Attestation
from workbench.model.expectation import Origin
from workbench.model.verdict import Code, DimensionVerdict, failed, indeterminate
from workbench.verify.attestation.artifact import digest_named


@dataclass(frozen=True, slots=True)
class Answer:
    """What signed and trusted statements say to one question of the auditor.

    Attributes:
        asked: the question, in words.
        said: the answer, in words.
        part: why it is not met, or None.
    """

    asked: str
    said: str
    part: DimensionVerdict | None = None


def answers(origin: Origin, trusted: Sequence[Attestation]) -> Iterator[Answer]:
    """Yield an answer to each question; nothing signed and trusted is no answer."""
    provenances = [a.statement.provenance for a in trusted if a.statement]
    known = [provenance for provenance in provenances if provenance is not None]
    if origin.builder is not None:
        builders = [one.builder for one in known if one.builder]
        met = [builder for builder in builders if same_builder(builder, origin.builder)]
        yield _answer(f"builder {origin.builder}", builders, met)
    if origin.source is not None:
        # Each place at which a provenance names its source must name this one.
        sources = [one.sources for one in known if one.sources]
        good = [s for s in sources if all(same_source(place, origin.source) for place in s)]
        yield _answer(f"source {origin.source}", [", ".join(s) for s in sources], good)
    if origin.digest is not None:
        claims = [a.claimed for a in trusted if a.claimed]
        holding = [c for c in claims if digest_named(c, origin.digest)]
        named = [value for c in claims for one in c for _, value in one.binding]
        yield _answer(f"subject {origin.digest}", named, holding)


def _answer(asked: str, found: Sequence[str], met: Sequence[object]) -> Answer:
    shown = ", ".join(dict.fromkeys(found[:5])) + (", …" if found[5:] else "")
    if met:
        return Answer(asked, "stated")
    if found:
        return Answer(asked, f"but stated is {shown}", failed(Code.POLICY_MISMATCH))
    said = "nothing that is signed and trusted says so"
    return Answer(asked, said, indeterminate(Code.POLICY_NOT_SHOWN))


def same_builder(stated: str, wanted: str) -> bool:
    """Tell whether a builder is the one asked for; without ``@version`` any version of it."""
    versioned = "@" in wanted.rpartition("/")[2] or "@refs/" in wanted
    return stated == wanted or (not versioned and stated.partition("@")[0] == wanted)


def same_source(stated: str, wanted: str) -> bool:
    """Tell whether a source is the one asked for.

    Provenance writes ``git+https://github.com/o/r@refs/heads/main``; asked for may be that, or
    less of it: without the way of fetching, without the version.
    """
    place, version = _parted(stated)
    asked, asked_version = _parted(wanted)
    if "://" not in asked:
        asked = f"https://{asked}"
    same = _plain(place) == _plain(asked)
    return stated == wanted or (same and (not asked_version or version == asked_version))


def _parted(uri: str) -> tuple[str, str]:
    """Return place and version; storage writes a generation after ``#``."""
    place, mark, version = uri.removeprefix("git+").partition("@")
    if not mark:
        place, _, version = place.partition("#")
    return place, version


def _plain(place: str) -> str:
    return place.rstrip("/").removesuffix(".git")

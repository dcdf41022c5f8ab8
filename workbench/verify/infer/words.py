"""What a search for a recipe adds to a verdict, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench.model.verdict import Code, Indication, Step, SubjectVerdict, indeterminate, passed
from workbench.verify.chain.explain import part_in_words
from workbench.verify.infer.found import Found
from workbench.verify.infer.log import Inference
from workbench.verify.infer.refine import SHOWN, Refined
from workbench.verify.infer.roles import Roles
from workbench.verify.infer.search import IN_A_ROW

#: What is said of a recipe that is there and was not found.
NOT_FOUND = "which was not found"
MOST_RANGES = 5
_KEEP = "Keep it with `workbench profile infer` and give it with --profile to adopt it."
_BY_HAND = "No command: this step is a search. The next ones follow the recipe that it found."


def found_by_search(
    verdict: SubjectVerdict, inference: Inference, *, odd: Mapping[int, frozenset[str]]
) -> SubjectVerdict:
    """Return a verdict by a recipe that was found in the log: it says so, and is never more.

    ``odd``: records that are not reproduced and have what none had that the search looked at.
    """
    integrity = verdict.integrity
    if integrity.indication is Indication.PASSED:
        codes = (Code.PROFILE_INFERRED, *(c for c in integrity.codes if c != Code.SELF_CONSISTENT))
        integrity = replace(passed(Code.PROFILE_INFERRED), codes=codes)
    step = Step("", "Searched for the recipe of the log.", _result(inference), _BY_HAND)
    return replace(
        verdict,
        integrity=integrity,
        notes=(*verdict.notes, *found_in_words(inference), *_of_odd(odd), _KEEP),
        steps=(step, *verdict.steps),
    )


def _of_odd(odd: Mapping[int, frozenset[str]]) -> Iterator[str]:
    if odd:
        listed = ", ".join(sorted(frozenset().union(*odd.values())))
        numbers = ", ".join(f"{number:,}" for number in sorted(odd)[:MOST_RANGES])
        more = f" and {len(odd) - MOST_RANGES:,} more" if len(odd) > MOST_RANGES else ""
        yield (
            f"Records {numbers}{more} are not reproduced either and have what none of the first"
            f" had: {listed}. So the recipe may be incomplete there, and nothing is said of them."
        )


def not_found(
    verdict: SubjectVerdict, inference: Inference, *, beyond: frozenset[str] = frozenset()
) -> SubjectVerdict:
    """Return the verdict on a log without recipe, with what the search can say.

    ``beyond``: what later records have that none did on which the recipe was found.
    """
    notes = (*verdict.notes, *(_not_found(inference) if inference.search.tried else ()))
    if beyond:
        listed = ", ".join(sorted(beyond))
        notes = (
            *notes,
            f"Later records that it does not reproduce have what none of the first had: {listed}.",
        )
    roles = inference.search.roles
    integrity = verdict.integrity
    if roles is not None and integrity == indeterminate(Code.UNKNOWN_PROFILE):
        both = (Code.NOT_RECOMPUTABLE, Code.UNKNOWN_PROFILE)
        integrity = replace(indeterminate(Code.NOT_RECOMPUTABLE), codes=both)
    return replace(verdict, integrity=integrity, notes=notes)


def found_in_words(inference: Inference) -> list[str]:
    """Return what was found: how much it explains, over what the digest is, how sure that is."""
    found = inference.found
    if found is None:
        return list(_not_found(inference))
    right = sum(found.right)
    over = "; ".join(part_in_words(part) for part in found.refined.parts)
    words = [
        (
            f"The recipe was found by search: it reproduces {right:,} of the {inference.records:,}"
            f" records looked at. The digest is over: {over}."
        )
    ]
    if found.older is not None:
        words.append(_older(found))
    if apart := unexplained(found):
        ranges = ", ".join(f"{first:,} to {last:,}" for first, last in apart[:MOST_RANGES])
        more = f" and {len(apart) - MOST_RANGES:,} more stretches" if apart[MOST_RANGES:] else ""
        words.append(f"Records {ranges}{more} are by another recipe, {NOT_FOUND}.")
    if found.refined.rivals:
        words.append(_rivals(found.refined))
    if found.unusual:
        listed = ", ".join(sorted(found.unusual))
        words.append(
            f"Records that are not reproduced have, and no other has: {listed}. So the recipe may"
            " be incomplete, and nothing is said against them."
        )
    return words


def _rivals(refined: Refined) -> str:
    """Return how many recipes explain the records as well, and in what they differ."""
    least = "At least " if refined.rivals == SHOWN - 1 else ""
    listed = ", ".join(sorted(refined.apart))
    recipes = "other recipe explains" if refined.rivals == 1 else "other recipes explain"
    return (
        f"{least}{refined.rivals:,} {recipes} these records as well. They differ only in what no"
        f" record here shows: {listed}. The likeliest was taken; where later records have such, ask"
        " for its source."
    )


def _older(found: Found) -> str:
    """Return what is over what in records of another version of the recipe."""
    older = found.older or found.refined
    over = "; ".join(part_in_words(part) for part in older.parts)
    which = found.by_older
    first, last = which.index(True) + 1, len(which) - which[::-1].index(True)
    return (
        f"{sum(which):,} of these records, from {first:,} to {last:,}, are by another recipe"
        f" of the same log: their digest is over: {over}."
    )


def unexplained(found: Found) -> list[tuple[int, int]]:
    """Return stretches of records that are not reproduced: longer than a single alteration is.

    First records of chains that store no link are none: nothing shows what stood before them.
    """
    ranges, begun = list[tuple[int, int]](), 0
    firsts = [index < 0 and found.roles.previous is None for index in found.roles.before]
    known = map(any, zip(found.right, firsts, strict=True))
    for number, is_right in enumerate((*known, True), start=1):
        if is_right and begun and number - begun >= IN_A_ROW:
            ranges.append((begun, number - 1))
        begun = 0 if is_right else begun or number
    return ranges


def _not_found(inference: Inference) -> Iterator[str]:
    if inference.found is not None:
        yield from found_in_words(inference)
        yield f"It was not taken for the verdict. {_KEEP}"
        return
    if inference.records < IN_A_ROW:
        least = f"a recipe must reproduce {IN_A_ROW} records in a row"
        yield f"No recipe was found: {least}, and there are {inference.records:,}."
        return
    if not inference.search.tried:
        yield (
            f"No recipe was searched for: in none of the {inference.records:,} records looked at"
            " does a field look like the digest of its record."
        )
        return
    limit = ", as many as are tried" if inference.search.exhausted else ""
    tried = f"{inference.search.tried:,}"
    yield f"No recipe was found: {tried} digests were tried{limit}; none is right."
    if inference.search.roles is not None:
        yield links_in_words(inference.search.roles)


def links_in_words(roles: Roles) -> str:
    """Return how far records name each other, though none can be recomputed."""
    own, previous = ".".join(roles.own), ".".join(roles.previous or ())
    if not previous:
        return (
            f"No link from one record to another was found. What stands in {own} may be a digest of"
            " its record, or of something else."
        )
    return (
        f"{roles.linked:,} of {len(roles.before):,} records looked at name another one: what stands"
        f" in {previous} stands in {own} there. No digest was recomputed."
    )


def _result(inference: Inference) -> str:
    found = inference.found
    right = sum(found.right) if found else 0
    return (
        f"{inference.search.tried:,} digests were tried; the recipe that was found reproduces"
        f" {right:,} of {inference.records:,} records. Its file has SHA-256"
        f" {inference.profile.sha256 if inference.profile else ''}."
    )

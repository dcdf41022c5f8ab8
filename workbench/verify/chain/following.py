"""Whether one record follows another: linked, counting on, not going back in time."""

from dataclasses import replace

from workbench.model.profile import ChainProfile
from workbench.verify.chain.facts import Facts, Stretch
from workbench.verify.chain.times import later_text, moment


def extend(stretches: list[Stretch], added: Stretch, profile: ChainProfile) -> None:
    """Add a stretch, joined to the last one where nothing lies between them."""
    if stretches and follows(stretches[-1].tail, added.head, profile):
        last = stretches[-1]
        version = min(last.head.version, added.head.version)
        stretches[-1] = replace(
            last,
            count=last.count + added.count,
            last_offset=added.last_offset,
            head=last.head if version == last.head.version else last.head._replace(version=version),
            tail=tail_after(last.tail, added.tail),
        )
    else:
        stretches.append(added)


def goes_on(head: Facts, tail: Facts, following: Facts, profile: ChainProfile) -> bool:
    """Tell whether a record belongs to the stretch with this head and tail, within a piece.

    What came before the piece is not known yet. So a stretch begins where records begin that only
    an older recipe reproduces: it is joined only once it is known that no newer one came before.
    """
    return following.version >= head.version and follows(tail, following, profile)


def tail_after(tail: Facts, following: Facts) -> Facts:
    """Return a record as the tail of the stretch that had this ``tail``: recipes get no older."""
    return following._replace(oldest=max(tail.oldest, following.oldest))


def follows(before: Facts, after: Facts, profile: ChainProfile) -> bool:
    """Tell whether two records are good, linked, counting on and not going back in time."""
    return (
        not (before.problem or after.problem)
        and before.own is not None
        and after.previous == before.own
        and after.version >= before.oldest
        and not begins_anew(after, profile)
        and counts_on(before, after, profile)
        and not goes_back(before.time, after.time, profile)
    )


def begins_anew(facts: Facts, profile: ChainProfile) -> bool:
    """Tell whether a record begins a chain of its own, by its mark."""
    return profile.sections is not None and facts.mark == profile.sections.new


def counts_on(before: Facts, after: Facts, profile: ChainProfile) -> bool:
    """Tell whether numbers go on by one, where the profile says that they do."""
    if profile.fields.sequence is None or not profile.sequence.gap_free:
        return True
    if before.sequence is None or after.sequence is None:
        return False
    return after.sequence == before.sequence + 1


def goes_back(before: object, after: object, profile: ChainProfile) -> bool:
    """Tell whether the clock goes back by more than the tolerance."""
    if before is None or after is None or later_text(before, after):
        return False
    earlier, later = moment(before), moment(after)
    if earlier is None or later is None:
        return False
    return later < earlier - profile.clock_tolerance

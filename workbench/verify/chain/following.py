"""Whether one record follows another: linked, counting on, not going back in time."""

from dataclasses import replace

from workbench.model.profile import ChainProfile
from workbench.verify.chain.facts import Facts, Stretch
from workbench.verify.chain.times import later_text, moment


def extend(stretches: list[Stretch], added: Stretch, profile: ChainProfile) -> None:
    """Add a stretch, joined to the last one where nothing lies between them."""
    if stretches and follows(stretches[-1].tail, added.head, profile):
        last = stretches[-1]
        head, tail = joined(last.head, last.tail, added.head, added.tail)
        stretches[-1] = replace(
            last,
            count=last.count + added.count,
            last_offset=added.last_offset,
            head=head,
            tail=tail,
        )
    else:
        stretches.append(added)


def joined(head: Facts, tail: Facts, next_head: Facts, next_tail: Facts) -> tuple[Facts, Facts]:
    """Return head and tail of two stretches as one: recipes only get newer from end to end."""
    if next_head.version < head.version:
        head = head._replace(version=next_head.version)
    if next_tail.oldest < tail.oldest:
        next_tail = next_tail._replace(oldest=tail.oldest)
    return head, next_tail


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

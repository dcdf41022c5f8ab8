"""The steps of a layout: which links count, and whether their artifacts follow its rules.

in-toto 1.0, 5.2, steps 3 to 7. A sublayout is a layout in place of a link: whoever may do the step
says how it is done, and the same is asked of that; its depth and number are bounded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.evidence.archive_kind import folder_of
from workbench.model.layout import Layout, LayoutStep, Link
from workbench.model.statement import Claimed
from workbench.model.verdict import (
    Code,
    Diagnosis,
    DiagnosisClass,
    DimensionVerdict,
    failed,
    indeterminate,
)
from workbench.verify.layout.block import Block, Signers, signers_of
from workbench.verify.layout.rules import broken_rules, matched_steps

MOST_DEPTH = 8
MOST_LAYOUTS = 100


@dataclass(slots=True)
class Walked:
    """What was found on the way through a layout.

    Attributes:
        integrity: what artifacts do not agree with.
        who: whose signatures are broken or not checked.
        completeness: what is missing, or was not run.
        diagnoses: links that are missing.
        notes: sentences for the auditor.
        told: one line a step, for the proof trail.
        link: the whole layout as one link, where every step has one.
        made: by path, each product as the last step has it that names it, by who may do the step.
        layouts: how many layouts were gone through.
    """

    integrity: list[DimensionVerdict] = field(default_factory=list)
    who: list[DimensionVerdict] = field(default_factory=list)
    completeness: list[DimensionVerdict] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    link: Link | None = None
    made: dict[str, Claimed] = field(default_factory=dict)
    layouts: int = 0


def walk(
    layout: Layout, blocks: Sequence[Block], at: datetime, *, folder: str, depth: int = 0
) -> Walked:
    """Go through the steps of a layout.

    Args:
        layout: the layout.
        blocks: links, and layouts in their place.
        at: time for which it is judged.
        folder: where the layout lies; links of a sublayout lie in a folder of their own.
        depth: how many layouts this one stands in.
    """
    found = Walked(layouts=1)
    _judge_expiry(layout, at, found)
    links: dict[str, Link] = {}
    for step in layout.steps:
        link = _link_of(step, layout, blocks, at, folder, depth, found)
        if link is not None:
            links[step.name] = link
            found.made |= {claimed.name: claimed for claimed in link.claimed}
    for step in layout.steps:
        if step.name in links:
            missing = {one.name for one in layout.steps if one.name not in links}
            _judge_rules(step, links, missing, found)
    for name in layout.inspections:
        found.completeness.append(indeterminate(Code.INSPECTION_NOT_RUN))
        found.notes.append(f"The inspection {name} of the layout is not run here, and not judged.")
    if len(links) == len(layout.steps):
        first, last = layout.steps[0], layout.steps[-1]
        found.link = replace(links[last.name], materials=links[first.name].materials)
    return found


def _judge_expiry(layout: Layout, at: datetime, found: Walked) -> None:
    """Ask whether the layout still counted at the time for which trust is judged."""
    if layout.expires is None:
        found.who.append(indeterminate(Code.FORMAT_FAILURE))
        found.notes.append("The layout does not say until when it counts.")
    elif layout.expires < at:
        found.who.append(indeterminate(Code.OUT_OF_BOUNDS_NO_POE))
        found.notes.append(f"The layout expired on {layout.expires:%Y-%m-%d %H:%M} UTC.")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A link of a step with the keys that signed it."""

    block: Block
    link: Link
    signers: Signers


def _link_of(
    step: LayoutStep,
    layout: Layout,
    blocks: Sequence[Block],
    at: datetime,
    folder: str,
    depth: int,
    found: Walked,
) -> Link | None:
    """Return what happened in a step, as enough of those say who may do it."""
    candidates = list(_candidates(step, layout, blocks, at, folder, depth, found))
    signed = [one for one in candidates if one.signers.good]
    keys = {key for one in signed for key in one.signers.good}
    unknown = {keyid for one in candidates for keyid in one.signers.unknown}
    if len(keys) < step.threshold:
        ended = {keyid for one in candidates for keyid in one.signers.ended}
        _judge_missing(step, len(keys), unknown, ended, found)
        return None
    first = signed[0].link
    for other in signed[1:]:
        if (other.link.materials, other.link.products) != (first.materials, first.products):
            found.integrity.append(failed(Code.POLICY_MISMATCH))
            found.notes.append(f"Step {step.name}: its links do not say the same.")
            return None
    if step.command and step.command != first.command:
        found.notes.append(f"Step {step.name}: another command was run than the layout expects.")
    names = ", ".join(sorted(f"{key[:16]}…" for key in keys))
    found.told.append(f"{step.name}: {len(keys)} of {step.threshold} ({names})")
    return first


def _candidates(
    step: LayoutStep,
    layout: Layout,
    blocks: Sequence[Block],
    at: datetime,
    folder: str,
    depth: int,
    found: Walked,
) -> Iterator[_Candidate]:
    for block in blocks:
        content = block.content
        if isinstance(content, Link):
            if content.name != step.name:
                continue
        elif content is None or not _stands_for(block, step, folder):
            continue
        signers = signers_of(block, step.keyids, layout.keys, at)
        for keyid in signers.broken:
            found.who.append(failed(Code.SIG_CRYPTO_FAILURE))
            found.notes.append(f"{block.file.display} names {keyid[:16]}… and does not verify.")
        if isinstance(content, Link):
            yield _Candidate(block, content, signers)
            continue
        link = _below(content, block, blocks, at, depth, found) if signers.good else None
        if link is not None:
            yield _Candidate(block, link, signers)


def _stands_for(block: Block, step: LayoutStep, folder: str) -> bool:
    """Tell whether a layout is called as a link of the step, and lies where those do."""
    beside = folder_of(block.file) == folder
    return beside and block.file.name.startswith(f"{step.name}.")


def _below(
    layout: Layout,
    block: Block,
    blocks: Sequence[Block],
    at: datetime,
    depth: int,
    found: Walked,
) -> Link | None:
    """Go through a sublayout, whose links lie in the folder that is called as it is."""
    if depth + 1 >= MOST_DEPTH or found.layouts >= MOST_LAYOUTS:
        found.integrity.append(indeterminate(Code.LIMIT_EXCEEDED))
        found.notes.append("Layouts stand in each other deeper, or are more, than is gone through.")
        return None
    own = block.file.place.removesuffix(".link")
    inner = [one for one in blocks if one.file.place.startswith(f"{own}/")]
    walked = walk(layout, inner, at, folder=own, depth=depth + 1)
    for name in ("integrity", "who", "completeness", "diagnoses", "notes", "told"):
        getattr(found, name).extend(getattr(walked, name))
    found.layouts += walked.layouts
    return walked.link


def _judge_missing(
    step: LayoutStep, signed: int, unknown: set[str], ended: set[str], found: Walked
) -> None:
    """Say that too few of those who may do a step say that they did it."""
    found.told.append(f"{step.name}: {signed} of {step.threshold}")
    if unknown:
        found.who.append(indeterminate(Code.UNSUPPORTED_SIGNATURE))
        found.notes.append(f"Step {step.name}: a signature is of a kind that is not checked here.")
        return
    if ended:
        found.who.append(indeterminate(Code.OUT_OF_BOUNDS_NO_POE))
        found.notes.append(f"Step {step.name}: a key of who may do it has ended.")
        return
    found.completeness.append(failed(DiagnosisClass.FILE_MISSING))
    why = f"{signed} of {step.threshold} links by those who may do step {step.name} are here."
    wanted = f"{step.name}.{step.keyids[0][:8] if step.keyids else '*'}.link"
    found.diagnoses.append(
        Diagnosis(DiagnosisClass.FILE_MISSING, count=step.threshold - signed, path=wanted,
                  explanations=(why,))
    )  # fmt: skip


def _judge_rules(
    step: LayoutStep, links: Mapping[str, Link], missing: set[str], found: Walked
) -> None:
    """Judge the rules of a step; what they say of a step that nothing is known of stays open."""
    if unknown := matched_steps(step) & missing:
        found.integrity.append(indeterminate(Code.NOT_RECOMPUTABLE))
        named = ", ".join(sorted(unknown))
        found.notes.append(f"Step {step.name} is held against {named}, of which no link counts.")
        return
    for broken in broken_rules(step, links):
        part = (
            indeterminate(Code.UNKNOWN_PROFILE) if broken.unclear else failed(Code.POLICY_MISMATCH)
        )
        found.integrity.append(part)
        found.notes.append(broken.why)

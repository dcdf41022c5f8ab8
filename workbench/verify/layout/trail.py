"""The proof trail of a layout, with the commands that check its signatures by hand."""

from collections.abc import Iterator, Sequence

from workbench.evidence.subject import Subject
from workbench.model.attestation import Attestation, Form
from workbench.model.verdict import Step
from workbench.verify.attestation import commands
from workbench.verify.attestation.reading import Seal
from workbench.verify.by_hand import because
from workbench.verify.keys.signable import Judged
from workbench.verify.layout.block import Block
from workbench.verify.layout.steps import Walked

CLAUSE = "in-toto 1.0, 5.2"
_PLACE = "1.1"


def trail_of(
    block: Block, subject: Subject, signed: Sequence[Judged], walked: Walked, digest: str
) -> Iterator[Step]:
    """Yield the steps from the layout's bytes to the artifacts of its last step."""
    form = Form.METABLOCK if block.signable is not None and block.signable.bare else Form.DSSE
    layout = Attestation(envelope=block.envelope, form=form)
    yield Step(
        "FIPS 180-4",
        "Hash the layout.",
        f"SHA-256 {block.sha256}; with the products that lie here, as the register has it: "
        f"{digest}.",
        *commands.begin(block.file, block.sha256),
    )
    seal = Seal(block.file, block.sha256, (layout,))
    many = len(block.envelope.signatures) if block.envelope else 0
    yield Step(
        "in-toto 1.0, 4.3",
        "Read the layout, strictly.",
        f"{many} signatures." if many else "Nobody signed it.",
        *commands.of_seal(seal, 1),
    )
    take = commands.of_canonical if form is Form.METABLOCK else _payload
    yield Step(
        "in-toto 1.0, 4.1; OLPC canonical JSON; DSSE 1.0",
        "Write what is signed in the form in which it was signed.",
        f"{len(block.envelope.payload) if block.envelope else 0:,} bytes.",
        *take(layout, _PLACE),
    )
    for number, judged in enumerate(signed):
        verdict = judged.verdict
        yield Step(
            f"{CLAUSE}, 1",
            f"Check signature {number + 1} of {many} of the layout.",
            f"{verdict.indication}{f' {verdict.code}' if verdict.code else ''}: {judged.why}",
            *commands.of_signature(layout, judged, _PLACE, number, artifact=False),
        )
    yield from _walk_steps(subject, walked)


def _payload(layout: Attestation, place: str) -> commands.ByHand:
    return commands.of_payload(layout, place, bare=False)


def _walk_steps(subject: Subject, walked: Walked) -> Iterator[Step]:
    why = because("No command: in-toto-verify does the same, and runs the inspections too.")
    yield Step(
        f"{CLAUSE}, 3 to 5",
        f"Look for the links of each step among {len(subject.signatures):,}, by those who may do "
        "it.",
        f"{'; '.join(walked.told) or 'There are none'}.",
        why,
    )
    yield Step(
        f"{CLAUSE}, 6 to 8; 4.3.3",
        "Follow the artifacts from step to step by the rules of the layout; run no inspection.",
        " ".join(walked.notes) or "Every rule holds.",
        why,
    )

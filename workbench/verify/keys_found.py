"""What a search for trusted keys in the evidence found, and how its verdicts say it (VERDICTS 2).

The search itself (``evidence_keys``) is loaded where there is a key to search for.
"""

from dataclasses import dataclass, field, replace

from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import LIMITS, MIB
from workbench.model.trust import Trust
from workbench.model.verdict import Code, Step, SubjectVerdict
from workbench.verify.by_hand import because

#: In a larger file what is no text is searched for raw keys only: it is weights, and time.
SPARING = LIMITS.document
#: A file up to this size is also read as a key file.
KEY_FILE = MIB
#: Names written out in a sentence; the rest is counted.
MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class KeysInEvidence:
    """What the search found.

    Attributes:
        places: SHA-256 fingerprint of a trust anchor to the file in which its key lies.
        files: how many files were searched.
        thinned: large files of which what is no text was searched for raw keys only.
        digests: SHA-256 of the files that were to be hashed on the way, and were read.
    """

    places: dict[str, str] = field(default_factory=dict)
    files: int = 0
    thinned: tuple[str, ...] = ()
    digests: dict[tuple[EvidenceFile, str], bytes] = field(default_factory=dict)


def with_search(verdict: SubjectVerdict, keys: KeysInEvidence, trust: Trust) -> SubjectVerdict:
    """Return a verdict that says what the search for the auditor's keys was and found."""
    lie = [f"{a.name} lies in {a.found_in}" for a in trust.anchors if a.self_supplied]
    thinned = ", ".join(keys.thinned[:MOST_NAMES])
    more = ", …" if keys.thinned[MOST_NAMES:] else ""
    less = (
        f"Of each file over {SPARING // MIB} MiB ({len(keys.thinned):,}) what is no text was "
        f"searched for raw and DER keys only: {thinned}{more}."
    )
    step = Step(
        "",
        f"Looked for each trusted key ({len(trust.anchors):,}) in every file of the evidence "
        f"({keys.files:,}), archives themselves too: raw, DER, PEM, base64, hexadecimal, JWK, "
        f"SSH, also over several lines; in files up to {KEY_FILE // MIB} MiB its unencrypted "
        "private half in PEM or DER too, but no bare private seed.",
        f"{'; '.join(lie) or 'None lies there'}.{f' {less}' if thinned else ''}",
        because("No command: a search for so many forms of a key is too long for one."),
    )
    told = {s.fingerprint for s in verdict.signatures if s.code == Code.SELF_SUPPLIED_KEY}
    where = [
        f"{anchor.name} also lies in the evidence: {anchor.found_in}."
        for anchor in trust.anchors
        if anchor.fingerprint in told and not any(anchor.found_in in n for n in verdict.notes)
    ]
    notes = (*verdict.notes, *where, *([less] if thinned else []))
    return replace(verdict, steps=(*verdict.steps, step), notes=notes)

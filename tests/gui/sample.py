"""Model things for parts: a log with one altered record, and things that could break a part."""

from workbench.gui.parts.log_map import LogMap, log_map_of
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Diagnosis,
    DiagnosisClass,
    Dimension,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
)

CONSISTENT, SIGNED, STAMPED, WITNESSED = AssuranceFlag
STORED, RECOMPUTED = "9c41f02b7d66e8a1" * 4, "e07b5518c2f94a6d" * 4

ALTERED = Diagnosis(
    DiagnosisClass.RECORD_ALTERED,
    record=600,
    count=1,
    offset=81_200,
    stored=STORED,
    recomputed=RECOMPUTED,
    explanations=(
        "Why: the digest is not reproduced.",
        "CRLF line ends: tested: does not explain it.",
        "Numbers re-rendered: tested: explains it.",
        "A seal made with another secret: not tested.",
    ),
    blast_radius=("1 approval", "2 lineage edges"),
)
RANGES = (
    AssuranceRange(1, 599, frozenset({CONSISTENT, SIGNED})),
    AssuranceRange(600, 600),
    AssuranceRange(601, 1000, frozenset({CONSISTENT})),
)
STEPS = (
    Step(
        "FIPS 180-4", "Read log.jsonl once: 81 kB, 1000 records.", "SHA-256 9c41", "sha256sum log"
    ),
    Step("", "Recomputed every digest: sha256 over the record.", "999 of 1000 reproduced."),
)
VERDICT = SubjectVerdict(
    integrity=failed("RECORD_ALTERED"),
    authenticity=passed("log.example"),
    completeness=passed("ANCHORED"),
    time=indeterminate("NO_TRUSTED_TIME"),
    records=1000,
    assurance=RANGES,
    diagnoses=(ALTERED,),
    steps=STEPS,
)
#: The same, but only with itself.
WEAK = passed("SELF_CONSISTENT")
MAP = log_map_of(VERDICT, days={1: "1 Jul", 1000: "30 Sep"}, checkpoints=(300, 599))
EMPTY = LogMap(0)
NOTHING = LogMap(5)
HUGE = LogMap(
    2**40,
    tuple(
        AssuranceRange(n * 2**20 + 1, (n + 1) * 2**20, frozenset({CONSISTENT})) for n in range(500)
    ),
    breaks=dict.fromkeys(range(1, 2**39, 2**30), "altered"),
    gaps=frozenset({1, 2}),
)
CROOKED = LogMap(3, (AssuranceRange(9, 2),), breaks={99: "altered", -4: ""}, checkpoints=(-1, 7))
RANGE = LogMap(90, RANGES[:1], breaks={7: "differs"}, somewhere={7: 80, 95: 99})
MAPS = {
    "one break": MAP,
    "range": RANGE,
    "empty": EMPTY,
    "no ranges": NOTHING,
    "huge": HUGE,
    "crooked": CROOKED,
}
DIMENSIONS = {which: VERDICT.dimension(which) for which in Dimension}

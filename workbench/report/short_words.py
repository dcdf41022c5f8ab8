"""Words of a verdict that a terminal needs too: nothing of a page comes with them."""

from workbench.model.verdict import SecondOpinion
from workbench.model.verification import SourceVerdict

#: What a second program said, in a sentence.
JUDGED_TWICE = {
    SecondOpinion.AGREES: "By two programs that share no code: both agree.",
    SecondOpinion.DIFFERS: "By two programs that share no code: they do not agree.",
    SecondOpinion.NONE: "Not this one: the second program does not judge it, and says why.",
}

_UNITS = {
    **dict.fromkeys(("oms", "model", "bagit", "asice", "file", "attestation", "in-toto"), "file"),
    "cloudtrail": "digest",
}


def unit_of(source: SourceVerdict) -> str:
    """Return what the parts of a subject are called."""
    return _UNITS.get(source.format, "record")

"""What went wrong, in one sentence for a person; the details are there to be copied."""

import traceback
from dataclasses import dataclass, field

from workbench.errors import WorkbenchError


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be done.

    Attributes:
        sentence: what went wrong, for a person.
        details: what a programmer needs, or "" where the sentence says it all.
        code: code of an error of ours, or "".
    """

    sentence: str
    details: str = ""
    code: str = field(default="", compare=False)


def fault_of(error: BaseException) -> Fault:
    """Return what to say of an error; one of ours says it itself."""
    match error:
        case WorkbenchError():
            place = f" [{error.place}]" if error.place else ""
            return Fault(f"{error.message}{place}", code=error.code)
        case MemoryError():
            return Fault("This machine has too little free memory for the work.")
        case OSError():
            where = f" ({error.filename})" if error.filename else ""
            reason = error.strerror or type(error).__name__
            return Fault(f"The machine refused: {reason}{where}.")
        case _:
            return Fault(_ours(error), "".join(traceback.format_exception(error)))


def _ours(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    return (
        f"A fault of the program itself ({type(error).__name__} in {where}). "
        "The case is as it was after the last act in the journal. Report it."
    )

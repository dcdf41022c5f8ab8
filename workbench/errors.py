"""What can keep a job from being done. A bad file is a verdict, not one of these.

Each error carries one sentence for a person, and, where there is one, the file and the place
it is about; the edge (``cli``, ``gui``) turns it into words and an exit code.
"""


class WorkbenchError(Exception):
    """A job that could not be done: ``message`` says why, ``path`` and ``place`` say where."""

    code = "ERROR"

    def __init__(self, message: str, *, path: str | None = None, place: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.place = place


class UsageError(WorkbenchError):
    """What was asked for makes no sense as asked."""

    code = "USAGE"


class SourceError(WorkbenchError):
    """Evidence or a trust file could not be read."""

    code = "UNREADABLE"


class LimitError(SourceError):
    """Evidence went over a stated limit (VERDICTS section 8)."""

    code = "LIMIT_EXCEEDED"


class ProfileError(WorkbenchError):
    """A chain profile cannot be understood."""

    code = "BAD_PROFILE"


class SigningError(WorkbenchError):
    """Something could not be signed: key, passphrase, certificate or policy."""

    code = "SIGNING"


class OutputError(WorkbenchError):
    """What we print could not be written to where it was sent."""

    code = "OUTPUT"


#: Said wherever the user stops us, be it by the work or by a signal handler.
STOPPED = "Stopped at your request; nothing is left half-written."


class Cancelled(WorkbenchError):  # noqa: N818 - a wish of the user, not an error
    """The user stopped the work."""

    code = "CANCELLED"

    def __init__(self, message: str = STOPPED) -> None:
        super().__init__(message)


class StoreError(WorkbenchError):
    """A case could not be created, opened, read or written."""

    code = "CASE"


class IndexDamaged(StoreError):  # noqa: N818 - a state of affairs, not a fault
    """The index of a case is not what the case states; it can be made anew from the evidence."""

    code = "INDEX_DAMAGED"


class CaseNotWritable(StoreError):  # noqa: N818 - a state of affairs, not a fault
    """The case can be read, but nothing can be written to it."""

    code = "CASE_NOT_WRITABLE"


class CaseInUse(CaseNotWritable):
    """Another program writes to the case."""

    code = "CASE_IN_USE"


class QueryError(UsageError):
    """A query cannot be understood; ``offset`` is where, in characters from the start."""

    code = "QUERY"

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message, place=f"character {offset + 1}")
        self.offset = offset


class NoFieldError(QueryError):
    """A query names ``fields`` that the list which is asked does not have."""

    def __init__(self, message: str, *, fields: tuple[str, ...], offset: int) -> None:
        super().__init__(message, offset=offset)
        self.fields = fields

    @property
    def lack(self) -> str:
        """Return what one list, or several, do not have: ``no field actor``."""
        *others, last = self.fields
        return f"no fields {', '.join(others)} and {last}" if others else f"no field {last}"

"""Working hours as options: when people work, by whose clock."""

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.model.timeline import WorkingHours

Hours = Annotated[
    str | None, typer.Option("--hours", metavar="FROM-TO", help="Working hours, as 08:00-18:00.")
]
Days = Annotated[str, typer.Option("--days", metavar="DAYS", help="Working days, as mon-fri.")]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="NAME", help="Their time zone, as Europe/Berlin or +02:00."),
]


def working_hours(hours: str | None, days: str, zone: str | None) -> "WorkingHours | None":
    """Return what was stated, or None; a zone is never guessed.

    Raises:
        UsageError: it cannot be understood, or only half of it was stated.
    """
    if hours is None and zone is None:
        return None
    if hours is None or zone is None:
        raise UsageError("Working hours need both: --hours 08:00-18:00 --zone Europe/Berlin.")
    from workbench.model.timeline import hours_of

    return hours_of(hours, days, zone)

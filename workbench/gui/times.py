"""Times as the user wants them: UTC, or local with the offset in every cell."""

from datetime import UTC, datetime

from workbench.gui.settings import Settings


def shown(at: datetime, settings: Settings) -> str:
    """Return a time to the second; a local one never without its offset."""
    if settings.value("local_time"):
        return at.astimezone().isoformat(" ", "seconds")
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def zone(settings: Settings) -> str:
    """Return the word for the head of a column of times."""
    return "local" if settings.value("local_time") else "UTC"

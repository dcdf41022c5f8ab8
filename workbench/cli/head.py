"""``workbench head``: state how long a log is and what its head is, and sign that."""

import typer


def add_to(app: typer.Typer) -> None:
    """Add the command."""

"""What a worker process does before its first piece."""

import signal


def quiet_worker() -> None:
    """Leave Ctrl+C to the parent: it cancels, and a worker prints no traceback of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

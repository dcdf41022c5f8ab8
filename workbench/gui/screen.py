"""Why the window cannot be put on the screen: none is there, or libraries for it are missing."""

import os
import sys
from collections.abc import Callable, Iterator

from PySide6.QtCore import QLibrary

NO_SCREEN = "There is no screen to open the window on; the other commands work without one."
_MISSING = "The window needs what is not installed: {}. The other commands work without."
#: With what Qt speaks to an X screen, and in which Debian package it is; what every desktop has
#: is there too, because a server has none of it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def why_no_window(is_there: Callable[[str], bool] | None = None) -> str:
    """Return in one sentence why Qt found no screen."""
    names = list(_missing(is_there or _loads))
    return _MISSING.format(", ".join(names)) if names else NO_SCREEN


def _missing(is_there: Callable[[str], bool]) -> Iterator[str]:
    if sys.platform.startswith("linux") and os.environ.get("DISPLAY"):
        for library, package in LIBRARIES.items():
            if not is_there(library):
                yield f"{library} (Debian: {package})"


def _loads(library: str) -> bool:
    return QLibrary(library).load()

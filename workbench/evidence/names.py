"""Names that archives and folders give, made fit to show; none is ever used as a path of ours."""

import re
import unicodedata

from workbench.evidence.text import visible

LONGEST = 4096
_DRIVE = re.compile(r"[A-Za-z]:")
_UNSHOWN = re.compile("[\0\ud800-\udfff]")


def checked_member_name(name: str) -> tuple[str, str | None]:
    """Return a member's name to show, ``/`` separated, and what is wrong with it or None.

    ``./a`` and ``a//b`` are other spellings of ``a`` and ``a/b`` and nothing is wrong with them.
    """
    parts = ["[..]" if part == ".." else part for part in name.split("/") if part not in {"", "."}]
    shown = "/".join(parts).replace("\\", "[\\]")
    if name.startswith("/"):
        shown = f"[/]{shown}"
    shown = show_undecodable(shown) or "[empty]"
    if len(shown) > LONGEST:
        shown = visible(shown, limit=LONGEST)
    return shown, _fault(name)


def _fault(name: str) -> str | None:
    parts = name.split("/")
    faults = {
        "is empty": not any(part not in {"", "."} for part in parts),
        "is absolute": name.startswith("/"),
        "names a drive": bool(_DRIVE.match(name)),
        "leads out of its folder": ".." in parts,
        "holds a backslash": "\\" in name,
        "holds a NUL": "\0" in name,
        "ends like that of a folder": name.endswith("/"),
        "is not valid UTF-8": not is_decodable(name),
        f"is longer than {LONGEST} characters": len(name) > LONGEST,
    }
    return next((fault for fault, found in faults.items() if found), None)


def show_undecodable(name: str) -> str:
    """Return ``name`` with bytes that are not UTF-8 (lone surrogates) and NUL shown as marks."""
    return _UNSHOWN.sub(lambda found: visible(found[0]), name)


def is_decodable(name: str) -> bool:
    """Return whether ``name`` came from valid UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def collision_key(name: str) -> str:
    """Return what two names share that some file system would take for one (NFC, case-folded)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def join_members(outer: str | None, inner: str) -> str:
    """Return the name of a member of an archive that is a member itself: ``inner.zip!/x``."""
    return inner if outer is None else f"{outer}!/{inner}"

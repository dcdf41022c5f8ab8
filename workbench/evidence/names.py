"""Names that archives and folders give, made fit to show; none is ever used as a path of ours."""

import re
import unicodedata

from workbench.evidence.text import visible

LONGEST = 4096
_DRIVE = re.compile(r"[A-Za-z]:")
#: ``surrogateescape`` (PEP 383) keeps the byte B of a name as the code point 0xDC00 + B.
_SURROGATES = 0xDC00
_UNSHOWN = re.compile("[\0\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|\\)")


def checked_member_name(name: str) -> tuple[str, str | None]:
    """Return a member's name to show, ``/`` separated, and what is wrong with it or None.

    ``./a`` and ``a//b`` are other spellings of ``a`` and ``a/b`` and nothing is wrong with them.
    """
    parts = ["[..]" if part == ".." else part for part in name.split("/") if part not in {"", "."}]
    shown = "/".join(parts).replace("\\", "[\\]")
    if name.startswith("/"):
        shown = f"[/]{shown}"
    shown = _escaped(shown) or "[empty]"
    if len(shown) > LONGEST:
        shown = visible(shown, limit=LONGEST)
    return shown, _fault(name)


def checked_target(target: str) -> str:
    """Return the text of a link in an archive as the names of members are shown, ``..`` kept."""
    parts = (p if p in {"", ".", ".."} else checked_member_name(p)[0] for p in target.split("/"))
    return "/".join(parts)


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


def shown_path(path: str) -> str:
    r"""Return a path, ``/`` separated, with each of its names fit to show.

    Bytes of a name that are not UTF-8 (lone surrogates here) are written ``\xe9``. A name with
    such bytes, or one that looks as if it had some, has its backslashes doubled. So two names
    never look the same, and ``raw_path`` gives the very name back.
    """
    return "/".join(map(_shown_name, path.split("/")))


def raw_path(shown: str) -> str:
    """Return the path that ``shown_path`` shows so, undecodable bytes as lone surrogates."""
    return "/".join(_ESCAPE.sub(_unescaped, name) for name in shown.split("/"))


def _shown_name(name: str) -> str:
    if _UNSHOWN.search(name) or _ESCAPE.search(name):
        return _escaped(name.replace("\\", "\\\\"))
    return name


def _escaped(text: str) -> str:
    return _UNSHOWN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    byte = code - _SURROGATES if code >= _SURROGATES + 0x80 else code
    return f"\\x{byte:02x}" if byte <= 0xFF else f"\\u{code:04x}"


def _unescaped(found: re.Match[str]) -> str:
    byte, code = found.groups()
    if byte is not None:
        number = int(byte, 16)
        return chr(number + _SURROGATES if number >= 0x80 else number)
    return "\\" if code is None else chr(int(code, 16))


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

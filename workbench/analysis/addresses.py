"""Addresses in one spelling, so that two exports that write one address differently agree.

RFC 3986 section 6.2.2: scheme and host in lower case, percent-encoding only where it must be, no
dot segments, and of section 6.2.3 the default port; beyond that only spellings that name the very
same place: ``file:`` addresses as paths, ``s3a:`` and ``s3n:`` as ``s3:``, drives of Windows with
slashes. Whether two servers are one, nothing here tells.
"""

import re
from functools import lru_cache
from posixpath import normpath
from string import ascii_letters, digits
from urllib.parse import quote, unquote_to_bytes

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?P<rest>.*)", re.DOTALL)
_DRIVE = re.compile(r"/*([A-Za-z]):[\\/](.*)", re.DOTALL)
_ALIASES = {"s3a": "s3", "s3n": "s3", "gcs": "gs", "abfs": "abfss", "wasb": "wasbs"}
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}
_UNRESERVED = ascii_letters + digits + "-._~"
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_KEPT = "!$&'()*+,;=:@/~-._%"
_MOST = 4096


@lru_cache(4096)
def normalised(address: str) -> str:
    """Return an absolute address in its one spelling; "" where it is none, or relative."""
    if not address or len(address) > _MOST:
        return ""
    if drive := _DRIVE.fullmatch(address):
        return f"{drive[1].lower()}:{_path('/' + drive[2].replace(chr(92), '/'))}"
    if address.startswith("/"):
        return _path(address)
    found = _ADDRESS.fullmatch(address)
    return _with_scheme(found["scheme"].lower(), found["rest"]) if found else ""


def _with_scheme(scheme: str, rest: str) -> str:
    scheme = _ALIASES.get(scheme, scheme)
    rest, mark, part = rest.partition("#")
    return _without_part(scheme, rest) + mark + part


def _without_part(scheme: str, rest: str) -> str:
    if not rest.startswith("/"):
        return f"{scheme}:{rest}"
    host, path = _host(scheme, rest[2:]) if rest.startswith("//") else ("", rest)
    if scheme == "file" and host in {"", "localhost"}:
        return normalised(path) if _DRIVE.fullmatch(path) else _path(path)
    path, mark, query = path.partition("?")
    shown = _path(path) if path not in {"", "/"} else ""
    slashes = "//" if host else ""
    return f"{scheme}:{slashes}{host}{shown}{mark}{query}"


def _host(scheme: str, rest: str) -> tuple[str, str]:
    """Return host and path; who signs in there is no part of the address."""
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme, ":"))
    return host, slash + path


def _path(path: str) -> str:
    """Return a path without dot segments, doubled or last slashes, encoded where it must be."""
    plain = _ESCAPED.sub(_unescaped, normpath("/" + path.lstrip("/")))
    return quote(plain, safe=_KEPT)


def _unescaped(found: re.Match[str]) -> str:
    """Decode what need not be encoded; an encoded slash is no slash (RFC 3986 section 2.2)."""
    sign = chr(int(found[1], 16))
    return sign if sign in _UNRESERVED else found[0].upper()


def parts_of(address: str) -> tuple[str, ...]:
    """Return the names of a path, of whatever scheme, from the first to the last.

    Where it goes above its beginning: ().
    """
    text = address.replace("\\", "/")
    found = _ADDRESS.fullmatch(text)
    if found and len(found["scheme"]) > 1:
        rest = found["rest"].partition("#")[0].partition("?")[0]
        text = rest[2:].partition("/")[2] if rest.startswith("//") else rest
        text = unquote_to_bytes(text).decode("utf-8", "replace")
    names: list[str] = []
    for name in text.split("/"):
        if name == ".." and not names:
            return ()
        if name == "..":
            names.pop()
        elif name not in {"", "."}:
            names.append(name)
    return tuple(names)


def is_relative(address: str) -> bool:
    """Tell whether an address says where something lies beside whatever names it."""
    drive = _DRIVE.fullmatch(address) is not None
    return bool(address) and not drive and not address.startswith("/") and not _has_scheme(address)


def _has_scheme(address: str) -> bool:
    return _ADDRESS.fullmatch(address) is not None

"""What a user states as text, at the command line or in a call, read as what it means."""

import re
from datetime import UTC, datetime

from workbench.errors import UsageError
from workbench.model.expectation import Period
from workbench.model.trust import TrustRole
from workbench.model.verdict import Dimension
from workbench.model.verification import REQUIRED_BY_DEFAULT

#: Hexadecimal digits of SHA-1, SHA-256, SHA-384, SHA-512 and of what is as long.
_DIGITS = (40, 64, 96, 128)
#: What may stand before ``=``: no slash, backslash or colon, so never a part of a path.
_SECRET_ID = re.compile(r"[A-Za-z0-9._-]+")


def role_and_file(spec: str) -> tuple[TrustRole | None, str]:
    """Return what ``[ROLE=]FILE`` says; what stands before ``=`` is a role only when it is one.

    Raises:
        UsageError: it names no file.
    """
    prefix, equals, rest = spec.partition("=")
    role = TrustRole(prefix) if equals and prefix in set(TrustRole) else None
    name = spec if role is None else rest
    if not name:
        raise UsageError(f"--trust {spec} names no file.")
    return role, name


def id_and_file(spec: str) -> tuple[str | None, str]:
    """Return what ``[ID=]FILE`` says of a secret.

    Raises:
        UsageError: it names no file.
    """
    prefix, equals, rest = spec.partition("=")
    named = bool(equals) and _SECRET_ID.fullmatch(prefix) is not None
    name = rest if named else spec
    if not name:
        raise UsageError("--secret names no file.")
    return prefix if named else None, name


def time_of(text: str | None) -> datetime:
    """Return an aware UTC time; None is now; a date is its first moment."""
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{text} is not a time like 2026-06-30T12:00:00Z.") from None


def period_of(text: str) -> Period:
    """Return the period ``FROM..TO``; a date as its end means that whole day."""
    first, dots, last = text.partition("..")
    if not dots or not first or not last:
        raise UsageError(f"{text} is not a period like 2026-04-01..2026-06-30.")
    period = Period(time_of(first), end_of(last))
    if period.first > period.last:
        raise UsageError(f"The period {text} ends before it begins.")
    return period


def end_of(text: str) -> datetime:
    """Return an aware UTC time; a date is its last moment."""
    end = time_of(text)
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d", text):
        end = end.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return end


def dimensions_of(text: str | None, called: str) -> tuple[Dimension, ...]:
    """Return the named dimensions, each once, in the order of the contract.

    Raises:
        UsageError: one is none; ``called`` is what the user calls this.
    """
    if text is None:
        return REQUIRED_BY_DEFAULT
    named = {name.strip().lower() for name in text.split(",") if name.strip()}
    unknown = named - {d.value for d in Dimension}
    if unknown or not named:
        raise UsageError(
            f"{called} takes {', '.join(d.value for d in Dimension)}; not {text or 'nothing'}."
        )
    return tuple(d for d in Dimension if d.value in named)


def digest_of(text: str | None, called: str) -> str | None:
    """Return a digest as lower hex without prefix, or None where none was stated.

    Raises:
        UsageError: it is none; ``called`` is what the user calls this.
    """
    if text is None:
        return None
    digest = text.strip().removeprefix("sha256:").lower()
    if len(digest) not in _DIGITS or any(c not in "0123456789abcdef" for c in digest):
        *some, last = map(str, _DIGITS)
        lengths = f"{', '.join(some)} or {last}"
        raise UsageError(f"{called} takes a digest of {lengths} hex digits, not {text}.")
    return digest

"""A Sigstore trusted root: whom an instance of Sigstore trusts, each for a time.

The auditor gives it with ``--trust`` (``trusted_root.json``); it is never fetched. Built from
strictly parsed JSON (sigstore/protobuf-specs, ``sigstore_trustroot.proto``).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.model.json_place import Json, Place
from workbench.model.moment import moment_of, time_of

_KNOWN = {
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
}
_MOST = 256


@dataclass(frozen=True, slots=True)
class Window:
    """When somebody is trusted; both ends belong to it (``TimeRange``), None is open."""

    first: datetime | None = None
    last: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether a time lies in it."""
        after = self.first is None or self.first <= at
        return after and (self.last is None or at <= self.last)


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """A transparency log, of signatures or of certificates.

    Attributes:
        name: where it answers.
        log_id: id of the log.
        key: DER SubjectPublicKeyInfo, or DER PKCS #1 RSAPublicKey.
        window: when its key signs.
    """

    name: str
    log_id: bytes
    key: bytes
    window: Window


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """An authority of certificates or of timestamps.

    Attributes:
        name: where it answers.
        chain: DER certificates, the root last.
        window: when it issues.
    """

    name: str
    chain: tuple[bytes, ...]
    window: Window


@dataclass(frozen=True, slots=True)
class TrustedRoot:
    """Logs and authorities of one instance of Sigstore."""

    logs: tuple[TrustedLog, ...] = ()
    certificate_logs: tuple[TrustedLog, ...] = ()
    authorities: tuple[TrustedAuthority, ...] = ()
    timestamp_authorities: tuple[TrustedAuthority, ...] = ()


def trusted_root_from(value: Json) -> TrustedRoot:
    """Return the trusted root that a parsed document is.

    Raises:
        MalformedSignature: it is none.
    """
    top = Place(value, "")
    if top.text("mediaType") not in _KNOWN:
        top.refuse("mediaType", "is no Sigstore trusted root of version 0.1 or 0.2")
    return TrustedRoot(
        logs=tuple(_log(item) for item in _listed(top, "tlogs")),
        certificate_logs=tuple(_log(item) for item in _listed(top, "ctlogs")),
        authorities=tuple(_authority(i) for i in _listed(top, "certificateAuthorities")),
        timestamp_authorities=tuple(_authority(i) for i in _listed(top, "timestampAuthorities")),
    )


def _listed(place: Place, key: str) -> tuple[Place, ...]:
    return place.items(key, most=_MOST) if place.get(key) else ()


def _log(place: Place) -> TrustedLog:
    key = place.object("publicKey")
    return TrustedLog(
        name=place.optional_text("baseUrl") or "",
        log_id=place.object("logId").decoded("keyId"),
        key=key.decoded("rawBytes"),
        window=_window(key),
    )


def _authority(place: Place) -> TrustedAuthority:
    certificates = place.object("certChain").items("certificates")
    return TrustedAuthority(
        name=place.optional_text("uri") or "",
        chain=tuple(item.decoded("rawBytes") for item in certificates),
        window=_window(place),
    )


def _window(place: Place) -> Window:
    """Return the time of ``validFor``; without one nobody said that it ever ended."""
    if place.get("validFor") is None:
        return Window()
    span = place.object("validFor")
    return Window(_time(span, "start"), _time(span, "end"))


def _time(place: Place, key: str) -> datetime | None:
    text = place.optional_text(key)
    if text is None:
        return None
    found = moment_of(text)
    if found is None:
        place.refuse(key, "is no time of RFC 3339")
    return time_of(found).astimezone(UTC)

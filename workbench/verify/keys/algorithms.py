"""Until when algorithms and keys count: a policy that is data (``resources/algorithms``).

An algorithm is judged for the time for which trust is judged, not for the time that a signature
states: a forger states any time. What is too weak to be used at all is refused elsewhere
(``verify.keys``), whatever this policy says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from workbench import resources
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_yaml import YamlValue, load_yaml

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AlgorithmPolicy:
    """Sunset dates, each the last moment at which an algorithm counts, aware UTC.

    Attributes:
        id: name of the policy.
        hashes: of hash algorithms.
        rsa: of RSA keys below so many bits, the shortest first.
        curves: of elliptic curves.
    """

    id: str
    hashes: Mapping[str, datetime]
    rsa: tuple[tuple[int, datetime], ...]
    curves: Mapping[str, datetime]

    def weak_hash(self, name: str, at: datetime) -> str | None:
        """Return why a hash does not count at ``at``, as the end of a sentence, or None."""
        return _ended(name.upper(), self.hashes.get(name), at)

    def weak_key(self, key: PublicKeyTypes, at: datetime) -> str | None:
        """Return why a key does not count at ``at``, as the end of a sentence, or None."""
        match key:
            case RSAPublicKey(key_size=bits):
                ends = (end for below, end in self.rsa if bits < below)
                return _ended(f"RSA of {bits} bits", next(ends, _NEVER), at)
            case EllipticCurvePublicKey(curve=curve):
                return _ended(f"the curve {curve.name}", self.curves.get(curve.name), at)
            case _:
                return None


def _ended(what: str, end: datetime | None, at: datetime) -> str | None:
    if end is None:
        return f"{what}, which is not known here"
    return f"{what}, which is too weak after {end:%Y-%m-%d}" if at > end else None


@cache
def policy() -> AlgorithmPolicy:
    """Return the policy that ships with the program."""
    file = resources.path("algorithms", "policy.yaml")
    value = load_yaml(read_whole(single(file), limit=LIMITS.yaml), what=file.name)
    found = _mapping(value)
    limits = [_mapping(item) for item in _items(found["rsa"])]
    return AlgorithmPolicy(
        id=str(found["id"]),
        hashes=_ends(found["hashes"]),
        rsa=tuple(sorted((int(str(one["below"])), _end(one["until"])) for one in limits)),
        curves=_ends(found["curves"]),
    )


def _ends(value: YamlValue) -> dict[str, datetime]:
    return {name: _end(day) for name, day in _mapping(value).items()}


def _end(value: YamlValue) -> datetime:
    """Return the last moment of a day, or of all time."""
    if value == "never":
        return _NEVER
    return datetime.combine(datetime.fromisoformat(str(value)), time.max, UTC)


def _mapping(value: YamlValue) -> dict[str, YamlValue]:
    if not isinstance(value, dict):
        raise TypeError("the policy of algorithms is damaged")
    return value


def _items(value: YamlValue) -> list[YamlValue]:
    if not isinstance(value, list):
        raise TypeError("the policy of algorithms is damaged")
    return value

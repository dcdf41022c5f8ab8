"""Test innocent causes on the bytes before they are named (VERDICTS section 4).

Each cause is a change that a tool makes without meaning harm. It is tested by undoing it, on the
value that does not hold: where that value is then reproduced, the cause explains the break; it
does not excuse it. What cannot be tested is said to be untested.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from workbench.evidence.strict_json import Number
from workbench.model.profile import get
from workbench.model.recipe import Encoding, JsonObject, Numbers, Part, RawLine, Sort
from workbench.verify.chain.breaks import Break
from workbench.verify.chain.digests import encode_as
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.facts import Guard
from workbench.verify.chain.members import put
from workbench.verify.chain.reading import MalformedError

MOST_TRIED = 2000
#: Altered records of a log for which causes are tested: it takes some milliseconds for each.
MOST_TESTED = 20
EXPLAINS = "tested: explains it"
DOES_NOT = "tested: does not explain it alone"
NOT_TESTED = f"Innocent causes: tested on the first {MOST_TESTED} altered records only."
IN_PART = f"tested in part (the first {MOST_TRIED} ways): does not explain it alone"

Record = dict[str, object]
Form = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is to be reproduced, and from what.

    Attributes:
        engine: the recipe.
        record: the parsed record.
        raw: its bytes.
        stored: the value that was not reproduced.
        seal: the seal that it is; None for the digest.
    """

    engine: Engine
    record: Record
    raw: bytes
    stored: str
    seal: int | None = None

    def fits(self) -> bool:
        """Tell whether the value is reproduced."""
        if self.seal is None:
            return self.engine.recompute(self.record, self.raw) == self.stored
        return self.engine.sealed(self.seal, self.record, self.raw) == self.stored


def causes_of(engine: Engine, raw: bytes, found: Break) -> Iterator[str]:
    """Yield a sentence for each innocent cause of a record that was altered."""
    try:
        record = engine.placed(engine.parse(raw), found.previous)
    except MalformedError:
        return
    match found.guard:
        case Guard.FORM if engine.recomputable:
            yield (
                f"Re-serialised JSON (spacing, order of members, escapes): {EXPLAINS}; in "
                "canonical form the record gives the digest that it stores."
            )
        case Guard.SEAL:
            yield from _of_seal(engine, record, raw, found.stored)
        case Guard.DIGEST if found.stored:
            yield from _of_json(_Trial(engine, record, raw, found.stored))
        case _:
            yield "Innocent causes: not tested, there is no digest to compare with."


def _of_json(trial: _Trial) -> Iterator[str]:
    tests = {
        "Re-serialised JSON (spacing, order of members)": _reshaped(trial),
        "Characters beyond ASCII escaped or unescaped": _escaped(trial),
        "Numbers re-rendered (1.0 and 1, exponents)": _numbers(trial),
        "Times re-rendered (Z and +00:00, T and space, zeros)": _times(trial),
        "CRLF line ends": iter((replace(trial, raw=trial.raw + b"\r"),)),
    }
    for cause, attempts in tests.items():
        yield f"{cause}: {_outcome(attempt.fits() for attempt in attempts)}."
    if trial.seal is None:
        yield f"Digits of a second cut off (three of the time): {_outcome(_with_digits(trial))}."


def _of_seal(engine: Engine, record: Record, raw: bytes, stored: str) -> Iterator[str]:
    """Yield the causes of a seal that is not reproduced, although the digest is."""
    for n, seal in enumerate(engine.profile.seals):
        tag = engine.tag(n, record, raw)
        if engine.seal(n, record) != stored or tag is None:
            continue
        spellings = (encode_as(tag, encoding) == stored for encoding in Encoding)
        yield f"The seal written another way (upper case, base64): {_outcome(spellings)}."
        if seal.over:
            yield from _of_json(_Trial(engine, record, raw, stored, n))
        else:
            yield (
                "Re-serialised JSON, numbers or times written another way: ruled out, since the "
                "seal is over the digest, and the digest is reproduced."
            )
        yield "A seal made with another secret, as after a change of the key: not tested."
        return


def _outcome(attempts: Iterable[bool]) -> str:
    for n, explains in enumerate(attempts, 1):
        if explains:
            return EXPLAINS
        if n >= MOST_TRIED:
            return IN_PART
    return DOES_NOT


def _reshaped(trial: _Trial) -> Iterator[_Trial]:
    """Yield the record with its members in another order, or its line in another form."""
    for sort in (Sort.CODE_POINT, Sort.UTF16, Sort.FILE):
        yield _styled(trial, sort=sort)
    if any(isinstance(part, RawLine) for part in trial.engine.profile.preimage):
        yield from _lines(trial, (False, True))


def _lines(trial: _Trial, sorting: tuple[bool, ...]) -> Iterator[_Trial]:
    for ascii_only in (True, False):
        for sort in sorting:
            for separators in ((",", ":"), (", ", ": ")):
                text = json.dumps(
                    trial.record, sort_keys=sort, ensure_ascii=ascii_only, separators=separators
                )
                yield replace(trial, raw=text.encode("utf-8", "surrogatepass"))


def _escaped(trial: _Trial) -> Iterator[_Trial]:
    for flag in (True, False):
        yield _styled(trial, ensure_ascii=flag)


def _numbers(trial: _Trial) -> Iterator[_Trial]:
    yield from _rewritten(trial, (_as_float, _as_int))
    for style in (Numbers.PYTHON, Numbers.ECMASCRIPT, Numbers.INTEGRAL_TO_INT):
        if not trial.engine.exact:
            yield _styled(trial, numbers=style)


def _times(trial: _Trial) -> Iterator[_Trial]:
    forms = [
        _time_form(separator, digits, zone)
        for separator in ("T", " ")
        for digits in ("seconds", "milliseconds", "microseconds")
        for zone in ("Z", "+00:00", "")
    ]
    yield from _rewritten(trial, forms)


def _with_digits(trial: _Trial) -> Iterator[bool]:
    """Yield, for each three more digits in its time, whether the digest is reproduced.

    What is hashed is made once; only the digits in it change.
    """
    name, engine = trial.engine.profile.fields.time, trial.engine
    text = None if name is None else get(trial.record, name)
    if name is None or not isinstance(text, str) or _time_in(text) is None:
        return
    at = len(text) - len(text[20:].lstrip("0123456789")) if text[19:20] == "." else 19
    point = "" if text[19:20] == "." else "."
    longer = f"{text[:at]}{point}000{text[at:]}"
    preimage = engine.preimage(put(trial.record, name, longer), trial.raw) or b""
    if preimage.count(longer.encode()) != 1:
        return
    place = preimage.index(longer.encode()) + len(f"{text[:at]}{point}".encode())
    for digits in range(1000):
        changed = b"%b%03d%b" % (preimage[:place], digits, preimage[place + 3 :])
        yield engine.digest(changed, trial.record) == trial.stored


def _styled(
    trial: _Trial,
    *,
    sort: Sort | None = None,
    ensure_ascii: bool | None = None,
    numbers: Numbers | None = None,
) -> _Trial:
    """Return the trial by a recipe that writes JSON in another style."""

    def restyled(part: Part) -> Part:
        if not isinstance(part, JsonObject):
            return part
        style = part.style
        style = style if sort is None else replace(style, sort=sort)
        style = style if ensure_ascii is None else replace(style, ensure_ascii=ensure_ascii)
        return replace(part, style=style if numbers is None else replace(style, numbers=numbers))

    profile = trial.engine.profile
    seals = (replace(seal, over=tuple(map(restyled, seal.over))) for seal in profile.seals)
    other = replace(profile, preimage=tuple(map(restyled, profile.preimage)), seals=tuple(seals))
    return replace(trial, engine=Engine(other, trial.engine.secrets))


def _rewritten(trial: _Trial, forms: Iterable[Form]) -> Iterator[_Trial]:
    """Yield the record with all values in another form, then with one at a time."""
    for form in forms:
        everywhere = _mapped(trial.record, form)
        if isinstance(everywhere, dict):
            yield replace(trial, record=everywhere)
        for variant in _replaced(trial.record, form):
            if isinstance(variant, dict):
                yield replace(trial, record=variant)


def _mapped(value: object, form: Form) -> object:
    match value:
        case dict():
            return {name: _mapped(below, form) for name, below in value.items()}
        case list():
            return [_mapped(below, form) for below in value]
        case _:
            return form(value)


def _replaced(value: object, form: Form) -> Iterator[object]:
    """Yield ``value`` with one leaf at a time in another form."""
    match value:
        case dict():
            for name, below in value.items():
                for other in _replaced(below, form):
                    yield {**value, name: other}
        case list():
            for n, below in enumerate(value):
                for other in _replaced(below, form):
                    yield [*value[:n], other, *value[n + 1 :]]
        case _:
            other = form(value)
            if other is not value:
                yield other


def _as_float(value: object) -> object:
    match value:
        case bool():
            return value
        case Number():
            return Number(repr(float(value)))
        case int() if abs(value) < 10**15:
            return float(value)
        case _:
            return value


def _as_int(value: object) -> object:
    match value:
        case Number() if float(value).is_integer() and abs(float(value)) < 1e15:
            return Number(str(int(float(value))))
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case _:
            return value


def _time_form(separator: str, digits: str, zone: str) -> Form:
    """Return what writes a time in another way; an offset other than UTC is kept."""

    def form(value: object) -> object:
        time = _time_in(value)
        if time is None:
            return value
        text = time.replace(tzinfo=None).isoformat(separator, timespec=digits)
        utc = time.tzinfo is None or time.utcoffset() == UTC.utcoffset(None)
        return text + (zone if utc else time.isoformat()[-6:])

    return form


def _time_in(value: object) -> datetime | None:
    if not isinstance(value, str) or isinstance(value, Number) or not value[:4].isdigit():
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None

"""How a record becomes bytes, as Python that anyone can run: lambdas, in one line.

What the standard library writes by itself is left to it. For the rest ``w`` writes a value: orders
of members and spellings of numbers that ``json`` does not know (RFC 8785, ECMA-262); ``m`` reads a
time; ``y`` leaves out members below that no member of the top is called as.
"""

from workbench.model.recipe import (
    JsonObject,
    JsonStyle,
    Missing,
    Numbers,
    Sort,
    TimeStyle,
)
from workbench.verify.by_hand import text_of

#: ECMA-262 Number::toString: ``z`` takes a number apart, ``e`` writes it.
_ECMASCRIPT = (
    "z = lambda v: decimal.Decimal(repr(float(v))).normalize().as_tuple(); "
    "g = lambda s, d, n: s + (d + '0' * (n - len(d)) if len(d) <= n <= 21 else "
    "d[:n] + '.' + d[n:] if 0 < n <= 21 else '0.' + '0' * -n + d if -6 < n <= 0 else "
    "d[0] + ('.' + d[1:] if d[1:] else '') + 'e%+d' % (n - 1)); "
    "e = lambda v: (lambda t: g('-' * t.sign, ''.join(map(str, t.digits)), "
    "len(t.digits) + t.exponent))(z(v)) if v else '0'"
)
#: RFC 8785 3.2.3: members in the order of their names in UTF-16.
_UTF16 = "u = lambda n: n.encode('utf-16-be', 'surrogatepass')"
_LISTED = (
    "y = lambda v, s: {n: y(v[n], s) for n in v if n in s} if isinstance(v, dict) else "
    "[y(i, s) for i in v] if isinstance(v, list) else v"
)
TIME = (
    "m = lambda v: (lambda t: t.replace(tzinfo=datetime.timezone.utc) if t.tzinfo is None else "
    "t.astimezone(datetime.timezone.utc))(datetime.datetime.fromisoformat(v))"
)
#: A number that keeps its spelling.
SPELLED = "N = type('N', (str,), {})"
_NUMBERS = {
    Numbers.PYTHON: "json.dumps(v)",
    Numbers.ECMASCRIPT: "e(v)",
    Numbers.INTEGRAL_TO_INT: (
        "json.dumps(int(v) if isinstance(v, float) and v.is_integer() else v)"
    ),
    Numbers.AS_SPELLED: "str(v)",
}
_ORDERS = {
    Sort.CODE_POINT: "sorted(v)",
    Sort.UTF16: "sorted(v, key=u)",
    Sort.DECLARED: "v",
    Sort.FILE: "v",
}
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
#: Whether ``v`` is a text that may be a time; anything else stays as it is.
IS_TIME = "isinstance(v, str) and v[10:11] in ('T', ' ')"


def definitions(part: JsonObject) -> list[str]:
    """Return what has to stand before the code of ``written``."""
    style, found = part.style, []
    if part.times:
        found.append(TIME)
    if style.listed:
        found.append(_LISTED)
    if _is_plain(style):
        return found
    if style.numbers is Numbers.ECMASCRIPT:
        found.append(_ECMASCRIPT)
    if style.sort is Sort.UTF16:
        found.append(_UTF16)
    return [*found, _writer(style)]


def written(part: JsonObject) -> str | None:
    """Return code for the bytes of a part of the record ``x``; None where none is short."""
    style = part.style
    if style.sort not in _ORDERS or part.rename:
        return None
    chosen = _chosen(part)
    if chosen is None:
        return None
    if style.listed:
        chosen = f"(lambda v: y(v, set(v)))({chosen})"
    if _is_plain(style):
        return f"json.dumps({chosen}, {_arguments(style)}).encode()"
    return f"w({chosen}).encode()"


def time_of(style: TimeStyle, value: str) -> str | None:
    """Return code for a time in another style, where ``value`` is code for a text."""
    match style.unit:
        case "python":
            return f"datetime.datetime.fromisoformat({value}).isoformat()"
        case "python-utc":
            return f"m({value}).isoformat()"
        case "iso":
            form = f"%Y-%m-%d{style.separator}%H:%M:%S"
            text = f"m({value}).strftime({text_of(form)})"
            if style.digits:
                text += f" + '.' + ('%06d' % m({value}).microsecond).ljust(9, '0')[:{style.digits}]"
            return text + (f" + {text_of(style.zone)}" if style.zone else "")
        case "decimal":
            text = f"str(int(m({value}).timestamp() // 1)) + '.%06d' % m({value}).microsecond"
            return f"({text})" + (f"[:{style.digits - 6}]" if style.digits < 6 else "")
        case "s" | "ms" | "us" | "ns":
            scale = _PER_SECOND[style.unit]
            whole = f"int(m({value}).timestamp() // 1) * {scale}"
            return f"str({whole} + m({value}).microsecond * {scale} // 1000000)"
        case _:
            return None


def _is_plain(style: JsonStyle) -> bool:
    """Tell whether the standard library writes a style by itself."""
    return style.numbers is Numbers.PYTHON and style.sort is not Sort.UTF16


def _arguments(style: JsonStyle) -> str:
    separators = f"({text_of(style.item_separator)}, {text_of(style.key_separator)})"
    ordered = style.sort is Sort.CODE_POINT
    return f"sort_keys={ordered}, separators={separators}, ensure_ascii={style.ensure_ascii}"


def _writer(style: JsonStyle) -> str:
    item, key = text_of(style.item_separator), text_of(style.key_separator)
    text = f"json.dumps(v, ensure_ascii={style.ensure_ascii})"
    name = f"json.dumps(n, ensure_ascii={style.ensure_ascii})"
    spelled = "str(v) if isinstance(v, N) else " if style.numbers is Numbers.AS_SPELLED else ""
    return (
        f"w = lambda v: {spelled}{text} if isinstance(v, (str, bool, type(None))) else "
        f"{_NUMBERS[style.numbers]} if isinstance(v, (int, float)) else "
        f"'[' + {item}.join(map(w, v)) + ']' if isinstance(v, list) else "
        f"'{{' + {item}.join({name} + {key} + w(v[n]) for n in {_ORDERS[style.sort]}) + '}}'"
    )


def _chosen(part: JsonObject) -> str | None:
    """Return code for the members that are written."""
    if part.include is not None:
        names = ", ".join(text_of(name) for name in part.include)
        value = "x.get(n)" if part.missing is Missing.NULL else "x[n]"
        held = " if n in x" if part.missing is Missing.OMITTED else ""
        chosen = f"{{n: {value} for n in [{names}]{held}}}"
    else:
        names = ", ".join(text_of(name) for name in part.exclude)
        chosen = f"{{n: v for n, v in x.items() if n not in [{names}]}}"
    for name, style in part.times:
        text = time_of(style, "v")
        if text is None:
            return None
        told = f"{text} if n == {text_of(name)} and {IS_TIME} else v"
        chosen = f"{{n: {told} for n, v in {chosen}.items()}}"
    if not part.style.keep_nulls:
        chosen = f"{{n: v for n, v in {chosen}.items() if v is not None}}"
    if not part.wrap:
        return chosen
    sources = {"$rest": chosen, "$previous": "p(x)"}
    pairs = (f"{text_of(n)}: {sources.get(s, f'x.get({text_of(s)})')}" for n, s in part.wrap)
    return f"{{{', '.join(pairs)}}}"

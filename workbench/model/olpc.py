"""Canonical JSON as TUF and in-toto sign it (OLPC): sorted names, whole numbers, few escapes."""

from collections.abc import Iterator

from workbench.model.json_place import Json


class UncanonicalError(ValueError):
    """A value that this canonical JSON cannot write: a fraction, or nothing of JSON."""


def canonical(value: Json) -> bytes:
    r"""Return the canonical bytes of a JSON value; of texts only ``"`` and ``\`` are escaped.

    Raises:
        UncanonicalError: it holds a number with a fraction.
    """
    return "".join(_pieces(value)).encode("utf-8", "surrogatepass")


def _pieces(value: Json) -> Iterator[str]:
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case int():
            yield str(value)
        case str():
            yield _text(value)
        case list():
            yield "["
            for number, item in enumerate(value):
                yield "," if number else ""
                yield from _pieces(item)
            yield "]"
        case dict():
            yield "{"
            for number, name in enumerate(sorted(value)):
                yield ("," if number else "") + _text(name) + ":"
                yield from _pieces(value[name])
            yield "}"
        case _:
            raise UncanonicalError(f"{type(value).__name__} has no canonical form")


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

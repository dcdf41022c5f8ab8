"""How a thing is known within its source: readable, unique, the same in every export of it."""

_ESCAPES = str.maketrans({"%": "%25", "/": "%2F"})


def key_of(kind: str, *names: str) -> str:
    """Return the key of a thing: ``model_version/credit-risk-scorer/3``.

    What parts the names is escaped in them, so that no two lists of names have one key.
    """
    return "/".join((kind, *(name.translate(_ESCAPES) for name in names)))

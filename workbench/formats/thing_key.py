"""How a thing is known within its source: readable, unique, the same in every export of it."""


def key_of(kind: str, *names: str) -> str:
    """Return the key of a thing: ``model_version/credit-risk-scorer/3``.

    What parts the names is escaped in them, so that no two lists of names have one key.
    """
    escaped = (name.replace("%", "%25").replace("/", "%2F") for name in names)
    return "/".join((kind, *escaped))

"""Short names of sources: what tells them apart, no more."""

from collections.abc import Mapping


def short_names(names: Mapping[int, str]) -> dict[int, str]:
    """Return names of sources without the parts that all of them share, so that they differ."""
    parts = {source: name.split("/") for source, name in names.items()}
    if len(parts) < 2:
        return {source: path[-1] for source, path in parts.items()}
    least = min(map(len, parts.values())) - 1
    before = next((n for n in range(least) if len({p[n] for p in parts.values()}) > 1), least)
    behind = next(
        (n for n in range(least - before) if len({p[-1 - n] for p in parts.values()}) > 1),
        least - before,
    )
    return {s: "/".join(p[before : len(p) - behind]) for s, p in parts.items()}

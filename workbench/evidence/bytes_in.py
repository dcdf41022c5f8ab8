"""Bytes in bytes, at the speed at which they can be read, whatever they are (StringZilla).

Neither ``in`` nor an engine for patterns keeps its pace: weights and databases are full of the
byte, or the beginning, at which these look closer.
"""

import stringzilla


def is_in(sought: bytes, data: bytes) -> bool:
    """Tell whether ``sought``, which is not empty, stands anywhere in ``data``."""
    return int(stringzilla.find(data, sought)) >= 0

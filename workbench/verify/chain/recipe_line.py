"""A shell line that recomputes one digest by hand."""

import shlex

from workbench.model.profile import ChainProfile
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    JsonObject,
    JsonStyle,
    Numbers,
    Part,
    Previous,
    PreviousForm,
    Sort,
)
from workbench.verify.chain.engine import Engine, MalformedError
from workbench.verify.chain.survey import Survey


def by_hand(seen: Survey, engine: Engine, number: int) -> str:
    """Return a line that prints the digest of a record; "" where no short line would."""
    profile, file = seen.log.profile, seen.log.file
    place = seen.record(number)
    if place is None or file.member is not None or not place[1]:
        return ""
    cut = f"tail -c +{place[0] + 1} {shlex.quote(file.path)} | head -c {len(place[1])}"
    try:
        own = engine.own(engine.parse(place[1]))
    except MalformedError:
        return ""
    if not _plain(profile.digest):
        return ""
    if engine.canonical and profile.digest.key is None:
        return _without_member(cut, f'"{profile.fields.own[0]}":"{own}"')
    if not all(_simple_part(part) for part in profile.preimage):
        return ""
    script = "import json,sys; r=json.load(sys.stdin); "
    data = "+".join(_expression(part, profile) for part in profile.preimage)
    script += f"sys.stdout.buffer.write(({data}).encode())"
    if profile.digest.key is not None:
        final = "openssl dgst -sha256 -mac HMAC -macopt hexkey:$(xxd -p -c 0 SECRET)"
    else:
        final = "sha256sum"
    return f"{cut} | python3 -c {shlex.quote(script)} | {final}"


def _without_member(cut: str, member: str) -> str:
    """Return the line for a canonical record: its bytes without its own member."""
    script = "import sys; b=sys.stdin.buffer.read(); "
    script += f"m={member.encode()!r}; b=b.replace(m+b',',b'').replace(b','+m,b''); "
    script += "sys.stdout.buffer.write(b)"
    return f"{cut} | python3 -c {shlex.quote(script)} | sha256sum"


def _plain(digest: DigestRecipe) -> bool:
    """Tell whether ``sha256sum`` prints the digest as the log writes it."""
    whole = not digest.prefix and digest.length is None
    return digest.algorithm is Algorithm.SHA256 and digest.encoding is Encoding.HEX and whole


def _simple_part(part: Part) -> bool:
    if part.length_prefix != "none":
        return False
    match part:
        case Previous(form=PreviousForm.TEXT):
            return True
        case JsonObject(style=style):
            return (
                style.numbers is Numbers.PYTHON
                and style.sort is Sort.CODE_POINT
                and style.keep_nulls
            )
        case _:
            return False


def _expression(part: Part, profile: ChainProfile) -> str:
    previous = f"r[{(profile.fields.previous or ('',))[0]!r}]"
    if not isinstance(part, JsonObject):
        return previous
    if part.include is not None:
        names = "{" + ",".join(f"{name!r}:r[{name!r}]" for name in part.include) + "}"
    else:
        names = f"{{k:v for k,v in r.items() if k not in {list(part.exclude)!r}}}"
    sources = {"$rest": names, "$previous": previous}
    if part.wrap:
        pairs = (f"{name!r}:{sources.get(src, f'r[{src!r}]')}" for name, src in part.wrap)
        names = "{" + ",".join(pairs) + "}"
    return f"json.dumps({names},{_arguments(part.style)})"


def _arguments(style: JsonStyle) -> str:
    separators = (style.item_separator, style.key_separator)
    return f"sort_keys=True,separators={separators!r},ensure_ascii={style.ensure_ascii}"

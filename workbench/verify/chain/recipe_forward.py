"""The recipe of a log whose keys go forward, as Python that anyone can run (see ``recipe_line``).

What a line should hold follows from all lines of its chain before it, so they are gone over once,
as ``forward`` does: ``s`` is the key and the tag that the next line needs; an empty key stands for
one that is not known any more, since the line before was not reproduced.
"""

from workbench.model.profile import ChainProfile, ContainerKind
from workbench.model.recipe import Encoding, OwnField, RawLine
from workbench.verify.by_hand import text_of

#: What is printed in place of a digest that nothing tells.
NOT_KNOWN = "not known"

_NEXT = "f = lambda x, n: next((v for k, v in re.findall({}, {}) if k == n), '')"
#: The pairs of a line of text, and the extension of CEF after its header (``line_fields``).
_PAIR = r'(?<!\S)([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?!\S)'
_HEADER = r".*?CEF:[0-9]+[|](?:(?:[^|\\]|\\.)*[|]){6}"
_MEMBER = r"(?<!\S)([^\s=|\\]+)=(.*?)\s*(?=\s[^\s=|\\]+=|$)"
_PAIRS = _NEXT.format(text_of(_PAIR), "x").replace("(v for", "(v[1:-1] if v[:1] == '\"' else v for")
_CEF = _NEXT.format(text_of(_MEMBER), f"re.sub({text_of(_HEADER)}, '', x, count=1)")
_FIELDS = {ContainerKind.KEY_VALUE: _PAIRS, ContainerKind.CEF: _CEF}


def is_forward_line(profile: ChainProfile) -> bool:
    """Tell whether ``forward_code`` says how the digests of a log are made."""
    digest = profile.digest
    return (
        digest.forward
        and digest.encoding is Encoding.HEX
        and digest.length is None
        and not digest.prefix
        and profile.container.kind in _FIELDS
        and profile.preimage == (RawLine(OwnField.UP_TO),)
        and len(profile.fields.own) == 1
        and (profile.sections is None or len(profile.sections.field) == 1)
    )


def forward_code(profile: ChainProfile, lines: str) -> list[str]:
    """Return the definitions of ``recipe_line.Formula``; each record stands with its digest.

    Args:
        profile: its recipe.
        lines: code for ``l``, the lines.
    """
    name, sections = profile.fields.own[0], profile.sections
    begins = "True"
    if sections is not None:
        begins = f"f(x, {text_of(sections.field[0])}) == {text_of(sections.new)}"
    return [
        f"{lines}; l = [x.decode() for x in l]",
        _FIELDS[profile.container.kind],
        f"a = lambda x: f(x, {text_of(name)})",
        f"i = {text_of(f' {name}=')}",
        "u = lambda x: [b for q in ('', '\"') for b, m, _ in [x.partition(i + q + a(x) + q)] if m]",
        "h = lambda b: hashlib.sha256(b).digest()",
        f"n = lambda s, x: (h(k), b'') if {begins} else s",
        "v = lambda s, x, t: (h(s[0]) if h(t).hex() == a(x) else b'', t, h(t).hex())",
        f"y = lambda s, x, t: v(s, x, t) if s[0] else (b'', b'', {text_of(NOT_KNOWN)})",
        "m = lambda s, x: hmac.digest(s[0], u(x)[0].encode() + s[1], 'sha256') if s[0] else b''",
        "z = lambda s, x: y(s, x, m(s, x))",
        "w = itertools.accumulate(l, lambda s, x: z(n(s[:2], x), x), initial=(b'', b'', ''))",
        "l = list(zip(l, list(w)[1:]))",
        "o = lambda x: a(x[0])",
        "d = lambda x: x[1][2]",
    ]

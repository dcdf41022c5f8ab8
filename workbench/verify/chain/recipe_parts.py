"""From which bytes a digest is made, as Python that anyone can run (see ``recipe_line``)."""

from collections.abc import Sequence

from workbench.model.profile import ChainProfile
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    FieldText,
    JsonObject,
    Key,
    KeyEncoding,
    LengthPrefix,
    Literal,
    Part,
    Previous,
    PreviousForm,
    Rendering,
)
from workbench.verify.by_hand import text_of
from workbench.verify.chain.python_json import IS_TIME, TIME, definitions, time_of, written

HASHES = {
    Algorithm.SHA256: "sha256",
    Algorithm.SHA512: "sha512",
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}

#: A value as text, ``n`` where it is null.
_TEXT = "T = lambda v, n: n if v is None else v if isinstance(v, str) else json.dumps(v)"
_KEY_FILE = "r = lambda n: open(n, 'rb').read().removesuffix(b'\\n')"


def key_code(key: Key, names: Sequence[str]) -> list[str]:
    """Return the definitions of ``k``: the secret, or several by the names that records give them.

    Args:
        key: what the bytes of a secret file mean.
        names: of the secrets that were given, where records name theirs.
    """
    read = {
        KeyEncoding.TEXT: "r({})",
        KeyEncoding.HEX: "bytes.fromhex(r({}).decode())",
        KeyEncoding.BASE64: "base64.b64decode(r({}))",
    }[key.encoding]
    if key.by is None:
        return [_KEY_FILE, f"k = {read.format('sys.argv[2]')}"]
    listed = ", ".join(map(text_of, sorted(names)))
    one = read.format("sys.argv[2] + '-' + n")
    return [_KEY_FILE, f"k = {{n: {one} for n in [{listed}]}}"]


def digest_code(digest: DigestRecipe) -> str:
    """Return code for the digest of ``b``, bytes of the record ``x``, as the log writes it."""
    name = HASHES[digest.algorithm]
    made = f"hashlib.{name}(b)"
    if digest.key is not None:
        by = digest.key.by
        key = "k" if by is None else f"k[str(x.get({text_of(by[0])}))]"
        made = f"hmac.new({key}, b, '{name}')"
    shown = {
        Encoding.HEX: f"{made}.hexdigest()",
        Encoding.UPPER_HEX: f"{made}.hexdigest().upper()",
        Encoding.BASE64: f"base64.b64encode({made}.digest()).decode()",
    }[digest.encoding]
    prefix = f"{text_of(digest.prefix)} + " if digest.prefix else ""
    return f"{prefix}{shown}" + (f"[:{digest.length}]" if digest.length is not None else "")


def without_own_code(profile: ChainProfile) -> str | None:
    """Return code for a canonical record without its own member, byte for byte."""
    (name, *deeper) = profile.fields.own
    if deeper:
        return None
    member = f"({text_of(chr(34) + name + chr(34) + ':' + chr(34))} + o(x) + '\\x22').encode()"
    return f"(lambda m: x.replace(m + b',', b'').replace(b',' + m, b''))({member})"


def preimage_code(preimage: Sequence[Part], profile: ChainProfile) -> str | None:
    """Return code for the bytes that a digest is over; None where none is short."""
    parts = [_part(part, profile) for part in preimage]
    return None if not parts or None in parts else " + ".join(filter(None, parts))


def _part(part: Part, profile: ChainProfile) -> str | None:
    """Return code for the bytes of one part of the preimage; None where none is short."""
    bare = _bare(part, profile)
    match part.length_prefix:
        case LengthPrefix.NONE:
            return bare
        case LengthPrefix.U32BE | LengthPrefix.U64BE:
            width = 4 if part.length_prefix is LengthPrefix.U32BE else 8
            return bare and f"(lambda b: len(b).to_bytes({width}, 'big') + b)({bare})"
        case LengthPrefix.NETSTRING:
            return bare and f"(lambda b: b'%d:%b,' % (len(b), b))({bare})"


def _bare(part: Part, profile: ChainProfile) -> str | None:
    match part:
        case Literal(value=value):
            return repr(value)
        case Previous(form=PreviousForm.TEXT, seed=None):
            return "(p(x) or '').encode()"
        case Previous(form=PreviousForm.TEXT, seed=(seed,)):
            return f"(x.get({text_of(seed)}) or '' if p(x) is None else p(x)).encode()"
        case Previous(form=PreviousForm.RAW):
            digest = profile.digest
            text = "(p(x) or '')"
            text += f".removeprefix({text_of(digest.prefix)})" if digest.prefix else ""
            is_base64 = digest.encoding is Encoding.BASE64
            return f"base64.b64decode({text})" if is_base64 else f"bytes.fromhex({text})"
        case FieldText(name=(name,)):
            return _field(name, part.rendering)
        case JsonObject():
            return written(part)
        case _:
            return None


def _field(name: str, style: Rendering) -> str | None:
    """Return code for the text of one field."""
    plain = f"T(v, {text_of(style.null)})"
    if style.time is None:
        return f"T(x.get({text_of(name)}), {text_of(style.null)}).encode()"
    time = time_of(style.time, "v")
    if time is None:
        return None
    return f"(lambda v: {time} if {IS_TIME} else {plain})(x.get({text_of(name)})).encode()"


def needed_code(preimage: Sequence[Part]) -> list[str]:
    """Return the definitions that the parts of a preimage go on from, each once."""
    found = dict.fromkeys(
        line for part in preimage if isinstance(part, JsonObject) for line in definitions(part)
    )
    texts = [part.rendering for part in preimage if isinstance(part, FieldText)]
    text = [_TEXT] if texts else []
    time = [TIME] if any(style.time for style in texts) else []
    return list(found | dict.fromkeys((*text, *time)))

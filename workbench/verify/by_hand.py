"""Write the shell commands by which a reader does a step again (``Step.recipe``).

What holds of every command, so that it can be typed in or copied from a page:

* it needs bash, coreutils, openssl and python3 with its standard library, for signatures of OpenSSH
  and GnuPG these themselves, nothing of ours;
* it is printable ASCII in lines of at most ``WIDTH`` characters, each a whole command or ended by
  a backslash; no two spaces stand together, and those at the start of a line mean nothing;
* it changes nothing but the private folder ``$S`` that the first command of a recipe makes;
* names from the evidence are quoted, so that a shell takes them for names and nothing else.
"""

import base64
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from functools import lru_cache

from workbench.evidence.archive_kind import inner_name, suffix_of
from workbench.evidence.file import EvidenceFile
from workbench.evidence.names import LONGEST, raw_path
from workbench.evidence.subject import Subject

WIDTH = 96

#: The first command of every recipe.
SCRATCH = "S=$(mktemp -d)"

_CONTINUED = " \\"
_ROOM = WIDTH - len(_CONTINUED)
_BARE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_PRINTABLE = re.compile(r"[ -~]*")
#: What a shown name has where the stored one is odd (``names``), or stands twice.
_RENAMED = re.compile(r"\[(?:\.\.|/|\\|empty)\]|\\| \(entry \d+\)")
_SPECIAL = re.compile(r"\\(?=[\"$`\\]|$)|[\"$`]")
_OPENERS = frozenset("([{,;")
_UNPACKERS = {".gz": "gzip -dc", ".bz2": "bzip2 -dc", ".xz": "xz -dc"}

#: Takes one member out of a ZIP or tar archive, however the tar is compressed.
_TAKE = (
    "import posixpath, sys, tarfile, zipfile; a, n, to = sys.argv[1:]; z = zipfile.is_zipfile(a); "
    "t = (zipfile.ZipFile if z else tarfile.open)(a); "
    "m = [x for x in (t.infolist() if z else t) "
    "if posixpath.normpath(x.filename if z else x.name) == n]; "
    "open(to, 'wb').write((t.open if z else t.extractfile)(m[0]).read())"
)


def because(text: str) -> str:
    """Return a comment: why a step has no command, or what it is about."""
    return "\n".join(f"# {line}" for line in _filled(ascii(text)[1:-1].split(" "), WIDTH - 2))


def word(text: str) -> str:
    """Return text as one word for bash: bare, quoted, or by its bytes where it is not ASCII.

    Two spaces in a row would be one, or the end of a line, in what is copied from a page.
    """
    if _BARE.fullmatch(text) and not text.startswith("-"):
        return text
    if _PRINTABLE.fullmatch(text) and "  " not in text:
        return "'" + text.replace("'", "'\\''") + "'"
    raw = text.encode("utf-8", "surrogateescape")
    return "$'" + "".join(map(_byte, raw)).replace("  ", " \\x20") + "'"


def assign(variable: str, text: str) -> str:
    """Return commands that give a variable a text, in pieces where it is long."""
    lines, rest, before = [], text, ""
    while rest:
        piece = rest
        while len(line := f"{variable}={before}{word(piece)}") > WIDTH:
            piece = piece[: len(piece) * 3 // 4]
        lines.append(line)
        rest, before = rest[len(piece) :], f'"${variable}"'
    return "\n".join(lines)


def command(*words: str) -> str:
    """Return one command of words that are already quoted, over as many lines as it takes."""
    return f"{_CONTINUED}\n".join(_filled(words, _ROOM))


def define(variable: str, code: str) -> str:
    """Return a command that keeps a line of Python in a variable, for ``python`` to go on from."""
    return _quoted(f'{variable}="', code)


def python(code: str, *arguments: str, after: str = "") -> str:
    """Return a command that runs a line of Python; arguments are already quoted.

    Args:
        code: the line; "" to run only what ``after`` holds.
        arguments: what it finds in ``sys.argv[1:]``.
        after: variable that holds the beginning of the line, or "".
    """
    begin = f'python3 -c "${after}' if after else 'python3 -c "'
    lines = _quoted(f"{begin}; " if after and code else begin, code).split("\n")
    for argument in arguments:
        if len(lines[-1]) + 1 + len(argument) > _ROOM:
            lines[-1] += _CONTINUED
            lines.append(argument)
        else:
            lines[-1] += f" {argument}"
    return "\n".join(lines)


@lru_cache(maxsize=512)
def _quoted(begin: str, code: str) -> str:
    """Return code between double quotes, lines ending where white space means nothing."""
    lines, line = [], begin
    for gap, text in _units(code):
        if len(line) + len(gap) + len(text) > _ROOM and line != begin:
            lines.append(line)
            line = text
        else:
            line += gap + text
    return f"{_CONTINUED}\n".join((*lines, f'{line}"'))


def text_of(value: str) -> str:
    """Return text as a Python literal that a shell leaves as it is."""
    return ascii(value).replace("!", "\\x21")


def write(data: bytes, name: str) -> str:
    """Return a command that writes bytes, such as a key, to a file in ``$S``."""
    encoded = base64.b64encode(data).decode()
    parts = [encoded[at : at + 64] for at in range(0, len(encoded), 64)]
    return command("printf", "%s", *parts, "|", "base64", "-d", ">", f'"$S/{name}"')


def file_at(file: EvidenceFile, variable: str = "F") -> str:
    """Return commands that make a variable the path of a file, taken out of its archive first."""
    if file.member is None:
        return assign(variable, _path(file.path))
    return _taken_out(file.path, file.member.split("!/"), variable)


def can_be_taken_out(file: EvidenceFile) -> bool:
    """Tell whether ``file_at`` leads to the bytes that were judged.

    What an archive calls oddly is shown under another name, and of two of one name, or of what is
    damaged, other programs may take out something else.
    """
    return file.member is None or not (
        file.problem or len(file.member) >= LONGEST or _RENAMED.search(file.member)
    )


def folder_at(subject: Subject) -> str:
    """Return commands that make ``$D`` the folder of a subject, unpacked where it is in an archive.

    Returns "" where it lies in an archive within another.
    """
    base = subject.base.rstrip("/") or "."
    members = [file for file in subject.files if file.member is not None]
    if not members:
        return assign("D", _path(base))
    archive = members[0].path
    if any("!/" in (file.member or "") or file.path != archive for file in members):
        return ""
    unpack = 'python3 -m zipfile -e "$A" "$S/a"'
    if suffix_of(archive) != ".zip":
        unpack = 'mkdir -p "$S/a"\ntar -xf "$A" -C "$S/a"'
    below = base[len(archive) + 1 :]
    into = f'{assign("D", below)}\nD="$S/a/$D"' if below else 'D="$S/a"'
    return "\n".join((assign("A", _path(archive)), unpack, into))


def hashed(file: str) -> str:
    """Return the command that prints the SHA-256 of a file; nothing else, so it can be compared."""
    return f'sha256sum < "{file}" | cut -c-64'


def listing(without: Iterable[str] = ()) -> str:
    """Return the command that hashes the folder ``$D`` as ``verify.listing`` does.

    ``without``: names below it that are no part of it, as its own signature.
    """
    skip = "".join(f" \\\n| grep -vxF -e {word(name)}" for name in without)
    find = f'(cd "$D" && find . -type f | cut -c3- | LC_ALL=C sort{skip}'
    return f"{find} \\\n| xargs -d '\\n' sha256sum) | sha256sum | cut -c-64"


def of_subject(subject: Subject, digest: str) -> tuple[str, str]:
    """Return the commands for the digest that the register has of a subject, and what they print.

    They are the whole recipe of a subject that nothing else is known of.
    """
    if not subject.base and len(subject.files) == 1:
        place, line = file_at(subject.files[0]), hashed("$F")
    else:
        place, line = folder_at(subject), listing()
    names = [file.place.removeprefix(subject.base) for file in subject.files]
    if not place or not can_be_listed(names) or any(file.problem for file in subject.files):
        return because("No command: names or places of files do not fit a short command."), ""
    return f"{SCRATCH}\n{place}\n{line}", digest


def can_be_listed(names: Iterable[str]) -> bool:
    """Tell whether ``sha256sum`` writes these names as they are."""
    return not any(set(name) & {"\n", "\r", "\\"} for name in names)


def _taken_out(path: str, members: list[str], variable: str) -> str:
    lines = [assign("A", _path(path))]
    container = path
    for number, member in enumerate(members):
        out = f"$S/{variable}{number}"
        unpacker = _UNPACKERS.get(suffix_of(container))
        if unpacker and member == inner_name(container).rpartition("/")[2]:
            lines.append(f'{unpacker} "$A" > "{out}"')
        else:
            lines += [assign("E", member), python(_TAKE, '"$A"', '"$E"', f'"{out}"')]
        lines.append(f'A="{out}"')
        container = member
    lines.append(f'{variable}="$A"')
    return "\n".join(lines)


def _path(shown: str) -> str:
    """Return a path as it is on disk, and so that no program takes it for an option."""
    path = raw_path(shown)
    return f"./{path}" if path.startswith("-") else path


def _byte(value: int) -> str:
    if chr(value) in "\\'":
        return f"\\{chr(value)}"
    return chr(value) if 0x20 <= value < 0x7F else f"\\x{value:02x}"


def _units(code: str) -> Iterator[tuple[str, str]]:
    """Yield code in pieces between which a line may end, each with the white space before it."""
    end, gap, unit, opened = 0, "", "", False
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in {tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.NL}:
            continue
        space = code[end : token.start[1]]
        if unit and (space or opened):
            yield gap, unit
            gap, unit = space, ""
        unit += _escaped(token.string)
        end, opened = token.end[1], token.string in _OPENERS
    if unit:
        yield gap, unit


def _escaped(text: str) -> str:
    """Return text as it must stand between double quotes in bash."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text)


def _filled(words: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for each in words:
        if lines and len(lines[-1]) + 1 + len(each) <= width:
            lines[-1] += f" {each}"
        else:
            lines.append(each)
    return lines

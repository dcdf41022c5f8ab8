"""The look of a house, from its YAML file: a colour that can be read, a logo of bounded size."""

import hashlib
import re
import struct
from pathlib import Path

from workbench.errors import ProfileError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS, MIB
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.model.edition import Branding, Logo, LogoPath
from workbench.model.profile_node import Node

#: Least contrast of text on white (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5
LARGEST_PNG, WIDEST_PNG = MIB, 4_000
_MOST_PATHS, _LONGEST_PATH = 500, 100_000

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PNG = b"\x89PNG\r\n\x1a\n"
_NUMBER = r"-?\d+(?:\.\d+)?"
_VIEW = re.compile(rf"({_NUMBER}) ({_NUMBER}) ({_NUMBER}) ({_NUMBER})")


def load(path: Path) -> Branding:
    """Return the look of a house.

    Raises:
        SourceError: the file, or the logo that it names, cannot be read.
        ProfileError: it cannot be understood, or could not be read on paper.
    """
    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        top = Node(load_yaml(data, what=path.name), "", path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    logo = _logo(top.node("logo"), path.parent, top.text("name")) if top.has("logo") else None
    png = hashlib.sha256(logo.png).digest() if logo and logo.png else b""
    branding = Branding(
        id=top.text("id"),
        name=top.text("name"),
        colour=_legible(top, "colour") if top.has("colour") else "",
        logo=logo,
        sha256=hashlib.sha256(data + png).hexdigest(),
    )
    top.done()
    return branding


def contrast(colour: str) -> float:
    """Return the contrast of a colour on white (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = light
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _legible(node: Node, key: str) -> str:
    colour = _colour(node, key)
    if (found := contrast(colour)) < LEAST_CONTRAST:
        raise node.error(
            f"has a contrast of {found:.1f} on white; headings need {LEAST_CONTRAST}", key
        )
    return colour


def _colour(node: Node, key: str) -> str:
    colour = node.text(key)
    if not _COLOUR.fullmatch(colour):
        raise node.error('must be a colour as "#1A2B3C"', key)
    return colour.upper()


def _logo(node: Node, folder: Path, name: str) -> Logo:
    alt = node.text("alt", name)
    if node.has("file"):
        png = _png(node, folder / node.text("file"))
        node.done()
        width, height = struct.unpack(">II", png[16:24])
        return Logo(alt, (0, 0, width, height), png=png)
    view = _VIEW.fullmatch(node.text("view"))
    if view is None or min(float(view[3]), float(view[4])) <= 0:
        raise node.error("must be left, top, width and height, as 0 0 120 40", "view")
    paths = tuple(map(_path, node.nodes("paths")))
    node.done()
    if not 0 < len(paths) <= _MOST_PATHS:
        raise node.error(f"must be 1 to {_MOST_PATHS} shapes", "paths")
    left, top, width, height = (float(view[at]) for at in range(1, 5))
    return Logo(alt, (left, top, width, height), paths)


def _path(node: Node) -> LogoPath:
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    path = LogoPath(node.text("d"), _colour(node, "fill"))
    node.done()
    if len(path.d) > _LONGEST_PATH:
        raise node.error(f"has more than {_LONGEST_PATH:,} characters", "d")
    try:
        parse_path(path.d, RecordingPen())
    except (ValueError, IndexError, TypeError, AssertionError, AttributeError) as error:
        raise node.error("is no path of SVG", "d") from error
    return path


def _png(node: Node, path: Path) -> bytes:
    """Return the bytes of a PNG that can be drawn; its size is read before any pixel is."""
    from PIL import Image, UnidentifiedImageError

    data = read_whole(single(path), limit=LARGEST_PNG)
    if not data.startswith(_PNG) or data[12:16] != b"IHDR":
        raise node.error("is no PNG", "file")
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= WIDEST_PNG and 0 < height <= WIDEST_PNG):
        raise node.error(f"must be at most {WIDEST_PNG:,} pixels wide and tall", "file")
    try:
        from io import BytesIO

        with Image.open(BytesIO(data), formats=["PNG"]) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise node.error("is a PNG that cannot be read", "file") from error
    return data

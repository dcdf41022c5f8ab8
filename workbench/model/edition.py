"""How a report is made up: what it is for, whose it looks like, how it is marked.

None of it changes what was found. It is part of what gives the bytes of a report, so that a report
says in its manifest which edition it is.
"""

from dataclasses import dataclass
from pathlib import Path

from workbench.model.template import PLAIN, Template


@dataclass(frozen=True, slots=True)
class LogoPath:
    """A shape of a logo: an SVG path, and the colour that fills it, as ``#1A2B3C``."""

    d: str
    fill: str


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as vectors or as a PNG.

    Attributes:
        alt: what it says, for those who do not see it.
        view: left, top, width and height of what its paths are drawn in.
        paths: its shapes; () for a PNG.
        png: the bytes of a PNG, or b"".
    """

    alt: str
    view: tuple[float, float, float, float]
    paths: tuple[LogoPath, ...] = ()
    png: bytes = b""


@dataclass(frozen=True, slots=True)
class Branding:
    """Whose report it looks like.

    Attributes:
        id: unique.
        name: of the house, on the first page.
        colour: of the title and of headings, as ``#1A2B3C``; "" for none of its own.
        logo: on the first page, or None.
        sha256: digest of the file and of the logo's beside it.
    """

    id: str
    name: str
    colour: str = ""
    logo: Logo | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """How a report is made up.

    Attributes:
        template: what it is for.
        statements: what the auditor states where the template asks for it, by key.
        branding: whose it looks like, or None.
        classification: marking on every page, as "Confidential", or "".
        draft: mark it as a draft though it is signed; one that is not is always marked.
        language: language of its own words, as ``en``.
    """

    template: Template = PLAIN
    statements: tuple[tuple[str, str], ...] = ()
    branding: Branding | None = None
    classification: str = ""
    draft: bool = False
    language: str = "en"


PLAIN_EDITION = Edition()


@dataclass(frozen=True, slots=True)
class EditionAsked:
    """How a report shall be made up.

    Attributes:
        template: id or file of a template, or "" for none.
        statements: what the auditor states where it asks, as key and text.
        branding: file with the look of a house, or None.
        classification: marking on every page, or "".
        draft: mark it as a draft though it is signed.
        language: of the report's own words.
    """

    template: str = ""
    statements: tuple[tuple[str, str], ...] = ()
    branding: Path | None = None
    classification: str = ""
    draft: bool = False
    language: str = "en"


#: Nothing chosen, no file of the user's.
NOTHING_ASKED = EditionAsked()

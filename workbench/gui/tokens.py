"""The colours of the window: three themes, one set of names (``resources/themes``).

Colour is used only where it means something, and never alone: an amber diamond and a red square
are told apart by their shape. What is legible is computed (WCAG 2.2, 1.4.3), not judged by eye.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache

from workbench import resources
from workbench.evidence.strict_yaml import load_yaml
from workbench.model.verdict import Indication


class ThemeName(StrEnum):
    """The themes there are."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What each colour is for, as ``#RRGGBB``.

    Attributes:
        canvas: pages.
        chrome: top bar, rail, status bar.
        hover: what the pointer is over; chips.
        line: hairlines.
        ctl: edges of inputs, and of fills too faint to stand alone.
        text: text.
        secondary: text that explains.
        tertiary: text that counts or labels.
        accent: links, focus, the primary button. Never a status.
        on_accent: text on the accent.
        selection: ground of what is selected.
        passed: proven here, and nothing else.
        passed_tint: its ground.
        indeterminate: cannot be decided.
        indeterminate_tint: its ground.
        failed: does not agree.
        failed_tint: its ground.
        level_1: assurance, consistent.
        level_2: signed.
        level_3: timestamped.
        level_4: witnessed.
    """

    canvas: str
    chrome: str
    hover: str
    line: str
    ctl: str
    text: str
    secondary: str
    tertiary: str
    accent: str
    on_accent: str
    selection: str
    passed: str
    passed_tint: str
    indeterminate: str
    indeterminate_tint: str
    failed: str
    failed_tint: str
    level_1: str
    level_2: str
    level_3: str
    level_4: str

    def level(self, level: int) -> str:
        """Return the fill of a level of assurance; level 0 has none."""
        fills = (self.canvas, self.level_1, self.level_2, self.level_3, self.level_4)
        return fills[min(max(level, 0), 4)]

    def on_level(self, level: int) -> str:
        """Return the text colour that is read best on the fill of a level."""
        inks = ("#FFFFFF", self.canvas, self.text)
        return max(inks, key=lambda ink: contrast(ink, self.level(level)))

    def ink(self, indication: Indication) -> str:
        """Return the colour of a verdict."""
        match indication:
            case Indication.PASSED:
                return self.passed
            case Indication.INDETERMINATE:
                return self.indeterminate
            case Indication.FAILED:
                return self.failed


@cache
def load_tokens(name: ThemeName) -> Tokens:
    """Return the tokens of a theme.

    Raises:
        ValueError: the file lacks one, or has one that nothing uses.
    """
    what = f"themes/{name}.yaml"
    tree = load_yaml(resources.path("themes", f"{name}.yaml").read_bytes(), what=what)
    wanted = {field.name for field in fields(Tokens)}
    if not isinstance(tree, dict) or set(tree) != wanted:
        raise ValueError(f"{what} must hold exactly: {', '.join(sorted(wanted))}")
    return Tokens(**{key: str(value) for key, value in tree.items()})


def contrast(one: str, other: str) -> float:
    """Return how far two colours are apart, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

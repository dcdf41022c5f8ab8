"""What the user chose, and where the window stood: two small JSON files of the user's own.

Every setting is declared once; the page of settings, the defaults and the checks come from here.
A file that cannot be read costs nothing but the choices in it: it is put aside, never written
over. A file of a newer program is left alone.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from workbench.errors import WorkbenchError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.output import write_whole

VERSION = 1
_FOLDER = "audit-workbench"
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting.

    Attributes:
        key: its name in the file.
        default: its value until the user says otherwise; its type is the setting's type.
        title: its name.
        help: what it does.
        choices: the values there are, or () where any of its type will do.
        least: lowest number.
        most: highest number.
    """

    key: str
    default: Value
    title: str
    help: str
    choices: tuple[Value, ...] = ()
    least: float = 0.0
    most: float = 0.0

    def accepts(self, value: object) -> bool:
        """Tell whether ``value`` can be its value."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, int | float):
            number = isinstance(value, int | float)
            if self.choices:
                return number and value in self.choices
            return number and self.least <= float(str(value)) <= self.most
        return isinstance(value, str) and (not self.choices or value in self.choices)


SETTINGS = (
    Setting(
        "who", "", "Your name", "Stands in the journal of a case; empty: the name of your login."
    ),
    Setting(
        "theme",
        "system",
        "Theme",
        "Light, dark or high contrast; or as the system has it.",
        ("system", "light", "dark", "contrast"),
    ),
    Setting("text_scale", 1.0, "Text size", "90 to 150 % of the usual size.", least=0.9, most=1.5),
    Setting("row_height", 26, "Row height", "Pixels of a table row.", (24, 26, 28)),
    Setting(
        "letter_keys",
        True,
        "Single-letter keys",
        "Keys such as V and 1 to 9 act while a table or graph has the focus.",
    ),
    Setting(
        "local_time",
        False,
        "Local time",
        "Show times in this machine's zone, with the offset in every cell, instead of UTC.",
    ),
)


def config_folder() -> Path:
    """Return the folder of the user's settings."""
    place = QStandardPaths.StandardLocation.GenericConfigLocation
    return Path(QStandardPaths.writableLocation(place)) / _FOLDER


def data_folder() -> Path:
    """Return the folder of cases that have no place of their own yet."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place)) / _FOLDER


class JsonFile:
    """A versioned JSON object in a file; ``problem`` says what was wrong with it, or ""."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        self._schema = f"workbench.{kind}/"
        self._keep = False
        self.problem = ""
        self.values: dict[str, JsonValue] = self._read()

    def write(self) -> None:
        """Write it whole; what cannot be written is noted, and nothing else stops."""
        if self._keep:
            return
        data = {"schema": f"{self._schema}{VERSION}", **self.values}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps(data, indent=1).encode() + b"\n", replace=True)
        except (OSError, WorkbenchError) as error:
            self.problem = f"{self._path} could not be written: {error}."

    def _read(self) -> dict[str, JsonValue]:
        try:
            found = parse(self._path.read_bytes(), what=self._path.name)
        except FileNotFoundError:
            return {}
        except (OSError, WorkbenchError) as error:
            self._put_aside(str(error))
            return {}
        version = self._version(found)
        if not isinstance(found, dict) or version is None:
            self._put_aside("it is not a file of this program")
            return {}
        if version > VERSION:
            self._keep = True
            self.problem = f"{self._path} is of a newer program: used as it is, not written to."
        found.pop("schema")
        return found

    def _version(self, found: JsonValue) -> int | None:
        schema = found.get("schema") if isinstance(found, dict) else None
        if not isinstance(schema, str) or not schema.startswith(self._schema):
            return None
        number = schema.removeprefix(self._schema)
        return int(number) if number.isdecimal() and len(number) < 6 else None

    def _put_aside(self, why: str) -> None:
        aside = self._path.with_suffix(".unread.json")
        with suppress(OSError):
            self._path.replace(aside)
        self.problem = f"{self._path.name} was put aside as {aside.name}: {why.rstrip('.')}."


class Settings(QObject):
    """The settings; ``changed`` gives the key of one that changed."""

    changed = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file = JsonFile(folder / "settings.json", "settings")
        self._window = JsonFile(folder / "window.json", "window")
        self._known = {setting.key: setting for setting in SETTINGS}

    @property
    def problems(self) -> tuple[str, ...]:
        """What was wrong with the files, in sentences."""
        return tuple(file.problem for file in (self._file, self._window) if file.problem)

    def value(self, key: str) -> Value:
        """Return a setting; one that is not what it should be is the default."""
        setting = self._known[key]
        found = self._file.values.get(key)
        if setting.accepts(found) and isinstance(found, str | int | float | bool):
            return found
        return setting.default

    def choose(self, key: str, value: Value) -> None:
        """Set and keep a setting.

        Raises:
            ValueError: it cannot have that value.
        """
        if not self._known[key].accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        self._file.values[key] = value
        self._file.write()
        self.changed.emit(key)

    def remembered(self, key: str) -> JsonValue:
        """Return what was remembered of the window, or None."""
        return self._window.values.get(key)

    def remember(self, key: str, value: JsonValue) -> None:
        """Remember something of the window; ``keep`` writes it."""
        self._window.values[key] = value

    def keep(self) -> None:
        """Write what is remembered of the window."""
        self._window.write()

"""Every dangerous thing is done in one place, and this finds a second one.

Read with ``ast``: names are followed to what they were imported from, so that another name for
the same thing does not hide it.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

WORKBENCH = Path(__file__).parents[1] / "workbench"

#: What shows text as HTML, or may; nothing of it is used.
HTML = (
    "PySide6.QtWidgets.QMessageBox",
    "PySide6.QtWidgets.QErrorMessage",
    "PySide6.QtWidgets.QInputDialog",
    "PySide6.QtWidgets.QProgressDialog",
    "PySide6.QtWidgets.QTextEdit",
    "PySide6.QtWidgets.QTextBrowser",
    "PySide6.QtWidgets.QGraphicsTextItem",
    "PySide6.QtWidgets.QToolTip",
    "PySide6.QtWidgets.QWhatsThis",
    "PySide6.QtWidgets.QSplashScreen",
    "PySide6.QtWidgets.QSystemTrayIcon",
    "PySide6.QtWidgets.QWizard",
    "PySide6.QtGui.QTextDocument",
    "PySide6.QtGui.QStaticText",
    "PySide6.QtCore.Qt.TextFormat.RichText",
    "PySide6.QtCore.Qt.TextFormat.AutoText",
    "PySide6.QtCore.Qt.TextFormat.MarkdownText",
    ".setHtml",
    ".insertHtml",
    ".appendHtml",
    ".setMarkdown",
    ".setWhatsThis",
    ".setStatusTip",
    ".setInformativeText",
    ".setDetailedText",
)

#: What is dangerous, by full name, or by ``.method`` of anything; and where it may be done.
HOMES: Mapping[str, set[str]] = {
    # Evidence is opened in one package; others read our own resources or write what was asked for.
    "open": set(),
    "io.open": set(),
    "io.FileIO": {"evidence/"},
    "codecs.open": set(),
    "mmap.mmap": {"verify/pool.py"},  # of no file: memory that forked workers share
    "os.open": {"evidence/"},
    "os.fdopen": {"cli/"},
    ".open(mode)": {
        *("services/demo/", "services/sealing/", "output.py", "store/backup.py"),
        "store/encryption.py",
        "sign/package.py",
    },
    ".read_text": set(),
    ".read_bytes": {"report/", "gui/"},
    # Only our own PDF is ever drawn, by whoever holds the one lock of PDFium.
    "pypdfium2.PdfDocument": {"gui/reporting/"},
    # Parsers that must be strict, or that run what they read.
    "json.load": set(),
    "json.loads": {"evidence/strict_json.py", "verify/recheck/strict.py"},
    # In frame.py, to find the places of values in a document that was read strictly before.
    "json.JSONDecoder": {"evidence/strict_json.py", "verify/chain/frame.py"},
    "orjson.loads": {
        "verify/chain/canonical.py",
        "verify/chain/quick.py",
        "evidence/quick_json.py",
        "formats/event_columns.py",
    },
    # Databases that somebody else made can run what they hold and delete what they name; ours are
    # the case file, and the index, each behind one door.
    "sqlite3.connect": {"evidence/database.py", "store/database.py", "store/lock.py"},
    "sqlite3": {
        "evidence/database.py",
        "evidence/database_rows.py",
        "store/database.py",
        "store/lock.py",
    },
    "sqlalchemy": {"store/"},
    "duckdb": {"store/duck.py"},
    # Regular expressions that somebody brings run on a linear engine only.
    "re2": {"evidence/linear_regex.py"},
    "stringzilla": {"evidence/bytes_in.py"},
    "yaml": {"evidence/strict_yaml.py"},
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
    "xml.etree": {"evidence/strict_xml.py"},  # the type of what it reads
    "xml.dom": set(),
    "xml.sax.parse": set(),
    "lxml": set(),
    "defusedxml": {"evidence/strict_xml.py"},
    "tomllib": set(),
    "configparser": set(),
    # Archives.
    "zipfile": {"store/backup.py", "sign/package.py"},  # to write our own
    "tarfile": {"evidence/tar_members.py"},
    "gzip": set(),
    "bz2": {"evidence/members.py"},
    "lzma": {"evidence/members.py"},
    "zlib.decompress": set(),
    "zlib.decompressobj": {"evidence/members.py"},
    "shutil.unpack_archive": set(),
    ".extractall": set(),
    ".extract": set(),
    # Code and processes.
    "eval": set(),
    "exec": set(),
    "compile": set(),
    "__import__": set(),
    "runpy": set(),
    "ctypes": set(),
    "subprocess": set(),
    "os.system": set(),
    "os.popen": set(),
    "os.startfile": set(),
    # Network.
    "socket": set(),
    "ssl": set(),
    "http": {"sign/tsa_server.py"},  # a time-stamping server, where the user allows the network
    "urllib.request": set(),
    "ftplib": set(),
    "smtplib": set(),
    "requests": set(),
    "httpx": set(),
    # Qt would read evidence as HTML, or guess whether it is: text goes one way to the screen.
    "PySide6.QtWidgets.QLabel": {"gui/text.py"},
    ".setToolTip": {"gui/text.py"},
    ".setTextFormat": {"gui/text.py"},
    "PySide6.QtGui.QTextLayout": {"gui/text.py"},
    **{name: set() for name in HTML},
    "PySide6.QtCore.Qt.ItemDataRole.ToolTipRole": {"gui/models/paged_table.py"},
    # Styles: built from tokens, once a theme.
    ".setStyleSheet": {"gui/theme.py"},
    # Network, as Qt has it.
    "PySide6.QtNetwork": set(),
    # Tokens: native code that the user names.
    "pkcs11": {"sign/token.py"},
    # Encryption of backups.
    "pyrage": {"store/encryption.py"},
    # OpenPGP: a library whose interface may change, behind one door.
    "pysequoia": {"verify/keys/openpgp.py"},
    # Files whose names somebody else can guess.
    "tempfile.mktemp": set(),
    # Collections of garbage: on the thread of the window alone.
    "gc.collect": {"gui/collecting.py"},
    # Private folders: for what comes out of evidence, and beside what is to be.
    "tempfile.TemporaryDirectory": {"evidence/spool.py", "output.py"},
    "tempfile.mkdtemp": {"output.py", "services/demo/", "store/duck.py", "store/index_writer.py"},
    "tempfile.NamedTemporaryFile": set(),
}

#: A line that must be found, and as what.
PLANTED = {
    "open('x')": "open",
    "import os\nos.open('x', 0)": "os.open",
    "import os as system\nsystem.system('x')": "os.system",
    "from os import open as look\nlook('x', 0)": "os.open",
    "from pathlib import Path\nPath('x').read_bytes()": ".read_bytes",
    "from pathlib import Path\nread = Path.read_text": ".read_text",
    "log.open('rb')": ".open(mode)",
    "log.open(mode='rb')": ".open(mode)",
    "from json import loads\nloads('1')": "json.loads",
    "def f():\n    import yaml": "yaml",
    "from yaml.loader import FullLoader": "yaml",
    "import orjson\nread = orjson.loads": "orjson.loads",
    "import pickle": "pickle",
    "import sqlite3 as db\ndb.connect('x')": "sqlite3.connect",
    "from sqlite3 import dbapi2": "sqlite3",
    "from tarfile import TarFile": "tarfile",
    "archive.extractall('x')": ".extractall",
    "eval('1')": "eval",
    "import urllib.request": "urllib.request",
    "from urllib import request": "urllib.request",
    "import subprocess as sp": "subprocess",
    "from PySide6.QtWidgets import QLabel\nQLabel(name)": "PySide6.QtWidgets.QLabel",
    "from PySide6 import QtWidgets\nQtWidgets.QLabel(name)": "PySide6.QtWidgets.QLabel",
    "from PySide6.QtWidgets import QMessageBox as Box": "PySide6.QtWidgets.QMessageBox",
    "button.setToolTip(name)": ".setToolTip",
    "document.setHtml(text)": ".setHtml",
    "label.setTextFormat(form)": ".setTextFormat",
    "from PySide6.QtGui import QTextDocument": "PySide6.QtGui.QTextDocument",
}

HARMLESS = [
    "with file.open() as stream:\n    stream.read()",
    "import os\nos.path.join('a', 'b')",
    "import re\nre.compile('x')",
    "import json\njson.dumps({})",
    "from urllib.parse import quote",
    "'open(x)'",
    "def compiled(): ...",
]


def uses(code: str) -> Iterator[tuple[str, int]]:
    """Yield what of ``HOMES`` some code uses, with the line."""
    tree = ast.parse(code)
    known = dict(_imported(tree))
    for node in ast.walk(tree):
        for name in _names(node, known):
            parts = name.split(".")
            prefixes = {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
            for found in (
                prefixes | {f".{parts[-1]}"} if len(parts) > 1 else {name}
            ) & HOMES.keys():
                yield found, getattr(node, "lineno", 0)
        if _opens_with_a_mode(node):
            yield ".open(mode)", node.lineno


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, with what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname or top, alias.name if alias.asname else top)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _names(node: ast.AST, known: Mapping[str, str]) -> list[str]:
    """Return the full names that ``node`` itself uses."""
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom():
            return [f"{node.module}.{alias.name}" for alias in node.names]
        case ast.Name(ctx=ast.Load()):
            return [known.get(node.id, node.id)]
        case ast.Attribute():
            return [_dotted(node, known)]
        case _:
            return []


def _dotted(node: ast.expr, known: Mapping[str, str]) -> str:
    match node:
        case ast.Name():
            return known.get(node.id, f"?{node.id}")
        case ast.Attribute():
            return f"{_dotted(node.value, known)}.{node.attr}"
        case _:
            return "?"


def _opens_with_a_mode(node: ast.AST) -> bool:
    """Return whether this is ``x.open("rb")``: an ``EvidenceFile`` is opened without a mode."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    modes = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    texts = [mode.value for mode in modes if isinstance(mode, ast.Constant)]
    is_mode = any(isinstance(text, str) and set(text) <= set("rwxabt+") for text in texts)
    return node.func.attr == "open" and is_mode


@cache
def used() -> list[tuple[str, str, int]]:
    """Return every use in the program: what, in which module, in which line."""
    modules = {m.relative_to(WORKBENCH).as_posix(): m for m in sorted(WORKBENCH.rglob("*.py"))}
    return [
        (found, name, line)
        for name, module in modules.items()
        for found, line in uses(module.read_text("utf-8"))
    ]


@pytest.mark.parametrize("danger", HOMES)
def test_danger_has_one_home(danger: str) -> None:
    homes = tuple(HOMES[danger])
    strangers = [
        f"{name}:{line}"
        for found, name, line in used()
        if found == danger and not name.startswith(homes)
    ]
    assert not strangers, f"{danger} is used outside its home"


@pytest.mark.parametrize("danger", [danger for danger, homes in HOMES.items() if homes])
def test_no_home_stands_empty(danger: str) -> None:
    users = [name for found, name, _ in used() if found == danger]
    assert not {home for home in HOMES[danger] if not any(u.startswith(home) for u in users)}


@pytest.mark.parametrize("code", PLANTED)
def test_danger_is_found(code: str) -> None:
    assert PLANTED[code] in {found for found, _ in uses(code)}


@pytest.mark.parametrize("code", HARMLESS)
def test_what_is_harmless_is_not_found(code: str) -> None:
    assert not list(uses(code))

"""Bait for patterns that look at the same characters again and again: every text takes its length.

Each text is a quarter of a megabyte of what such a pattern would repeat; a square of that is hours.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.bounded import seconds
from workbench.evidence.line_fields import TextError, cef_of, pairs_of
from workbench.evidence.linear_regex import pattern_of
from workbench.evidence.names import checked_member_name
from workbench.evidence.strict_json import JsonError, parse
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.evidence.table_cells import RowError, cells_of, rows_of
from workbench.model.profile import Container, ContainerKind
from workbench.policy.licences import is_non_commercial
from workbench.verify.bagit import tags
from workbench.verify.heads.note import read_note
from workbench.verify.keys.private import key_files_in
from workbench.verify.keys.public import keys_in
from workbench.verify.keys.ssh import SshKeyProblem, read_ssh_lines
from workbench.verify.layout.rules import _called
from workbench.verify.pangea.events import key_of
from workbench.verify.report.structure import signed_ranges

LONG = 250_000
TABLE = Container(ContainerKind.CSV)
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding"

BAIT: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "spaces in the declaration of a bag": (
        tags.read_declaration,
        b"BagIt-Version" + b" " * LONG + b"x",
    ),
    "spaces in its second line": (tags.read_declaration, DECLARED + b" " * LONG + b"x"),
    "spaces in a manifest": (
        lambda d: tags.read_manifest("manifest-md5.txt", d.decode(), version=(1, 0)),
        b"0" * 32 + b" " * LONG,
    ),
    "percent signs in a manifest": (
        lambda d: tags.lies_in_bag(d.decode(), payload=True),
        b"%a1" * (LONG // 3),
    ),
    "spaces in a licence": (lambda d: is_non_commercial(d.decode()), b"MIT" + b" " * LONG + b"x"),
    "spaces in a key of Pangea": (
        lambda d: key_of({"public_key": d.decode()}),
        b"-----BEGIN PUBLIC KEY-----" + b" " * LONG,
    ),
    "keys of OpenSSH": (read_ssh_lines, b"ssh-rsa AAAA" + b"A" * 60_000 + b'"\n'),
    "quotes of an option": (read_ssh_lines, b'a namespaces="' + b'",' * 30_000 + b" ssh-rsa AAAA"),
    "pairs": (pairs_of, b'a="' + b"\\" * LONG),
    "CEF": (cef_of, b"CEF:0|" * 5 + b"\\" * LONG),
    "many CEF": (cef_of, b"CEF:1" * (LONG // 5)),
    "keys of CEF": (cef_of, b"CEF:0|a|b|c|d|e|5|" + b"=a" * (LONG // 2)),
    "quoted cells": (lambda d: cells_of(d, TABLE), b'"' + b'""' * (LONG // 2)),
    "rows with a quote open": (lambda d: list(rows_of(d, TABLE)), b'"\n' * (LONG // 2)),
    "strings of JSON": (lambda d: parse(d, what="x"), b'"' + b"\\" * LONG),
    "names of JSON": (lambda d: parse(d, what="x"), b'{"a":' * 150 + b'"\\"' * (LONG // 3)),
    "digits": (lambda d: parse(d, what="x"), b"9" * LONG),
    "digits after a point": (lambda d: parse(d, what="x"), b"0." + b"9" * LONG + b"e"),
    "YAML in brackets": (lambda d: load_yaml(d, what="x"), b"[" * LONG),
    "YAML in questions": (lambda d: load_yaml(d, what="x"), b"? " * (LONG // 2)),
    "YAML of one key": (lambda d: load_yaml(d, what="x"), b"a" * LONG + b": b"),
    "a name": (lambda d: checked_member_name(d.decode()), b"../" * (LONG // 3)),
    "PEM": (keys_in, b"-----BEGIN A-----" * (LONG // 17)),
    "PEM in base64": (lambda d: list(key_files_in(d)), b"LS0tLS1CRUdJT" * (LONG // 13)),
    "DER in base64": (lambda d: list(key_files_in(d)), b"MA" * (LONG // 2)),
    "lines of a note": (read_note, b"a\n" * (LONG // 2)),
    "byte ranges": (signed_ranges, b"/ByteRange [0 1 9 9]" * (LONG // 20)),
    "pattern of a layout": (lambda d: _called("*a" * 100 + "b", [d.decode()]), b"a" * LONG),
    "pattern of a user": (lambda d: pattern_of("(a|a)*(a*)*b").search(d.decode()), b"a" * LONG),
}


@pytest.mark.parametrize(("read", "bait"), BAIT.values(), ids=BAIT)
def test_bait_is_read_or_refused_in_no_time(read: Callable[[bytes], object], bait: bytes) -> None:
    refusals = (JsonError, RowError, SshKeyProblem, TextError, YamlError, tags.Malformed)
    with seconds(10), suppress(*refusals):
        read(bait)

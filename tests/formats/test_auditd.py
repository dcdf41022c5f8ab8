"""Records of the Linux audit system become events: joined by their number, decoded, counted."""

from pathlib import Path

import pytest

from tests.formats.plain_logs import format_of, read, written
from workbench.formats.auditd.events import members_of
from workbench.formats.auditd.line import Line, line_of
from workbench.model.event import Outcome

STAMP = "msg=audit(1773309600.123:{}): "


def line(serial: int, kind: str, rest: str) -> str:
    return f"type={kind} {STAMP.format(serial)}{rest}"


#: As auparse has it: the records of two system calls, written through each other.
OPENED = [
    line(
        7, "SYSCALL", 'arch=c000003e syscall=257 success=no exit=-13 a0=ffff auid=1000 comm="cat"'
    ),
    line(8, "SYSCALL", "arch=c000003e syscall=59 success=yes exit=0 a0=55df auid=1000"),
    line(7, "CWD", 'cwd="/home/ann"'),
    line(8, "EXECVE", 'argc=3 a0=2F62696E2F7368 a1="-c" a2=6C73202D6C'),
    line(7, "PATH", 'item=0 name="/models" nametype=PARENT'),
    line(7, "PATH", "item=1 name=2F6D6F64656C732F6D792066696C65 nametype=NORMAL"),
    line(7, "PROCTITLE", "proctitle=636174002F6D6F64656C73"),
    line(8, "EOE", ""),
]


def test_records_of_one_number_are_one_event_though_others_stand_between(tmp_path: Path) -> None:
    found = read(written(tmp_path, "\n".join(OPENED)))
    assert (found.format, [e.key for e in found.events]) == (
        *("auditd",),
        ["1773309600.123:7", "1773309600.123:8"],
    )
    first, second = found.events
    assert (first.actor, first.action, first.object) == (
        *("1000", "SYSCALL 257"),
        "/models/my file",
    )
    assert (first.outcome, second.outcome) == (Outcome.FAILURE, Outcome.SUCCESS)
    assert (first.number, first.offset, first.length) == (1, 0, len(OPENED[0]))
    assert first.time_text == "1773309600.123"
    assert first.time_ns == 1_773_309_600_123_000_000


def test_the_place_of_an_event_alone_holds_all_of_its_records(tmp_path: Path) -> None:
    together = [OPENED[0], OPENED[2], OPENED[5], OPENED[1]]
    path = written(tmp_path, "\n".join(together))
    first = read(path).events[0]
    held = path.read_bytes()[first.offset : first.offset + first.length].decode()
    assert held == "\n".join(together[:3])


def parsed(text: str) -> Line:
    found = line_of(text)
    assert found is not None
    return found


def test_fields_in_digits_are_decoded_and_kept() -> None:
    execve = parsed(OPENED[3]).fields
    assert (execve["a0"], execve["a2"], execve["a2.hex"]) == ("/bin/sh", "ls -l", "6C73202D6C")
    title = parsed(OPENED[6]).fields
    assert title["proctitle"] == "cat /models"
    assert title["proctitle.hex"] == "636174002F6D6F64656C73"


def test_numbers_of_a_system_call_are_no_text() -> None:
    assert parsed(OPENED[0]).fields["a0"] == "ffff"
    assert "a0.hex" not in parsed(OPENED[0]).fields


def test_the_message_of_a_program_is_read_too() -> None:
    found = parsed(
        line(
            9,
            "USER_LOGIN",
            "pid=1 uid=0 auid=4294967295 msg='op=login acct=28696E76616C69642975"
            '736572 exe="/usr/sbin/sshd" hostname=? addr=10.0.0.1 terminal=sshd res=failed\'',
        )
    )
    assert found.fields["acct"] == "(invalid)user"
    assert (found.fields["exe"], found.fields["res"]) == ("/usr/sbin/sshd", "failed")


def test_the_enriched_form_names_users_and_calls(tmp_path: Path) -> None:
    text = f'{OPENED[0]}\x1dARCH=x86_64 SYSCALL=openat AUID="ann" UID="root"'
    event = read(written(tmp_path, text)).only
    assert (event.actor, event.action) == ("ann", "SYSCALL openat")


def test_nodes_and_what_syslog_puts_before_are_kept(tmp_path: Path) -> None:
    one = parsed(f"node=db1 {OPENED[0]}")
    two = parsed(f"Jan  1 00:00:00 host kernel: [1.0] audit: type=1400 {STAMP.format(3)[4:]}x=1")
    assert one.node == "db1"
    assert "host kernel" in two.rest
    found = read(written(tmp_path, f"node=a {OPENED[0]}\nnode=b {OPENED[0]}\n"))
    assert [e.key for e in found.events] == ["a/1773309600.123:7", "b/1773309600.123:7"]


def test_every_word_of_a_record_is_kept() -> None:
    text = line(5, "AVC", 'avc:  denied  { read } for  pid=1 comm="x" name="y" tclass=dir x=1 x=2')
    found = parsed(text)
    kept = " ".join([found.rest, *found.fields, *map(str, found.fields.values())])
    for word in ("avc:", "denied", "{", "read", "}", "for", "pid", "comm", "tclass", "dir", "2"):
        assert word in kept.split()
    assert members_of([(4, found)])["records"][0]["line"] == 4  # type: ignore[index,call-overload]


def test_what_says_that_records_were_lost_is_told(tmp_path: Path) -> None:
    lost = line(9, "CONFIG_CHANGE", "op=set audit_backlog_limit=64 lost=12 res=1")
    off = line(10, "CONFIG_CHANGE", "op=set audit_enabled=0 old=1 auid=0 res=1")
    end = line(11, "DAEMON_END", "op=terminate auid=0 pid=1 res=success")
    found = read(written(tmp_path, "\n".join([lost, off, end])))
    assert found.codes == ["EVENTS_LOST", "LOGGING_CHANGED", "LOGGING_CHANGED"]
    assert "12 records" in found.problems[0].message


def test_numbers_that_are_not_here_are_counted(tmp_path: Path) -> None:
    text = "\n".join(line(n, "USER_CMD", "pid=1 res=success") for n in (5, 6, 9, 11))
    found = read(written(tmp_path, text))
    assert any("events of 3 numbers" in sentence for sentence in found.account.cannot_show)
    anew = "\n".join(line(n, "USER_CMD", "pid=1 res=success") for n in (90_005, 90_006, 1, 2))
    again = read(written(tmp_path, anew))
    assert not any("numbers" in s for s in again.account.cannot_show if s.startswith("what the ev"))


def test_a_line_that_is_none_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(written(tmp_path, "\n".join([OPENED[0], "half a li", "\x1d", OPENED[1]])))
    assert sum(not e.is_malformed for e in found.events) == 2
    assert found.codes == ["MALFORMED_RECORD"] * 2
    assert found.problems[0].locator.offset == len(OPENED[0]) + 1


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, "\n".join(OPENED[:3]).encode() + b"\ntype=\xff\n"))
    assert found.codes == ["MALFORMED_RECORD"]


def test_many_open_events_are_bounded(tmp_path: Path) -> None:
    text = "\n".join(line(n, "SYSCALL", "success=yes") for n in range(1, 3001))
    assert len(read(written(tmp_path, text)).events) == 3000


@pytest.mark.parametrize("text", ["audit(x)\n" * 3, "type=x msg=audit(1:2)\n", "hello\n"])
def test_what_only_mentions_audit_is_none(tmp_path: Path, text: str) -> None:
    assert format_of(written(tmp_path, text, "a.log")) != "auditd"

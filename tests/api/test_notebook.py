"""What services answer shows itself in a notebook, and IPython is needed for nothing."""

import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from commands import CHECKOUT

import workbench
from workbench.analysis.as_of import AsOf, VersionAsOf
from workbench.api import notebook
from workbench.model.difference import About, Change, Compared, Difference
from workbench.model.event import Event, EventFlag, IndexedEvent
from workbench.model.locator import Locator
from workbench.model.verdict import Indication
from workbench.verify.report.verdict import Coverage, ReportSignature, ReportVerdict

EVIL = "<b onclick=x>&\u202e"
PLAIN = "&lt;b onclick=x&gt;&amp;[U+202E]"


def test_ipython_is_told_how_to_draw_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {}
    html = SimpleNamespace(for_type_by_name=lambda *names: told.update({names[:2]: names[2]}))
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": html}))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    notebook.register()
    for module, name in told:
        assert hasattr(sys.modules[module], name)
    assert len(told) == 4
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    notebook.register()


def test_a_verification_is_a_row_for_each_subject() -> None:
    tampered = CHECKOUT / "resources" / "sample" / "evidence" / "audit-tampered"
    shown = notebook.verification(workbench.verify_evidence(tampered))
    assert "<td>audit-tampered/audit-log.jsonl</td><td>FAILED RECORD_ALTERED</td>" in shown
    assert "RECORD_ALTERED 1845" in shown
    assert "Exit code 1" in shown


def test_text_of_evidence_is_never_markup() -> None:
    place = Locator("log", None, 7)
    flags = frozenset({EventFlag.BROKEN})
    event = IndexedEvent(1, "", Event(place, 0, actor=EVIL, flags=flags))
    change = Difference(Change.CHANGED, About.THING, "run", EVIL, field=EVIL, before=EVIL)
    at = datetime(2026, 7, 1, tzinfo=UTC)
    signature = ReportSignature(
        "f", EVIL, "", "", Indication.FAILED, "HASH_FAILURE", EVIL, Coverage.UNCLEAR
    )
    report = ReportVerdict(
        EVIL, "", 1, at, Indication.FAILED, "HASH_FAILURE", (signature,), None, (), ()
    )
    state = AsOf(0, (VersionAsOf(EVIL, "1", deployed=event, approvals=(event,)),))
    for shown in (
        notebook.compared(Compared("a", "b", (change,), 0, 0, ("lost",))),
        notebook.as_of(state),
        notebook.report(report),
    ):
        assert "<b" not in shown
        assert shown.count(PLAIN) >= 2
    assert "1970-01-01T00:00:00Z" in notebook.as_of(state)
    assert "(record 7, broken)" in notebook.as_of(state)

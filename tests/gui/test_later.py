"""What is done a moment later is not done when whom it is for is gone by then."""

import ast
from pathlib import Path

import workbench.gui

GUI = Path(workbench.gui.__file__).parent


def for_nobody(source: str) -> list[int]:
    """Return the lines in which Qt is asked to do something later, but not for which object."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    shots = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "singleShot"]
    return [call.lineno for call in shots if len(call.args) < 3]


def test_what_is_done_later_is_done_for_an_object_that_may_be_gone():
    assert for_nobody("QTimer.singleShot(0, self._begin)") == [1]
    assert for_nobody("QTimer.singleShot(0, self.editor, self._begin)") == []
    assert not {path for path in GUI.rglob("*.py") if for_nobody(path.read_text())}

"""``workbench report --template``: listed, shown, stated, refused, and made anew."""

from pathlib import Path

import pytest
from builders import LogBuilder
from casework import written
from commands import require_one_sentence, workbench

from workbench.cli.edition import asked_for
from workbench.errors import WorkbenchError
from workbench.report.templates import shipped
from workbench.services.reports import edition

DATE = "2026-10-02T09:30:00Z"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 3).data())
    return tmp_path


def test_templates_are_listed_with_what_each_asks_for() -> None:
    done = workbench("report", "--templates")
    assert done.returncode == 0
    for template in shipped():
        assert template.id in done.stdout
        assert all(f"--statement {ask.key}=" in done.stdout for ask in template.asks)


def test_an_own_template_begins_as_a_shipped_one_and_gives_the_same_pages_again(
    place: Path,
) -> None:
    shown = workbench("report", "--show-template", "internal-audit")
    assert shown.returncode == 0
    own = shown.stdout.replace("id: internal-audit", "id: ours").replace(
        "kind: Internal audit report", "kind: Our own report"
    )
    (place / "ours.yaml").write_text(own, encoding="utf-8")
    (place / "goal.txt").write_text("First line\nsecond line", encoding="utf-8")
    made = workbench(
        "report", "drop", "-o", "r.pdf", "--date", DATE, "--template", "ours.yaml", "--statement",
        "objective=@goal.txt", "--statement", "rating=Needs improvement", cwd=place,
    )  # fmt: skip
    assert made.returncode == 2, made.stderr
    again = ("report", "drop", "--rebuild-and-compare", "r.pdf")
    assert workbench(*again, "--template", "ours.yaml", cwd=place).returncode == 0
    require_one_sentence(workbench(*again, cwd=place), "made with the template ours")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--template", "nowhere"), "nowhere"),
        (
            ("--template", "internal-audit", "--statement", "level=Limited"),
            "does not ask for level",
        ),
        (("--statement", "level=Limited"), "does not ask for level"),
        (("--template", "internal-audit", "--statement", "rating"), "KEY=TEXT"),
        (("--template", "internal-audit", "--statement", "rating=@nowhere"), "nowhere"),
        (("--template", "bad.yaml"), "sections"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    options: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text("id: x\ntitle: X\nkind: X\nsections: [cover, card]\n")
    template = options[1] if options[0] == "--template" else ""
    statements = [options[at + 1] for at, each in enumerate(options) if each == "--statement"]
    with pytest.raises(WorkbenchError, match=said):
        edition(asked_for(template, statements))

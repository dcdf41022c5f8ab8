"""Write the approvals on paper: minutes of the model committee, a register, a mandate."""

import csv
import io
import json
from pathlib import Path

import story
from story import Release


def write_papers(folder: Path) -> None:
    """Write every paper; text files with LF."""
    folder.mkdir()
    papers = {
        "2026-04-21-credit-scoring-v7.md": _minutes(story.release("credit-scoring", 7)),
        "2026-05-29-credit-scoring-v8.md": _late_minutes(story.release("credit-scoring", 8)),
        "2026-06-10-early-warning-v2.md": _minutes(story.release("early-warning", 2)),
        "register.csv": _register(),
        "release-policy-v4.json": _policy(),
    }
    for name, text in papers.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _minutes(release: Release) -> str:
    return f"""# Model committee, {release.approved:%d %B %Y}

Present: {story.VALIDATOR} (validation, chair), {story.COMPLIANCE} (compliance),
{story.STEWARD} (data steward), {release.developer} (developer, without a vote)

**{release.model} version {release.version}**: validation suite 4 passed, licence and consent basis
checked, challenger report read. Approved by {story.VALIDATOR}, countersigned by
{story.COMPLIANCE}. Release not before the next working day, 06:30 UTC.
"""


def _late_minutes(release: Release) -> str:
    return f"""# Model committee, 29 May 2026

Present: {story.VALIDATOR} (validation, chair), {story.COMPLIANCE} (compliance)

**{release.model} version {release.version}**: in production since
{release.deployed:%d %B %Y} under the emergency rule ({story.INCIDENT}). The committee takes note.
The papers name {story.VALIDATOR} as approver; validation suite 4 to be handed in later.
"""


def _register() -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("model", "version", "decision", "date", "approver", "countersigned"))
    for release in story.RELEASES:
        if release.approved and release.made >= story.FIRST:
            date, second = release.approved.date().isoformat(), story.COMPLIANCE
            rows.writerow(
                (release.model, release.version, "approved", date, release.tagged, second)
            )
    return text.getvalue()


def _policy() -> str:
    policy = {
        "policy": "release",
        "version": 4,
        "published": "2026-04-16",
        "owner": story.COMPLIANCE,
        "rules": {
            "four-eyes": "The approver of a version is not its developer.",
            "countersign": "Models on personal data need a second approval by compliance.",
            "emergency": "While an incident of severity 1 or 2 is open, validation may act alone.",
        },
    }
    return json.dumps(policy, indent=2) + "\n"

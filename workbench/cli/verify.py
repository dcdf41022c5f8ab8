"""``workbench verify``: what can be proven about these files, and what cannot."""

from datetime import UTC

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.model.contract import time_to_json, verification_to_json
from workbench.model.request import VerifyRequest
from workbench.model.source import Role
from workbench.model.verdict import Diagnosis, Dimension, SubjectVerdict
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.glossary import explain, headline

_CONTEXT_SHOWN = 10
_DIAGNOSES_SHOWN = 20
_CLOSING = {
    0: "Every required dimension passed.",
    1: "Something failed: see the diagnoses above.",
    2: "Nothing failed, but not everything required could be proven: the codes above say why.",
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help="Verify logs, models and catalogs, offline.")(verify)


def verify(
    paths: o.Paths,
    trust: o.Trust = None,
    confirm: o.Confirm = None,
    secret: o.Secret = None,
    threshold: o.Threshold = 1,
    anchor: o.Anchor = None,
    signature: o.Signature = None,
    artifact: o.Artifact = None,
    period: o.PeriodText = None,
    require: o.Require = None,
    profile: o.Profile = None,
    expect_count: o.ExpectCount = None,
    expect_head: o.ExpectHead = None,
    at: o.At = None,
    no_symlinks: o.NoSymlinks = False,
    as_json: o.AsJson = False,
) -> int:
    """Verify and print; the exit code is the verdict."""
    stated = o.Stated(
        trust,
        confirm,
        secret,
        threshold,
        anchor,
        signature,
        artifact,
        period,
        require,
        profile,
        expect_count,
        expect_head,
        at,
        no_symlinks,
    )
    verification = verified(o.request_of(paths, stated))
    if as_json:
        say_json(verification_to_json(verification))
    else:
        show(verification)
    return verification.exit_code


def verified(request: VerifyRequest) -> Verification:
    """Return the verification, with a progress line on the terminal."""
    from workbench.services import verification

    with work() as (progress, cancel):
        return verification.verify(request, progress=progress, cancel=cancel)


def in_four_words(verification: Verification) -> str:
    """Return the verdict of the case, one word a dimension."""
    words = ((d.value.capitalize(), verification.dimension(d)) for d in Dimension)
    return ", ".join(f"{name} {part.indication.value}" for name, part in words)


def show(verification: Verification) -> None:
    """Print a verification for a person in a hurry: verdicts, diagnoses, what it means."""
    at = time_to_json(verification.at.astimezone(UTC))
    say(f"Verified offline. Trust judged at {at}.")
    for source in verification.subjects:
        _show_source(source)
    _show_rest(verification)
    if not verification.subjects:
        say()
        say("Nothing here could be judged: no log, model or catalog was recognised.")
    say()
    say("" + _CLOSING[verification.exit_code] + f" Exit code {verification.exit_code}.")


def _show_source(source: SourceVerdict) -> None:
    verdict = source.verdict
    if verdict is None:
        return
    say()
    say(f"{_name(source)}  ({_facts(source, verdict)})")
    for dimension in Dimension:
        part = verdict.dimension(dimension)
        word = explain(part.code) if part.code else None
        code = f"{part.code or ''}{f': {word.short}' if word else ''}"
        say(f"  {dimension.value.capitalize():<13} {part.indication.value:<14} {code}".rstrip())
    for diagnosis in verdict.diagnoses[:_DIAGNOSES_SHOWN]:
        _show_diagnosis(diagnosis)
    if len(verdict.diagnoses) > _DIAGNOSES_SHOWN:
        say(f"  ... and {len(verdict.diagnoses) - _DIAGNOSES_SHOWN} more; --json lists them all.")
    for signature in verdict.signatures:
        by = f" trusted by {signature.trusted_by}" if signature.trusted_by else ""
        code = f" {signature.code}" if signature.code else ""
        over = f" over {signature.covers}" if signature.covers else ""
        signer = signature.signer or "unknown"
        say(f"  Signature by {signer}{over}: {signature.indication}{code}{by}")
    if verdict.not_covered:
        say(f"  Not covered by the digest: {', '.join(verdict.not_covered)}")
    for note in (*verdict.notes, *(problem.message for problem in source.problems)):
        say(f"  Note: {note}")


def _name(source: SourceVerdict) -> str:
    return source.path if source.member is None else f"{source.path} → {source.member}"


def _facts(source: SourceVerdict, verdict: SubjectVerdict) -> str:
    facts = [source.format]
    if verdict.profile:
        facts.append(f"profile {verdict.profile}")
    if verdict.records is not None:
        facts.append(f"{verdict.records:,} {'files' if source.format == 'oms' else 'records'}")
    facts.append(f"{source.size:,} bytes")
    return ", ".join(facts)


def _show_diagnosis(diagnosis: Diagnosis) -> None:
    place = [f"record {diagnosis.record:,}"] if diagnosis.record is not None else []
    place += [diagnosis.path] if diagnosis.path else []
    place += [f"byte {diagnosis.offset:,}"] if diagnosis.offset is not None else []
    place += [f"{diagnosis.count:,} concerned"] if (diagnosis.count or 0) > 1 else []
    say(f"  ! {diagnosis.kind.value} at {', '.join(place) or 'the whole'}")
    say(f"      {headline(diagnosis)}")
    if diagnosis.stored or diagnosis.recomputed:
        say(f"      stored      {diagnosis.stored or '-'}")
        say(f"      recomputed  {diagnosis.recomputed or '-'}")
    for explanation in diagnosis.explanations:
        say(f"      - {explanation}")


def _show_rest(verification: Verification) -> None:
    beside = [s for s in verification.sources if s.role is not Role.SUBJECT]
    if beside:
        say()
        say("Beside the subjects:")
    for source in beside:
        to = "leads to" if source.format == "link" else "for"
        pair = f" {to} {source.pairs_with}" if source.pairs_with else ""
        trusted = ", never trusted because it lies there" if source.role is Role.TRUST else ""
        say(f"  {source.role.value:<10} {_name(source)} ({source.format}{trusted}){pair}")
    shown = verification.context[:_CONTEXT_SHOWN]
    if shown:
        more = len(verification.context) - len(shown)
        tail = f" and {more} more" if more > 0 else ""
        say()
        say(f"Not judged (context): {', '.join(shown)}{tail}")
    for problem in verification.problems:
        say(f"Problem: {problem.message} [{problem.code}, {problem.locator}]")

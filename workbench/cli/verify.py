"""``workbench verify``: what can be proven about these files, and what cannot."""

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, warn, work
from workbench.model.request import VerifyRequest
from workbench.model.verification import Verification


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
    identity: o.Identity = None,
    issuer: o.Issuer = None,
    builder: o.Builder = None,
    source_uri: o.SourceUri = None,
    subject_digest: o.SubjectDigest = None,
    since: o.Since = None,
    recheck: o.Recheck = False,
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
        identity,
        issuer,
        builder,
        source_uri,
        subject_digest,
        since,
        recheck,
    )
    verification = verified(o.request_of(paths, stated))
    if as_json:
        from workbench.model.contract import verification_to_json

        say_json(verification_to_json(verification))
    else:
        from workbench.cli.show import closing, show

        show(verification)
        say(f"{closing(verification)} Exit code {verification.exit_code}.")
    return verification.exit_code


def verified(request: VerifyRequest) -> Verification:
    """Return the verification, with a progress line on the terminal."""
    from workbench.services import verification

    with work() as (progress, cancel):
        for warning in verification.warnings(request):
            warn(warning)
        return verification.verify(request, progress=progress, cancel=cancel)

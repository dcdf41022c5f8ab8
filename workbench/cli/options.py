"""Options that several commands share, and how their text becomes what a service is asked."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from workbench.errors import UsageError
from workbench.model.expectation import Expectation, Origin
from workbench.model.request import VerifyRequest
from workbench.model.stated import digest_of, dimensions_of, id_and_file, role_and_file
from workbench.model.stated import end_of as end_of
from workbench.model.stated import period_of as period_of
from workbench.model.stated import time_of as time_of

#: Rows that a command can be asked for, and the number of the first of them, at most.
MOST_ROWS = 1_000_000_000
#: Descriptors of a process are C integers.
MOST_DESCRIPTOR = 2**31 - 1


def named_path(text: str) -> Path:
    """Return a path as typed; an empty one would be taken for the current folder."""
    if not text:
        raise UsageError("A path is empty: name a file or a folder (the current one is a dot).")
    return Path(text)


def files_in(text: str | None) -> tuple[Path, ...]:
    """Return the file that ``ID|FILE`` names; none where it is an id."""
    return (Path(text),) if text and Path(text).is_file() else ()


Paths = Annotated[
    list[Path],
    typer.Argument(help="Files, folders or archives.", metavar="PATH…", parser=named_path),
]
Trust = Annotated[
    list[str] | None,
    typer.Option(
        "--trust",
        metavar="[ROLE=]FILE",
        help="Key, certificate, revocation list or trust store (YAML) you trust, for: log model "
        "attestation tsa witness report ca.",
    ),
]
Confirm = Annotated[
    list[str] | None,
    typer.Option(
        "--confirm", metavar="HEX", help="SHA-256 of a trusted key, compared out of band."
    ),
]
Secret = Annotated[
    list[str] | None,
    typer.Option("--secret", metavar="[ID=]FILE", help="Shared secret of an HMAC chain."),
]
Threshold = Annotated[
    int, typer.Option("--threshold", metavar="N", min=1, max=100, help="Trusted signers needed.")
]
Anchor = Annotated[
    list[Path] | None,
    typer.Option("--anchor", metavar="FILE", help="Signed head of a log.", parser=named_path),
]
Signature = Annotated[
    list[Path] | None,
    typer.Option("--signature", metavar="FILE", help="Signature of a model.", parser=named_path),
]
Artifact = Annotated[
    Path | None,
    typer.Option(
        "--artifact",
        metavar="PATH",
        help="File or folder that the named signatures and anchors are about.",
        parser=named_path,
    ),
]
PeriodText = Annotated[
    str | None,
    typer.Option("--period", metavar="FROM..TO", help="Audit period; dates mean whole UTC days."),
]
Require = Annotated[
    str | None,
    typer.Option(
        "--require",
        metavar="DIM,…",
        help="Dimensions that decide the exit code (default: integrity,authenticity,completeness).",
    ),
]
Profile = Annotated[
    str | None, typer.Option("--profile", metavar="ID|FILE", help="Chain profile to use.")
]
ExpectCount = Annotated[
    int | None, typer.Option("--expect-count", min=0, metavar="N", help="Records you expect.")
]
ExpectHead = Annotated[
    str | None,
    typer.Option("--expect-head", metavar="HEX", help="Digest of the last record you expect."),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="Judge trust as of this time (default: now)."),
]
NoSymlinks = Annotated[
    bool, typer.Option("--no-symlinks", help="Refuse models with symbolic links.")
]
Identity = Annotated[
    str | None,
    typer.Option(
        "--identity",
        metavar="ID",
        help="Who must have signed with a Sigstore certificate: its subject alternative name.",
    ),
]
Issuer = Annotated[
    str | None,
    typer.Option("--issuer", metavar="URL", help="Who must have vouched for that identity."),
]
Builder = Annotated[
    str | None,
    typer.Option(
        "--builder",
        metavar="ID",
        help="Builder that provenance must name, with or without @VERSION.",
    ),
]
SourceUri = Annotated[
    str | None,
    typer.Option(
        "--source-uri",
        metavar="URI",
        help="Source that provenance must name: host/owner/repository, with or without @VERSION.",
    ),
]
SubjectDigest = Annotated[
    str | None,
    typer.Option(
        "--subject-digest", metavar="HEX", help="Digest that must be among what is attested."
    ),
]
Mappings = Annotated[
    list[Path] | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="How the events of a log are read; see workbench mapping draft.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Since = Annotated[
    Path | None,
    typer.Option(
        "--since", metavar="FILE", help="An earlier verdict (--json): logs that grew are judged on."
    ),
]
Recheck = Annotated[
    bool,
    typer.Option(
        "--recheck", help="Judge again by a second, plain program, slowly, and compare the two."
    ),
]


@dataclass(frozen=True, slots=True)
class Stated:
    """The texts of the shared options, as typed."""

    trust: list[str] | None = None
    confirm: list[str] | None = None
    secret: list[str] | None = None
    threshold: int = 1
    anchor: list[Path] | None = None
    signature: list[Path] | None = None
    artifact: Path | None = None
    period: str | None = None
    require: str | None = None
    profile: str | None = None
    expect_count: int | None = None
    expect_head: str | None = None
    at: str | None = None
    no_symlinks: bool = False
    identity: str | None = None
    issuer: str | None = None
    builder: str | None = None
    source_uri: str | None = None
    subject_digest: str | None = None
    since: Path | None = None
    recheck: bool = False

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        trusted = (role_and_file(text)[1] for text in self.trust or ())
        secret = (id_and_file(text)[1] for text in self.secret or ())
        named = (*map(Path, trusted), *map(Path, secret), *files_in(self.profile))
        several = (*(self.anchor or ()), *(self.signature or ()))
        return (*named, *several, *filter(None, [self.artifact, self.since]))


def request_of(paths: list[Path], stated: Stated) -> VerifyRequest:
    """Return what is asked for.

    Raises:
        UsageError: an option cannot be understood.
    """
    return VerifyRequest(
        paths=tuple(paths),
        at=time_of(stated.at),
        trust=tuple(stated.trust or ()),
        confirm=tuple(stated.confirm or ()),
        secrets=tuple(stated.secret or ()),
        threshold=stated.threshold,
        signatures=tuple(stated.signature or ()),
        anchors=tuple(stated.anchor or ()),
        artifact=stated.artifact,
        expectation=Expectation(
            period=None if stated.period is None else period_of(stated.period),
            count=stated.expect_count,
            head=digest_of(stated.expect_head, "--expect-head"),
            profile=stated.profile,
            allow_symlinks=not stated.no_symlinks,
            origin=_origin(stated),
        ),
        required=dimensions_of(stated.require, "--require"),
        since=stated.since,
        recheck=stated.recheck,
    )


def _origin(stated: Stated) -> Origin:
    for option, text in (
        ("--identity", stated.identity),
        ("--issuer", stated.issuer),
        ("--builder", stated.builder),
        ("--source-uri", stated.source_uri),
    ):
        if text is not None and not text.strip():
            raise UsageError(f"{option} is empty.")
    return Origin(
        identity=stated.identity,
        issuer=stated.issuer,
        builder=stated.builder,
        source=stated.source_uri,
        digest=digest_of(stated.subject_digest, "--subject-digest"),
    )


def window_of(first: str | None, last: str | None) -> tuple[datetime | None, datetime | None]:
    """Return the ends of a window; a date as its end means that whole day."""
    return None if first is None else time_of(first), None if last is None else end_of(last)

"""Make the pages of a report anew and compare them with what was signed (promise 5).

A signature is appended to the bytes that were built, so a signed report begins with them. The same
content, settings and date have to give exactly these: on another machine, years later.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.errors import SourceError, UsageError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.case import Engagement
from workbench.model.edition import NOTHING_ASKED, PLAIN_EDITION, Edition, EditionAsked
from workbench.model.expectation import Period
from workbench.model.request import VerifyRequest
from workbench.model.selftest import SelfTestResult
from workbench.model.template import PLAIN
from workbench.model.verification import Verification
from workbench.report.build import BuiltReport, build_report
from workbench.report.context import ReportContext
from workbench.services.reports.editions import edition, templates
from workbench.services.reports.of_case import Asked, case_context, case_details
from workbench.services.reports.writing import Details, context_of, trust_of
from workbench.store.case_store import CaseStore
from workbench.verify.report.document import read_document
from workbench.verify.report.embedded import UnreadableDocument
from workbench.verify.report.structure import unsigned_part

_Object = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Compared:
    """A signed report against its pages made anew.

    Attributes:
        stated: SHA-256 of what lies before its first signature.
        rebuilt: SHA-256 of the pages made anew.
        offset: first byte in which they differ, or None where they are the same.
        manifest: the embedded manifests are the same: where the bytes are not, the results are.
    """

    stated: str
    rebuilt: str
    offset: int | None
    manifest: bool

    @property
    def same(self) -> bool:
        """Tell whether the report is byte for byte what its content gives."""
        return self.offset is None


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says of itself in its manifest, as far as it is needed to make it anew."""

    details: Details
    at: datetime
    signer: tuple[str, str, str]
    pack: str
    manifest: bytes


def told_by(signed: bytes, at_hand: EditionAsked = NOTHING_ASKED) -> Told:
    """Return what a signed report says of how it was made.

    ``at_hand``: the files of the user that it was made with: template, look.

    Raises:
        SourceError: it is no report of this program, or a file at hand cannot be read.
        UsageError: it was made with another template or look than is at hand.
    """
    try:
        raw = read_document(signed).attachments["manifest.json"]
        said = parse(raw, what="manifest.json", allow_halves=True)
        return _told(_object(said), raw, at_hand)
    except (UnreadableDocument, LookupError, ValueError, TypeError) as error:
        raise SourceError("That is no report of this program: its manifest is missing.") from error


def rebuilt(
    signed: bytes,
    request: VerifyRequest,
    verification: Verification,
    selftest: SelfTestResult,
    *,
    at_hand: EditionAsked = NOTHING_ASKED,
) -> Compared:
    """Make the report of a verification anew, as ``signed`` says that it was, and compare them.

    Raises:
        SourceError: it is no report of this program, or a trust file cannot be read any more.
    """
    told = told_by(signed, at_hand)
    trust = trust_of(request, verification)
    return _compared(
        signed, told, context_of(verification, selftest, told.details, trust=trust, key=None)
    )


def case_rebuilt(
    signed: bytes, case: CaseStore, asked: Asked, *, at_hand: EditionAsked = NOTHING_ASKED
) -> Compared:
    """Make the report of a case anew, as ``signed`` says that it was, and compare them.

    Raises:
        SourceError: it is no report of this program.
        UsageError: the case is not verified, or its verification is out of date.
    """
    told = told_by(signed, at_hand)
    said = told.details
    details = case_details(
        case, said.date, auditor=said.auditor, to=said.prepared_for, edition=said.edition
    )
    return _compared(signed, told, case_context(case, asked, details, key=None))


def _compared(signed: bytes, told: Told, context: ReportContext) -> Compared:
    subject, certificate, root = told.signer
    built = build_report(
        replace(context, signer=subject, signer_certificate=certificate, signer_root=root)
    )
    before = unsigned_part(signed)
    return Compared(
        stated=hashlib.sha256(before).hexdigest(),
        rebuilt=built.sha256,
        offset=_first_difference(before, built),
        manifest=told.manifest == built.manifest,
    )


def _first_difference(before: bytes, built: BuiltReport) -> int | None:
    if before == built.pdf:
        return None
    pairs = zip(before, built.pdf, strict=False)
    differing = (at for at, (one, other) in enumerate(pairs) if one != other)
    return next(differing, min(len(before), len(built.pdf)))


def _edition(said: JsonValue, at_hand: EditionAsked) -> Edition:
    """Return how a report says that it is made up; reports of before there were any say nothing.

    Raises:
        SourceError: a file at hand cannot be read.
        UsageError: a user's file is not at hand, or is another.
    """
    if said is None:
        return PLAIN_EDITION
    told = _object(said)
    template, look = _object(told["template"]), told["branding"]
    name = _text(template["id"])
    shipped = name == PLAIN.id or any(each.id == name for each in templates())
    if not shipped and not at_hand.template:
        raise UsageError(f"It was made with the template {name}: name its file with --template.")
    if look is not None and at_hand.branding is None:
        house = _text(_object(look)["id"])
        raise UsageError(f"It was made with the look of {house}: name its file with --branding.")
    found = edition(
        EditionAsked(
            template=at_hand.template or ("" if name == PLAIN.id else name),
            statements=tuple((k, _text(v)) for k, v in _object(told["statements"]).items()),
            branding=None if look is None else at_hand.branding,
            classification=_text(told["classification"]),
            draft=told["draft"] is True,
            language=_text(told["language"]),
        )
    )
    used = found.branding.sha256 if found.branding else None
    if (found.template.id, found.template.sha256) != (name, _text(template["sha256"])):
        raise UsageError(f"It was made with another template {name} than the one at hand.")
    if look is not None and used != _text(_object(look)["sha256"]):
        raise UsageError("It was made with another look than the one at hand.")
    return found


def _told(said: _Object, raw: bytes, at_hand: EditionAsked) -> Told:
    asked, signer = _object(said["engagement"]), _object(said["signer"])
    case = said["case"]
    pack = _object(case)["pack"] if case is not None else None
    engagement = Engagement(
        _text(asked["title"]),
        client=_text(asked["client"]),
        scope=_text(asked["scope"]),
        period=_period(asked["period"]),
        criteria=_text(asked["criteria"]),
        number=_text(asked["number"]),
    )
    details = Details(
        title=_text(said["title"]),
        auditor=_text(said["auditor"]),
        date=_time(said["report_date"]),
        engagement=engagement,
        prepared_for=_text(asked["prepared_for"]),
        edition=_edition(said.get("edition"), at_hand),
    )
    names = (_text(signer["subject"]), _text(signer["certificate"]), _text(signer["root"]))
    at = _time(_object(said["trust"])["at"])
    return Told(details, at, names, "" if pack is None else _text(_object(pack)["id"]), raw)


def _period(found: JsonValue) -> Period | None:
    if not isinstance(found, list):
        return None
    first, last = found
    return Period(_time(first), _time(last))


def _object(found: JsonValue) -> _Object:
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _text(found: JsonValue) -> str:
    if not isinstance(found, str):
        raise TypeError("no text")
    return found


def _time(found: JsonValue) -> datetime:
    return datetime.fromisoformat(_text(found))

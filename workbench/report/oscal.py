"""``oscal-ar.json``, embedded in the report: OSCAL assessment results, for programs of others.

NIST OSCAL 1.2.3. Its findings know two states. What could not be decided is ``not-satisfied`` for
the reason ``other``, never ``satisfied``: SP 800-53A has "other than satisfied" for what
an assessor could not get enough on. Verdicts on evidence are observations, and keep their words.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote
from uuid import UUID, uuid5

from workbench.evidence.text import visible
from workbench.model.case import EvidenceRef, Finding
from workbench.model.contract import Json, time_to_json
from workbench.model.policy import CheckOutcome, CheckResult
from workbench.model.verdict import Dimension, SubjectVerdict
from workbench.model.verification import SourceVerdict
from workbench.report.context import CaseContent, ReportContext
from workbench.report.phrases import name_of

NAME = "oscal-ar.json"
VERSION = "1.2.3"
SCHEMA = f"http://csrc.nist.gov/ns/oscal/{VERSION}/oscal-ar-schema.json"

_SPACE = UUID("f3c5dbb4-5d1f-5c3a-9d0e-6f2d1b0c7a41")
_NAMESPACE = "urn:audit-workbench:oscal"
#: Texts of OSCAL are CommonMark with insertions: what evidence says must not act in them.
_MARKUP = re.compile(r"([\\`*<>\[\]{}&])")
_NO_TOKEN = re.compile(r"[^\w.-]")
_STATES = {
    CheckOutcome.SATISFIED: ("satisfied", "pass"),
    CheckOutcome.NOT_SATISFIED: ("not-satisfied", "fail"),
    CheckOutcome.INDETERMINATE: ("not-satisfied", "other"),
}

_Object = dict[str, Json]


def results_bytes(context: ReportContext, seed: str) -> bytes:
    """Return the document as UTF-8 JSON: the same bytes for the same context.

    ``seed`` names the content of the report: every identifier follows from it.
    """
    document = _Document(context, seed).whole()
    return f"{json.dumps(document, ensure_ascii=True, indent=1, sort_keys=True)}\n".encode()


@dataclass(frozen=True, slots=True)
class _Document:
    """One document while it is made."""

    context: ReportContext
    seed: str

    def whole(self) -> _Object:
        return {
            "assessment-results": {
                "uuid": self._id("document"),
                "metadata": self._metadata(),
                "import-ap": {
                    "href": f"#{self._id('scope')}",
                    "remarks": "No assessment plan was written in OSCAL; the scope is in words.",
                },
                "results": [self._result()],
                "back-matter": {"resources": [self._scope(), *self._sources()]},
            }
        }

    def _id(self, *names: str | int) -> str:
        return str(uuid5(_SPACE, json.dumps([self.seed, *names])))

    def _metadata(self) -> _Object:
        context = self.context
        found: _Object = {
            "title": _line(context.title),
            "last-modified": time_to_json(context.report_date),
            "version": _line(context.engagement.number or "1"),
            "oscal-version": VERSION,
            "props": [_prop("tool", f"Audit Workbench {context.tool_version}")],
        }
        if context.auditor:
            party = self._id("auditor")
            found["roles"] = [{"id": "assessor", "title": "Auditor"}]
            found["parties"] = [{"uuid": party, "type": "person", "name": _string(context.auditor)}]
            found["responsible-parties"] = [{"role-id": "assessor", "party-uuids": [party]}]
        return found

    def _result(self) -> _Object:
        context, period = self.context, self.context.engagement.period
        found: _Object = {
            "uuid": self._id("result"),
            "title": _line(context.title),
            "description": "What could be proven of the evidence, and what the checks said.",
            "start": time_to_json(period.first if period else context.verification.at),
            "reviewed-controls": {"control-selections": [{"include-all": {}}]},
        }
        if period:
            found["end"] = time_to_json(period.last)
        observations, findings = list(self._verdicts()), list[Json]()
        for observation, finding in self._of_case(context.case):
            observations.append(observation)
            findings += [finding] if finding else []
        # minItems is 1 for both: an empty list is left out.
        found |= {"observations": observations} if observations else {}
        found |= {"findings": findings} if findings else {}
        return found

    def _verdicts(self) -> Iterator[Json]:
        for number, source in enumerate(self.context.verification.sources):
            if source.verdict is not None:
                for dimension in Dimension:
                    yield self._verdict(number, source, source.verdict, dimension)

    def _verdict(
        self, number: int, source: SourceVerdict, verdict: SubjectVerdict, dimension: Dimension
    ) -> _Object:
        answer = verdict.dimension(dimension)
        title = f"{dimension.value.capitalize()} of {name_of(source)}"
        return {
            "uuid": self._id("verdict", number, dimension.value),
            "title": _line(title),
            "description": _line(f"{title}: {answer.indication} {answer.code or ''}"),
            "props": [
                _prop("dimension", dimension.value),
                _prop("indication", answer.indication),
                *(_prop("code", code) for code in filter(None, answer.codes)),
            ],
            "methods": ["TEST"],
            "types": ["discovery"],
            "relevant-evidence": [
                {"href": f"#{self._id('source', number)}", "description": _line(name_of(source))}
            ],
            "collected": time_to_json(self.context.verification.at),
        }

    def _of_case(self, case: CaseContent | None) -> Iterator[tuple[_Object, _Object | None]]:
        """Yield an observation for each check and finding of a case, and what is concluded."""
        for finding in case.findings if case else ():
            yield self._finding(finding)
        for result in case.checks if case else ():
            yield self._check(result)

    def _finding(self, finding: Finding) -> tuple[_Object, _Object]:
        said = finding.condition or finding.title
        observation = self._observation("finding", finding.id, finding.title, said)
        observation["methods"] = ["EXAMINE"]
        if places := self._places(finding.evidence):
            observation["relevant-evidence"] = places
        parts = ("criteria", "cause", "consequence", "corrective_action", "response", "retest")
        props = [_prop("severity", finding.severity.value), _prop("state", finding.state.value)]
        props += [
            _prop(name.replace("_", "-"), text)
            for name in parts
            if (text := getattr(finding, name))
        ]
        return observation, {
            "uuid": self._id("conclusion", "finding", finding.id),
            "title": _line(finding.title),
            "description": _lines(said),
            "props": props,
            "target": _target(finding.id, "not-satisfied", "fail"),
            "related-observations": [{"observation-uuid": observation["uuid"]}],
        }

    def _check(self, result: CheckResult) -> tuple[_Object, _Object | None]:
        check, outcome = result.check, result.outcome
        told = " ".join(filter(None, (result.reason, result.protection)))
        observation = self._observation("check", check.id, check.title, told or result.said)
        observation["methods"] = ["TEST"]
        observation["props"] = [
            _prop("outcome", outcome.value),
            _prop("population", str(result.population)),
            _prop("tested", str(result.tested)),
            _prop("exceptions", str(len(result.exceptions))),
            _prop("undecided", str(len(result.undecided))),
            *(_prop("rests-on", f"{count} {footing.value}") for footing, count in result.basis),
        ]
        places = (ref for row in result.exceptions for ref in row.evidence)
        if evidence := self._places(places):
            observation["relevant-evidence"] = evidence
        if outcome not in _STATES:
            return observation, None
        target = _target(check.id, *_STATES[outcome], remarks=f"{result.said}. {told}".strip())
        return observation, {
            "uuid": self._id("conclusion", "check", check.id),
            "title": _line(check.title),
            "description": _lines(check.criteria or check.title),
            "target": target,
            "related-observations": [{"observation-uuid": observation["uuid"]}],
        }

    def _observation(self, kind: str, key: str, title: str, said: str) -> _Object:
        return {
            "uuid": self._id("observation", kind, key),
            "title": _line(title),
            "description": _lines(said),
            "types": ["finding" if kind == "finding" else "control-objective"],
            "collected": time_to_json(self.context.verification.at),
        }

    def _places(self, evidence: Iterator[EvidenceRef] | tuple[EvidenceRef, ...]) -> list[Json]:
        known = {s.sha256: at for at, s in enumerate(self.context.verification.sources)}
        return [
            {
                "href": f"#{self._id('source', known[ref.sha256])}"
                if ref.sha256 in known
                else f"urn:sha256:{ref.sha256}",
                "description": _line(ref.note or str(ref.locator)),
                "props": [_prop("place", str(ref.locator)), _prop("sha256", ref.sha256)],
            }
            for ref in evidence
        ]

    def _scope(self) -> _Object:
        engagement = self.context.engagement
        said = engagement.scope or engagement.title or self.context.title
        return {"uuid": self._id("scope"), "title": "Scope", "description": _lines(said)}

    def _sources(self) -> Iterator[_Object]:
        for number, source in enumerate(self.context.verification.sources):
            link: _Object = {"href": _href(source)}
            if source.sha256:
                link["hashes"] = [{"algorithm": "SHA-256", "value": source.sha256}]
            yield {
                "uuid": self._id("source", number),
                "title": _line(name_of(source)),
                "props": [_prop("role", source.role.value), _prop("bytes", str(source.size))],
                "rlinks": [link],
            }


def _target(key: str, state: str, reason: str, remarks: str = "") -> _Object:
    status: _Object = {"state": state, "reason": reason}
    if remarks:
        status["remarks"] = _lines(remarks)
    return {"type": "objective-id", "target-id": _token(key), "status": status}


def _prop(name: str, value: str) -> _Object:
    return {"name": name, "ns": _NAMESPACE, "value": _string(value)}


def _href(source: SourceVerdict) -> str:
    """Return a place as a relative reference that nothing follows (RFC 3986 4.2)."""
    escaped = partial(quote, safe="/", errors="surrogateescape")
    path = f"./{escaped(source.path)}"
    return f"{path}#{escaped(source.member)}" if source.member else path


def _token(text: str) -> str:
    """Return an identifier that begins as OSCAL wants it (a letter or an underscore)."""
    found = _NO_TOKEN.sub("-", visible(text))
    return found if found[:1].isalpha() else f"_{found}"


def _string(text: str) -> str:
    """Return text without anything hidden and without space around it; never empty."""
    return visible(text).strip() or "not stated"


def _line(text: str) -> str:
    """Return text that no reader of CommonMark takes for more than text."""
    return _MARKUP.sub(r"\\\1", _string(text))


def _lines(text: str) -> str:
    """Return text of several lines in the same way."""
    lines = (visible(line).strip() for line in text.splitlines())
    return "\n\n".join(_MARKUP.sub(r"\\\1", line) for line in lines if line) or "not stated"

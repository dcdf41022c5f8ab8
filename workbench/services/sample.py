"""The sample case that ships with the program: where it lies, and how it wants to be verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench import resources
from workbench.errors import SourceError
from workbench.evidence.file import read_whole, single
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.case import Engagement
from workbench.model.expectation import Expectation, Period
from workbench.model.request import VerifyRequest


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample.

    Attributes:
        folder: where it lies.
        engagement: who asked for what, as far as a sample has that.
        at: the time for which its trust is judged, aware UTC.
        trust: ``[ROLE=]FILE`` each.
        secrets: ``[ID=]FILE`` each.
    """

    folder: Path
    engagement: Engagement
    at: datetime
    trust: tuple[str, ...]
    secrets: tuple[str, ...]

    @property
    def evidence(self) -> Path:
        """Return where its evidence lies."""
        return self.folder / "evidence"

    def request(self) -> VerifyRequest:
        """Return how it wants to be verified."""
        return VerifyRequest(
            paths=(self.evidence,),
            at=self.at,
            trust=self.trust,
            secrets=self.secrets,
            expectation=Expectation(period=self.engagement.period),
        )


def load() -> Sample:
    """Return the sample.

    Raises:
        SourceError: it did not come with the program as it should.
    """
    folder = resources.path("sample")
    said = parse(read_whole(single(folder / "expected.json")), what="expected.json")
    if not isinstance(said, dict):
        raise SourceError("The sample's expected.json is not an object.")
    first, last = (datetime.fromisoformat(text) for text in _texts(said, "period"))
    return Sample(
        folder=folder,
        engagement=Engagement(
            title=str(said.get("title", "")),
            client=str(said.get("client", "")),
            period=Period(first, last),
        ),
        at=datetime.fromisoformat(str(said.get("at", ""))),
        trust=_places(folder, _texts(said, "trust")),
        secrets=_places(folder, _texts(said, "secret")),
    )


def _places(folder: Path, specs: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``[ROLE=]FILE`` with the file below the sample's folder."""
    pairs = (spec.rpartition("=") for spec in specs)
    return tuple(f"{role}{equals}{folder / name}" for role, equals, name in pairs)


def _texts(said: Mapping[str, JsonValue], key: str) -> tuple[str, ...]:
    value = said.get(key)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()

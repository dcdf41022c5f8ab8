"""The second opinion agrees where the first is right, and says so where it is not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.verify.chain.judging import AT
from workbench import resources
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Code, Indication, SecondOpinion, SubjectVerdict, passed
from workbench.model.verification import SourceVerdict, Verification
from workbench.services import verification
from workbench.services.verification import judging
from workbench.verify.chain import piece, quick
from workbench.verify.chain.engine import Engine
from workbench.verify.recheck.opinion import NoOpinionError
from workbench.verify.recheck.recipe import json_bytes
from workbench.verify.recheck.strict import BadJsonError, read

VECTORS = sorted(p.parent for p in resources.path("selftest").rglob("expected.json"))


def judged(drop: Path, *, trust: tuple[str, ...] = (), **stated: object) -> Verification:
    request = VerifyRequest(paths=(drop,), at=AT, trust=trust, recheck=True)
    return verification.verify(replace(request, **stated), progress=Silent(), cancel=Cancel())


def opinion(source: SourceVerdict) -> str:
    assert source.verdict is not None
    return next(s.result for s in source.verdict.steps if s.did.startswith("Judged again"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda p: p.name)
def test_of_no_vector_the_programs_say_two_things(vector: Path) -> None:
    stated = json.loads((vector / "expected.json").read_bytes()).get("secret") or []
    secrets = tuple(spec.replace("trust/", f"{vector}/trust/") for spec in stated)
    given = [str(path) for path in sorted(vector.glob("trust/*"))]
    trust = tuple(path for path in given if not any(spec.endswith(path) for spec in secrets))
    for source in judged(vector / "drop", trust=trust, secrets=secrets).subjects:
        said = opinion(source)
        assert said.startswith(("Both agree.", "There is none")), said
        assert source.verdict is not None
        assert Code.SECOND_OPINION_DIFFERS not in source.verdict.integrity.codes


JUDGED_TWICE = ["workbench", "certmate", "cmcp", "hashchainalgo", "earcrawler", "agentmesh"]


@pytest.mark.parametrize("kind", JUDGED_TWICE)
@pytest.mark.parametrize("spoil", ["nothing", "edit", "delete", "swap", "torn"])
def test_both_programs_find_the_same_of_a_log(kind: str, spoil: str, tmp_path: Path) -> None:
    log = LogBuilder(kind, 30)
    lines = log.lines()
    if spoil == "edit":
        log.edit(7)
        lines = log.lines()
    elif spoil == "delete":
        del lines[7]
    elif spoil == "swap":
        lines[7], lines[8] = lines[8], lines[7]
    elif spoil == "torn":
        lines[7] = lines[7][:20]
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (source,) = judged(tmp_path).subjects
    assert source.verdict is not None
    expected = Indication.PASSED if spoil == "nothing" else Indication.FAILED
    assert source.verdict.integrity.indication is expected
    holds = "hold" if spoil == "nothing" else "do not hold"
    assert f"digests and links: {holds}" in opinion(source)
    assert opinion(source).startswith("Both agree.")
    assert source.verdict is not None
    assert source.verdict.second_opinion is SecondOpinion.AGREES


def spoiled_log(folder: Path) -> None:
    log = LogBuilder("workbench", 12)
    log.edit(5)
    log.write(folder)


def test_a_first_program_that_lets_an_altered_record_pass_is_contradicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled_log(tmp_path)
    monkeypatch.setattr(Engine, "recompute", lambda self, record, raw, **_: self.own(record))
    monkeypatch.setattr(piece, "quick_path", lambda profile: None)
    (source,) = judged(tmp_path).subjects
    assert source.verdict is not None
    assert source.verdict.integrity.indication is Indication.INDETERMINATE
    assert source.verdict.integrity.code == Code.SECOND_OPINION_DIFFERS
    assert "digests and links: first hold, second do not hold" in opinion(source)
    assert "alone said Integrity PASSED" in opinion(source)


def test_a_fast_way_that_takes_everything_is_contradicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = LogBuilder("workbench", 12)
    log.records[8]["actor"] = "mallory"
    log.write(tmp_path)

    def proven(self: quick.QuickPath, block: bytes, before: object, limit: int) -> object:
        lines = LogBuilder("workbench", 12).lines()[1:]
        good = b"\n".join(lines) + b"\n"
        return honest(self, good, before, limit)  # type: ignore[arg-type]

    honest = quick.QuickPath._proven
    monkeypatch.setattr(quick.QuickPath, "_proven", proven)
    (source,) = judged(tmp_path).subjects
    assert source.verdict is not None
    assert source.verdict.integrity.code == Code.SECOND_OPINION_DIFFERS


def test_a_first_program_that_sees_what_is_not_there_is_contradicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LogBuilder("workbench", 12).write(tmp_path)
    monkeypatch.setattr(Engine, "recompute", lambda *_, **__: "0" * 64)
    monkeypatch.setattr(piece, "quick_path", lambda profile: None)
    (source,) = judged(tmp_path, expectation=Expectation(profile="workbench")).subjects
    assert source.verdict is not None
    assert source.verdict.integrity.indication is Indication.FAILED  # the worst of the parts
    assert Code.SECOND_OPINION_DIFFERS in source.verdict.integrity.codes
    assert source.verdict.integrity.code != Code.SECOND_OPINION_DIFFERS
    assert source.verdict.second_opinion is SecondOpinion.DIFFERS
    assert "first do not hold, second hold" in opinion(source)
    assert source.verdict.assurance == ()


@pytest.fixture
def model(tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    vector = resources.path("selftest", "oms")
    found = vector / "key-intact"
    for file in sorted((found / "drop").rglob("*")):
        if file.is_file():
            copy = tmp_path / "drop" / file.relative_to(found / "drop")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    return tmp_path / "drop", tuple(map(str, sorted((found / "trust").glob("*"))))


def test_a_first_program_that_overlooks_an_altered_file_is_contradicted(
    model: tuple[Path, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drop, trust = model
    (source,) = judged(drop, trust=trust).subjects
    before = opinion(source)
    weights = next(drop.rglob("*.safetensors"))
    weights.write_bytes(b"x" + weights.read_bytes()[1:])
    (source,) = judged(drop, trust=trust).subjects
    assert "files altered: model.safetensors" in opinion(source)
    assert "files altered: none" in before

    def blind(subject: object, bench: object) -> SubjectVerdict:
        verdict = honest(subject, bench)  # type: ignore[arg-type]
        return replace(verdict, diagnoses=(), integrity=passed("ANCHORED"))

    honest = judging.judge
    monkeypatch.setattr(judging, "judge", blind)
    (source,) = judged(drop, trust=trust).subjects
    assert source.verdict is not None
    assert source.verdict.integrity.code == Code.SECOND_OPINION_DIFFERS
    assert "files altered: first none, second model.safetensors" in opinion(source)


def test_without_the_option_nothing_is_judged_twice(tmp_path: Path) -> None:
    LogBuilder("workbench").write(tmp_path)
    (source,) = judged(tmp_path, recheck=False).subjects
    assert source.verdict is not None
    assert not any(s.did.startswith("Judged again") for s in source.verdict.steps)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b"NaN",
        b'"\\ud83d"',
        b"\xff",
        b"1e999",
        b"[" * 201 + b"]" * 201,
        b"01",
        b"",
    ],
)
def test_what_two_programs_read_differently_is_refused(data: bytes) -> None:
    with pytest.raises(BadJsonError):
        read(data, spelled=False)


def test_numbers_are_written_as_ecmascript_does() -> None:
    from workbench.model.recipe import JsonStyle, Numbers

    style = JsonStyle(numbers=Numbers.ECMASCRIPT)
    values = [1e21, 1e20, 1e-7, 0.000001, -0.0, 1.0, 123.456, 5e-324, 1.7976931348623157e308]
    texts = [json_bytes(value, style).decode() for value in values]
    assert texts == [
        "1e+21", "100000000000000000000", "1e-7", "0.000001", "0", "1", "123.456", "5e-324",
        "1.7976931348623157e+308",
    ]  # fmt: skip


def test_what_is_not_judged_twice_says_why(tmp_path: Path) -> None:
    LogBuilder("bernstein").write(tmp_path)
    (source,) = judged(tmp_path).subjects
    assert opinion(source).startswith("There is none where the first says NOT_RECOMPUTABLE")
    assert issubclass(NoOpinionError, Exception)

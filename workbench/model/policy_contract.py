"""What ``check --json`` prints."""

from workbench.model import schema
from workbench.model.contract import Json
from workbench.model.policy import CheckResult, Framework, Pack, Row, mapped


def checks_to_json(
    pack: Pack,
    results: tuple[CheckResult, ...],
    exit_code: int,
    frameworks: tuple[Framework, ...] = (),
) -> dict[str, Json]:
    """Return the document of ``check --json``."""
    return {
        "schema": schema.CHECKS,
        "exit": exit_code,
        "pack": {"id": pack.id, "version": pack.version, "sha256": pack.sha256},
        "notes": list(results[0].notes) if results else [],
        "frameworks": [_framework(one) for one in mapped(pack.checks, frameworks)],
        "checks": [_result(result) for result in results],
    }


def _framework(framework: Framework) -> Json:
    return {
        "id": framework.id,
        "title": framework.title,
        "from": framework.first.isoformat() if framework.first else None,
        "until": framework.last.isoformat() if framework.last else None,
        "status": framework.status,
        "source": framework.source,
    }


def _result(result: CheckResult) -> Json:
    check = result.check
    return {
        "id": check.id,
        "title": check.title,
        "severity": check.severity.value,
        "outcome": result.outcome.value,
        "population": result.population,
        "tested": result.tested,
        "exceptions": [_row(row) for row in result.exceptions],
        "undecided": [{**_row(one.row), "reason": one.reason} for one in result.undecided],
        "reason": result.reason,
        "said": result.said,
        "protection": {footing.value: count for footing, count in result.basis},
        "mappings": [{"framework": m.framework, "clause": m.clause} for m in check.mappings],
    }


def _row(row: Row) -> dict[str, Json]:
    places: list[Json] = [
        {"sha256": place.sha256, "locator": str(place.locator)} for place in row.evidence
    ]
    return {"label": row.label, "evidence": places}

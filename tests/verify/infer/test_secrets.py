"""Recipes of one log of which only one needs a secret."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from commands import workbench

SECRET = b"what the writer knew"


@pytest.mark.parametrize("keyed", [range(20), range(20, 40)])
def test_a_log_whose_writer_gave_up_or_got_a_secret_is_explained(
    tmp_path: Path, keyed: range
) -> None:
    (tmp_path / "secret").write_bytes(SECRET)
    before, lines = None, []
    for n in range(40):
        record = {"seq": n, "did": f"act {n % 3}", "amount": n * 3, "previous_digest": before}
        data = json.dumps(record, sort_keys=True).encode()
        before = hashlib.sha256(data).hexdigest()
        if n in keyed:
            before = hmac.new(SECRET, data, "sha256").hexdigest()
        lines.append(json.dumps({**record, "hash": before}) + "\n")
    (tmp_path / "log.jsonl").write_text("".join(lines))
    secret = ["--secret", tmp_path / "secret"]
    found = tmp_path / "found.yaml"
    said = workbench("profile", "infer", tmp_path / "log.jsonl", "--out", found, *secret).stdout
    assert "it reproduces 40 of the 40 records looked at" in said
    for by in ([], ["--profile", found]):
        done = workbench("verify", tmp_path / "log.jsonl", "--json", *by, *secret)
        (source,) = json.loads(done.stdout)["sources"]
        assert source["integrity"]["indication"] == "PASSED"
        assert source["diagnoses"] == []

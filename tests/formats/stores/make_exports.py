"""Make the other forms in which a store of MLflow is handed over, with the real tools.

Run in an environment of its own that has mlflow-export-import (which brings MLflow), never in ours:

    python make_exports.py FOLDER

writes into FOLDER a file store (``mlruns``), what a server over the store that ``make_store.py``
made answers by REST (``rest``, ``pages``), and what ``export-all`` makes of that server
(``export``). They are kept as they are:

    tar --sort=name --owner=0 --group=0 -cJf mlflow-exports.tar.xz -C FOLDER .
"""

import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

import mlflow
from make_store import make_inputs, make_models, make_registry, make_runs
from mlflow import MlflowClient

HERE = Path(__file__).parent
STORE = HERE / "mlflow-3.17.2.db.xz"
SEARCHES = {
    "experiments": {"view_type": "ALL", "max_results": 100},
    "runs": {"run_view_type": "ALL", "max_results": 100},
    "registered-models": {},
    "model-versions": {},
    "logged-models": {},
}


def make_files(folder: Path) -> None:
    """Make a file store with one of everything."""
    mlflow.set_tracking_uri(folder.as_uri())
    client = MlflowClient()
    owner = {"owner": "risk@example.org"}
    risk = client.create_experiment("credit-risk", "s3://ml/credit-risk", owner)
    client.delete_experiment(client.create_experiment("abandoned", "s3://ml/abandoned"))
    runs = make_runs(client, risk)
    client.log_metric(runs["finished"], "validation/loss of fold", 0.25, 1_767_225_600_000, 0)
    make_inputs(client, runs)
    make_models(client, risk, runs)
    make_registry(client, runs)
    client.delete_run(runs["deleted"])
    for meta in folder.rglob("meta.yaml"):  # where it was made is nobody's business
        meta.write_text(meta.read_text().replace(folder.as_uri(), "file:///srv/mlruns"))


def make_answers(folder: Path, app: object) -> None:
    """Save what searches return, and the runs once more on pages of four."""
    folder.mkdir()
    client = app.test_client()
    ids = [e["experiment_id"] for e in _search(client, "experiments", {})["experiments"]]
    for what, body in SEARCHES.items():
        wanted = body | ({"experiment_ids": ids} if what in {"runs", "logged-models"} else {})
        _write(folder / f"{what}.json", _search(client, what, wanted))
    pages, token, number = folder.parent / "pages", "", 0
    pages.mkdir()
    while number == 0 or token:
        number += 1
        body = {"experiment_ids": ids, "run_view_type": "ALL", "max_results": 4}
        answer = _search(client, "runs", body | ({"page_token": token} if token else {}))
        token = answer.get("next_page_token", "")
        _write(pages / f"runs-{number}.json", answer)


def _search(client: object, what: str, body: dict[str, object]) -> dict[str, object]:
    url = f"/api/2.0/mlflow/{what}/search"
    if what in {"registered-models", "model-versions"}:
        answer = client.get(url, query_string=body)
    else:
        answer = client.post(url, json=body or {"max_results": 100})
    assert answer.status_code == 200, answer.data
    return json.loads(answer.data)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1))


def make_export(folder: Path, app: object) -> None:
    """Run ``export-all`` against a server, without the version that no run made: it would crash."""
    from werkzeug.serving import make_server

    client = app.test_client()
    for version in _search(client, "model-versions", {})["model_versions"]:
        if not version.get("run_id"):
            named = {"name": version["name"], "version": version["version"]}
            client.delete("/api/2.0/mlflow/model-versions/delete", json=named)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tool = Path(sys.executable).with_name("export-all")
    subprocess.run(
        [tool, "--output-dir", folder],
        env=os.environ | {"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{server.port}"},
        check=False,
    )
    server.shutdown()
    for file in folder.rglob("*.json"):  # who made it and where is nobody's business
        text = file.read_text().replace(str(folder.parent), "/srv")
        text = text.replace(f"http://127.0.0.1:{server.port}", "http://mlflow.example.org")
        file.write_text(text.replace(f'"user": "{os.environ.get("USER", "root")}"', '"user": "a"'))


def served(database: Path) -> object:
    """Return the server over a copy of the store."""
    database.write_bytes(lzma.decompress(STORE.read_bytes()))
    os.environ["_MLFLOW_SERVER_FILE_STORE"] = f"sqlite:///{database}"
    os.environ["_MLFLOW_SERVER_REGISTRY_STORE"] = f"sqlite:///{database}"
    os.environ["_MLFLOW_SERVER_ARTIFACT_ROOT"] = "s3://ml"
    from mlflow.server import app

    return app


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        make_files(Path(scratch, "mlruns"))
        shutil.move(Path(scratch, "mlruns"), target / "mlruns")
        app = served(Path(scratch, "copy.db"))
        make_answers(target / "rest", app)
        make_export(target / "export", app)

"""Write model folders and sign them with the reference tool of OpenSSF Model Signing."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import story
from story import Release
from training import Model


def write_model(folder: Path, release: Release, learned: Model, run_id: str) -> str:
    """Write one model as MLflow lays it out and return the SHA-256 of its weights."""
    folder.mkdir(parents=True)
    weights = _safetensors({"weights": learned.weights, "bias": np.array([learned.bias])})
    files = {
        "MLmodel": _mlmodel(release, run_id),
        "config.json": _config(release, learned),
        "requirements.txt": "numpy==2.3.5\nsafetensors==0.6.2\n",
        "README.md": _card(release, learned),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "model.safetensors").write_bytes(weights)
    return sha256(weights).hexdigest()


def sign(folder: Path, kind: str, *options: str | Path) -> None:
    """Write ``model.sig`` into ``folder``; ``kind`` is ``certificate`` or ``key``."""
    command = [sys.executable, "-m", "model_signing", "sign", kind, str(folder)]
    signature = folder / "model.sig"
    subprocess.run(
        [*command, "--signature", str(signature), *map(str, options)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _safetensors(tensors: dict[str, np.ndarray]) -> bytes:
    """Return the safetensors form: length of the header, header, little-endian values."""
    header, body = {}, b""
    for name, tensor in tensors.items():
        data = tensor.astype("<f4").tobytes()
        place = [len(body), len(body) + len(data)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": place}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + body


def _mlmodel(release: Release, run_id: str) -> str:
    return (
        f"artifact_path: model\nflavors:\n  python_function:\n    env: requirements.txt\n"
        f"    loader_module: aldermoor.scoring\n    python_version: 3.11.9\n"
        f"mlflow_version: 3.17.2\nrun_id: {run_id}\n"
        f"utc_time_created: '{release.made:%Y-%m-%d %H:%M:%S.%f}'\n"
    )


def _config(release: Release, learned: Model) -> str:
    config = {
        "model": release.model,
        "version": release.version,
        "kind": "logistic-regression",
        "features": list(story.FEATURES),
        "threshold": 0.42,
        "metrics": {"auc": learned.auc, "brier": learned.brier},
    }
    return json.dumps(config, indent=2) + "\n"


def _card(release: Release, learned: Model) -> str:
    return f"""# {release.model} {release.version}

Chance that an applicant falls 90 days behind within a year. {story.BANK}, credit-scoring team.

* Developer: {release.developer}
* Learned from: applications of the month before {release.made:%B %Y}, personal data, consent
  basis contract
* Features: {", ".join(story.FEATURES)}
* Test: applications of December 2025, AUC {learned.auc}, Brier score {learned.brier}
* Intended use: decisions on consumer credit up to 25,000 EUR, with a human review of refusals
* Not for: business customers, minors, prices
* Licence: proprietary
"""

"""Write dbt-manifest.json and dbt-run-results.json with dbt-core and dbt-duckdb.

Run it in an environment of its own. Macros of the adapter and places of this machine are left out.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner

FILES = {
    "dbt_project.yml": "name: scoring\nversion: '1.0'\nprofile: scoring\nmodel-paths: [models]\n",
    "profiles.yml": (
        "scoring:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: scoring.duckdb}\n"
    ),
    "seeds/applications.csv": "id,income,debt\n1,100,20\n2,80,60\n",
    "models/clean.sql": "select id, income, debt from {{ ref('applications') }} where income > 0\n",
    "models/features.sql": "select id, debt / income as ratio from {{ ref('clean') }}\n",
    "models/broken.sql": "select nothing_of_the_kind from {{ ref('features') }}\n",
    "models/schema.yml": (
        "version: 2\nmodels:\n  - name: features\n    meta: {owner: risk}\n"
        "    config: {tags: [credit]}\n    columns:\n      - name: id\n        tests: [unique]\n"
        "exposures:\n  - name: scorer\n    type: ml\n"
        "    owner: {name: R. Dubois, email: r@x.example}\n"
        "    depends_on: [ref('features')]\n"
    ),
}
LEFT_OUT = {"macros", "docs", "selectors", "invocation_command", "log_path", "project_dir"}


def smaller(value: object) -> object:
    if isinstance(value, dict):
        return {
            k: {} if k in LEFT_OUT and isinstance(v, dict) else smaller(v)
            for k, v in value.items()
            if not (k in LEFT_OUT and isinstance(v, str))
        }
    if isinstance(value, list):
        return [smaller(one) for one in value]
    return "/project" if isinstance(value, str) and "/tmp" in value else value


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        for name, text in FILES.items():
            path = Path(place) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        os.chdir(place)
        os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
        here = ["--project-dir", place, "--profiles-dir", place]
        dbtRunner().invoke(["build", *here])
        for name in ("manifest", "run_results"):
            value = smaller(json.loads((Path(place) / "target" / f"{name}.json").read_text()))
            target = folder / f"dbt-{name.replace('_', '-')}.json"
            target.write_text(json.dumps(value, indent=1) + "\n")


main(Path(sys.argv[1]).resolve())

#!/usr/bin/env bash
# Writes dvc.lock and applications.csv.dvc with dvc 3: run it in an environment of its own.
set -eu
target=$(realpath "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
export DVC_NO_ANALYTICS=1
dvc init --quiet --no-scm
mkdir data
printf 'id,income,debt\n1,100,20\n' >data/applications.csv
printf 'seed: 7\nmodel:\n  C: 1.10\n' >params.yaml
printf 'import shutil, os\nos.makedirs("features")\nshutil.copy("data/applications.csv", "features/a.csv")\n' >clean.py
printf 'open("model.txt", "w").write("model")\n' >train.py
dvc add --quiet data/applications.csv
dvc stage add --quiet -n clean -d clean.py -d data/applications.csv -o features 'python clean.py'
dvc stage add --quiet -n train -d train.py -d features -p seed,model.C -o model.txt 'python train.py'
dvc repro --quiet
cp dvc.lock "$target/dvc.lock"
cp data/applications.csv.dvc "$target/applications.csv.dvc"

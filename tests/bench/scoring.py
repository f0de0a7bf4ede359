#!/usr/bin/env python3
"""Measures training, scoring and loading of models beside scikit-learn, XGBoost and ONNX Runtime, and the nightly job.

    cmake --preset bench && ninja -C build/bench bench_scoring bench_trees bench_limit slipwayctl slipway-kernel
    tests/bench/scoring.py [--smoke] [--rows N] [--rounds N] [--only linear,titanic,trees,csv,nightly,load,memory] [--build build/bench]

Candidates run in turn, A B C A B C …, so that a busy machine is busy for everybody. linear, titanic and trees: one thread, one
process for each round, which times itself without reading its data; csv, nightly and load: whole programs, from start to end,
children included. The last table says what was aimed at and what was reached, by CPU and by wall time; only ratios of one run are
claims. PostgreSQL is started for the run, and its CPU time counts; with it the original's Python runs once. scikit-learn's lbfgs
stops at its own tolerance of 1e-4, Slipway at a gradient of 1e-10. What is not installed is named and left out.
"""

import argparse
import csv
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

from nightly_factory import make_factory
from run import TABLES, Candidate, Postgres, agree, measure, succeeds
from trees import forest_file, trees_group

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PEER = SOURCE / "tests" / "bench" / "peers" / "linear.py"
JOB = SOURCE / "tests" / "bench" / "peers" / "nightly.py"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's scikit-learn
PREDICTIONS = {"PassengerId": "integer", "Survived": "integer", "Probability": "real"}
CHECK = 'select count(*), sum("Survived"), sum("Probability") from predictions'
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Aims:
    """The lines of the last table."""

    def __init__(self):
        self.lines = []

    def add(self, what, aim, cpu, wall, unit=" ×"):
        self.lines.append(f"| {what} | {aim} | {cpu:.2f}{unit} | {wall:.2f}{unit} |")

    def between(self, what, aim, peer, ours):
        """Of two candidates of run.py."""
        self.add(what, aim, peer.median(1) / ours.median(1), peer.median(0) / ours.median(0))

    def show(self):
        print("\n### Aims\n\n| | aim | CPU | wall |\n|---|---|---|---|\n" + "\n".join(self.lines))


def once(*command):
    answer = subprocess.run(["taskset", "-c", "0", *map(str, command)], env=ONE_THREAD, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(f"{command[0]} failed: {answer.stderr}")
    return json.loads(answer.stdout)


def compare(title, options, candidates):
    """`candidates`: name → command without the number of rounds; the first one is the one the others are compared with."""
    answers = {name: [] for name in candidates}
    for _ in range(options.rounds):
        for name, command in candidates.items():
            answers[name].append(once(*command, 3))
    medians = {name: [statistics.median(min(a[what]) for a in list_) for what in ("seconds", "walls")]
               for name, list_ in answers.items()}
    peer = next(iter(candidates))
    print(f"\n### {title}\n\n| | CPU s | wall s | million rows/s | times as fast as {peer}, CPU | wall |\n|---|---|---|---|---|---|")
    for name, (cpu, wall) in medians.items():
        print(f"| {name} | {cpu:.4f} | {wall:.4f} | {options.rows / cpu / 1e6:.1f} | {medians[peer][0] / cpu:.2f} "
              f"| {medians[peer][1] / wall:.2f} |", flush=True)
    ratios = [medians[peer][i] / medians["Slipway"][i] for i in (0, 1)]
    return {name: list_[-1] for name, list_ in answers.items()}, ratios


def linear_group(bench):
    options, ours, limit = bench.options, bench.tool("bench_scoring"), bench.tool("bench_scoring_limit")
    for width in (8, 30):
        file = bench.folder / f"{width}.bin"
        subprocess.run([PYTHON, PEER, "make", file, str(options.rows), str(width)], check=True)
        size = (file, options.rows, width)
        answers, ratios = compare(f"training, {options.rows} × {width}", options, {
            "scikit-learn, lbfgs": (PYTHON, PEER, "train", *size), "Slipway": (ours, "train", *size)})
        bench.aims.add(f"training, {width} columns ÷ lbfgs", "≥ 2.2 ×" if width == 8 else "", *ratios)
        theirs, own = answers["scikit-learn, lbfgs"], answers["Slipway"]
        away = max(abs(a - b) for a, b in zip(theirs["coefficients"], own["coefficients"]))
        print(f"\nscikit-learn {theirs['version']}; our gradient {own['gradient']:.1e} after {own['iterations']} steps, of "
              f"{options.rows} rows: {own['gradient'] / options.rows:.1e} for each; its coefficients are within {away:.1e} of ours")
        candidates = {"scikit-learn, predict_proba": (PYTHON, PEER, "predict", *size), "Slipway": (ours, "predict", *size)}
        if limit.exists():
            candidates["Eigen, nothing checked"] = (limit, *size)
        _, ratios = compare(f"probabilities, {options.rows} × {width}", options, candidates)
        bench.aims.add(f"probabilities, {width} columns ÷ predict_proba", "≥ 2.5 ×" if width == 8 else "≥ 2 ×", *ratios)
        file.unlink()


def titanic_group(bench):
    _, ratios = compare(f"prepared Titanic, {bench.options.rows} rows of 7 typed columns", bench.options, {
        "scikit-learn, pipeline": (PYTHON, PEER, "titanic", "-", bench.options.rows, 0),
        "Slipway": (bench.tool("bench_scoring"), "titanic", "-", bench.options.rows, 0)})
    bench.aims.add("Titanic pipeline, typed columns ÷ scikit-learn", "≥ 15 ×", *ratios)


def sums_of(file):
    """What two files of predictions must agree in."""
    with open(file, newline="", encoding="utf-8") as lines:
        rows, survived, probability = 0, 0, 0.0
        for row in csv.DictReader(lines):
            rows += 1
            survived += int(row["Survived"])
            probability += float(row["Probability"])
    return rows, survived, probability


def csv_group(bench):
    data, out, expected = bench.passengers(), bench.folder / "scored.csv", []
    prepare = lambda: out.unlink(missing_ok=True)  # noqa: E731

    def check(candidate):
        agree(candidate, sums_of(out), expected)

    ours = Candidate("Slipway", bench.score(data, out), prepare, check)
    peer = Candidate("pandas and scikit-learn", [PYTHON, JOB, "score", bench.folder / "model.pickle", data, out], prepare, check)
    measure(f"CSV → CSV, {bench.options.rows} passengers of 12 columns", [peer, ours], bench.options.rounds, peer.name)
    bench.aims.between("Titanic pipeline, CSV → CSV ÷ pandas and scikit-learn", "≥ 8 ×", peer, ours)


def nightly_group(bench):
    """Table → score → CSV → load: `predictions` is emptied and filled again, as the original's Copy does it."""
    sqlite_nightly(bench)
    with Postgres(bench.folder) as server:
        postgres_nightly(bench, server)


def table_of(columns, real):
    return ", ".join(f'"{name}" {real if type_ == "real" else type_}' for name, type_ in columns.items())


def sqlite_nightly(bench):
    file, out, expected = bench.folder / "job.db", bench.folder / "predictions.csv", []
    store = f"sqlite:{file}"
    with sqlite3.connect(file) as database:
        database.execute(f"create table passengers({table_of(TABLES['titanic'], 'real')})")
        database.execute(f"create table predictions({table_of(PREDICTIONS, 'real')})")
    database.close()

    def check(candidate):
        database = sqlite3.connect(file)
        answer = database.execute(CHECK).fetchone()
        database.close()
        agree(candidate, answer, expected)

    limit = (bench.tool("bench_nightly_limit"), [file], bench.tool("bench_sqlite_limit"), [out, file, "delete", "predictions"])
    nightly(bench, "SQLite", store, file, limit, check, pipeline=pipeline_candidate(bench, file, check))


def pipeline_candidate(bench, database, check):
    """The same by a pipeline of a notebook in SQL and a copy: kernel, journal and all."""
    if not bench.tool("slipway-kernel").exists():
        print("\nWithout slipway-kernel the pipeline is left out.")
        return None
    bench.passengers()
    factory, storage = bench.folder / "factory", bench.folder / "storage"
    make_factory(factory, database, storage)
    (storage / "nightly").mkdir(parents=True)
    shutil.copy(bench.folder / "model.pmml", storage / "nightly")
    prepare = lambda: (storage / "nightly" / "predictions.csv").unlink(missing_ok=True)  # noqa: E731
    return Candidate("pipeline in Slipway", ["env", f"SLIPWAY_HOME={bench.folder / 'home'}", bench.slipway, "--factory", factory, "run",
                                             "Nightly", "--standalone"], prepare, check)


def postgres_nightly(bench, server):
    out, expected = bench.folder / "predictions.csv", []
    server.sql(f"create table passengers({table_of(TABLES['titanic'], 'float8')})",
               f"create table predictions({table_of(PREDICTIONS, 'float8')})")

    def check(candidate):
        agree(candidate, [float(field) for field in server.sql(CHECK).split("|")], expected)
        server.sql("vacuum predictions", "checkpoint")

    limit = (bench.tool("bench_nightly_pg_limit"), [server.uri], bench.tool("bench_pg_limit"), [server.uri, out, "predictions"])
    nightly(bench, "PostgreSQL", server.uri, server.uri, limit, check, server)


def nightly(bench, name, store, address, limit, check, server=None, pipeline=None):
    """`store`, `address`: the database, as Slipway and as Python call it; `limit`: two programs with their arguments."""
    data, out = bench.passengers(), bench.folder / "predictions.csv"
    subprocess.run([bench.slipway, "copy", "--from", data, "--to", f"{store}#passengers"], check=True, capture_output=True)
    prepare = lambda: out.unlink(missing_ok=True)  # noqa: E731

    def both(first, second):
        words = [" ".join(f"'{word}'" for word in command) for command in (first, second)]
        return ["sh", "-c", " && ".join(words)]

    scoring, source, loading, sink = limit
    least = Candidate("limit programs", both([scoring, *source, bench.folder / "model.txt", out], [loading, *sink]), prepare, check,
                      server) if scoring.exists() else None
    load = [bench.slipway, "copy", "--from", out, "--to", f"{store}#predictions", "--pre-copy", "delete from predictions"]
    job = both(bench.score(f"{store}#passengers", out), load)
    subprocess.run(job, check=True, capture_output=True)  # whoever comes first would have no rows to replace
    ours = Candidate("Slipway", job, prepare, check, server)
    peer = None
    if server and not succeeds(PYTHON, "-c", "import sqlalchemy"):
        print("\nWithout SQLAlchemy the original's Python is left out with PostgreSQL.")
    else:
        peer = Candidate("the original's Python", [PYTHON, JOB, "job", bench.folder / "model.pickle", address, out], prepare, check,
                         server, once=server is not None)
    measure(f"The nightly job, {bench.options.rows} rows in {name}", [least, ours, pipeline, peer], bench.options.rounds, "limit programs")
    if least:
        bench.aims.between(f"nightly job, {name}, of the limit", "≥ 0.85 ×", least, ours)
    if peer:
        bench.aims.between(f"nightly job, {name} ÷ the original's Python", "≥ 12 ×", peer, ours)
    if peer and pipeline:
        wall = peer.median(0) / pipeline.median(0)  # its kernel is no child of ours: its CPU time is not known
        bench.aims.lines.append(f"| nightly job, {name}, as a pipeline ÷ the original's Python | | | {wall:.2f} × |")


def load_group(bench):
    """A forest of 20 MB in PMML, read by the command line to show what it is; an empty command beside it."""
    file = bench.folder / "forest.pmml"
    forest_file(file, 20_000_000)
    ours = Candidate("Slipway, 20 MB of PMML", [bench.slipway, "model", "show", file])
    empty = Candidate("Slipway, its start", [bench.slipway, "--version"])
    measure("Loading a model", [ours, empty], bench.options.rounds, ours.name)
    bench.aims.add("load 20 MB of PMML", "≤ 0.5 s", ours.median(1) - empty.median(1), ours.median(0) - empty.median(0), " s")


def memory_group(bench):
    """Ten times as many rows from CSV to CSV: the memory does not grow with them."""
    data, out = bench.folder / "many.csv", bench.folder / "many.scored.csv"
    bench.passengers()
    rows = 10 * bench.options.rows
    with open(data, "wb") as file:
        subprocess.run([bench.tool("bench_generate"), "titanic", str(rows)], stdout=file, check=True)
    ours = Candidate("Slipway", bench.score(data, out), lambda: out.unlink(missing_ok=True))
    measure(f"CSV → CSV, {rows} rows", [ours], 1, ours.name)
    with open(out, "rb") as lines:
        written = sum(1 for _ in lines) - 1
    if written != rows:
        sys.exit(f"{written} rows were written instead of {rows}")
    bench.aims.lines.append(f"| memory for {rows:,} rows CSV → CSV | < 512 MiB | {ours.results[0][2]:.0f} MiB | |")
    data.unlink()


class Bench:
    """What all groups know."""

    def __init__(self, options, folder):
        self.options, self.folder, self.aims = options, folder, Aims()
        self.slipway = self.tool("slipwayctl")

    def tool(self, name):
        return self.options.build.resolve() / "bin" / name

    def passengers(self):
        """Their file; and the model, once for scikit-learn and once as PMML, beside it."""
        file = self.folder / "passengers.csv"
        if not file.exists():
            with open(file, "wb") as out:
                subprocess.run([self.tool("bench_generate"), "titanic", str(self.options.rows)], stdout=out, check=True)
            subprocess.run([PYTHON, JOB, "train", file, self.folder], check=True)
        return file

    def score(self, source, out):
        return [self.slipway, "score", "--model", self.folder / "model.pmml", "--in", source, "--keep", "PassengerId", "--out", out]


def main():
    groups = {"linear": linear_group, "titanic": titanic_group, "trees": trees_group, "csv": csv_group, "nightly": nightly_group,
              "load": load_group, "memory": memory_group}
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--smoke", action="store_true", help="20000 rows, one round: whether everything still runs")
    arguments.add_argument("--only", default=",".join(groups))
    arguments.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "bench")
    options = arguments.parse_args()
    if options.smoke:
        options.rows, options.rounds = 20_000, 1
    if not succeeds(PYTHON, "-c", "import sklearn, pandas"):
        sys.exit("scikit-learn or pandas is not installed: ./setup test")
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        bench = Bench(options, pathlib.Path(folder))
        for name in ("bench_scoring", "bench_trees", "bench_generate", "slipwayctl"):
            if not bench.tool(name).exists():
                sys.exit(f"{name} is not there: ninja -C {options.build} bench_scoring bench_trees bench_limit slipwayctl slipway-kernel")
        for name in options.only.split(","):
            groups[name](bench)
        bench.aims.show()


if __name__ == "__main__":
    main()

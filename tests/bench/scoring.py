#!/usr/bin/env python3
"""Measures training and linear scoring beside scikit-learn.

    cmake --preset bench && ninja -C build/bench bench_scoring
    tests/bench/scoring.py [--smoke] [--rows N] [--rounds N] [--build build/bench]

All candidates run in turn, one process for each round, on one thread, and the table shows medians of the CPU time they measure
themselves: reading the data is not part of it. scikit-learn's lbfgs stops at its own tolerance of 1e-4, Slipway at a gradient of
1e-10. What scikit-learn is not there for is named and left out.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PEER = SOURCE / "tests" / "bench" / "peers" / "linear.py"
PYTHON = "/usr/bin/python3"
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def once(*command):
    answer = subprocess.run(["taskset", "-c", "0", *map(str, command)], env=ONE_THREAD, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(f"{command[0]} failed: {answer.stderr}")
    return json.loads(answer.stdout)


def compare(title, rows, rounds, candidates):
    """`candidates`: name → command without the number of rounds; the first one is the one the others are compared with."""
    answers = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, command in candidates.items():
            answers[name].append(once(*command, 3))
    medians = {name: statistics.median(min(a["seconds"]) for a in list_) for name, list_ in answers.items()}
    peer = next(iter(candidates))
    print(f"\n### {title}\n\n| | CPU seconds | million rows/s | times as fast as {peer} |\n|---|---|---|---|")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds:.4f} | {rows / seconds / 1e6:.1f} | {medians[peer] / seconds:.2f} |", flush=True)
    return {name: list_[-1] for name, list_ in answers.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--smoke", action="store_true", help="20000 rows, one round: whether everything still runs")
    arguments.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "bench")
    options = arguments.parse_args()
    if options.smoke:
        options.rows, options.rounds = 20_000, 1
    ours, limit = options.build / "bin" / "bench_scoring", options.build / "bin" / "bench_scoring_limit"
    if not ours.exists():
        sys.exit(f"{ours} is not there: ninja -C {options.build} bench_scoring")
    if subprocess.run([PYTHON, "-c", "import sklearn"], capture_output=True, check=False).returncode != 0:
        sys.exit("scikit-learn is not installed: ./setup test")
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        for width in (8, 30):
            file = pathlib.Path(folder) / f"{width}.bin"
            subprocess.run([PYTHON, PEER, "make", file, str(options.rows), str(width)], check=True)
            size = (file, options.rows, width)
            answers = compare(f"training, {options.rows} × {width}", options.rows, options.rounds, {
                "scikit-learn, lbfgs": (PYTHON, PEER, "train", *size), "Slipway": (ours, "train", *size)})
            theirs, own = answers["scikit-learn, lbfgs"], answers["Slipway"]
            away = max(abs(a - b) for a, b in zip(theirs["coefficients"], own["coefficients"]))
            print(f"\nscikit-learn {theirs['version']}; our gradient {own['gradient']:.1e} after {own['iterations']} steps; "
                  f"its coefficients are within {away:.1e} of ours")
            candidates = {"scikit-learn, predict_proba": (PYTHON, PEER, "predict", *size), "Slipway": (ours, "predict", *size)}
            if limit.exists():
                candidates["Eigen, nothing checked"] = (limit, *size)
            compare(f"probabilities, {options.rows} × {width}", options.rows, options.rounds, candidates)
        compare(f"prepared Titanic, {options.rows} rows of 7 columns", options.rows, options.rounds, {
            "scikit-learn, pipeline": (PYTHON, PEER, "titanic", "-", options.rows, 0),
            "Slipway": (ours, "titanic", "-", options.rows, 0)})


if __name__ == "__main__":
    main()

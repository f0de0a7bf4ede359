#!/usr/bin/env python3
"""Measures scoring with boosted trees and from CSV to CSV beside XGBoost, ONNX Runtime and pandas with scikit-learn.

    cmake --preset bench && ninja -C build/bench bench_trees slipwayctl
    tests/bench/trees.py [--rounds N] [--rows N] [--build build/bench] [--only trees,csv]

One thread each for trees, all cores for files; candidates run in turn and the best round counts, so that a busy machine
is busy for everybody. Only ratios of one run are claims. Needs Debian's python3-xgboost, python3-pandas, python3-sklearn,
protobuf-compiler (it makes the ONNX file of the same trees) and the development parts of package.json.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's XGBoost
FEATURES = 28

PEER_XGBOOST = """
import sys, time, numpy as np, xgboost as xgb
model = xgb.Booster(model_file=sys.argv[1]); model.set_param({"nthread": 1})
x = np.fromfile(sys.argv[2], np.float32).reshape(-1, int(sys.argv[4]))
best = 1e300
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    y = model.inplace_predict(x, predict_type="margin")
    best = min(best, time.perf_counter() - start)
print(best * 1e9 / len(x), float(y.astype(np.float64).sum()))
"""

PEER_ONNX = """
const ort = require(process.argv[1] + '/node_modules/onnxruntime-node');
const fs = require('fs');
(async () => {
    const session = await ort.InferenceSession.create(process.argv[2], {intraOpNumThreads: 1, interOpNumThreads: 1});
    const bytes = fs.readFileSync(process.argv[3]);
    const cells = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const width = Number(process.argv[5]);
    const x = new ort.Tensor('float32', cells, [cells.length / width, width]);
    let best = Infinity, sum = 0;
    for (let i = 0; i < Number(process.argv[4]); ++i) {
        const start = process.hrtime.bigint();
        const y = (await session.run({x})).y.data;
        best = Math.min(best, Number(process.hrtime.bigint() - start));
        sum = 0;
        for (const value of y) sum += value;
    }
    console.log(best / (cells.length / width), sum);
})();
"""

TRAIN = """
import sys, numpy as np, xgboost as xgb
rounds, depth, rows, features = map(int, sys.argv[3:7])
random = np.random.RandomState(1)
x = random.normal(size=(max(rows, 20000), features)).astype(np.float32)
y = (np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + np.abs(x[:, 3:9]).sum(axis=1) + random.normal(0, .5, len(x)) > 5).astype(float)
model = xgb.train({"objective": "binary:logistic", "max_depth": depth, "eta": .1, "nthread": 2, "min_child_weight": 0,
                   "tree_method": "hist"}, xgb.DMatrix(x[:20000], y[:20000]), rounds)
model.save_model(sys.argv[1])
x[:rows].tofile(sys.argv[2])
"""

PEER_PANDAS = """
import sys, numpy as np, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
import pickle, os
rows, out, kept = sys.argv[1:4]
if not os.path.exists(kept):
    train = pd.read_csv(rows, nrows=1300)
    pipe = make_pipeline(ColumnTransformer([
        ("n", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), ["age", "fare"]),
        ("c", OneHotEncoder(handle_unknown="ignore"), ["embarked", "sex", "pclass"])]), LogisticRegression())
    pickle.dump(pipe.fit(train, np.arange(len(train)) % 3 == 0), open(kept, "wb"))
    sys.exit()
model = pickle.load(open(kept, "rb"))
x = pd.read_csv(rows)
p = model.predict_proba(x)
pd.DataFrame({"label": model.predict(x), "p0": p[:, 0], "p1": p[:, 1]}).to_csv(out, index=False)
"""


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stderr.strip()[-400:]}")
    return done.stdout.split()


def write_onnx(model, path):
    """The same trees as a TreeEnsembleRegressor whose one target is the margin."""
    learner = json.load(open(model))["learner"]
    lists = {name: [] for name in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids",
                                   "missing_value_tracks_true")}
    leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(learner["gradient_booster"]["model"]["trees"]):
        for node, left in enumerate(tree["left_children"]):
            leaf = left < 0
            lists["treeids"].append(number)
            lists["nodeids"].append(node)
            lists["featureids"].append(0 if leaf else tree["split_indices"][node])
            lists["values"].append(0.0 if leaf else tree["split_conditions"][node])
            lists["modes"].append("LEAF" if leaf else "BRANCH_LT")
            lists["truenodeids"].append(0 if leaf else left)
            lists["falsenodeids"].append(0 if leaf else tree["right_children"][node])
            lists["missing_value_tracks_true"].append(int(bool(tree["default_left"][node])) if not leaf else 0)
            if leaf:
                for name, value in zip(leaves, (number, node, 0, tree["split_conditions"][node])):
                    leaves[name].append(value)

    def attribute(name, values):
        kind = {int: ("ints", "INTS"), float: ("floats", "FLOATS"), str: ("strings", "STRINGS")}[type(values[0])]
        cells = " ".join(f'{kind[0]}: {json.dumps(value)}' for value in values)
        return f'attribute {{ name: "{name}" type: {kind[1]} {cells} }}'

    attributes = [attribute("nodes_" + name, values) for name, values in lists.items()]
    attributes += [attribute("target_" + name, [float(v) for v in values] if name == "weights" else values)
                   for name, values in leaves.items()]
    attributes.append('attribute { name: "n_targets" type: INT i: 1 }')
    text = f"""ir_version: 7 graph {{ name: "g"
        node {{ op_type: "TreeEnsembleRegressor" domain: "ai.onnx.ml" input: "x" output: "y" {' '.join(attributes)} }}
        input {{ name: "x" type {{ tensor_type {{ elem_type: 1 shape {{ dim {{ dim_param: "n" }} dim {{ dim_value: {FEATURES} }} }} }} }} }}
        output {{ name: "y" }} }} opset_import {{ domain: "" version: 12 }} opset_import {{ domain: "ai.onnx.ml" version: 1 }}"""
    with open(path, "wb") as out:
        subprocess.run(["protoc", "--encode=onnx.ModelProto", "-I/usr/include/onnx", "/usr/include/onnx/onnx.proto"],
                       input=text.encode(), stdout=out, check=True)


def trees(options, folder):
    print(f"{'trees, one thread':32}{'Slipway':>10}{'XGBoost':>10}{'ONNX RT':>10}   ns per row and tree; ratios")
    for rounds, depth in ((100, 6), (500, 6), (500, 8)):
        model, rows, onnx = folder / f"{rounds}.json", folder / f"{rounds}.f32", folder / f"{rounds}.onnx"
        run(PYTHON, "-c", TRAIN, model, rows, rounds, depth, options.rows // 10, FEATURES)
        write_onnx(model, onnx)
        best = [1e300] * 3
        sums = [0.0] * 3
        for _ in range(options.rounds):
            for i, command in enumerate(((options.build / "bin" / "bench_trees", model, rows, 3),
                                         (PYTHON, "-c", PEER_XGBOOST, model, rows, 3, FEATURES),
                                         ("node", "-e", PEER_ONNX, SOURCE, onnx, rows, 3, FEATURES))):
                nanoseconds, total = map(float, run(*command)[:2])
                best[i], sums[i] = min(best[i], nanoseconds / rounds), total
        if max(sums) - min(sums) > 1e-3 * (1 + abs(sums[0])):
            sys.exit(f"the candidates do not agree: {sums}")
        print(f"{f'{rounds} trees, depth {depth}':32}" + "".join(f"{value:10.1f}" for value in best)
              + f"   {best[1] / best[0]:.2f} x XGBoost, {best[2] / best[0]:.2f} x ONNX Runtime", flush=True)


def csv(options, folder):
    lines = (SOURCE / "tests/data/scoring/onnx/pipeline_titanic.input.csv").read_text().splitlines()
    rows = folder / "rows.csv"
    with open(rows, "w") as out:
        out.write(lines[0] + "\n")
        for i in range(options.rows):
            out.write(lines[1 + i % (len(lines) - 1)] + "\n")
    kept = folder / "model.pickle"
    run(PYTHON, "-c", PEER_PANDAS, rows, folder / "peer.csv", kept)
    ctl = options.build / "bin" / "slipwayctl"
    model = SOURCE / "tests/data/scoring/onnx/pipeline_titanic.onnx"
    commands = {"Slipway": (ctl, "score", "--model", model, "--in", rows, "--out", folder / "ours.csv"),
                "pandas + scikit-learn": (PYTHON, "-c", PEER_PANDAS, rows, folder / "peer.csv", kept)}
    best = dict.fromkeys(commands, 1e300)
    for _ in range(options.rounds):
        for name, command in commands.items():
            start = time.perf_counter()
            run(*command)
            best[name] = min(best[name], time.perf_counter() - start)
    count = sum(1 for _ in open(folder / "ours.csv")) - 1
    if count != options.rows:
        sys.exit(f"{count} rows were written instead of {options.rows}")
    print(f"\nTitanic, {options.rows} rows from CSV to CSV, the program's start included")
    for name, seconds in best.items():
        print(f"  {name:24}{seconds:8.2f} s   {options.rows / seconds / 1e6:6.2f} million rows/s")
    print(f"  {best['pandas + scikit-learn'] / best['Slipway']:.1f} x pandas + scikit-learn")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", default="trees,csv")
    arguments.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "bench")
    options = arguments.parse_args()
    os.environ["OMP_NUM_THREADS"] = "2"
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as name:
        for group in options.only.split(","):
            {"trees": trees, "csv": csv}[group](options, pathlib.Path(name))


if __name__ == "__main__":
    main()

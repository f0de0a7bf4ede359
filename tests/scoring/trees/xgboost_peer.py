#!/usr/bin/env python3
"""xgboost_peer.py FOLDER: models of every booster and objective, trained by XGBoost, and what it predicts with them.

Writes rows.csv, where some cells are missing, and for each kind KIND.json and KIND.ubj (the model), KIND.raw.csv (margins),
KIND.rounds.csv (margins of the first three rounds), KIND.leaf.csv and KIND.predicted.csv; prints the kinds.
"""

import pathlib
import sys

import numpy
import xgboost

ROWS, COLUMNS, CLASSES = 300, 6, 4
ONE = {name: {"objective": name} for name in [
    "reg:squarederror", "reg:squaredlogerror", "reg:logistic", "reg:pseudohubererror", "reg:absoluteerror", "reg:gamma", "reg:tweedie",
    "binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson", "survival:cox", "survival:aft", "rank:pairwise"]}
SEVERAL = {name: {"objective": name, "num_class": CLASSES} for name in ["multi:softmax", "multi:softprob"]}
KINDS = {
    **ONE, **SEVERAL,
    "dart": {"objective": "binary:logistic", "booster": "dart", "rate_drop": 0.3},
    "dart, classes": {**SEVERAL["multi:softprob"], "booster": "dart", "rate_drop": 0.3},
    "linear": {"objective": "reg:squarederror", "booster": "gblinear"},
    "linear, classes": {**SEVERAL["multi:softprob"], "booster": "gblinear"},
    "parallel trees": {"objective": "binary:logistic", "num_parallel_tree": 3, "subsample": 0.7},
    "parallel trees, classes": {**SEVERAL["multi:softprob"], "num_parallel_tree": 3, "subsample": 0.7},
    "by loss": {"objective": "reg:squarederror", "grow_policy": "lossguide", "max_leaves": 7, "tree_method": "hist"},
    "exact": {"objective": "reg:squarederror", "tree_method": "exact"},
    "base score": {"objective": "binary:logistic", "base_score": 0.2},
    "two outputs": {"objective": "reg:squarederror"},
}


def targets(kind, rows, random):
    signal = numpy.nan_to_num(rows[:, 0]) + numpy.sin(3 * numpy.nan_to_num(rows[:, 1])) + 0.1 * random.normal(size=ROWS)
    objective = KINDS[kind]["objective"]
    if kind == "two outputs":
        return numpy.stack([signal, -2 * signal + 1], axis=1)
    if "num_class" in KINDS[kind]:
        return numpy.digitize(signal, [-1, 0, 1]).astype(float)
    if objective.startswith(("binary", "reg:logistic", "rank")):
        return (signal > 0).astype(float)
    if objective.startswith(("reg:gamma", "reg:tweedie", "reg:squaredlog", "survival")):
        return numpy.exp(signal)
    return numpy.floor(numpy.exp(signal)) if objective == "count:poisson" else signal


def save(file, numbers):
    numpy.savetxt(file, numpy.reshape(numbers, (ROWS, -1)), fmt="%.9g", delimiter=",")


def main():
    folder = pathlib.Path(sys.argv[1])
    random = numpy.random.RandomState(7)
    rows = random.normal(size=(ROWS, COLUMNS)).astype(numpy.float32)
    rows[random.uniform(size=rows.shape) < 0.1] = numpy.nan
    save(folder / "rows.csv", rows)
    for kind, parameters in KINDS.items():
        y = targets(kind, rows, random)
        data = xgboost.DMatrix(rows, label=y)
        if parameters["objective"] == "survival:aft":
            data.set_float_info("label_lower_bound", y)
            data.set_float_info("label_upper_bound", y)
        if parameters["objective"].startswith("rank"):
            data.set_group([ROWS // 10] * 10)
        model = xgboost.train({"max_depth": 4, "eta": 0.3, "seed": 1, "nthread": 1, **parameters}, data, 8)
        for suffix in ("json", "ubj"):
            model.save_model(folder / f"{kind}.{suffix}")
        save(folder / f"{kind}.raw.csv", model.predict(data, output_margin=True))
        save(folder / f"{kind}.predicted.csv", model.predict(data))
        if parameters.get("booster") != "gblinear":
            save(folder / f"{kind}.rounds.csv", model.predict(data, output_margin=True, iteration_range=(0, 3)))
            save(folder / f"{kind}.leaf.csv", model.predict(data, pred_leaf=True))
        print(kind)


main()

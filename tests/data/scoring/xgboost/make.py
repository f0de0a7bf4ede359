#!/usr/bin/env python3
"""Writes the models of this folder and what XGBoost itself predicts with them (Debian's python3-xgboost, 1.7.4)."""
import json
import os

import numpy as np
import xgboost as xgb

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = np.random.RandomState(7)
rows = 240
x = random.uniform(-2, 2, (rows, 5)).astype(np.float32)
x[:, 4] = random.randint(0, 6, rows)  # categories, where they are used as such
x[random.uniform(size=x.shape) < 0.08] = np.nan
signal = np.nan_to_num(x[:, 0]) - 2 * np.nan_to_num(x[:, 1]) * (np.nan_to_num(x[:, 2]) > 0) + (np.nan_to_num(x[:, 4]) == 3)
noise = random.normal(0, 0.3, rows)
number = signal + noise
binary = (number > 0).astype(float)
classes = np.digitize(number, [-1, 1]).astype(float)
positive = np.exp(number / 2)
count = random.poisson(positive).astype(float)
names = ["age", "fare paid", "size.x", "f3", "class"]

cases = {
    "squarederror": (number, {"objective": "reg:squarederror"}),
    "absoluteerror": (number, {"objective": "reg:absoluteerror"}),
    "pseudohuber": (number, {"objective": "reg:pseudohubererror"}),
    "squaredlogerror": (positive, {"objective": "reg:squaredlogerror"}),
    "reg_logistic": (binary, {"objective": "reg:logistic", "base_score": 0.3}),
    "gamma": (positive, {"objective": "reg:gamma"}),
    "tweedie": (positive, {"objective": "reg:tweedie", "base_score": 1.7}),
    "poisson": (count, {"objective": "count:poisson"}),
    "cox": (positive, {"objective": "survival:cox"}),
    "logistic": (binary, {"objective": "binary:logistic", "base_score": 0.4}),
    "logitraw": (binary, {"objective": "binary:logitraw", "base_score": 0.4}),
    "hinge": (binary, {"objective": "binary:hinge"}),
    "softprob": (classes, {"objective": "multi:softprob", "num_class": 3, "num_parallel_tree": 2}),
    "softmax": (classes, {"objective": "multi:softmax", "num_class": 3}),
    "dart": (binary, {"booster": "dart", "objective": "binary:logistic", "rate_drop": 0.4}),
    "gblinear": (number, {"booster": "gblinear", "objective": "reg:squarederror"}),
    "gblinear_softprob": (classes, {"booster": "gblinear", "objective": "multi:softprob", "num_class": 3}),
    "categories": (number, {"objective": "reg:squarederror", "tree_method": "hist", "max_cat_to_onehot": 1}),
}

shown = slice(0, 60)
with open("input.csv", "w") as out:
    out.write(",".join(names) + "\n")
    for row in x[shown]:
        out.write(",".join("" if np.isnan(v) else repr(float(v)) for v in row) + "\n")


def write(name, values):
    values = np.asarray(values, dtype=np.float64).reshape(60, -1)
    with open(name + ".csv", "w") as out:
        for row in values:
            out.write(",".join(repr(float(v)) for v in row) + "\n")


for name, (label, options) in cases.items():
    types = ["float"] * 4 + ["c" if name == "categories" else "float"]
    train = xgb.DMatrix(x, label, feature_names=names, feature_types=types, enable_categorical=True)
    test = xgb.DMatrix(x[shown], feature_names=names, feature_types=types, enable_categorical=True)
    options = {"max_depth": 4, "eta": 0.4, "seed": 1, "nthread": 1, **options}
    if name == "logistic":  # stops early: the best round is in the file
        validation = xgb.DMatrix(x, np.roll(binary, 3), feature_names=names, feature_types=types)
        model = xgb.train(options, train, 30, evals=[(validation, "v")], early_stopping_rounds=2, verbose_eval=False)
        rounds = (0, model.best_iteration + 1)
    else:
        model = xgb.train(options, train, 6)
        rounds = (0, 0)
    model.save_model(name + ".json")
    if name in ("softprob", "dart", "categories"):
        model.save_model(name + ".ubj")
    write(name + ".expected", model.predict(test, iteration_range=rounds))
    write(name + ".margin", model.predict(test, iteration_range=rounds, output_margin=True))
    if "gblinear" not in name:
        write(name + ".leaf", model.predict(test, iteration_range=rounds, pred_leaf=True))
        write(name + ".round2", model.predict(test, iteration_range=(0, 2), output_margin=True))
    json.load(open(name + ".json"))

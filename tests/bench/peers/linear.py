#!/usr/bin/env python3
"""scikit-learn's side of tests/bench/scoring.py: linear.py train|predict|titanic FILE ROWS P ROUNDS, as LinearBench.cpp.

One line of JSON: CPU and wall seconds of each round. `linear.py make FILE ROWS P` writes the columns both sides read.
"""

import json
import sys
import time
import warnings

import numpy as np


def make(path, rows, width):
    random = np.random.RandomState(0)
    x = random.randn(rows, width)
    w = random.randn(width) / np.sqrt(width) * 2
    y = (random.rand(rows) < 1 / (1 + np.exp(-(x @ w + 0.3)))).astype(float)
    with open(path, "wb") as file:
        for j in range(width):
            x[:, j].tofile(file)
        y.tofile(file)


def read(path, rows, width):
    table = np.fromfile(path).reshape(-1, rows)
    return np.ascontiguousarray(table[:width].T), table[width]


def rounds_of(work, rounds):
    times = {"seconds": [], "walls": []}
    for _ in range(rounds):
        start = time.process_time(), time.perf_counter()
        result = work()
        times["seconds"].append(time.process_time() - start[0])
        times["walls"].append(time.perf_counter() - start[1])
    return times, result


def main():
    what, path, rows, width = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    if what == "make":
        return make(path, rows, width)
    rounds = int(sys.argv[5])
    import sklearn
    from sklearn.linear_model import LogisticRegression

    warnings.filterwarnings("ignore")
    more = {"version": sklearn.__version__}
    if what == "train":
        x, y = read(path, rows, width)
        times, model = rounds_of(lambda: LogisticRegression().fit(x, y), rounds)
        more["coefficients"] = model.coef_[0].tolist()
    elif what == "predict":
        x, _ = read(path, rows, width)
        model = LogisticRegression()
        model.classes_, model.coef_ = np.array([0, 1]), np.linspace(-1, 1, width)[None, :]
        model.intercept_ = np.array([0.1])
        times, _ = rounds_of(lambda: model.predict_proba(x), rounds)
    else:
        import pandas
        from sklearn.compose import ColumnTransformer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        random = np.random.RandomState(1)
        levels = [["1", "2", "3"], ["female", "male"], ["C", "Q", "S"]]
        frame = pandas.DataFrame({f"x{j}": np.where(random.rand(rows) < 0.2, np.nan, random.randint(0, 80, rows))
                                  for j in range(4)})
        for j, names in enumerate(levels):
            texts = np.array(names, dtype=object)[random.randint(0, len(names), rows)]
            texts[random.rand(rows) < 0.02] = np.nan
            frame[f"t{j}"] = texts
        model = make_pipeline(
            ColumnTransformer([
                ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), [f"x{j}" for j in range(4)]),
                ("texts", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
                 [f"t{j}" for j in range(3)])]),
            LogisticRegression())
        model.fit(frame[:2000], random.randint(0, 2, min(2000, rows)))
        times, _ = rounds_of(lambda: model.predict_proba(frame), rounds)
    print(json.dumps({**times, **more}))
    return None


main()

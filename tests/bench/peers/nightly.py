#!/usr/bin/env python3
"""The nightly job as the original's Python does it, and what it is scored with.

    nightly.py train PASSENGERS.csv FOLDER             writes model.pickle, and the same model as model.txt, model.pmml
    nightly.py score FOLDER/model.pickle IN.csv OUT.csv
    nightly.py job FOLDER/model.pickle STORE OUT.csv       passengers → predictions.csv → table predictions

STORE is a file of SQLite or a postgresql:// address, which takes SQLAlchemy.
"""

import pathlib
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")
import pandas  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import Pipeline  # noqa: E402
from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: E402

NUMBERS = ["Age", "Fare", "SibSp", "Parch"]
TEXTS = ["Sex", "Embarked", "Pclass"]


def from_csv(file, **options):
    rows = pandas.read_csv(file, **options)
    rows["Embarked"] = rows["Embarked"].where(rows["Embarked"].notna(), None)  # as a database says it
    return rows


def train(passengers, folder):
    rows = from_csv(passengers, nrows=20_000)
    model = Pipeline([
        ("prepare", ColumnTransformer([
            ("age", Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())]), ["Age"]),
            ("numbers", StandardScaler(), NUMBERS[1:]),
            ("texts", Pipeline([("impute", SimpleImputer(strategy="most_frequent", missing_values=None)),
                                ("encode", OneHotEncoder(handle_unknown="ignore"))]), TEXTS)])),
        ("classify", LogisticRegression())]).fit(rows, rows["Survived"])
    (folder / "model.pickle").write_bytes(pickle.dumps(model))
    parts = model["prepare"].named_transformers_
    impute = float(parts["age"]["impute"].statistics_[0])
    scaled = [(float(s.mean_[i]), float(s.scale_[i])) for s in (parts["age"]["scale"], parts["numbers"])
              for i in range(len(s.mean_))]
    levels = [[str(level) for level in of] for of in parts["texts"]["encode"].categories_]
    usual = [str(level) for level in parts["texts"]["impute"].statistics_]
    coefficients, intercept = [float(c) for c in model["classify"].coef_[0]], float(model["classify"].intercept_[0])
    flat = [impute, *(number for pair in scaled for number in pair), *coefficients, intercept]
    (folder / "model.txt").write_text("\n".join(map(repr, flat)))
    (folder / "model.pmml").write_text(pmml(impute, scaled, levels, usual, coefficients, intercept))


def pmml(impute, scaled, levels, usual, coefficients, intercept):
    """As Slipway writes its own models."""
    fields, schema, derived, predictors = [], [], [], []
    names = []
    for name, (mean, scale) in zip(NUMBERS, scaled):
        fields.append(f'<DataField name="{name}" optype="continuous" dataType="double"/>')
        missing = f'missingValueReplacement="{impute!r}"' if name == "Age" else 'missingValueTreatment="returnInvalid"'
        schema.append(f'<MiningField name="{name}" invalidValueTreatment="returnInvalid" {missing}/>')
        derived.append(f'''<DerivedField name="scaled({name})" optype="continuous" dataType="double"><Apply function="/">
            <Apply function="-"><FieldRef field="{name}"/><Constant dataType="double">{mean!r}</Constant></Apply>
            <Constant dataType="double">{scale!r}</Constant></Apply></DerivedField>''')
        names.append(f"scaled({name})")
    for name, of, replacement in zip(TEXTS, levels, usual):
        kind = "integer" if name == "Pclass" else "string"
        values = "".join(f'<Value value="{level}"/>' for level in of)
        fields.append(f'<DataField name="{name}" optype="categorical" dataType="{kind}">{values}</DataField>')
        schema.append(f'<MiningField name="{name}" invalidValueTreatment="asIs" missingValueReplacement="{replacement}"/>')
        for level in of:
            derived.append(f'''<DerivedField name="{name}={level}" optype="continuous" dataType="double">
                <NormDiscrete field="{name}" value="{level}"/></DerivedField>''')
            names.append(f"{name}={level}")
    for name, coefficient in zip(names, coefficients):
        predictors.append(f'<NumericPredictor name="{name}" coefficient="{coefficient!r}"/>')
    return f"""<?xml version="1.0"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4.1"><Header/>
<DataDictionary>{''.join(fields)}<DataField name="Survived" optype="categorical" dataType="integer"><Value value="0"/>
<Value value="1"/></DataField></DataDictionary>
<RegressionModel functionName="classification" normalizationMethod="logit">
<MiningSchema>{''.join(schema)}<MiningField name="Survived" usageType="target"/></MiningSchema>
<Output><OutputField name="Probability" optype="continuous" dataType="double" feature="probability" value="1"/></Output>
<LocalTransformations>{''.join(derived)}</LocalTransformations>
<RegressionTable intercept="{intercept!r}" targetCategory="1">{''.join(predictors)}</RegressionTable>
<RegressionTable intercept="0" targetCategory="0"/></RegressionModel></PMML>
"""


def predictions(model, rows):
    p = model.predict_proba(rows)[:, 1]
    return pandas.DataFrame({"PassengerId": rows["PassengerId"], "Survived": (p >= 0.5).astype(int), "Probability": p})


def job(model, store, out):
    if not store.startswith("postgresql:"):
        import sqlite3
        connection = sqlite3.connect(store)
        score(model, connection, out)
        connection.execute("DELETE FROM predictions")
        pandas.read_csv(out).to_sql("predictions", connection, if_exists="append", index=False)
        return connection.commit()
    import sqlalchemy
    engine = sqlalchemy.create_engine(store)
    score(model, engine, out)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM predictions"))
        pandas.read_csv(out).to_sql("predictions", connection, if_exists="append", index=False, chunksize=50_000)


def score(model, connection, out):
    predictions(model, pandas.read_sql("SELECT * FROM passengers", connection)).to_csv(out, index=False)


def main():
    what, first, second, *third = sys.argv[1:]
    if what == "train":
        return train(first, pathlib.Path(second))
    model = pickle.loads(pathlib.Path(first).read_bytes())
    if what == "score":
        return predictions(model, from_csv(second)).to_csv(third[0], index=False)
    return job(model, second, third[0])


main()

"""The nightly job as a factory: a notebook in SQL scores the table passengers into predictions.csv, a copy replaces the table
predictions with it. For scoring.py, which runs its pipeline Nightly with `slipwayctl run --standalone`.
"""

import json

SCORING = """IMPORT MODEL survival FROM '/dbfs/mnt/nightly/model.pmml';
EXPORT DATA OPTIONS(uri = '/dbfs/mnt/nightly/predictions.csv', format = 'CSV', header = true, overwrite = true) AS
SELECT PassengerId, predicted_Survived AS Survived, Probability
FROM ML.PREDICT(MODEL survival, TABLE Database.passengers);"""
COLUMNS = {"PassengerId": "Int64", "Survived": "Int64", "Probability": "Double"}
FOLDER = {"type": "AzureBlobStorageLocation", "container": "nightly"}


def reference(name, what):
    return {"referenceName": name, "type": f"{what}Reference"}


def dataset(service, type_, **properties):
    return {"type": type_, "linkedServiceName": reference(service, "LinkedService"), "typeProperties": properties}


def pipeline():
    mappings = [{"source": {"name": name, "type": "String"}, "sink": {"name": name, "type": type_}} for name, type_ in COLUMNS.items()]
    score = {"name": "Score", "type": "DatabricksNotebook", "linkedServiceName": reference("Notebooks", "LinkedService"),
             "typeProperties": {"notebookPath": "/nightly"}}
    load = {"name": "Load", "type": "Copy", "dependsOn": [{"activity": "Score", "dependencyConditions": ["Succeeded"]}],
            "inputs": [reference("File", "Dataset")], "outputs": [reference("Table", "Dataset")],
            "typeProperties": {
                "source": {"type": "DelimitedTextSource", "storeSettings": {"type": "AzureBlobStorageReadSettings"}},
                "sink": {"type": "AzureSqlSink", "preCopyScript": "delete from predictions"},
                "translator": {"type": "TabularTranslator", "mappings": mappings}}}
    return {"activities": [score, load]}


def make_factory(folder, database, storage):
    """Into `folder`; `storage` has a folder "nightly", with model.pmml in it, where predictions.csv comes to lie."""
    files = {
        "linkedService/Storage": {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://example.blob.core.windows.net/"}},
        "linkedService/Database": {"type": "AzureSqlDatabase", "typeProperties": {"connectionString": "Data Source=example"}},
        "linkedService/Notebooks": {"type": "AzureDatabricks", "typeProperties": {"domain": "https://example.azuredatabricks.net"}},
        "dataset/File": dataset("Storage", "DelimitedText", location={**FOLDER, "fileName": "predictions.csv"}, columnDelimiter=",",
                                firstRowAsHeader=True, quoteChar='"', escapeChar='"'),
        "dataset/Table": dataset("Database", "AzureSqlTable", table="predictions"),
        "pipeline/Nightly": pipeline(),
    }
    for path, properties in files.items():
        write(folder / f"{path}.json", {"name": path.partition("/")[2], "properties": properties})
    cell = {"cell_type": "code", "id": "score", "metadata": {}, "execution_count": None, "outputs": [],
            "source": SCORING.splitlines(keepends=True)}
    write(folder / "notebooks/nightly.ipynb", {
        "nbformat": 4, "nbformat_minor": 5, "cells": [cell],
        "metadata": {"kernelspec": {"name": "slipway-sql", "display_name": "SQL", "language": "sql"}}})
    write(folder / ".slipway/local/bindings.json", {"linkedServices": {
        "Storage": {"store": "folder", "root": str(storage)},
        "Database": {"store": "sqlite", "file": str(database)},
        "Notebooks": {"compute": "kernel", "kernel": "slipway-sql", "notebooks": "notebooks", "connections": ["Database"],
                      "mounts": {"/dbfs/mnt/nightly": {"linkedService": "Storage", "container": "nightly"}}}}})


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")

#!/usr/bin/env python3
"""frames.py read FILE.csv | load FILE.csv STORE | export STORE FILE.csv: what somebody with pandas would write.

STORE is a file of SQLite or a postgresql:// address. Rows go to PostgreSQL by COPY, as pandas' own documentation has it.
"""

import io
import sqlite3
import sys

import pandas


def connect(store):
    if not store.startswith("postgresql:"):
        return sqlite3.connect(store)
    import psycopg2
    return psycopg2.connect(store)


def load(source, store):
    connection = connect(store)
    for rows in pandas.read_csv(source, chunksize=50_000):
        if isinstance(connection, sqlite3.Connection):
            rows.to_sql("t", connection, index=False, if_exists="append")
            continue
        text = io.StringIO()
        rows.to_csv(text, index=False, header=False)
        text.seek(0)
        connection.cursor().copy_expert("copy t from stdin with csv", text)
    connection.commit()


what, source, *target = sys.argv[1:]
if what == "version":
    print(pandas.__version__)
elif what == "read":
    pandas.read_csv(source)
elif what == "load":
    load(source, target[0])
elif what == "export":
    pandas.read_sql("select * from t", connect(source)).to_csv(target[0], index=False)

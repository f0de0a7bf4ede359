#!/usr/bin/env python3
"""frames.py read FILE.csv | load FILE.csv FILE.db | export FILE.db FILE.csv: what somebody with pandas would write."""

import sqlite3
import sys

import pandas

what, source, *target = sys.argv[1:]
if what == "version":
    print(pandas.__version__)
elif what == "read":
    pandas.read_csv(source)
elif what == "load":
    connection = sqlite3.connect(target[0])
    for rows in pandas.read_csv(source, chunksize=50_000):
        rows.to_sql("t", connection, index=False, if_exists="append")
    connection.commit()
elif what == "export":
    pandas.read_sql("select * from t", sqlite3.connect(source)).to_csv(target[0], index=False)

#!/usr/bin/env python3
"""duck.py LIBRARY THREADS SQL …: runs statements in DuckDB by its C interface and prints the first value of each.

LIBRARY is libduckdb.so; "version" in place of THREADS prints DuckDB's version.
"""

import ctypes
import sys


class Answer(ctypes.Structure):  # duckdb_result: opaque, but its size is part of the interface
    _fields_ = [("room", ctypes.c_uint64 * 8)]


def main():
    duck = ctypes.CDLL(sys.argv[1])
    duck.duckdb_library_version.restype = ctypes.c_char_p
    if sys.argv[2] == "version":
        print(duck.duckdb_library_version().decode())
        return
    duck.duckdb_result_error.restype = ctypes.c_char_p
    duck.duckdb_value_varchar.restype = ctypes.c_char_p
    duck.duckdb_value_varchar.argtypes = [ctypes.POINTER(Answer), ctypes.c_uint64, ctypes.c_uint64]
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    if duck.duckdb_open(None, ctypes.byref(database)) or duck.duckdb_connect(database, ctypes.byref(connection)):
        sys.exit("DuckDB does not open")
    for sql in (f"set threads = {int(sys.argv[2])}", *sys.argv[3:]):
        answer = Answer()
        if duck.duckdb_query(connection, sql.encode(), ctypes.byref(answer)):
            sys.exit(duck.duckdb_result_error(ctypes.byref(answer)).decode())
        if sql.startswith("select"):
            print(duck.duckdb_value_varchar(ctypes.byref(answer), 0, 0).decode())
        duck.duckdb_destroy_result(ctypes.byref(answer))
    duck.duckdb_disconnect(ctypes.byref(connection))
    duck.duckdb_close(ctypes.byref(database))


main()

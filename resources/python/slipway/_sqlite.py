"""SQLite connections that understand the schema names of SQL Server scripts.

Python's sqlite3 has no way to give the main database a second name, and attaching the file to itself would be a second
connection that waits for the first one's locks. So a schema that means the database itself is replaced in the text of a
statement, outside of strings and comments: "dbo.t" and "[dbo].[t]" become "main.t" and "main.[t]".
"""

import os
import re
import sqlite3
from urllib.parse import quote

_TOKEN = re.compile(
    r"""
      '(?:[^']|'')*'            # string
    | --[^\n]*                  # comment
    | /\*.*?(?:\*/|\Z)          # comment
    | "(?:[^"]|"")*"            # quoted name
    | `(?:[^`]|``)*`            # quoted name
    | \[[^\]]*\]                # quoted name
    | [^\W\d][\w$]*             # name
    | \d[\w.]*                  # number
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def _name(token):
    if token[:1] in ('"', "`", "["):
        return token[1:-1].lower()
    return token.lower()


def _is_space(token):
    return token.isspace() or token.startswith("--") or token.startswith("/*")


def without_schemas(statement, schemas):
    """`statement` with every schema of `schemas` (lower-case) replaced by "main"."""
    if not schemas or not any(schema in statement.lower() for schema in schemas):
        return statement
    tokens = _TOKEN.findall(statement)
    previous = ""
    for index, token in enumerate(tokens):
        if _is_space(token):
            continue
        if previous != "." and _name(token) in schemas:
            following = next((later for later in tokens[index + 1:] if not _is_space(later)), "")
            if following == ".":
                tokens[index] = "main"
        previous = token
    return "".join(tokens)


class Cursor(sqlite3.Cursor):
    def execute(self, sql, *arguments):
        return super().execute(self.connection._translated(sql), *arguments)

    def executemany(self, sql, *arguments):
        return super().executemany(self.connection._translated(sql), *arguments)

    def executescript(self, sql):
        return super().executescript(self.connection._translated(sql))


class Connection(sqlite3.Connection):
    _schemas = ()

    def _translated(self, sql):
        return without_schemas(sql, self._schemas) if isinstance(sql, str) else sql

    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def execute(self, sql, *arguments):
        return self.cursor().execute(sql, *arguments)

    def executemany(self, sql, *arguments):
        return self.cursor().executemany(sql, *arguments)

    def executescript(self, sql):
        return self.cursor().executescript(sql)


def connect_sqlite(name, file, schemas, timeout):
    # Opening must not make an empty database where there is none.
    if not os.path.isfile(file):
        raise FileNotFoundError(f'The database file "{file}" of the linked service "{name}" does not exist.')
    connection = sqlite3.connect(f"file:{quote(file)}?mode=rw", timeout=timeout, uri=True, factory=Connection)
    connection._schemas = tuple(schema.lower() for schema in schemas)
    return connection

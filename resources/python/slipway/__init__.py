"""What a notebook that Slipway runs can ask for.

    import slipway
    connection = slipway.connect("AzureSqlDatabase1")   # DB-API, of a linked service listed in "connections"
    folder = slipway.mount("/dbfs/mnt/frzstg")          # the folder behind a mount
    slipway.parameters                                  # name -> value, as the activity passed them
    slipway.exit({"rows": 1309})                        # ends the notebook well; the value is the activity's output

The engine describes the run in a file; its path is in the environment variable SLIPWAY_CONTEXT.
"""

import json
import os

from ._sqlite import connect_sqlite

__all__ = ["NotebookExit", "connect", "exit", "mount", "parameters"]


class NotebookExit(BaseException):
    """Ends the notebook without an error. Not an Exception, so that "except Exception" lets it pass."""

    def _render_traceback_(self):
        return []  # IPython prints nothing for it


def _read_context():
    path = os.environ.get("SLIPWAY_CONTEXT")
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


_context = _read_context()

parameters = _context.get("parameters", {})


def _listed(names):
    names = sorted(names)
    return ", ".join(f'"{name}"' for name in names) if names else "none"


def connect(name, timeout=60.0):
    """A DB-API connection of the linked service `name`.

    SQLite: a sqlite3.Connection; `timeout` is how long a statement waits for a lock, in seconds. The schema "dbo", as
    in "dbo.t" or "[dbo].[t]", means the database itself. PostgreSQL: a connection of psycopg2.
    """
    connections = _context.get("connections", {})
    if name not in connections:
        raise LookupError(
            f'The linked service "{name}" is not among the connections of this notebook ({_listed(connections)}); '
            f'add it to "connections" of the notebook\'s linked service in .slipway/bindings.json.'
        )
    connection = connections[name]
    store = connection.get("store")
    if store == "sqlite":
        schemas = ["dbo"] if connection.get("ignoreSchemas", True) else []
        return connect_sqlite(name, connection["file"], schemas, timeout)
    if store == "postgresql":
        return _connect_postgresql(name, connection["connection"])
    raise ValueError(f'The linked service "{name}" is bound to "{store}", which a notebook cannot connect to.')


def _connect_postgresql(name, connection):
    try:
        import psycopg2
    except ImportError as error:
        raise ImportError(
            f'The linked service "{name}" is a PostgreSQL database, and the Python module psycopg2 is not installed; '
            f"install the package python3-psycopg2."
        ) from error
    try:
        return psycopg2.connect(connection)
    except psycopg2.OperationalError as error:
        if _context.get("network", True):
            raise
        raise ConnectionError(
            f'The database "{name}" cannot be reached, because this notebook runs without network; set '
            f'"network": true in the limits of its linked service in .slipway/bindings.json. ({error})'
        ) from error


def mount(path):
    """The folder behind the mount `path`, or behind a path below a mount."""
    mounts = _context.get("mounts", {})
    wanted = os.path.normpath(path)
    for literal in sorted(mounts, key=len, reverse=True):
        if wanted == literal or wanted.startswith(literal + "/"):
            return mounts[literal] + wanted[len(literal):]
    raise LookupError(
        f'There is no mount "{path}" in this notebook ({_listed(mounts)}); add it to "mounts" of the notebook\'s '
        f"linked service in .slipway/bindings.json."
    )


def exit(value=None):
    """Ends the notebook well. `value`, which must be possible in JSON, becomes the activity's output."""
    text = json.dumps(value, allow_nan=False)
    path = _context.get("exit")
    if path:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    raise NotebookExit(value)

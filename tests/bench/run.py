#!/usr/bin/env python3
"""Measures Slipway beside the tools a user would take and beside the limit programs.

    cmake --preset bench && ninja -C build/bench bench_limit slipwayctl
    tests/bench/run.py copy [--smoke] [--rows N] [--rounds N] [--only parse,sqlite,postgres,export] [--build build/bench]

All candidates of a group run in turn, A B C A B C …, so that a busy machine is busy for everybody; the table shows medians
of wall and CPU time (children included), the largest process and the ratio to the limit. Only ratios of one run are
claims; on a busy machine those of CPU time. Those marked (1) take long and run once. Every load is checked: the number of
rows, and the sums of columns. What is not installed, or what this version of Slipway cannot do, is left out and named.
PostgreSQL is started for the run on a free port in a temporary folder and stopped afterwards; its CPU time counts too.
"""

import argparse
import csv
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PEERS = SOURCE / "tests" / "bench" / "peers"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's pandas
TABLES = {
    "titanic": {
        "PassengerId": "integer", "Survived": "integer", "Pclass": "integer", "Name": "text", "Sex": "text",
        "Age": "real", "SibSp": "integer", "Parch": "integer", "Ticket": "text", "Fare": "real", "Cabin": "text",
        "Embarked": "text",
    },
    "narrow": {"id": "integer", "qty": "integer", "price": "real", "day": "date"},
}
# One line that every loaded table must answer alike; NULL or an empty text are both an age that is not there.
CHECKS = {
    "titanic": """select count(*), count(nullif(cast("Age" as text), '')), round(cast(sum("Fare") as numeric), 0) from t""",
    "narrow": "select count(*), sum(qty), round(cast(sum(price) as numeric), 0) from t",
}


def table(data, real, date):
    columns = ", ".join(f'"{n}" {t.replace("real", real).replace("date", date)}' for n, t in TABLES[data].items())
    return f"create table t({columns})"


class Candidate:
    """A command, what to do before it (not timed), and how to see that it did the same work as the others."""

    def __init__(self, name, command, prepare=None, check=None, server=None, once=False):
        self.name, self.command, self.prepare, self.check = name, command, prepare, check
        self.server, self.once = server, once
        self.results = []

    def run(self):
        if self.prepare:
            self.prepare()
        with tempfile.TemporaryFile() as errors:
            before = self.server.cpu() if self.server else 0
            start = time.perf_counter()
            process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                errors.seek(0)
                sys.exit(f"{self.name} failed: {errors.read().decode(errors='replace')}")
            served = self.server.cpu() - before if self.server else 0
        if self.check:
            self.check(self.name)
        self.results.append((wall, usage.ru_utime + usage.ru_stime + served, usage.ru_maxrss / 1024))

    def median(self, what):
        return statistics.median(result[what] for result in self.results)


def measure(title, candidates, rounds, limit):
    """`limit`: the name of the candidate that the others are compared with."""
    candidates = [c for c in candidates if c]
    for number in range(rounds):
        for candidate in candidates:
            if number == 0 or not candidate.once:
                candidate.run()
    best = next((c for c in candidates if c.name == limit), None)
    ours = next((c for c in candidates if c.name.startswith("Slipway")), None)
    print(f"\n### {title}\n\n| | wall s | CPU s | largest process MiB | wall, limit ÷ this | CPU, limit ÷ this "
          "| CPU, this ÷ Slipway |")
    print("|---|---|---|---|---|---|---|")
    for c in candidates:
        ratios = [f"{best.median(i) / c.median(i):.2f}" if best else "" for i in (0, 1)]
        times = f"{c.median(1) / ours.median(1):.2f}" if ours else ""
        print(f"| {c.name}{' (1)' if c.once else ''} | {c.median(0):.3f} | {c.median(1):.3f} "
              f"| {max(r[2] for r in c.results):.0f} | {ratios[0]} | {ratios[1]} | {times} |", flush=True)


class Postgres:
    """A server of its own. PostgreSQL refuses to run as root: then everything is done as the user postgres."""

    def __init__(self, folder):
        installed = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
        if not installed:
            sys.exit("PostgreSQL is not installed: run ./setup, or leave out the groups postgres and export")
        self.bin = installed[-1].parent
        self.folder = pathlib.Path(folder) / "postgres"
        self.folder.mkdir()
        self.prefix = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            os.chmod(folder, 0o755)
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.uri = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def command(self, program, *arguments):
        subprocess.run([*self.prefix, self.bin / program, *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def __enter__(self):
        self.command("initdb", "-D", self.folder / "db", "-A", "trust", "-U", "postgres", "-E", "UTF8")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.command("pg_ctl", "-D", self.folder / "db", "-w", "-l", self.folder / "log", "-o", options, "start")
        return self

    def __exit__(self, *_):
        self.command("pg_ctl", "-D", self.folder / "db", "-w", "-m", "fast", "stop")

    def cpu(self):
        """Seconds that the server and its processes, those that have ended too, have computed so far."""
        with open(self.folder / "db" / "postmaster.pid", encoding="utf-8") as file:
            parent = file.readline().strip()
        for _ in range(200):  # the backend of a client that has left ends a little later, and counts when its parent knows
            processes = self.processes(parent)
            if not any(b": postgres postgres " in command for _, command in processes):
                break
            time.sleep(0.01)
        return sum(ticks for ticks, _ in self.processes(parent)) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def processes(parent):
        """Ticks and command line of the server and of its processes."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if entry.name == parent:
                    found.append((sum(int(f) for f in fields[11:15]), b""))
                elif fields[1] == parent:
                    found.append((int(fields[11]) + int(fields[12]), (entry / "cmdline").read_bytes()))
            except OSError:
                continue  # it has ended meanwhile
        return found

    def sql(self, *statements):
        arguments = [part for statement in statements for part in ("-c", statement)]
        answer = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", self.uri, *arguments], check=True,
                                capture_output=True, text=True)
        return answer.stdout.strip()


class Bench:
    """What all groups know: where things are, and what is installed."""

    def __init__(self, options, folder):
        self.tools, self.rounds, self.folder = options.build.resolve() / "bin", options.rounds, folder
        self.rows = options.rows
        libraries = sorted((options.modules / "@duckdb").glob("*/libduckdb.so"))
        self.duck = libraries[0] if libraries else None
        self.pandas = succeeds(PYTHON, "-c", "import pandas")
        self.psycopg = succeeds(PYTHON, "-c", "import psycopg2")
        self.slipway = self.tools / "slipwayctl"
        self.files = {}

    def data(self, name):
        if name not in self.files:
            self.files[name] = self.folder / f"{name}.csv"
            with open(self.files[name], "wb") as out:
                subprocess.run([self.tools / "bench_generate", name, str(self.rows)], stdout=out, check=True)
        return self.files[name]

    def copy(self, source, target, prepare, check=None, server=None):
        return Candidate("Slipway", [self.slipway, "copy", "--from", source, "--to", target, "--json"], prepare, check,
                         server)

    def frames(self, *arguments, prepare=None, check=None, server=None):
        if not self.pandas or (server and not self.psycopg):
            return None
        return Candidate("pandas", [PYTHON, PEERS / "frames.py", *arguments], prepare, check, server, once=True)

    def duckdb(self, threads, sql, prepare=None, check=None):
        if not self.duck:
            return None
        name = f"DuckDB, {threads} thread{'s' if threads > 1 else ''}"
        return Candidate(name, [sys.executable, PEERS / "duck.py", self.duck, str(threads), sql], prepare, check)


def parse_group(bench):
    for name in TABLES:
        data = bench.data(name)
        candidates = [Candidate("limit program", [bench.tools / "bench_parse_limit", data]),
                      Candidate("Slipway's reader", [bench.tools / "bench_parse_slipway", data])]
        outputs = [subprocess.run(c.command, check=True, capture_output=True, text=True).stdout for c in candidates]
        if outputs[0] != outputs[1]:
            sys.exit(f"The readers disagree:\n{outputs[0]}{outputs[1]}")
        sums = ", ".join(f'sum("{n}")' if t in ("integer", "real") else f'count("{n}")' for n, t in TABLES[name].items())
        sql = f"select concat_ws(' ', {sums}) from read_csv('{data}')"
        candidates += [bench.duckdb(1, sql), bench.duckdb(2, sql), bench.frames("read", data)]
        measure(f"Reading CSV, {name}: all columns typed; limit and Slipway on one thread", candidates, bench.rounds,
                "limit program")


def sqlite_group(bench):
    file = bench.folder / "bench.db"
    for name, modes in (("titanic", ("delete", "wal")), ("narrow", ("delete",))):
        data, expected = bench.data(name), []

        def prepare(mode):
            for suffix in ("", "-wal", "-shm", "-journal"):
                pathlib.Path(f"{file}{suffix}").unlink(missing_ok=True)
            with sqlite3.connect(file) as database:
                database.execute(f"pragma journal_mode={mode}")
                database.execute(table(name, "real", "text"))
            database.close()

        def check(candidate):
            database = sqlite3.connect(file)
            agree(candidate, database.execute(CHECKS[name]).fetchone(), expected)
            database.close()

        for mode in modes:
            before = lambda mode=mode: prepare(mode)  # noqa: E731
            measure(f"CSV → SQLite, {name}, journal_mode={mode}", [
                Candidate("limit program", [bench.tools / "bench_sqlite_limit", data, file, mode], before, check),
                bench.copy(data, f"sqlite:{file}#t", before, check),
                Candidate("sqlite3 .import", ["sqlite3", file, f".import --csv --skip 1 {data} t"], before, check),
                bench.frames("load", data, file, prepare=before, check=check) if mode == "delete" else None,
            ], bench.rounds, "limit program")


def postgres_group(bench, server):
    for name in TABLES:
        data, expected = bench.data(name), []
        server.sql("drop table if exists t", table(name, "double precision", "date"))
        prepare = lambda: server.sql("truncate t", "checkpoint")  # noqa: E731

        def check(candidate):
            agree(candidate, [float(field) for field in server.sql(CHECKS[name]).split("|")], expected)

        measure(f"CSV → PostgreSQL, {name}, one transaction; CPU with the server's", [
            Candidate("limit program", [bench.tools / "bench_pg_limit", server.uri, data], prepare, check, server),
            bench.copy(data, f"{server.uri}#t", prepare, check, server),
            Candidate("psql \\copy", ["psql", "-qX", server.uri, "-c", f"\\copy t from '{data}' csv header"], prepare,
                      check, server),
            bench.frames("load", data, server.uri, prepare=prepare, check=check, server=server),
        ], bench.rounds, "limit program")


def export_group(bench, server):
    data, file, out = bench.data("titanic"), bench.folder / "export.db", bench.folder / "out.csv"
    with sqlite3.connect(file) as database:
        database.execute(table("titanic", "real", "text"))
    database.close()
    subprocess.run([bench.slipway, "copy", "--from", data, "--to", f"sqlite:{file}#t"], check=True, capture_output=True)
    expected = []
    prepare = lambda: out.unlink(missing_ok=True)  # noqa: E731

    def check(candidate):  # the same rows, whatever is quoted
        with open(out, newline="", encoding="utf-8") as lines:
            rows, fares, ages = 0, 0.0, 0
            for row in csv.DictReader(lines):
                rows += 1
                fares += float(row["Fare"])
                ages += row["Age"] != ""
        agree(candidate, (rows, round(fares), ages), expected)

    limit = bench.tools / "bench_export_limit"
    measure("SQLite → CSV, titanic", [
        Candidate("limit program", [limit, file, out], prepare, check) if limit.exists() else None,
        bench.copy(f"sqlite:{file}#t", out, prepare, check),
        Candidate("sqlite3 -csv", ["sqlite3", "-csv", "-header", "-cmd", f".once {out}", file, "select * from t"],
                  prepare, check),
        bench.frames("export", file, out, prepare=prepare, check=check),
    ], bench.rounds, "limit program")
    server.sql("drop table if exists t", table("titanic", "double precision", "date"))
    server.sql(f"\\copy t from '{data}' csv header")
    measure("PostgreSQL → CSV, titanic; CPU with the server's", [
        Candidate("psql \\copy", ["psql", "-qX", server.uri, "-c", f"\\copy t to '{out}' csv header"], prepare, check,
                  server),
        bench.copy(f"{server.uri}#t", out, prepare, check, server),
        bench.frames("export", server.uri, out, prepare=prepare, check=check, server=server),
    ], bench.rounds, "psql \\copy")
    parquet_group(bench, data, out, prepare, check)


def parquet_group(bench, data, out, prepare, check):
    """DuckDB guesses the types of the text, Slipway is told them: both write and read the same file, in snappy."""
    if not bench.duck:
        print("\nWithout DuckDB in node_modules Parquet is left out.")
        return
    file, translator = bench.folder / "out.parquet", bench.folder / "types.json"
    types = {"integer": "Int64", "real": "Double", "text": "String"}
    translator.write_text(json.dumps({"type": "TabularTranslator", "mappings": [
        {"source": {"name": n}, "sink": {"name": n, "type": types[t]}} for n, t in TABLES["titanic"].items()]}))
    remove = lambda: file.unlink(missing_ok=True)  # noqa: E731
    expected = []

    def compare(candidate):
        sums = "concat_ws(' ', count(*), count(Age), round(sum(Fare)), sum(PassengerId))"
        answer = subprocess.run([sys.executable, PEERS / "duck.py", bench.duck, "1", f"select {sums} from '{file}'"],
                                check=True, capture_output=True, text=True)
        agree(candidate, answer.stdout.split(), expected)

    sql = f"copy (from read_csv('{data}')) to '{file}' (format parquet)"
    ours = bench.copy(data, file, remove, compare)
    ours.command += ["--translator", translator]
    duck = [bench.duckdb(threads, sql, remove, compare) for threads in (1, 2)]
    measure("CSV → Parquet, titanic", [*duck, ours], bench.rounds, duck[1].name)
    sql = f"copy (from '{file}') to '{out}' (format csv)"
    duck = [bench.duckdb(threads, sql, prepare, check) for threads in (1, 2)]
    measure("Parquet → CSV, titanic", [*duck, bench.copy(file, out, prepare, check)], bench.rounds, duck[1].name)


def agree(candidate, answer, expected):
    """All candidates of a group come to the same answer, the first one's."""
    numbers = [float(field) for field in answer]
    if not expected:
        expected.extend(numbers)
    if any(abs(a - b) > 1e-6 * abs(b) for a, b in zip(numbers, expected)):
        sys.exit(f"{candidate} arrives at {numbers}, the first candidate at {expected}")


def succeeds(*command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def version(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0].strip()


def versions(bench):
    def processor():
        lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n")
        return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown processor")

    library = bench.tools / "bench_sqlite_limit"
    own = version(library, "version") if library.exists() else ""
    return ", ".join([
        f"Slipway {version('git', '-C', str(SOURCE), 'rev-parse', '--short', 'HEAD')}",
        f"{os.cpu_count()} × {processor()}, load {os.getloadavg()[0]:.1f}",
        f"{bench.rows} rows, {bench.rounds} rounds",
        f"sqlite3 {version('sqlite3', '--version').split(' ')[0]}, SQLite in Slipway {own}",
        version("psql", "--version"),
        f"pandas {version(PYTHON, PEERS / 'frames.py', 'version', '-')}" if bench.pandas else "no pandas",
        f"DuckDB {version(sys.executable, PEERS / 'duck.py', bench.duck, 'version')}" if bench.duck else "no DuckDB",
    ])


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", nargs="?", default="copy", choices=["copy"])
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--smoke", action="store_true", help="20000 rows, one round: whether everything still runs")
    arguments.add_argument("--only", default="parse,sqlite,postgres,export")
    arguments.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "bench")
    arguments.add_argument("--modules", type=pathlib.Path, default=SOURCE / "node_modules")
    options = arguments.parse_args()
    if options.smoke:
        options.rows, options.rounds = 20_000, 1
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as name:
        bench = Bench(options, pathlib.Path(name))
        for program in ("bench_generate", "slipwayctl"):
            if not (bench.tools / program).exists():
                sys.exit(f"{bench.tools} has no {program}: ninja -C {options.build} bench_limit slipwayctl")
        print(versions(bench), flush=True)
        groups = options.only.split(",")
        if "parse" in groups:
            parse_group(bench)
        if "sqlite" in groups:
            sqlite_group(bench)
        if "postgres" in groups or "export" in groups:
            with Postgres(bench.folder) as server:
                if "postgres" in groups:
                    postgres_group(bench, server)
                if "export" in groups:
                    export_group(bench, server)


if __name__ == "__main__":
    main()

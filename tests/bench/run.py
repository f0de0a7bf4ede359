#!/usr/bin/env python3
"""Measures Slipway beside the tools a user would take and beside the limit programs.

    cmake --preset bench && ninja -C build/bench bench_limit slipwayctl
    tests/bench/run.py [--rows N] [--rounds N] [--only parse,sqlite,postgres] [--build build/bench]

All candidates of a group run in turn, A B C A B C …, so that a busy machine is busy for everybody; the table shows medians
of wall and CPU time (children included), the largest process and the ratio to the limit. Only ratios of one run are
claims. Every load is checked: the number of rows, and the sum of a column that has empty values.
PostgreSQL is started for the run on a free port in a temporary folder and stopped afterwards.
"""

import argparse
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
TITANIC = {
    "PassengerId": "integer", "Survived": "integer", "Pclass": "integer", "Name": "text", "Sex": "text",
    "Age": "real", "SibSp": "integer", "Parch": "integer", "Ticket": "text", "Fare": "real", "Cabin": "text",
    "Embarked": "text",
}


def table(real):
    return "create table t(" + ", ".join(f'"{n}" {t.replace("real", real)}' for n, t in TITANIC.items()) + ")"


class Candidate:
    """A command, what to do before it (not timed), and how to see that it did the same work as the others."""

    def __init__(self, name, command, prepare=None, check=None, input=None):
        self.name, self.command, self.prepare, self.check, self.input = name, command, prepare, check, input
        self.results = []

    def run(self):
        if self.prepare:
            self.prepare()
        with tempfile.TemporaryFile() as errors, open(self.input or os.devnull, "rb") as stdin:
            start = time.perf_counter()
            process = subprocess.Popen(self.command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                errors.seek(0)
                sys.exit(f"{self.name} failed: {errors.read().decode(errors='replace')}")
        if self.check:
            self.check(self.name)
        self.results.append((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))

    def median(self, what):
        return statistics.median(result[what] for result in self.results)


def measure(title, candidates, rounds, limit):
    """`limit`: the name of the candidate that the others are compared with."""
    candidates = [c for c in candidates if c]
    for _ in range(rounds):
        for candidate in candidates:
            candidate.run()
    best = next((c for c in candidates if c.name == limit), None)
    print(f"\n### {title}\n\n| | wall s | CPU s | largest process MiB | wall, limit ÷ this | CPU, limit ÷ this |")
    print("|---|---|---|---|---|---|")
    for c in candidates:
        ratios = [f"{best.median(i) / c.median(i):.2f}" if best else "" for i in (0, 1)]
        print(f"| {c.name} | {c.median(0):.3f} | {c.median(1):.3f} | {max(r[2] for r in c.results):.0f} "
              f"| {ratios[0]} | {ratios[1]} |", flush=True)


class Postgres:
    """A server of its own. PostgreSQL refuses to run as root: then everything is done as the user postgres."""

    def __init__(self, folder):
        installed = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
        if not installed:
            sys.exit("PostgreSQL is not installed: run ./setup, or leave out the group postgres")
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

    def sql(self, *statements):
        arguments = [part for statement in statements for part in ("-c", statement)]
        answer = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", self.uri, *arguments], check=True,
                                capture_output=True, text=True)
        return answer.stdout.strip()


def parse_group(tools, data, rounds):
    candidates = [Candidate("limit program", [tools / "bench_parse_limit", data]),
                  Candidate("Slipway's reader", [tools / "bench_parse_slipway", data])]
    outputs = [subprocess.run(c.command, check=True, capture_output=True, text=True).stdout for c in candidates]
    if outputs[0] != outputs[1]:
        sys.exit(f"The readers disagree:\n{outputs[0]}{outputs[1]}")
    measure("CSV, all columns typed, one thread", candidates, rounds, "limit program")


def sqlite_group(tools, data, rounds, folder, expected, rows):
    file = folder / "bench.db"

    def prepare(mode):
        for name in (file, folder / "bench.db-wal", folder / "bench.db-shm", folder / "bench.db-journal"):
            name.unlink(missing_ok=True)
        with sqlite3.connect(file) as database:
            database.execute(f"pragma journal_mode={mode}")
            database.execute(table("real"))
        database.close()

    def check(name):
        database = sqlite3.connect(file)
        count, ages, fares = database.execute("select count(*), count(nullif(Age, '')), sum(Fare) from t").fetchone()
        database.close()
        if (count, ages) != (rows, expected[0]) or abs(fares - expected[1]) > 1e-6 * expected[1]:
            sys.exit(f"{name} loaded {count} rows, {ages} ages, fares {fares}")

    for mode in ("delete", "wal"):
        before = lambda mode=mode: prepare(mode)  # noqa: E731
        limit = f"limit program ({mode})"
        measure(f"CSV → SQLite, journal_mode={mode}", [
            Candidate(limit, [tools / "bench_sqlite_limit", data, file, mode], before, check),
            slipway(tools, data, f"sqlite:{file}#t", before, check),
            Candidate("sqlite3 .import", ["sqlite3", file, f".import --csv --skip 1 {data} t"], before, check),
        ], rounds, limit)


def postgres_group(tools, data, rounds, folder, expected, rows):
    with Postgres(folder) as server:
        server.sql(table("double precision"))

        def prepare():
            server.sql("truncate t", "checkpoint")

        def check(name):
            count, ages, fares = server.sql("select count(*), count(\"Age\"), sum(\"Fare\") from t").split("|")
            if (int(count), int(ages)) != (rows, expected[0]) or abs(float(fares) - expected[1]) > 1e-6 * expected[1]:
                sys.exit(f"{name} loaded {count} rows, {ages} ages, fares {fares}")

        print(f"\nPostgreSQL {server.sql('show server_version')}, default settings, 127.0.0.1; CPU is the client's.")
        measure("CSV → PostgreSQL, one transaction", [
            Candidate("limit program", [tools / "bench_pg_limit", server.uri, data], prepare, check),
            slipway(tools, data, f"{server.uri}#t", prepare, check),
            Candidate("psql \\copy", ["psql", "-qX", server.uri, "-c", f"\\copy t from '{data}' csv header"], prepare,
                      check),
        ], rounds, "limit program")


def slipway(tools, data, to, prepare, check):
    program = tools / "slipwayctl"
    if not program.exists():
        print(f"\n{program} is not built: Slipway is missing in the next table.")
        return None
    return Candidate("Slipway", [program, "copy", "--from", data, "--to", to, "--json"], prepare, check)


def truth(data):
    """Ages that are there, and the sum of all fares: what every load has to arrive at."""
    import csv
    ages, fares = 0, 0.0
    with open(data, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ages += row["Age"] != ""
            fares += float(row["Fare"])
    return ages, fares


def version(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0].strip()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", default="parse,sqlite,postgres")
    arguments.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "bench")
    options = arguments.parse_args()
    tools = options.build.resolve() / "bin"
    if not (tools / "bench_generate").exists():
        sys.exit(f"{tools} has no limit programs: ninja -C {options.build} bench_limit")
    commit = version("git", "-C", str(SOURCE), "rev-parse", "--short", "HEAD")
    print(f"Slipway {commit}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, {options.rows} rows, "
          f"{options.rounds} rounds, sqlite3 {version('sqlite3', '--version').split(' ')[0]}, {version('psql', '--version')}")
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as name:
        folder = pathlib.Path(name)
        data = folder / "titanic.csv"
        with open(data, "wb") as out:
            subprocess.run([tools / "bench_generate", "titanic", str(options.rows)], stdout=out, check=True)
        groups = options.only.split(",")
        if "parse" in groups:
            parse_group(tools, data, options.rounds)
        expected = truth(data)
        if "sqlite" in groups:
            sqlite_group(tools, data, options.rounds, folder, expected, options.rows)
        if "postgres" in groups:
            postgres_group(tools, data, options.rounds, folder, expected, options.rows)


if __name__ == "__main__":
    main()

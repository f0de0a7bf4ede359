-- The run store: every event of every run, and beside it the state of each thing after its last event.
-- Instants are milliseconds since 1970 UTC. `record` is the whole record as JSON; the columns beside it are for finding.

CREATE TABLE identity(
    name TEXT PRIMARY KEY, -- storeId, epoch, createdAt
    value NOT NULL
) WITHOUT ROWID;

CREATE TABLE event(
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    at INTEGER NOT NULL,
    factory TEXT NOT NULL,
    run TEXT NOT NULL,
    kind TEXT NOT NULL, -- run | activity | attempt | cell
    body TEXT NOT NULL
);

CREATE TABLE run(
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    run_group TEXT NOT NULL,
    is_latest INTEGER NOT NULL,
    factory TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    invoked_by TEXT NOT NULL,
    status TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    updated_at INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX run_by_queued ON run(queued_at);
CREATE INDEX run_by_factory ON run(factory, queued_at);
CREATE INDEX run_by_pipeline ON run(factory, pipeline, queued_at);
CREATE INDEX run_by_updated ON run(updated_at);
CREATE INDEX run_by_group ON run(run_group);
CREATE INDEX run_unfinished ON run(queued_at) WHERE status IN ('Queued', 'InProgress', 'Canceling');

CREATE TABLE activity(
    ordinal INTEGER PRIMARY KEY, -- order of first appearance
    id TEXT NOT NULL UNIQUE,
    run TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX activity_by_run ON activity(run, ordinal);

CREATE TABLE attempt(
    ordinal INTEGER PRIMARY KEY,
    activity_run TEXT NOT NULL,
    number INTEGER NOT NULL,
    run TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE(activity_run, number)
);
CREATE INDEX attempt_by_run ON attempt(run, ordinal);

CREATE TABLE cell(
    ordinal INTEGER PRIMARY KEY,
    activity_run TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    number INTEGER NOT NULL, -- the cell's index in the notebook
    run TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE(activity_run, attempt, number)
);
CREATE INDEX cell_by_run ON cell(run, activity_run, attempt, number);

-- The ledger: what became of each occurrence. Its key is what makes a trigger fire once.
CREATE TABLE fire(
    factory TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    planned INTEGER NOT NULL,
    noticed INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    run TEXT,
    pipeline TEXT,
    coalesced_into INTEGER,
    tz_version TEXT NOT NULL,
    PRIMARY KEY(factory, trigger_name, planned)
) WITHOUT ROWID;
CREATE UNIQUE INDEX fire_by_run ON fire(run) WHERE run IS NOT NULL;

CREATE TABLE trigger_state(
    factory TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    started INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    PRIMARY KEY(factory, trigger_name)
) WITHOUT ROWID;

CREATE TABLE factory(
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    published_version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE version(
    factory TEXT NOT NULL REFERENCES factory(id),
    number INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    comment TEXT NOT NULL,
    restored_from INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    PRIMARY KEY(factory, number)
);

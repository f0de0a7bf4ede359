-- What a policy keeps from being seen, by activity run: read after a restart, never listed, gone when the run has ended.

CREATE TABLE hidden(
    activity_run TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX hidden_by_run ON hidden(run);

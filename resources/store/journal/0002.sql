-- Lists of runs: filtered, sorted and counted from one index, without touching the records.

ALTER TABLE run ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0; -- when it started; while it waits, when it was queued
ALTER TABLE run ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN search TEXT NOT NULL DEFAULT ''; -- case-folded: id, pipeline, beginning of the message
UPDATE run SET
    begun_at = coalesce(started_at, queued_at),
    version = coalesce(json_extract(record, '$.version'), 0),
    search = casefold(id || char(10) || pipeline || char(10) || coalesce(substr(json_extract(record, '$.message'), 1, 2000), ''));
CREATE INDEX run_listed ON run(begun_at, status, factory, pipeline, invoked_by, ended_at, version, search);

-- The course of each activity's progress, thinned out, and what is shown of outputs too large to be sent unasked.

CREATE TABLE progress_point(
    activity_run TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    number INTEGER NOT NULL, -- counted from 0; every so manieth is kept, and the newest
    at INTEGER NOT NULL, -- milliseconds since 1970 UTC
    progress TEXT NOT NULL,
    PRIMARY KEY(activity_run, attempt, number)
) WITHOUT ROWID;

CREATE TABLE output_preview(
    activity_run TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    position INTEGER NOT NULL,
    preview TEXT NOT NULL,
    PRIMARY KEY(activity_run, attempt, cell, position)
) WITHOUT ROWID;

-- What a run showed while it ran: the outputs of each cell as they stand, and the last progress of each activity.

CREATE TABLE output(
    activity_run TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    position INTEGER NOT NULL,
    output TEXT NOT NULL, -- an nbformat output
    PRIMARY KEY(activity_run, attempt, cell, position)
);

CREATE TABLE progress(
    activity_run TEXT PRIMARY KEY,
    progress TEXT NOT NULL
) WITHOUT ROWID;

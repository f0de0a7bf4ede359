-- The database of the sample: the passengers as the notebooks read them, and the table that the pipeline publishes.
-- embarkation is REAL because pandas writes a column with missing values as 1.0, and no copied value is changed to fit.
CREATE TABLE IF NOT EXISTS titanic_features (
    survived    INTEGER,
    pclass      INTEGER,
    is_female   INTEGER,
    is_male     INTEGER,
    age         REAL,
    sibsp       INTEGER,
    parch       INTEGER,
    fare        REAL,
    embarkation REAL
);

CREATE TABLE IF NOT EXISTS titanic_predictions (
    survived    INTEGER,
    pclass      INTEGER,
    is_female   INTEGER,
    is_male     INTEGER,
    age         REAL,
    sibsp       INTEGER,
    parch       INTEGER,
    fare        REAL,
    embarkation REAL,
    predictions INTEGER
);

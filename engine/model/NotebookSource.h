#pragma once

#include "engine/model/Notebook.h"

namespace engine {

// A notebook in any form that can be shown, chosen by the ending of `path`: .ipynb; .json as Synapse keeps it in Git;
// .py, .sql and .r as Databricks writes them ("# COMMAND ----------" between cells, "# MAGIC" before lines in another
// language, "# DBTITLE 1,…" before a title; a file without those is one cell) or as Fabric does ("# CELL *****",
// "# PARAMETERS CELL *****", "# MARKDOWN *****", "# META" after each). Pure; any thread. Errors: InvalidInput;
// Unsupported for .dbc and others.
Result<Notebook> readNotebookSource(const QByteArray &content, const QString &path);

// The form of a notebook that runs: .ipynb, .py, and .json in Synapse's folder "notebook".
bool isRunnableNotebook(const QString &path);

} // namespace engine

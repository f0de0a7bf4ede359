#pragma once

#include "engine/model/Notebook.h"

namespace engine {

// A notebook in any form that can be shown, chosen by the ending of `path`: .ipynb; .py, .sql and .r as Databricks
// writes them ("# COMMAND ----------" between cells, "# MAGIC" before lines in another language, "# DBTITLE 1,…" before
// a title; a file without those is one cell). Pure; any thread. Errors: InvalidInput; Unsupported for .dbc and others.
Result<Notebook> readNotebookSource(const QByteArray &content, const QString &path);

} // namespace engine

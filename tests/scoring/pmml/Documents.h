#pragma once

#include "scoring/Model.h"
#include "tests/scoring/pmml/TextTable.h"

#include <QByteArray>

namespace tests {

// A PMML file around a model element: its dictionary's fields, its transformations, the model.
QByteArray pmml(const QByteArray &fields, const QByteArray &transformations, const QByteArray &model);

// One table of texts: "a=1 b=x", a field without a value is missing.
TextTable row(const QString &cells);

// A regression that passes on one derived field d, computed by `expression` from x, y, z (double), f (float), n
// (integer), s, t (string), day (date) and flag (boolean); `type` is that of d. Text results are read from the output
// "text".
QByteArray computing(const QByteArray &expression, const QByteArray &type = "double", const QByteArray &functions = {});

// Reads it, which must work, and scores one row.
ScoredTexts scoreRow(const QByteArray &document, const QString &cells);

// The error of reading it.
engine::Error errorOf(const QByteArray &document);

} // namespace tests

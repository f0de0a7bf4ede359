#pragma once

#include "scoring/Model.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace tests {

// A table as it is written: cells are texts, or missing.
struct TextTable
{
    QStringList names;
    QList<QList<std::optional<QString>>> rows;

    int column(const QString &name) const { return int(names.indexOf(name)); }
};

QString pmmlFile(const QString &path); // below tests/data/scoring/pmml
QByteArray contentOf(const QString &file);
TextTable readTextTable(const QString &csv); // plain CSV; NA, N/A and empty cells are missing

// Scored cells, as texts: numbers with 17 digits, nulls as none.
struct ScoredTexts
{
    QList<scoring::OutputField> fields;
    scoring::OutputBatch batch;

    int output(const QString &name) const; // -1 = there is none
    std::optional<QString> at(int output, int row) const;
    std::optional<QString> at(const QString &name, int row) const { return at(output(name), row); }
    double number(const QString &name, int row) const;
    QString problem(int row) const; // field and reason
};
ScoredTexts scoreTexts(const scoring::Model &model, const TextTable &table, const scoring::ScoreOptions &options = {});

} // namespace tests

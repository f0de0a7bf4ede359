#include "tests/scoring/trees/ScoredTable.h"

#include <algorithm>
#include <cmath>

using namespace scoring;

namespace tests {

QString corpusFile(const QString &path)
{
    return qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/tests/data/scoring/") + path;
}

OutputBatch scoreTable(const Model &model, const NumberTable &table, const ScoreOptions &options, int skip)
{
    auto scorer = model.scorer(options);
    if (!scorer)
        qFatal("%s", qPrintable(scorer.error().message));
    std::vector<std::vector<double>> columns;
    for (qsizetype input = 0; input < model.inputs().size(); ++input)
        columns.push_back(table.names.isEmpty() ? table.column(int(input) + skip)
                                                : table.column(model.inputs()[input].name));
    InputBatch batch;
    batch.rows = int(table.rows.size());
    for (const std::vector<double> &column : columns)
        batch.columns.push_back({column, {}, {}});
    OutputBatch scored;
    (*scorer)->score(batch, scored);
    return scored;
}

QString difference(const OutputBatch &scored, const NumberTable &expected, double relative, int first)
{
    if (size_t(scored.rows) != expected.rows.size())
        return QStringLiteral("%1 rows instead of %2").arg(scored.rows).arg(expected.rows.size());
    if (scored.columns.size() < size_t(first + expected.columns))
        return QStringLiteral("%1 columns instead of %2").arg(scored.columns.size()).arg(first + expected.columns);
    for (size_t row = 0; row < expected.rows.size(); ++row) {
        for (size_t k = 0; k < size_t(expected.columns); ++k) {
            const double is = scored.columns[k + size_t(first)].numbers[row];
            const double due = expected.rows[row][k];
            if (!(std::abs(is - due) <= relative * std::max(std::abs(due), 1e-6)))
                return QStringLiteral("row %1, column %2: %3 instead of %4")
                    .arg(row)
                    .arg(k)
                    .arg(is, 0, 'g', 17)
                    .arg(due, 0, 'g', 17);
        }
    }
    return {};
}

} // namespace tests

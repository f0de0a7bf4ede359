#include "tests/engine/kernel/WorkbenchRun.h"

using namespace engine;

namespace tests {

WorkbenchRun::WorkbenchRun(KernelContext context)
{
    Result<std::unique_ptr<SqlWorkbench>> opened = SqlWorkbench::open(std::move(context), m_folder.path());
    if (opened)
        m_workbench = *std::move(opened);
}

QString WorkbenchRun::run(const QString &cell)
{
    tables.clear();
    pictures.clear();
    drifts.clear();
    texts.clear();
    warnings.clear();
    const QByteArray source = cell.toUtf8();
    const SqlWorkbench::Outcome outcome = m_workbench->run(source, *this);
    hasExited = outcome.end == SqlWorkbench::Outcome::End::Exit;
    if (!outcome.error)
        return {};
    const CellPlace place = placeOf(source, positionOf(*outcome.error).value_or(0));
    return QStringLiteral("%1:%2 %3").arg(place.line).arg(place.column).arg(outcome.error->message);
}

QStringList WorkbenchRun::rows(const QString &cell)
{
    if (const QString error = run(cell); !error.isEmpty())
        return {QStringLiteral("! ") + error};
    QStringList rows;
    if (tables.isEmpty())
        return rows;
    for (const auto &row : tables.last().rows) {
        QStringList values;
        for (const auto &value : row)
            values += value.value_or(QStringLiteral("NULL"));
        rows += values.join(u'|');
    }
    return rows;
}

} // namespace tests

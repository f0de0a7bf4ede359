#include "engine/connectors/NearNames.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>
#include <vector>

namespace engine {
namespace {

struct NearNamesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::NearNames)
};

// Levenshtein: how many letters to change, add or drop.
int distance(const QString &a, const QString &b)
{
    std::vector<int> row(size_t(b.size()) + 1);
    for (size_t j = 0; j < row.size(); ++j)
        row[j] = int(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = int(i);
        for (size_t j = 1; j < row.size(); ++j) {
            const int changed = diagonal + (a[i - 1] == b[qsizetype(j) - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

constexpr qsizetype namesToCompare = 1000; // of a folder in which something was looked for

QStringList someNamesIn(const QString &folder)
{
    QStringList names;
    QDirIterator entries(folder, QDir::AllEntries | QDir::NoDotAndDotDot);
    while (entries.hasNext() && names.size() < namesToCompare) {
        entries.next();
        names.append(entries.fileName());
    }
    names.sort();
    return names;
}

} // namespace

QString suggestName(const QString &wanted, const QStringList &candidates)
{
    if (candidates.isEmpty())
        return {};
    const QString lower = wanted.toLower();
    QString nearest;
    int best = int(std::max<qsizetype>(1, lower.size() / 3)) + 1;
    for (const QString &candidate : candidates) {
        if (const int far = distance(lower, candidate.toLower()); far < best) {
            best = far;
            nearest = candidate;
        }
    }
    if (!nearest.isEmpty())
        return NearNamesText::tr("Did you mean “%1”?").arg(nearest);
    constexpr qsizetype shown = 20;
    QString list = candidates.mid(0, shown).join(QStringLiteral(", "));
    if (candidates.size() > shown)
        list += QStringLiteral(" …");
    return NearNamesText::tr("There are: %1.").arg(list);
}

Error missingPath(const QString &path, const QString &where)
{
    QString missing = QDir::cleanPath(path);
    QString folder = QFileInfo(missing).path();
    while (!QFileInfo::exists(folder) && folder != QFileInfo(folder).path()) {
        missing = folder;
        folder = QFileInfo(missing).path();
    }
    const QString name = QFileInfo(missing).fileName();
    if (!QFileInfo(folder).isDir())
        return {ErrorCode::NotFound, NearNamesText::tr("%1 is no folder.").arg(folder), where};
    if (!QFileInfo(folder).isReadable() || !QFileInfo(folder).isExecutable())
        return {ErrorCode::Io,
                NearNamesText::tr("The folder %1 cannot be read: give yourself the permission.").arg(folder),
                where};
    const QStringList names = someNamesIn(folder);
    const QString there = names.isEmpty() ? NearNamesText::tr("The folder is empty.") : suggestName(name, names);
    return {ErrorCode::NotFound, NearNamesText::tr("There is no “%1” in %2. %3").arg(name, folder, there), where};
}

} // namespace engine

#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QList>
#include <QMap>

#include <optional>

namespace designer {

// One file to be written or removed.
struct FileToSave
{
    QString path;
    std::optional<QByteArray> expected; // what is on disk as far as we know; nothing = no file
    std::optional<QByteArray> content; // nothing = the file goes
};

struct SaveOutcome
{
    engine::Result<> result;
    QStringList saved; // what is on disk now as it was to be; all of them unless `result` is an error
    QMap<QString, std::optional<QByteArray>> others; // what somebody else left in place of what was expected
};

// Writes each file atomically and for good (fsync). Looks at all first: when one is not what was expected, nothing is
// written and the error is Conflict. Any thread.
SaveOutcome saveFiles(const QString &folder, const QList<FileToSave> &files);

} // namespace designer

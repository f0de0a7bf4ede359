#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QFile>
#include <QString>

#include <optional>

namespace engine {

// The objects of a JSON file, one by one: a single object, an array of objects, or objects one after another (one a
// line, or with anything blank between them). UTF-8; a byte order mark is passed over. Memory does not grow with the
// file, only with its largest object. One thread at a time; calls block.
class JsonRows
{
public:
    static constexpr qsizetype largestObject = 16 * 1024 * 1024; // bytes

    // Takes the descriptor. `displayPath` stands in errors.
    JsonRows(int descriptor, QString displayPath, CancelToken cancel);

    // The next object; nothing at the end. Errors are final: InvalidInput (`where` is "file:line"), Io, Cancelled.
    Result<std::optional<Json>> next();

private:
    Result<bool> fill(); // false: the file has ended
    Result<std::optional<char>> peek(); // the next character that is not blank
    Result<QByteArray> takeValue();
    void drop(qsizetype bytes);
    Error invalid(const QString &message) const;

    QFile m_file;
    QString m_displayPath;
    CancelToken m_cancel;
    QByteArray m_text;
    qsizetype m_at = 0; // in m_text
    qint64 m_line = 1;
    bool m_isOpened = false;
    bool m_isArray = false;
    bool m_isFirst = true;
    bool m_isOver = false;
};

} // namespace engine

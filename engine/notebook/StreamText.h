#pragma once

#include "engine/base/Json.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>

class QTemporaryFile;

namespace engine {

// The text of a stdout or stderr output as a terminal shows it: "\r" and "\b" move the cursor in the last line, so that
// a progress bar stays one line. Up to 512 KB are kept in memory, more goes to a file without a name; memory does not
// grow with the text.
class StreamText
{
    Q_DISABLE_COPY(StreamText)

public:
    StreamText();
    ~StreamText();

    void append(QByteArrayView text);
    qint64 size() const { return m_settledSize + m_line.size(); }
    qint64 lost() const { return m_lost; } // bytes that could not be written to the file

    // The whole text up to 512 KB, else its beginning and end with a note in between.
    QByteArray preview() const;
    // The whole text, piece by piece.
    void read(const std::function<void(QByteArrayView piece)> &take) const;

private:
    void edit(QByteArrayView text); // of one line, without its end
    void put(QByteArrayView text); // at the cursor
    void settle(QByteArrayView text); // nothing can change it any more

    QByteArray m_head; // settled text; its first part once there is a file
    QByteArray m_tail; // the last part of what is in the file
    std::unique_ptr<QTemporaryFile> m_file; // all settled text
    qint64 m_settledSize = 0;
    qint64 m_lost = 0;
    QByteArray m_line; // the line the cursor is in
    qsizetype m_cursor = -1; // in characters; -1 = at the end
};

} // namespace engine

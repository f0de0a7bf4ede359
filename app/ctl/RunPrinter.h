#pragma once

#include "app/ctl/Session.h"
#include "engine/records/RunEvent.h"

#include <QHash>
#include <QMap>
#include <QSet>

namespace ctl {

// Prints a run as it happens: activities, cells with what they print, rows. With --json each event is one line.
class RunPrinter
{
public:
    explicit RunPrinter(const Session &session) : m_session(session) { }
    void show(const engine::RunEvent &event);

    // The lines about a failed activity, the same here and in `show`: what, which cell and line, which row.
    static QStringList failureLines(const engine::Json &error);
    // "1,309 rows read, 1,309 copied, 0 skipped"; empty when the output is not a copy's.
    static QString copySentence(const engine::Json &output);
    // Which rows a copy left out, the first ten, and where all are; empty when there are none.
    static QStringList rejectedLines(const engine::Json &output);

private:
    void showActivity(const engine::ActivityRecord &activity);
    void showCell(const engine::CellRecord &cell);
    void showProgress(const engine::ActivityProgress &progress);
    void line(engine::Instant at, const QString &text) const;

    const Session &m_session;
    QHash<QString, QString> m_lastOf; // activity run id → last line printed about it
    QHash<QString, QString> m_names;
    QHash<QString, qint64> m_rows;
    QHash<QString, engine::CellStatus> m_cells;
    QMap<QString, QMap<int, engine::Json>> m_outputs; // "<activity run>/<attempt>/<cell>" → position → output
};

// What a cell printed, as text: streams, text/plain results, errors left out.
QString outputText(const engine::Json &output);

} // namespace ctl

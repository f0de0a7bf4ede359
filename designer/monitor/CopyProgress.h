#pragma once

#include "engine/records/RunEvent.h"

#include <QList>

#include <optional>

namespace designer {

// What the progress events of one copy add up to: counts, and the rate of the last second. A value.
class CopyProgress
{
public:
    void add(engine::Instant at, const engine::ActivityProgress &progress);

    bool isEmpty() const { return m_activity.isEmpty(); }
    const engine::Json &last() const { return m_last; } // {"phase","rowsRead","rowsCopied","rowsSkipped","dataRead" …}
    qint64 rows() const { return engine::intAt(m_last, "rowsCopied"); }
    double rowsPerSecond() const { return m_rowsPerSecond; } // 0: not known
    double bytesPerSecond() const { return m_bytesPerSecond; }
    std::optional<double> remainingSeconds() const; // nothing while it is not known
    QString text() const; // "5,120,000 rows · 838 k rows/s"; empty when it is no copy

private:
    struct Point
    {
        engine::Instant at;
        qint64 rows = 0;
        qint64 bytes = 0;
    };

    engine::ActivityRunId m_activity;
    engine::Json m_last = engine::Json::object();
    QList<Point> m_points; // of the last two seconds
    double m_rowsPerSecond = 0;
    double m_bytesPerSecond = 0;
};

QString rowsText(qint64 rows); // "5,120,000 rows"
QString rowRateText(double perSecond); // "838 k rows/s"

} // namespace designer

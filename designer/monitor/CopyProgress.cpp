#include "designer/monitor/CopyProgress.h"

#include "designer/widgets/Format.h"

#include <QCoreApplication>

#include <climits>

namespace designer {

using namespace engine;

namespace {

struct ProgressText
{
    Q_DECLARE_TR_FUNCTIONS(designer::CopyProgress)
};

constexpr std::chrono::seconds window{2};

} // namespace

void CopyProgress::add(Instant at, const ActivityProgress &progress)
{
    const bool isOther = progress.activityRun != m_activity || intAt(progress.progress, "rowsCopied") < rows();
    if (isOther) {
        m_points.clear();
        m_rowsPerSecond = 0;
        m_bytesPerSecond = 0;
    }
    m_activity = progress.activityRun;
    m_last = progress.progress;
    m_points.append({at, rows(), intAt(m_last, "dataRead")});
    while (m_points.size() > 2 && at - m_points.first().at > window)
        m_points.removeFirst();
    const Point &first = m_points.first();
    const double seconds = std::chrono::duration<double>(at - first.at).count();
    if (seconds > 0) {
        m_rowsPerSecond = double(m_points.last().rows - first.rows) / seconds;
        m_bytesPerSecond = double(m_points.last().bytes - first.bytes) / seconds;
    }
}

std::optional<double> CopyProgress::remainingSeconds() const
{
    const Json &seconds = memberAt(m_last, "remainingSeconds");
    return seconds.is_number() ? std::optional(seconds.get<double>()) : std::nullopt;
}

QString CopyProgress::text() const
{
    if (!m_last.is_object() || !m_last.contains("rowsCopied"))
        return {};
    QString text = rowsText(rows());
    if (m_rowsPerSecond > 0)
        text += QStringLiteral(" · ") + rowRateText(m_rowsPerSecond);
    return text;
}

QString rowsText(qint64 rows) { return ProgressText::tr("%Ln row(s)", nullptr, int(qMin<qint64>(rows, INT_MAX))); }

QString rowRateText(double perSecond) { return ProgressText::tr("%1 rows/s").arg(rateText(perSecond)); }

} // namespace designer

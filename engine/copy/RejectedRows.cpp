#include "engine/copy/RejectedRows.h"

#include "engine/base/Clock.h"
#include "engine/base/Ids.h"

#include <QCoreApplication>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <unistd.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectedRowsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectedRows)
};

constexpr qsizetype writeAtOnce = 64 * 1024;

// RFC 4180; what a spreadsheet would take for a formula is made text.
QByteArray cell(QByteArray text)
{
    if (!text.isEmpty() && std::strchr("=+-@\t\r", text.front()))
        text.prepend('\'');
    text.replace('"', "\"\"");
    return '"' + text + '"';
}

Json describe(const RowProblem &problem)
{
    return {{"file", toStdString(problem.file)},
            {"row", problem.row},
            {"line", problem.line},
            {"column", toStdString(problem.column)},
            {"value", toStdString(problem.value)},
            {"code", toStdString(problem.code)},
            {"message", toStdString(problem.message)}};
}

} // namespace

RejectedRows::RejectedRows(SkipRules rules, QString activity, QString id, RejectKeeper *keeper)
    : m_rules(std::move(rules))
    , m_activity(std::move(activity))
    , m_id(std::move(id))
    , m_keeper(keeper)
{
}

RejectedRows::~RejectedRows()
{
    if (m_log >= 0) {
        (void)write({}); // a copy that failed leaves what it found
        ::close(m_log);
    }
}

Error RejectedRows::tooMany(const QString &message)
{
    m_isTooMany = true;
    return {ErrorCode::InvalidInput, message, m_logPath};
}

Result<> RejectedRows::add(const RowProblem &problem)
{
    const std::lock_guard lock(m_mutex);
    const qint64 count = ++m_count;
    const qint64 ofReason = ++m_reasons[problem.code];
    if (m_first.size() < mostReported) {
        m_first.append(problem);
        m_first.last().original.clear();
        m_first.last().fields.reset();
    }
    if (const Result<> kept = m_keeper ? m_keeper->add(problem) : Result<>(); !kept)
        return kept;
    if (m_rules.log != SkipRules::Log::None && ofReason <= mostLogged) {
        if (m_log < 0) {
            if (const Result<> opened = openLog(); !opened)
                return opened;
        }
        m_pending += logLine(problem);
        if (m_pending.size() >= writeAtOnce) {
            if (const Result<> written = write({}); !written)
                return written;
        }
    }
    if (m_rules.maxErrors && count > *m_rules.maxErrors)
        return tooMany(RejectedRowsText::tr("%1 rows are bad, and %2 are allowed (maxErrors). The last one: %3")
                           .arg(count)
                           .arg(*m_rules.maxErrors)
                           .arg(problem.message));
    return {};
}

Result<> RejectedRows::finish(qint64 rowsRead)
{
    const std::lock_guard lock(m_mutex);
    if (m_log >= 0) {
        if (const Result<> written = write({}); !written)
            return written;
        if (::fsync(m_log) != 0)
            return Error{ErrorCode::Io,
                         RejectedRowsText::tr("The log of rows left out cannot be written: %1.")
                             .arg(QString::fromLocal8Bit(std::strerror(errno))),
                         m_logPath};
    }
    if (const Result<> kept = m_keeper ? m_keeper->finish(count()) : Result<>(); !kept)
        return kept;
    const double percent = rowsRead > 0 ? 100.0 * double(count()) / double(rowsRead) : 0;
    if (m_rules.maxErrorPercent && percent > *m_rules.maxErrorPercent)
        return tooMany(RejectedRowsText::tr("%1 of %2 rows are bad, and %3 % are allowed (maxErrorPercent).")
                           .arg(count())
                           .arg(rowsRead)
                           .arg(*m_rules.maxErrorPercent));
    return {};
}

Result<> RejectedRows::openLog()
{
    Result<BoundFolder> folder = BoundFolder::open(m_rules.root);
    if (!folder)
        return folder.error();
    m_folder = *std::move(folder);
    QStringList parts{m_rules.path};
    if (m_rules.log == SkipRules::Log::Activity)
        parts << QStringLiteral("copyactivity-logs") << QString(m_activity).replace(u'/', u'_');
    parts << m_id;
    parts.removeAll(QString());
    const QString path = parts.join(u'/');
    if (const Result<> made = m_folder->makeFolder(path); !made)
        return made;
    m_logPath = path + u'/' + RunId::create().text() + QStringLiteral(".csv");
    const Result<int> opened = m_folder->createFile(m_logPath);
    if (!opened)
        return opened.error();
    m_log = *opened;
    if (m_rules.log == SkipRules::Log::Activity)
        m_pending = "Timestamp,Level,OperationName,OperationItem,Message\r\n";
    return {};
}

Result<> RejectedRows::write(const QByteArray &line)
{
    m_pending += line;
    qsizetype done = 0;
    while (done < m_pending.size()) {
        const ssize_t count = ::write(m_log, m_pending.constData() + done, size_t(m_pending.size() - done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            m_pending.clear();
            return Error{ErrorCode::Io,
                         RejectedRowsText::tr("The log of rows left out cannot be written: %1.")
                             .arg(QString::fromLocal8Bit(std::strerror(errno))),
                         m_logPath};
        }
        done += count;
    }
    m_pending.clear();
    return {};
}

QByteArray RejectedRows::logLine(const RowProblem &problem) const
{
    if (m_rules.log == SkipRules::Log::Redirect)
        return problem.original + ',' + cell(problem.code.toUtf8()) + ',' + cell(problem.message.toUtf8()) + "\r\n";
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return toIso(now).toUtf8() + ",Warning,TabularRowSkip," + cell(problem.original) + ','
        + cell(problem.message.toUtf8()) + "\r\n";
}

Json RejectedRows::summary() const
{
    const std::lock_guard lock(m_mutex);
    Json reasons = Json::object();
    for (auto reason = m_reasons.cbegin(); reason != m_reasons.cend(); ++reason)
        reasons[toStdString(reason.key())] = *reason;
    Json rows = Json::array();
    for (const RowProblem &problem : m_first)
        rows.push_back(describe(problem));
    Json summary = {{"reasons", reasons}, {"rows", rows}};
    if (m_keeper)
        summary["kept"] = m_keeper->kept();
    return summary;
}

} // namespace engine

#include "app/ctl/RunPrinter.h"

#include "app/ctl/DriftLines.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct RunPrinterText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RunPrinter)
};

QString cellKey(const ActivityRunId &activity, int attempt, int cell)
{
    return QStringLiteral("%1/%2/%3").arg(activity.text()).arg(attempt).arg(cell);
}

// nbformat keeps text as a string or as a list of lines.
QString joined(const Json &text)
{
    if (text.is_string())
        return toQString(text.get_ref<const std::string &>());
    QString whole;
    for (const Json &part : text) {
        if (part.is_string())
            whole += toQString(part.get_ref<const std::string &>());
    }
    return whole;
}

QString spent(const std::optional<Instant> &start, const std::optional<Instant> &end)
{
    return start && end ? duration((*end - *start).count()) : QString();
}

// The frames of the notebook's own cells and the exception; frames of libraries are counted, not shown.
QStringList ownFrames(const QString &traceback)
{
    QStringList shown;
    int folded = 0;
    bool isLibrary = false;
    const QStringList lines = traceback.trimmed().split(u'\n', Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString &line = lines.at(i);
        const bool isFrame = line.startsWith(u"File ") || line.startsWith(u"Cell In") || line.startsWith(u"Input In");
        if (isFrame)
            isLibrary = line.startsWith(u"File ");
        const bool isLast = i + 1 == lines.size();
        if (isFrame && isLibrary)
            ++folded;
        if (isLast && folded > 0)
            shown.append(RunPrinterText::tr(
                "… %n library frame(s); the whole traceback is in `slipwayctl show --json`", nullptr, folded));
        if (!isLibrary || isLast)
            shown.append(line);
    }
    return shown;
}

} // namespace

QString outputText(const Json &output)
{
    static const QRegularExpression ansi(QStringLiteral("\x1b\\[[0-9;]*[A-Za-z]"));
    const QString type = stringAt(output, "output_type");
    QString text;
    if (type == u"stream")
        text = joined(memberAt(output, "text"));
    else if (type == u"execute_result" || type == u"display_data")
        text = joined(memberAt(memberAt(output, "data"), "text/plain"));
    return text.remove(ansi);
}

QString RunPrinter::copySentence(const Json &output)
{
    if (!memberAt(output, "rowsRead").is_number() && memberAt(output, "filesWritten").is_number())
        return RunPrinterText::tr("%1 files read, %2 written, %3 skipped")
            .arg(number(intAt(output, "filesRead")),
                 number(intAt(output, "filesWritten")),
                 number(intAt(output, "filesSkipped")));
    if (!memberAt(output, "rowsRead").is_number())
        return {};
    return RunPrinterText::tr("%1 rows read, %2 copied, %3 skipped")
        .arg(number(intAt(output, "rowsRead")),
             number(intAt(output, "rowsCopied")),
             number(intAt(output, "rowsSkipped")));
}

QStringList RunPrinter::rejectedLines(const Json &output)
{
    constexpr int most = 10;
    QStringList lines;
    const Json &rows = memberAt(memberAt(memberAt(output, "slipway"), "rejected"), "rows");
    for (const Json &row : rows) {
        if (lines.size() == most)
            break;
        lines.append(QStringLiteral("  ! ") + printable(stringAt(row, "message")));
    }
    const qint64 more = intAt(output, "rowsSkipped") - lines.size();
    const QString log = stringAt(output, "logFilePath", stringAt(output, "redirectRowPath"));
    if (!lines.isEmpty() && more > 0)
        lines.append(RunPrinterText::tr("  ! and %n more", nullptr, int(more)));
    if (!log.isEmpty())
        lines.append(RunPrinterText::tr("  The log of what was left out: %1").arg(log));
    return lines;
}

QStringList RunPrinter::failureLines(const Json &error)
{
    QStringList lines{stringAt(error, "message")};
    const Json &details = memberAt(error, "details");
    if (memberAt(details, "cell").is_number()) {
        lines.append(RunPrinterText::tr("in cell %1 of %2, line %3")
                         .arg(intAt(details, "cell"))
                         .arg(stringAt(details, "notebook"))
                         .arg(intAt(details, "line")));
        for (const QString &traced : ownFrames(stringAt(details, "traceback")))
            lines.append(QStringLiteral("  | ") + traced);
    } else if (!stringAt(details, "where").isEmpty()) {
        lines.append(RunPrinterText::tr("at %1").arg(stringAt(details, "where")));
    }
    return lines;
}

void RunPrinter::line(Instant at, const QString &text) const
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count());
    m_session.say(time.toString(QStringLiteral("HH:mm:ss  ")) + text);
}

void RunPrinter::show(const RunEvent &event)
{
    if (m_session.isJson()) {
        m_session.print(toJson(event));
        return;
    }
    if (const auto *run = std::get_if<RunRecord>(&event.body)) {
        if (run->status == RunStatus::Queued && !run->reason.isEmpty())
            line(event.at, RunPrinterText::tr("Queued: %1").arg(run->reason));
        if (run->status == RunStatus::Canceling)
            line(event.at, RunPrinterText::tr("Cancelling"));
    } else if (const auto *activity = std::get_if<ActivityRecord>(&event.body)) {
        showActivity(*activity);
    } else if (const auto *cell = std::get_if<CellRecord>(&event.body)) {
        showCell(*cell);
    } else if (const auto *output = std::get_if<CellOutput>(&event.body)) {
        auto &outputs = m_outputs[cellKey(output->activityRun, output->attempt, output->cell)];
        if (output->change == CellOutput::Change::Clear)
            outputs.clear();
        else
            outputs[output->position] = output->output;
    } else if (const auto *progress = std::get_if<ActivityProgress>(&event.body)) {
        showProgress(*progress);
    }
}

void RunPrinter::showActivity(const ActivityRecord &activity)
{
    m_names.insert(activity.id.text(), activity.path);
    QString text;
    const Instant at = activity.end ? *activity.end : activity.start.value_or(Instant());
    switch (activity.status) {
    case ActivityStatus::Pending:
        return;
    case ActivityStatus::Queued:
        if (activity.reason.isEmpty())
            return;
        text = RunPrinterText::tr("%1 is queued: %2").arg(activity.path, activity.reason);
        break;
    case ActivityStatus::InProgress:
        if (activity.substate == u"WaitingRetry")
            text = RunPrinterText::tr("%1 failed and is tried again at %2: %3")
                       .arg(activity.path, activity.dueAt ? toIso(*activity.dueAt) : QString(), activity.error.message);
        else if (activity.substate == u"Waiting")
            text = RunPrinterText::tr("%1 waits until %2")
                       .arg(activity.path, activity.dueAt ? toIso(*activity.dueAt) : QString());
        else if (!activity.substate.isEmpty())
            text = RunPrinterText::tr("%1: %2").arg(activity.path, activity.reason);
        else
            text = activity.attempts > 1 ? RunPrinterText::tr("%1 (%2) started, attempt %3")
                                               .arg(activity.path, activity.type)
                                               .arg(activity.attempts)
                                         : RunPrinterText::tr("%1 (%2) started").arg(activity.path, activity.type);
        break;
    default: {
        text = QStringLiteral("%1 %2").arg(activity.path, toString(activity.status));
        if (activity.isMocked)
            text += RunPrinterText::tr(" as told; it did not run");
        if (const QString time = spent(activity.start, activity.end); !time.isEmpty())
            text += RunPrinterText::tr(" in %1").arg(time);
        if (const QString rows = copySentence(activity.output); !rows.isEmpty())
            text += QStringLiteral(": ") + rows;
        for (const QString &drift : driftLines(activity.output))
            text += QStringLiteral("\n            ") + drift;
        break;
    }
    }
    if (m_lastOf.value(activity.id.text()) == text)
        return;
    m_lastOf.insert(activity.id.text(), text);
    if (at == Instant())
        m_session.say(QStringLiteral("          ") + text);
    else
        line(at, text);
    if (isTerminal(activity.status) && !activity.error.isEmpty()) {
        for (const QString &failure : failureLines(toJson(activity.error)))
            m_session.say(QStringLiteral("            ") + failure);
    }
}

void RunPrinter::showCell(const CellRecord &cell)
{
    const QString key = cellKey(cell.activityRun, cell.attempt, cell.index);
    if (!isTerminal(cell.status) || m_cells.value(key) == cell.status)
        return;
    m_cells.insert(key, cell.status);
    if (cell.kind != u"code")
        return;
    const QString time = spent(cell.start, cell.end);
    m_session.say(QStringLiteral("            %1 %2 %3  %4")
                      .arg(RunPrinterText::tr("cell %1").arg(cell.index + 1).leftJustified(8),
                           toString(cell.status).leftJustified(11),
                           time.rightJustified(8),
                           cell.title)
                      .trimmed()
                      .prepend(QStringLiteral("            ")));
    for (const Json &output : std::as_const(m_outputs[key])) {
        for (const QString &printed : outputText(output).split(u'\n', Qt::SkipEmptyParts))
            m_session.say(QStringLiteral("                     │ ") + printed);
    }
    m_outputs.remove(key);
}

void RunPrinter::showProgress(const ActivityProgress &progress)
{
    const QString id = progress.activityRun.text();
    const qint64 rows = intAt(progress.progress, "rowsCopied");
    if (rows == 0 || rows == m_rows.value(id))
        return;
    m_rows.insert(id, rows);
    m_session.say(QStringLiteral("            ")
                  + RunPrinterText::tr("%1: %2 rows").arg(m_names.value(id), number(rows)));
}

} // namespace ctl

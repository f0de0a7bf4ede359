#include "app/ctl/Session.h"

#include "app/ctl/Command.h"
#include "app/ctl/StandaloneEngine.h"
#include "engine/model/Factory.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QFileInfo>
#include <QLocale>
#include <QTextStream>

#include <cstdio>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct SessionText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::Session)
};

int exitCodeFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::Unsupported:
    case ErrorCode::NotFound:
        return WrongUsage;
    case ErrorCode::Cancelled:
    case ErrorCode::Timeout:
        return Stopped;
    default:
        return CheckFailed;
    }
}

void writeLine(FILE *to, const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), to);
    std::fputc('\n', to);
    std::fflush(to);
}

} // namespace

QString printable(const QString &text)
{
    QString plain;
    plain.reserve(text.size());
    for (const QChar character : text) {
        const ushort code = character.unicode();
        if (code == u'\n')
            plain += QStringLiteral("\\n");
        else if (code < 0x20 || (code >= 0x7f && code < 0xa0))
            plain += QStringLiteral("\\u%1").arg(code, 4, 16, QLatin1Char('0'));
        else
            plain += character;
    }
    return plain;
}

QString number(qint64 value) { return QLocale(QLocale::English, QLocale::UnitedStates).toString(value); }

QString duration(qint64 milliseconds)
{
    if (milliseconds < 60000)
        return QStringLiteral("%1 s").arg(double(milliseconds) / 1000.0, 0, 'f', milliseconds < 10000 ? 2 : 1);
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 3600)
        return QStringLiteral("%1:%2 min").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1:%2 h").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
}

QString table(const QStringList &head, const QList<QStringList> &rows)
{
    QList<qsizetype> widths;
    for (const QString &cell : head)
        widths.append(cell.size());
    for (const QStringList &row : rows) {
        for (qsizetype i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths.at(i), row.at(i).size());
    }
    const auto line = [&widths](const QStringList &cells) {
        QString text;
        for (qsizetype i = 0; i < cells.size(); ++i)
            text +=
                (i + 1 == cells.size() ? cells.at(i) : cells.at(i).leftJustified(widths.at(i))) + QStringLiteral("  ");
        while (text.endsWith(u' '))
            text.chop(1);
        return text;
    };
    QStringList lines{line(head)};
    for (const QStringList &row : rows)
        lines.append(line(row));
    return lines.join(u'\n');
}

Session::Session(QString factoryOption, bool json)
    : m_factoryOption(std::move(factoryOption))
    , m_json(json)
    , m_places(Places::standard())
    , m_client(std::make_unique<LocalEngineClient>(m_places))
{
}

Session::~Session() = default;

void Session::say(const QString &line) const
{
    if (!m_json)
        writeLine(stdout, line.toUtf8());
}

void Session::print(const Json &json) const
{
    if (m_json)
        writeLine(stdout, toCompact(json));
}

int Session::fail(const Error &error, const Json &details) const
{
    if (m_json) {
        Json json = {{"code", toStdString(toString(error.code))},
                     {"message", toStdString(error.message)},
                     {"where", toStdString(error.where)}};
        if (!details.is_null() && !details.empty())
            json["details"] = details;
        writeLine(stdout, toCompact(Json{{"error", json}}));
    } else {
        writeLine(stderr,
                  (error.where.isEmpty() ? error.message : QStringLiteral("%1 [%2]").arg(error.message, error.where))
                      .toUtf8());
    }
    return m_noEngine ? NoEngine : exitCodeFor(error);
}

int Session::failUsage(const QString &message) const { return fail(Error{ErrorCode::InvalidInput, message, {}}); }

Result<QString> Session::factoryFolder() const
{
    if (!m_factoryOption.isEmpty()) {
        const QFileInfo info(m_factoryOption);
        if (!info.isDir())
            return Error{ErrorCode::NotFound,
                         SessionText::tr("There is no folder %1.").arg(m_factoryOption),
                         QStringLiteral("--factory")};
        const QString folder = info.canonicalFilePath();
        if (findFactoryFolder(folder) == folder || factoriesBelow(folder).isEmpty())
            return folder;
        return chooseFactoryBelow(folder);
    }
    Result<QString> found = chooseFactoryFolder(QDir::currentPath());
    if (!found && found.error().code == ErrorCode::NotFound)
        return Error{ErrorCode::NotFound,
                     SessionText::tr("Neither this folder nor one above or below it is a factory; say which with "
                                     "--factory DIR."),
                     QDir::currentPath()};
    return found;
}

Result<QString> Session::factory()
{
    if (!m_factory.isEmpty())
        return m_factory;
    const Result<QString> folder = factoryFolder();
    if (!folder)
        return folder.error();
    if (const Result<Json> running = engine(); !running)
        return running.error();
    const Result<Json> known = call("POST", QStringLiteral("/slipway/v1/factories"), {{"path", toStdString(*folder)}});
    if (!known)
        return known.error();
    m_factory = stringAt(*known, "factory");
    return m_factory;
}

QString Session::factoryPath()
{
    return QStringLiteral("/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/%1")
        .arg(m_factory);
}

QString Session::engineProgram() { return QCoreApplication::applicationDirPath() + QStringLiteral("/slipwayd"); }

Result<QString> Session::startStandalone()
{
    auto standalone = std::make_unique<StandaloneEngine>();
    if (const Result<> started = standalone->start(); !started)
        return started.error();
    m_standalone = std::move(standalone);
    m_places = m_standalone->places();
    m_client = std::make_unique<LocalEngineClient>(m_places);
    m_factory.clear();
    const Result<Json> hello = engine();
    if (!hello)
        return hello.error();
    return m_standalone->folder();
}

Result<Json> Session::engine(Start start)
{
    const QString program = start == Start::Never || m_standalone ? QString() : engineProgram();
    std::optional<Result<Json>> hello;
    QEventLoop loop;
    m_client->ensureEngine(program, &loop, [&](Result<Json> answer) {
        hello = std::move(answer);
        loop.quit();
    });
    while (!hello)
        loop.exec();
    m_noEngine = !hello->ok();
    return *hello;
}

Result<Json> Session::call(const QByteArray &method, const QString &pathAndQuery, const Json &body)
{
    std::optional<Result<Json>> result;
    QEventLoop loop;
    m_client->call(method, pathAndQuery, body, &loop, [&](Result<Json> answer) {
        result = std::move(answer);
        loop.quit();
    });
    while (!result)
        loop.exec();
    return *result;
}

// The newest that somebody or a trigger has started: what an ExecutePipeline starts is part of another run.
Result<QString> Session::lastRunId()
{
    constexpr int page = 200;
    for (int offset = 0;; offset += page) {
        const Result<Json> runs =
            call("POST",
                 QStringLiteral("/slipway/v1/runs/query"),
                 {{"factory", toStdString(m_factory)}, {"debug", "all"}, {"offset", offset}, {"limit", page}});
        if (!runs)
            return runs.error();
        const Json &list = memberAt(*runs, "value");
        for (const Json &run : list) {
            if (stringAt(memberAt(run, "invokedBy"), "type") != u"PipelineActivity")
                return stringAt(run, "runId");
        }
        if (list.size() < size_t(page))
            return Error{ErrorCode::NotFound, SessionText::tr("Nothing of this factory has run yet."), {}};
    }
}

Result<QString> Session::runId(const QString &beginning)
{
    if (beginning == u"last")
        return lastRunId();
    const Result<Json> runs = call(
        "POST",
        QStringLiteral("/slipway/v1/runs/query"),
        {{"factory", toStdString(m_factory)}, {"debug", "all"}, {"text", toStdString(beginning)}, {"limit", 1000}});
    if (!runs)
        return runs.error();
    QStringList found;
    for (const Json &run : memberAt(*runs, "value")) {
        const QString id = stringAt(run, "runId");
        if (id == beginning)
            return id;
        if (beginning.size() >= 4 && id.startsWith(beginning))
            found.append(id);
    }
    if (found.size() == 1)
        return found.first();
    if (found.size() > 1)
        return Error{
            ErrorCode::Conflict,
            SessionText::tr("%1 runs begin with \"%2\"; give more of the id.").arg(found.size()).arg(beginning),
            beginning};
    // Of another factory, or beyond the first thousand: the whole id may still be known.
    if (const Result<Json> run = call("GET", QStringLiteral("/slipway/v1/runs/") + encodedPath(beginning)))
        return stringAt(*run, "runId");
    return Error{ErrorCode::NotFound, SessionText::tr("There is no run %1.").arg(beginning), beginning};
}

} // namespace ctl

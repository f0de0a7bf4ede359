#include "engine/connectors/sqlite/SqliteSession.h"

#include "engine/connectors/NearNames.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <cmath>

#include <sqlite3.h>

namespace engine {

namespace {

struct SqliteSessionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteSession)
};

constexpr std::chrono::milliseconds lockLimit{15000};
constexpr int lockPollMilliseconds = 10;
constexpr int operationsBetweenPolls = 20000; // of SQLite's virtual machine: well below a millisecond

enum class Meaning { Plain, Boolean, Time };

// What a column was declared to hold, which SQLite itself does not care about.
Meaning meaningOf(const QString &declared)
{
    static const QStringList booleans{QStringLiteral("bool"), QStringLiteral("boolean"), QStringLiteral("bit")};
    if (booleans.contains(declared, Qt::CaseInsensitive))
        return Meaning::Boolean;
    const bool isTime =
        declared.contains(u"date", Qt::CaseInsensitive) || declared.startsWith(u"timestamp", Qt::CaseInsensitive);
    return isTime ? Meaning::Time : Meaning::Plain;
}

Json valueOf(const Statement &row, int column, Meaning meaning)
{
    switch (row.type(column)) {
    case Statement::Type::Null:
        return nullptr;
    case Statement::Type::Integer: {
        const qint64 value = row.integer(column);
        return meaning == Meaning::Boolean && (value == 0 || value == 1) ? Json(value == 1) : Json(value);
    }
    case Statement::Type::Real:
        return std::isfinite(row.real(column)) ? Json(row.real(column)) : Json(toStdString(row.text(column)));
    case Statement::Type::Blob:
        return row.blob(column).toByteArray().toBase64().toStdString();
    case Statement::Type::Text:
        break;
    }
    const QString text = row.text(column);
    if (meaning == Meaning::Time) {
        if (const auto iso = isoFromSqlTime(text))
            return toStdString(*iso);
    }
    return toStdString(text);
}

bool isTruth(const SqlParameter &parameter)
{
    return parameter.type.startsWith(u"bool", Qt::CaseInsensitive)
        || parameter.type.compare(u"bit", Qt::CaseInsensitive) == 0;
}

void bindValue(Statement &statement, int index, const SqlParameter &parameter)
{
    const Json &value = parameter.value;
    if (value.is_null())
        statement.bindNull(index);
    else if (value.is_boolean())
        statement.bind(index, int(value.get<bool>()));
    else if (value.is_number_integer())
        statement.bind(index, value.get<qint64>());
    else if (value.is_number())
        statement.bind(index, value.get<double>());
    else if (!value.is_string())
        statement.bindText(index, toCompact(value));
    else if (const QString text = toQString(value.get_ref<const std::string &>()); isTruth(parameter))
        statement.bind(index, int(text.compare(u"true", Qt::CaseInsensitive) == 0 || text == u"1"));
    else if (bool isWhole = false;
             parameter.type.startsWith(u"int", Qt::CaseInsensitive) && (text.trimmed().toLongLong(&isWhole), isWhole))
        statement.bind(index, text.trimmed().toLongLong());
    else
        statement.bind(index, text);
}

qsizetype startOf(const QByteArray &sql, qsizetype from) // of the statement behind blanks
{
    while (from < sql.size() && QChar::isSpace(uint(uchar(sql.at(from)))))
        ++from;
    return from;
}

QString lineOf(const QByteArray &sql, qsizetype offset)
{
    return SqliteSessionText::tr("line %1").arg(sql.first(std::clamp<qsizetype>(offset, 0, sql.size())).count('\n')
                                                + 1);
}

} // namespace

SqliteSession::SqliteSession(QString file, CancelToken cancel)
    : m_file(std::move(file))
    , m_cancel(std::move(cancel)) { }

SqliteSession::~SqliteSession() = default;

int SqliteSession::waitForLock(void *session, int attempt)
{
    if (isStopped(session) || std::chrono::milliseconds(attempt) * lockPollMilliseconds >= lockLimit)
        return 0;
    sqlite3_sleep(lockPollMilliseconds);
    return 1;
}

int SqliteSession::isStopped(void *session)
{
    auto *const self = static_cast<SqliteSession *>(session);
    self->m_isLate |= self->m_deadline && std::chrono::steady_clock::now() > *self->m_deadline;
    return self->m_isLate || self->m_cancel.isCancelled();
}

// VACUUM attaches a nameless file of its own.
int SqliteSession::authorize(void *session, int action, const char *file, const char *, const char *, const char *)
{
    if (action != SQLITE_ATTACH || (file && *file == '\0'))
        return SQLITE_OK;
    static_cast<SqliteSession *>(session)->m_wantedOtherFile = true;
    return SQLITE_DENY;
}

Result<> SqliteSession::open()
{
    const QFileInfo info(m_file);
    if (!info.exists())
        return missingPath(m_file, QStringLiteral("binding.file"));
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadWrite;
    options.mainSchema = "dbo";
    auto opened = Database::open(m_file, options);
    if (!opened)
        return opened.error();
    m_database = std::move(*opened);
    sqlite3_busy_handler(m_database->handle(), &SqliteSession::waitForLock, this);
    sqlite3_progress_handler(m_database->handle(), operationsBetweenPolls, &SqliteSession::isStopped, this);
    sqlite3_set_authorizer(m_database->handle(), &SqliteSession::authorize, this);
    if (const Result<> usable = m_database->exec("PRAGMA schema_version"); !usable) {
        const Error error = explained(usable.error());
        m_database.reset();
        return error;
    }
    return {};
}

void SqliteSession::begin(const SqlLimits &limits)
{
    m_isLate = false;
    m_wantedOtherFile = false;
    m_deadline.reset();
    if (limits.timeout.count() > 0)
        m_deadline = std::chrono::steady_clock::now() + limits.timeout;
    m_database->forgetCode();
}

Error SqliteSession::explained(const Error &reported)
{
    if (m_cancel.isCancelled())
        return {ErrorCode::Cancelled, SqliteSessionText::tr("The statement was stopped."), {}};
    if (m_isLate)
        return {ErrorCode::Timeout, SqliteSessionText::tr("The statement did not end within its timeout."), {}};
    if (m_wantedOtherFile)
        return {ErrorCode::Unsupported,
                SqliteSessionText::tr("Statements reach the bound database only: ATTACH and VACUUM INTO are not "
                                      "allowed. Bind the other file to a linked service of its own."),
                reported.where};
    if (m_database && m_database->lastCode().isBusy())
        return {ErrorCode::Conflict,
                SqliteSessionText::tr("Another program keeps the database %1 locked; try again when it is done.")
                    .arg(m_file),
                reported.where};
    return {reported.code, reported.message, reported.where == m_file ? QString() : reported.where};
}

Result<> SqliteSession::bind(Statement &statement, const QList<SqlParameter> &parameters) const
{
    const int count = sqlite3_bind_parameter_count(statement.handle());
    for (int index = 1; index <= count; ++index) {
        const QString spelled = QString::fromUtf8(sqlite3_bind_parameter_name(statement.handle(), index));
        const QString name = spelled.mid(1);
        const auto given = std::find_if(parameters.begin(), parameters.end(), [&name](const SqlParameter &parameter) {
            return parameter.name.compare(name, Qt::CaseInsensitive) == 0;
        });
        if (name.isEmpty() || given == parameters.end())
            return Error{ErrorCode::InvalidInput,
                         SqliteSessionText::tr("The script names the parameter “%1”, but none of that name is given.")
                             .arg(spelled.isEmpty() ? QStringLiteral("?") : spelled),
                         {}};
        bindValue(statement, index, *given);
    }
    return {};
}

Result<> SqliteSession::runOne(Statement &statement, Reading &reading)
{
    if (const Result<> bound = bind(statement, *reading.parameters); !bound)
        return bound;
    const qint64 before = m_database->totalChanges();
    QStringList columns;
    QList<Meaning> meanings;
    std::vector<std::string> names;
    for (int i = 0; i < statement.columnCount(); ++i) {
        columns.append(statement.columnName(i));
        names.push_back(toStdString(columns.last()));
        meanings.append(meaningOf(statement.declaredType(i)));
    }
    if (!columns.isEmpty()) {
        if (const Result<> begun = reading.keeper.beginSet(columns); !begun)
            return begun;
    }
    while (true) {
        const Result<bool> row = statement.step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        if (!reading.keeper.wantsRow()) {
            reading.keeper.leaveOut();
            if (reading.stopsAtLimit || statement.isReadOnly())
                break; // what is left of it changes nothing
            continue;
        }
        Json values = Json::object();
        for (int i = 0; i < columns.size(); ++i)
            values[names[size_t(i)]] = valueOf(statement, i, meanings.at(i));
        reading.keeper.addRow(std::move(values));
    }
    if (!statement.isReadOnly()) {
        const qint64 changed = m_database->totalChanges() != before ? m_database->changes() : 0;
        reading.affected = std::max<qint64>(reading.affected, 0) + changed;
    }
    statement.reset();
    return {};
}

Result<> SqliteSession::runAll(const QByteArray &sql, Reading &reading)
{
    qsizetype done = 0;
    while (done < sql.size()) {
        const QByteArray rest = sql.mid(done);
        if (rest.trimmed().isEmpty())
            break;
        // A comment at the end is no statement, which prepare() takes for a mistake.
        const char *tail = nullptr;
        sqlite3_stmt *probe = nullptr;
        const int code =
            sqlite3_prepare_v2(m_database->handle(), rest.constData(), int(rest.size()) + 1, &probe, &tail);
        sqlite3_finalize(probe);
        if (code != SQLITE_OK) {
            const int offset = sqlite3_error_offset(m_database->handle());
            Error error = m_database->failure(code);
            error.where = lineOf(sql, offset >= 0 ? done + offset : startOf(sql, done));
            return error;
        }
        if (!probe) {
            done += tail - rest.constData();
            continue;
        }
        Result<Statement> statement = m_database->prepare(rest);
        if (!statement)
            return statement.error();
        if (Result<> ran = runOne(*statement, reading); !ran) {
            Error error = ran.error();
            error.where = lineOf(sql, startOf(sql, done));
            return error;
        }
        done += statement->tail();
    }
    return {};
}

Result<SqlOutcome>
SqliteSession::run(const QString &script, const QList<SqlParameter> &parameters, const SqlLimits &limits)
{
    begin(limits);
    Reading reading{.parameters = &parameters, .keeper = SqlRowKeeper(limits)};
    const Result<> ran = runAll(translateScript(script, SqlDialect::Sqlite).toUtf8(), reading);
    if (!ran)
        return explained(ran.error());
    SqlOutcome outcome;
    outcome.tooLarge = reading.keeper.isTooLarge();
    outcome.sets = std::move(reading.keeper).sets();
    outcome.recordsAffected = reading.affected;
    outcome.outputParameters = outputParametersOf(parameters, outcome.sets);
    return outcome;
}

Result<SqlRows> SqliteSession::query(const QString &text, const SqlLimits &limits, bool *tooLarge)
{
    begin(limits);
    const QList<SqlParameter> none;
    Reading reading{.parameters = &none, .keeper = SqlRowKeeper(limits), .stopsAtLimit = true};
    Result<> ran = m_database->exec("BEGIN");
    if (ran)
        ran = runAll(translateScript(text, SqlDialect::Sqlite).toUtf8(), reading);
    if (ran && reading.keeper.count() != 1)
        ran = Error{ErrorCode::InvalidInput,
                    reading.keeper.count() == 0
                        ? SqliteSessionText::tr("The query gives no rows, and what it did was rolled back: use a "
                                                "Script activity for statements without a result.")
                        : SqliteSessionText::tr("The query gives %1 sets of rows; only one is allowed.")
                              .arg(reading.keeper.count()),
                    {}};
    if (ran && m_database->inTransaction())
        ran = m_database->exec("COMMIT");
    if (!ran) {
        const Error error = explained(ran.error());
        if (m_database->inTransaction())
            (void)m_database->exec("ROLLBACK");
        return error;
    }
    *tooLarge = reading.keeper.isTooLarge();
    return std::move(reading.keeper).sets().first();
}

Result<SqlOutcome> SqliteSession::call(const QString &procedure, const QList<SqlParameter> &, const SqlLimits &)
{
    return Error{ErrorCode::Unsupported,
                 SqliteSessionText::tr("SQLite has no stored procedures, so “%1” cannot be called: bind the linked "
                                       "service to PostgreSQL, or write the statements into a Script activity.")
                     .arg(procedure),
                 QStringLiteral("storedProcedureName")};
}

bool SqliteSession::isInTransaction() const { return m_database && m_database->inTransaction(); }

QString SqliteSession::state() const
{
    const int code = m_database ? m_database->lastCode().extended : 0;
    return code == 0 ? QString() : QString::number(code);
}

bool SqliteSession::isTransient() const
{
    return m_database && (m_database->lastCode().isBusy() || m_database->lastCode().isIo());
}

} // namespace engine

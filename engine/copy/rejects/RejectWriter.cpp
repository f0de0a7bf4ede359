#include "engine/copy/rejects/RejectWriter.h"

#include "engine/copy/rejects/RejectFile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectWriterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectWriter)
};

constexpr int rowsInGroup = 1000;

QString partOf(const QString &file) { return file + QStringLiteral(".part"); }

bool syncPath(const QString &path, int flags)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool isDone = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return isDone;
}

// The values of the columns that are kept, as a JSON array; of a row with too many or too few all there are.
std::optional<QByteArray> fieldsText(const RejectHead &head, const RowProblem &problem, const auto &redacted)
{
    if (!problem.fields)
        return {};
    const RowProblem::Fields &fields = *problem.fields;
    Json list = Json::array();
    const auto add = [&](const std::optional<QByteArray> &field) {
        list.push_back(field ? Json(toStdString(redacted(QString::fromUtf8(*field)))) : Json());
    };
    const bool isRagged = problem.code == u"UserErrorInvalidColumnCount";
    if (isRagged && fields.size() == size_t(head.columns.size()))
        return {}; // of too short a row of the file, or too long a one, and columns added: whose they are is not known
    if (isRagged) {
        for (const auto &field : fields)
            add(field);
        return toCompact(list);
    }
    for (const RejectHead::KeptColumn &column : head.columns) {
        if (column.source >= int(fields.size()))
            return {};
        add(fields[size_t(column.source)]);
    }
    return toCompact(list);
}

} // namespace

RejectKeeper::~RejectKeeper() = default;

RejectWriter::RejectWriter(Options options) : m_options(std::move(options)) { }

RejectWriter::~RejectWriter()
{
    if (!m_isInPlace)
        discard();
}

Error RejectWriter::failure(const Error &error) const
{
    return {
        ErrorCode::Io, RejectWriterText::tr("The rejected rows cannot be kept: %1").arg(error.message), m_options.file};
}

void RejectWriter::begin(const RejectHead &head)
{
    discard();
    m_head = head;
    m_isInPlace = false;
    m_kept = m_seen = m_bytes = 0;
    m_pending = 0;
}

Result<> RejectWriter::create()
{
    const QString part = partOf(m_options.file);
    if (!QDir().mkpath(QFileInfo(m_options.file).absolutePath()))
        return failure({ErrorCode::Io, QFileInfo(m_options.file).absolutePath(), {}});
    QFile::remove(part);
    auto opened = Database::open(part);
    if (!opened)
        return failure(opened.error());
    m_database = *std::move(opened);
    // The file counts for nothing until it is in place, so that nobody needs a journal of it.
    for (const QByteArray &sql :
         {QByteArray("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"), rejectSchema(), QByteArray("BEGIN")}) {
        if (const Result<> done = m_database->exec(sql); !done)
            return failure(done.error());
    }
    QFile::setPermissions(part, QFile::ReadOwner | QFile::WriteOwner);
    auto prepared =
        m_database->prepare("INSERT INTO rejects(file, row, line, \"column\", value, code, message, original, fields, "
                            "converted, redacted) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                            true);
    if (!prepared)
        return failure(prepared.error());
    m_insert.emplace(*std::move(prepared));
    return {};
}

Result<> RejectWriter::add(const RowProblem &problem)
{
    ++m_seen;
    if (m_kept >= m_options.mostRows || m_bytes >= m_options.mostBytes)
        return {};
    if (!m_database) {
        if (const Result<> created = create(); !created) {
            discard();
            return created;
        }
    }
    if (const Result<> inserted = insert(problem); !inserted)
        return failure(inserted.error());
    ++m_kept;
    return ++m_pending < rowsInGroup ? Result<>() : flush();
}

Result<> RejectWriter::insert(const RowProblem &problem)
{
    bool isRedacted = false;
    const auto redacted = [&](const QString &text) {
        if (!m_options.redact)
            return text;
        QString clean = m_options.redact(text);
        isRedacted = isRedacted || clean != text;
        return clean;
    };
    const QByteArray original = redacted(QString::fromUtf8(problem.original)).toUtf8();
    const std::optional<QByteArray> fields = fieldsText(m_head, problem, redacted);
    m_bytes += original.size() + (fields ? fields->size() : 0) + problem.message.size();
    Statement &row = *m_insert;
    row.bind(1, problem.file).bind(2, problem.row).bind(3, problem.line).bind(4, problem.column);
    row.bind(5, redacted(problem.value)).bind(6, problem.code).bind(7, redacted(problem.message));
    row.bindText(8, original);
    if (fields)
        row.bindText(9, *fields);
    else
        row.bindNull(9);
    row.bind(10, int(problem.isConverted)).bind(11, int(isRedacted));
    return row.run();
}

Result<> RejectWriter::flush()
{
    m_pending = 0;
    const Result<> done = m_database->exec("COMMIT; BEGIN");
    return done ? done : failure(done.error());
}

Result<> RejectWriter::putInPlace(qint64 counted)
{
    m_head.counted = counted;
    const auto write = [&]() -> Result<> {
        auto about = m_database->prepare("INSERT INTO about(key, value) VALUES('head', ?)");
        if (!about)
            return about.error();
        about->bindText(1, toCompact(toJson(m_head)));
        if (const Result<> written = about->run(); !written)
            return written;
        return m_database->exec("COMMIT; CREATE INDEX rejects_row ON rejects(row); CREATE INDEX rejects_state ON "
                                "rejects(state, reload)");
    };
    const Result<> written = write();
    m_insert.reset();
    m_database.reset();
    if (!written)
        return failure(written.error());
    const QString part = partOf(m_options.file);
    const bool isThere = syncPath(part, O_RDWR)
        && std::rename(QFile::encodeName(part).constData(), QFile::encodeName(m_options.file).constData()) == 0
        && syncPath(QFileInfo(m_options.file).absolutePath(), O_RDONLY | O_DIRECTORY);
    if (!isThere)
        return failure({ErrorCode::Io, QString::fromLocal8Bit(std::strerror(errno)), {}});
    m_isInPlace = true;
    return {};
}

Result<> RejectWriter::finish(qint64 counted)
{
    if (m_database)
        return putInPlace(counted);
    QFile::remove(m_options.file); // of an earlier attempt, which has loaded nothing
    return {};
}

void RejectWriter::end(End how)
{
    if (how == End::AlreadyLoaded) {
        discard();
        return;
    }
    if (how == End::Failed && !m_isInPlace) {
        m_head.outcome = RejectHead::Outcome::Failed;
        if (m_database)
            (void)putInPlace(m_seen);
        else
            QFile::remove(m_options.file);
        return;
    }
    if (!m_isInPlace || how == End::Unknown)
        return;
    if (Result<RejectFile> file = RejectFile::open(m_options.file)) // else the ledger tells
        (void)file->setOutcome(how == End::Loaded ? RejectHead::Outcome::Loaded : RejectHead::Outcome::Failed);
}

void RejectWriter::discard()
{
    m_insert.reset();
    m_database.reset();
    if (m_kept > 0 || m_seen > 0)
        QFile::remove(partOf(m_options.file));
}

} // namespace engine

#include "engine/connectors/files/FileSink.h"

#include "engine/base/CrashPoint.h"
#include "engine/connectors/files/FileBytes.h"

#include <QCoreApplication>
#include <QDir>
#include <QUuid>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {
namespace {

struct FileSinkText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FileSink)
};

QString below(const QString &folder, const QString &name)
{
    return folder.isEmpty() ? name : QString(folder + u'/' + name);
}

QString folderOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

QString fileNameOf(const QString &path) { return path.section(u'/', -1); }

// "sales.csv.gz" → "sales" and ".csv.gz"; ".profile" has no extension.
std::pair<QString, QString> dividedName(const QString &name)
{
    const qsizetype dot = name.indexOf(u'.', 1);
    return dot < 0 ? std::pair(name, QString()) : std::pair(name.left(dot), name.mid(dot));
}

// "a.csv.gz" without what says its form, so that it can get another one.
QString withoutForm(QString name)
{
    static const QStringList forms{QStringLiteral(".gz"),
                                   QStringLiteral(".bz2"),
                                   QStringLiteral(".zst"),
                                   QStringLiteral(".lz4"),
                                   QStringLiteral(".zip"),
                                   QStringLiteral(".tar"),
                                   QStringLiteral(".tgz"),
                                   QStringLiteral(".csv"),
                                   QStringLiteral(".tsv"),
                                   QStringLiteral(".txt"),
                                   QStringLiteral(".json"),
                                   QStringLiteral(".jsonl"),
                                   QStringLiteral(".xml"),
                                   QStringLiteral(".parquet")};
    for (int i = 0; i < 3; ++i) { // ".csv.tar.gz"
        for (const QString &form : forms) {
            if (name.size() > form.size() && name.endsWith(form, Qt::CaseInsensitive)) {
                name.chop(form.size());
                break;
            }
        }
    }
    return name;
}

QString madeName() { return QUuid::createUuid().toString(QUuid::WithoutBraces); }

} // namespace

FileSink::FileSink(FileTarget target, std::unique_ptr<RowWriter> writer)
    : m_target(std::move(target))
    , m_writer(std::move(writer))
{
}

FileSink::~FileSink() { rollBack(); }

Error FileSink::failed(const QString &name, ErrorCode code, const QString &message, const QString &where)
{
    m_failureName = code == ErrorCode::Cancelled ? QString() : name;
    m_isTransient = false;
    return {code, message, where};
}

// As the kind of failure it is.
Error FileSink::failed(const Error &error)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        return failed(QStringLiteral("UserErrorFileNotFound"), error.code, error.message, error.where);
    case ErrorCode::InvalidInput:
        return failed(QStringLiteral("UserErrorInvalidSinkPath"), error.code, error.message, error.where);
    case ErrorCode::Conflict: {
        Error busy = failed(QStringLiteral("SinkLocked"), error.code, error.message, error.where);
        m_isTransient = true;
        return busy;
    }
    default:
        return failed(QStringLiteral("UserErrorFailedFileOperation"), error.code, error.message, error.where);
    }
}

Result<> FileSink::openRoot()
{
    if (m_root)
        return {};
    Result<BoundFolder> root = BoundFolder::open(m_target.root);
    if (!root)
        return failed(root.error());
    m_root = *std::move(root);
    return {};
}

Result<> FileSink::checkPlace(const QString &path) const
{
    const auto invalid = [&path](const QString &message) { return Error{ErrorCode::InvalidInput, message, path}; };
    const Result<bool> link = m_root->isLink(path);
    if (!link)
        return link.error();
    if (*link)
        return invalid(FileSinkText::tr("“%1” is a link: a copy replaces files only. Remove it, or name the file it "
                                        "leads to.")
                           .arg(path));
    const auto there = m_root->find(path);
    if (!there)
        return there.error();
    if (*there && (*there)->isFolder)
        return invalid(
            FileSinkText::tr("“%1” is a folder: name a file in it, or leave the name out to have one made.").arg(path));
    return {};
}

Result<QList<SinkColumn>> FileSink::open(const CancelToken &cancel)
{
    m_cancel = cancel;
    if (const Result<> opened = openRoot(); !opened)
        return opened.error();
    QString path;
    for (const QString &part : m_target.folder.split(u'/', Qt::SkipEmptyParts)) {
        path = below(path, part);
        const auto there = m_root->find(path);
        if (!there)
            return failed(there.error());
        if (!*there)
            break;
        if (!(*there)->isFolder)
            return failed(QStringLiteral("UserErrorInvalidSinkPath"),
                          ErrorCode::InvalidInput,
                          FileSinkText::tr("“%1” is a file, but the copy writes into a folder of that name.").arg(path),
                          path);
    }
    if (!m_target.fileName.isEmpty() && m_target.maxRowsPerFile == 0) {
        if (const Result<> checked = checkPlace(below(m_target.folder, m_target.fileName)); !checked)
            return failed(checked.error());
    }
    return QList<SinkColumn>();
}

Result<> FileSink::define(const QList<SinkColumn> &columns)
{
    const Result<> defined = m_writer->define(columns);
    if (!defined)
        return failed(QStringLiteral("UserErrorInvalidColumnMapping"),
                      defined.error().code,
                      defined.error().message,
                      defined.error().where);
    return {};
}

std::optional<QString> FileSink::refusal(int column, const Column &value) const
{
    const std::optional<QString> reason = m_writer->refusal(column, value);
    if (!reason)
        return {};
    return FileSinkText::tr("It cannot be written: %1.").arg(*reason);
}

// Remembers what was not there, to take it away again.
Result<> FileSink::makeFolders(const QString &path)
{
    QString made;
    for (const QString &part : path.split(u'/', Qt::SkipEmptyParts)) {
        made = below(made, part);
        const auto there = m_root->find(made);
        if (!there)
            return there.error();
        if (*there)
            continue;
        if (const Result<> done = m_root->makeFolder(made); !done)
            return done;
        m_madeFolders += made;
    }
    return {};
}

// The folder of the store is what somebody has to look at, whatever could not be made in it.
Error FileSink::notWritable(const Error &error) const
{
    if (error.code != ErrorCode::Io)
        return error;
    return {error.code,
            FileSinkText::tr("Nothing can be written into %1: %2 Let the user of the engine write there.")
                .arg(QDir(m_target.root).filePath(m_target.folder), error.message),
            error.where};
}

Result<> FileSink::begin()
{
    if (m_load.isEmpty())
        m_load = LoadId::create();
    if (const Result<> made = makeFolders(m_target.folder); !made)
        return failed(notWritable(made.error()));
    m_ledger = std::make_unique<FolderLedger>(*m_root, m_target.folder);
    m_ledger->settleAbandoned();
    if (const Result<> taken = m_ledger->take(m_load, m_cancel); !taken) {
        m_ledger.reset();
        return failed(notWritable(taken.error()));
    }
    m_note = {};
    m_isNoted = false;
    m_bytes = 0;
    m_rows = 0;
    m_temporaries = 0;
    m_leftOut = 0;
    return {};
}

Result<qint64> FileSink::runScript(const QString &)
{
    return failed(QStringLiteral("UserErrorPreCopyScriptNotSupported"),
                  ErrorCode::Unsupported,
                  FileSinkText::tr("Files have no pre-copy script: remove it."),
                  m_target.displayPath);
}

QString FileSink::pathAsSource(const QString &source) const
{
    QString path = source;
    const QString base = m_target.sourceFolder.isEmpty() ? QString() : QString(m_target.sourceFolder + u'/');
    path = !base.isEmpty() && path.startsWith(base) ? path.mid(base.size()) : fileNameOf(path);
    if (!m_target.extension.isEmpty())
        path = withoutForm(path) + m_target.extension;
    return below(m_target.folder, path);
}

Result<QString> FileSink::nextPath(const QString &source)
{
    if (m_target.naming == FileTarget::Naming::AsSource && !source.isEmpty()) {
        const QString path = pathAsSource(source);
        if (m_sources.contains(path))
            return Error{ErrorCode::InvalidInput,
                         FileSinkText::tr("The files “%1” and “%2” of the source would both be written to “%3”: choose "
                                          "another copy behavior, or copy them one after the other.")
                             .arg(m_sources.value(path), source, path),
                         path};
        m_sources.insert(path, source);
        return path;
    }
    const auto [base, ownExtension] = dividedName(m_target.fileName);
    if (m_target.maxRowsPerFile > 0) {
        if (m_madeName.isEmpty())
            m_madeName = !m_target.namePrefix.isEmpty() ? m_target.namePrefix
                : !base.isEmpty()                       ? base
                                                        : QStringLiteral("data_%1_%2").arg(m_load.text(), madeName());
        constexpr int digits = 5;
        const QString number = QStringLiteral("_%1").arg(m_note.files.size(), digits, 10, QLatin1Char('0'));
        return below(m_target.folder, m_madeName + number + (base.isEmpty() ? m_target.extension : ownExtension));
    }
    if (!m_target.fileName.isEmpty())
        return below(m_target.folder, m_target.fileName);
    return below(m_target.folder, QStringLiteral("data_%1_%2").arg(m_load.text(), madeName()) + m_target.extension);
}

Result<> FileSink::beginFile(const QString &source)
{
    const Result<QString> path = nextPath(source);
    if (!path)
        return failed(path.error());
    const QString folder = folderOf(*path);
    if (const Result<> made = makeFolders(folder); !made)
        return failed(made.error());
    if (const Result<> checked = checkPlace(*path); !checked)
        return failed(checked.error());
    NewFile file;
    file.path = *path;
    file.temporary = below(folder, FolderLedger::temporaryName(m_load, m_temporaries++));
    if (const Result<> added = m_ledger->addTemporary(file.temporary); !added)
        return failed(added.error());
    const Result<int> made = m_root->createFile(file.temporary);
    if (!made)
        return failed(made.error());
    m_descriptor = *made;
    // Who may read the file that is replaced may read the new one.
    if (const Result<int> old = m_root->openFile(*path); old) {
        struct stat known
        {
        };
        constexpr mode_t rights = 0777;
        if (::fstat(*old, &known) == 0)
            (void)::fchmod(m_descriptor, known.st_mode & rights);
        ::close(*old);
    }
    const std::optional<FileStamp> stamp = stampOf(m_descriptor);
    file.device = stamp ? stamp->device : 0;
    file.inode = stamp ? stamp->inode : 0;
    m_note.files += file;
    m_source = source;
    m_rowsInFile = 0;
    const Result<> begun =
        m_writer->begin({m_descriptor, QDir(m_target.root).filePath(file.temporary), fileNameOf(*path)});
    return begun ? Result<>() : writerFailed(begun.error());
}

// The writer took no more because of one row: it is left out, or the load ends.
Result<> FileSink::rowRefused()
{
    std::optional<RowProblem> problem = m_writer->rowProblem();
    Q_ASSERT(problem);
    if (m_rejecter)
        return m_rejecter->reject(*problem);
    m_problem = std::move(problem);
    abandonFile();
    return failed(m_problem->code, ErrorCode::InvalidInput, m_problem->message, m_note.files.constLast().path);
}

// Why the writer stopped: mostly the disk.
Error FileSink::writerFailed(const Error &error)
{
    const int reason = m_writer->systemError();
    const QString path = m_note.files.isEmpty() ? m_target.displayPath : m_note.files.constLast().path;
    abandonFile();
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        return failed(QStringLiteral("SinkFull"),
                      ErrorCode::Io,
                      FileSinkText::tr("“%1” cannot be written: the disk of %2 is full, or a limit of its is reached. "
                                       "Nothing was changed.")
                          .arg(path, m_target.root),
                      path);
    return failed({error.code, error.message, error.where.isEmpty() ? path : error.where});
}

Result<> FileSink::endFile()
{
    if (m_descriptor < 0)
        return {};
    if (const Result<> finished = m_writer->finish(); !finished) {
        if (finished.error().code != ErrorCode::Conflict || !m_target.leavesOutInconsistent)
            return writerFailed(finished.error());
        abandonFile();
        return leaveOut(m_note.files.size() - 1);
    }
    return closeFile();
}

// Durably.
Result<> FileSink::closeFile()
{
    const QString path = m_note.files.constLast().path;
    const bool isSynced = ::fsync(m_descriptor) == 0;
    const int reason = errno;
    if (const std::optional<FileStamp> stamp = stampOf(m_descriptor))
        m_bytes += stamp->size;
    ::close(std::exchange(m_descriptor, -1));
    if (isSynced)
        return {};
    return failed(
        {ErrorCode::Io, FileSinkText::tr("“%1” cannot be written: %2.").arg(path, qt_error_string(reason)), path});
}

// A file that is not being written any more.
Result<> FileSink::leaveOut(qsizetype index)
{
    const NewFile file = m_note.files.takeAt(index);
    m_sources.remove(file.path);
    ++m_leftOut;
    const Result<> removed = m_root->removeFile(file.temporary);
    return removed ? removed : failed(removed.error());
}

Result<> FileSink::withdraw(const QStringList &files)
{
    for (const QString &name : files) {
        if (m_descriptor >= 0 && name == m_source)
            abandonFile();
        const QString path = pathAsSource(name);
        for (qsizetype i = m_note.files.size() - 1; i >= 0; --i) {
            if (m_note.files.at(i).path != path)
                continue;
            if (const Result<> done = leaveOut(i); !done)
                return done;
            --m_leftOut; // the source tells of it
            m_isWithdrawn = true;
        }
    }
    return {};
}

void FileSink::abandonFile()
{
    if (m_descriptor < 0)
        return;
    m_writer->abandon();
    ::close(std::exchange(m_descriptor, -1));
}

Result<> FileSink::writeRows(const RowBatch &batch, const QList<int> &columns)
{
    if (!batch.withdrawn.isEmpty())
        return withdraw(batch.withdrawn);
    const bool isNext = m_target.naming != FileTarget::Naming::Made && m_descriptor >= 0 && batch.file != m_source;
    if (isNext) {
        if (const Result<> ended = endFile(); !ended)
            return ended;
    }
    int done = 0;
    while (done < batch.rows) {
        if (m_target.maxRowsPerFile > 0 && m_descriptor >= 0 && m_rowsInFile == m_target.maxRowsPerFile) {
            if (const Result<> ended = endFile(); !ended)
                return ended;
        }
        if (m_descriptor < 0) {
            if (const Result<> begun = beginFile(batch.file); !begun)
                return begun;
        }
        int count = batch.rows - done;
        if (m_target.maxRowsPerFile > 0)
            count = int(std::min<qint64>(count, m_target.maxRowsPerFile - m_rowsInFile));
        const Result<int> taken = m_writer->write(batch, done, count, columns);
        if (!taken)
            return writerFailed(taken.error());
        done += *taken;
        m_rowsInFile += *taken;
        m_rows += *taken;
        if (*taken == count)
            continue;
        if (const Result<> refused = rowRefused(); !refused)
            return refused;
        ++done;
    }
    return {};
}

Result<LoadResult> FileSink::load(const QList<int> &columns, BatchStream &rows)
{
    m_problem.reset();
    m_failureName.clear();
    LoadResult result;
    while (true) {
        if (m_cancel.isCancelled())
            return failed({}, ErrorCode::Cancelled, FileSinkText::tr("The copy was cancelled."), {});
        const Result<const RowBatch *> batch = rows.next();
        if (!batch)
            return batch.error(); // the source's matter
        if (!*batch)
            break;
        crashPoint(CrashPoint::copyLoad);
        if (const Result<> written = writeRows(**batch, columns); !written)
            return written.error();
    }
    if (m_note.files.isEmpty() && m_leftOut == 0 && !m_isWithdrawn) {
        if (const Result<> begun = beginFile({}); !begun)
            return begun.error();
    }
    if (const Result<> ended = endFile(); !ended)
        return ended.error();
    result.rowsWritten = m_rows;
    result.bytesWritten = m_bytes;
    result.filesWritten = m_note.files.size();
    result.filesLeftOut = m_leftOut;
    return result;
}

Result<std::optional<qint64>> FileSink::countRows()
{
    qint64 sum = 0;
    for (const NewFile &file : std::as_const(m_note.files)) {
        if (m_rows == 0) // a file that would not even be one to some readers
            break;
        if (m_cancel.isCancelled())
            return failed({}, ErrorCode::Cancelled, FileSinkText::tr("The copy was cancelled."), {});
        if (const Result<int> descriptor = m_root->openFile(file.temporary); descriptor) {
            (void)::posix_fadvise(*descriptor, 0, 0, POSIX_FADV_DONTNEED); // not what the kernel remembers of it
            ::close(*descriptor);
        }
        const auto rows = m_writer->rowsIn(QDir(m_target.root).filePath(file.temporary), fileNameOf(file.path));
        if (!rows)
            return failed(QStringLiteral("DataConsistencyFileUnreadable"),
                          ErrorCode::Conflict,
                          FileSinkText::tr("“%1” was written, but cannot be read again: %2 Nothing was committed.")
                              .arg(file.path, rows.error().message),
                          file.path);
        if (!*rows)
            return std::optional<qint64>();
        sum += **rows;
    }
    return std::optional(sum);
}

Result<> FileSink::writeLedger(const LedgerRow &row)
{
    m_note.row = row;
    m_note.row.load = m_load;
    m_note.state = LoadNote::State::Prepared;
    if (const Result<> noted = m_ledger->note(m_note); !noted)
        return failed(noted.error());
    m_isNoted = true;
    return {};
}

std::pair<Sink::CommitAnswer, Error> FileSink::commit()
{
    if (!m_isNoted) {
        if (const Result<> noted = writeLedger({m_load, {}, {}, 1, 0, {}}); !noted) {
            rollBack();
            return {CommitAnswer::RolledBack, noted.error()};
        }
    }
    for (const NewFile &file : std::as_const(m_note.files)) {
        if (const Result<> checked = checkPlace(file.path); !checked) {
            rollBack();
            return {CommitAnswer::RolledBack, failed(checked.error())};
        }
    }
    crashPoint(CrashPoint::copyCommitSent);
    Result<> committed;
    if (m_note.files.size() == 1) {
        const NewFile &file = m_note.files.constFirst();
        committed = m_root->rename(file.temporary, file.path);
        if (committed)
            crashPoint(CrashPoint::copyFileRenamed);
    } else {
        m_note.state = LoadNote::State::Committed;
        committed = m_ledger->note(m_note);
    }
    if (!committed) {
        const Error error = failed(committed.error());
        const Result<std::optional<LoadNote>> known = m_ledger->noteOf(m_load);
        if (known && *known && (*known)->state == LoadNote::State::Committed) {
            m_isNoted = false; // its name is there, but perhaps not on the disk yet
            m_ledger.reset();
            return {CommitAnswer::Unknown, error};
        }
        rollBack();
        return {CommitAnswer::RolledBack, error};
    }
    const Result<> finished = m_ledger->finish(m_note);
    if (!finished && m_note.files.size() > 1) { // committed; findLoad() tries to go on with the renames
        const Error error = failed(finished.error());
        m_ledger.reset();
        return {CommitAnswer::Unknown, error};
    }
    m_ledger->release();
    m_ledger.reset();
    m_madeFolders.clear();
    return {CommitAnswer::Committed, {}};
}

void FileSink::rollBack()
{
    abandonFile();
    if (m_ledger) {
        m_ledger->discard();
        m_ledger.reset();
        for (auto folder = m_madeFolders.crbegin(); folder != m_madeFolders.crend(); ++folder)
            (void)m_root->removeFolder(*folder); // only when it is empty
    }
    m_madeFolders.clear();
}

Result<std::optional<LedgerRow>> FileSink::findLoad(const LoadId &load)
{
    if (m_ledger)
        return m_ledger->settle(load, m_cancel);
    if (const Result<> opened = openRoot(); !opened)
        return opened.error();
    const auto folder = m_root->find(m_target.folder);
    if (!folder)
        return failed(folder.error());
    if (!*folder)
        return std::optional<LedgerRow>();
    FolderLedger ledger(*m_root, m_target.folder);
    Result<std::optional<LedgerRow>> found = ledger.settle(load, m_cancel);
    if (!found)
        return failed(found.error());
    return found;
}

} // namespace engine

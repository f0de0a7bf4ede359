#include "engine/service/TitanicSample.h"

#include "engine/base/Places.h"
#include "engine/copy/CopyJob.h"
#include "engine/sqlite/Database.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct TitanicSampleText
{
    Q_DECLARE_TR_FUNCTIONS(engine::TitanicSample)
};

Result<> copyFiles(const QString &from, const QString &to)
{
    QDirIterator files(from, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const QString target = to + path.mid(from.size());
        if (QFileInfo::exists(target))
            continue;
        QFile source(path);
        if (!QDir().mkpath(QFileInfo(target).path()) || !source.copy(target))
            return Error{
                ErrorCode::Io, TitanicSampleText::tr("Cannot write %1: %2").arg(target, source.errorString()), target};
        // Installed files may be read-only; the copy is the user's own.
        QFile::setPermissions(target, QFile::permissions(target) | QFileDevice::WriteOwner);
    }
    return {};
}

Result<> makeDatabase(const QString &folder)
{
    QFile script(folder + QStringLiteral("/sql/create.sql"));
    if (!script.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     TitanicSampleText::tr("Cannot read %1: %2").arg(script.fileName(), script.errorString()),
                     script.fileName()};
    Result<Database> database = Database::open(folder + QStringLiteral("/titanic.db"), {});
    if (!database)
        return database.error();
    if (const Result<> wal = database->exec("PRAGMA journal_mode=WAL"); !wal)
        return wal.error();
    return database->exec(script.readAll());
}

} // namespace

Result<TitanicSample> makeTitanicSample(const QString &folder)
{
    const QString target = QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
    const QString original = resourcesFolder() + QStringLiteral("/samples/titanic");
    const QDir there(target);
    if (there.exists() && !there.isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
        && !there.exists(QStringLiteral("pipeline/PublishPythonSql.json")))
        return Error{ErrorCode::Conflict,
                     TitanicSampleText::tr("%1 holds something else; choose an empty folder.").arg(target),
                     target};
    if (const Result<> copied = copyFiles(original, target); !copied)
        return copied.error();
    if (!QDir(target).mkpath(QStringLiteral("storage/data")))
        return Error{ErrorCode::Io,
                     TitanicSampleText::tr("Cannot make the folder %1.").arg(target + QStringLiteral("/storage/data")),
                     target};
    if (const Result<> made = makeDatabase(target); !made)
        return made.error();

    CopyPlan plan;
    CsvFileSource source;
    source.path = target + QStringLiteral("/data/titanic_features.csv");
    source.displayPath = QStringLiteral("data/titanic_features.csv");
    source.format.firstRowAsHeader = true;
    source.format.escape = source.format.quote;
    plan.source = source;
    plan.sink = SqliteTableSink{
        .file = target + QStringLiteral("/titanic.db"), .schema = {}, .table = QStringLiteral("titanic_features")};
    plan.preCopyScript = QStringLiteral("delete from titanic_features");
    const LoadIdentity identity{.load = LoadId::create(),
                                .run = RunId(QStringLiteral("sample")),
                                .activity = QStringLiteral("titanic_features"),
                                .attempt = 1};
    const CopyOutcome outcome = runCopy(plan, identity, {}, {});
    if (outcome.status != CopyOutcome::Status::Succeeded)
        return Error{ErrorCode::Io,
                     TitanicSampleText::tr("The passengers could not be loaded: %1").arg(outcome.error.message),
                     source.path};
    return TitanicSample{target, outcome.counts.rowsCopied};
}

} // namespace engine

#include "app/ctl/BindingFiles.h"

#include "engine/model/EntityText.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct BindingFilesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::BindingFiles)
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<> write(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    const bool isDone = QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
        && file.write(text) == text.size() && file.commit();
    if (isDone)
        return {};
    return Error{ErrorCode::Io, BindingFilesText::tr("Cannot write %1: %2").arg(path, file.errorString()), path};
}

// What is wrong with one of `entries`, read as the engine will.
std::optional<Error> problemIn(const QByteArray &text, const QString &file, const QList<BindingEntry> &entries)
{
    Bindings bindings;
    for (const Problem &problem : bindings.read(text, file)) {
        const bool isOurs = std::any_of(entries.cbegin(), entries.cend(), [&problem](const BindingEntry &entry) {
            return problem.where.contains(u'.' + entry.name);
        });
        if (isOurs && problem.severity == Problem::Severity::Error)
            return Error{
                ErrorCode::InvalidInput, QString(problem.message + u' ' + problem.fix).trimmed(), problem.where};
    }
    return std::nullopt;
}

// The text of one of the two files with its entries; null when it stays as it is.
Result<QByteArray> changed(const QString &folder, const QString &file, const QList<BindingEntry> &entries)
{
    const QByteArray before = contentOf(folder + u'/' + file);
    const bool hasSomething =
        std::any_of(entries.cbegin(), entries.cend(), [](const BindingEntry &entry) { return !entry.json.is_null(); });
    if (before.isEmpty() && !hasSomething)
        return QByteArray();
    Result<QByteArray> text = withBindings(before, file, entries);
    if (!text)
        return text;
    if (const std::optional<Error> error = problemIn(*text, file, entries))
        return *error;
    return *text == before ? Result<QByteArray>(QByteArray()) : text;
}

Result<QStringList>
writeBoth(const QString &folder, const QList<BindingEntry> &shared, const QList<BindingEntry> &local)
{
    const Result<QByteArray> sharedText = changed(folder, bindingsFile(), shared);
    if (!sharedText)
        return sharedText.error();
    const Result<QByteArray> localText = changed(folder, localBindingsFile(), local);
    if (!localText)
        return localText.error();
    QStringList files;
    if (!sharedText->isNull()) {
        if (const Result<> written = write(folder + u'/' + bindingsFile(), *sharedText); !written)
            return written.error();
        files.append(bindingsFile());
    }
    if (!localText->isNull()) {
        const QString ignore = folder + QStringLiteral("/.slipway/.gitignore");
        if (!QFileInfo::exists(ignore)) {
            if (const Result<> written = write(ignore, "local/\n"); !written)
                return written.error();
        }
        if (const Result<> written = write(folder + u'/' + localBindingsFile(), *localText); !written)
            return written.error();
        files.append(localBindingsFile());
    }
    return files;
}

} // namespace

Result<QStringList> writeBindings(const QString &folder, const QList<BindingEntry> &entries)
{
    QList<BindingEntry> shared;
    QList<BindingEntry> local;
    for (const BindingEntry &entry : entries) {
        const bool isLocal = isOfThisMachine(entry.json);
        (isLocal ? local : shared).append(entry);
        if (!isLocal) // an entry there would override this one
            local.append({entry.name, entry.fit, {}});
    }
    return writeBoth(folder, shared, local);
}

Json writtenBinding(const QString &folder, const QString &name)
{
    for (const QString &file : {localBindingsFile(), bindingsFile()}) {
        const Result<Json> json = parseEntity(contentOf(folder + u'/' + file), file);
        const Json services = json ? memberAt(*json, "linkedServices") : Json();
        if (!services.is_object())
            continue;
        for (const auto &[key, entry] : services.items()) {
            if (toQString(key).compare(name, Qt::CaseInsensitive) == 0)
                return entry;
        }
    }
    return {};
}

Result<QStringList> removeBinding(const QString &folder, const QString &name)
{
    const QList<BindingEntry> entries = {{name, BindingFit::Folder, {}}, {name, BindingFit::Secrets, {}}};
    Result<QStringList> files = writeBoth(folder, entries, entries);
    if (files && files->isEmpty())
        return Error{
            ErrorCode::NotFound, BindingFilesText::tr("The bindings have no entry \"%1\".").arg(name), bindingsFile()};
    return files;
}

} // namespace ctl

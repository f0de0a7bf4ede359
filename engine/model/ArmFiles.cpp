#include "engine/model/ArmTemplate.h"
#include "engine/model/EntityText.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ArmFilesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ArmFiles)
};

Result<QByteArray> readWhole(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return Error{ErrorCode::NotFound, ArmFilesText::tr("There is no file %1.").arg(path), path};
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, ArmFilesText::tr("Cannot read %1: %2").arg(path, file.errorString()), path};
    return file.readAll();
}

// The template that a folder, or a manifest in it, means: the only JSON file there that is one.
Result<QString> templateIn(const QDir &folder)
{
    const QString usual = folder.filePath(QStringLiteral("ARMTemplateForFactory.json"));
    if (QFileInfo::exists(usual))
        return usual;
    QStringList found;
    for (const QString &name : folder.entryList({QStringLiteral("*.json")}, QDir::Files)) {
        const Result<QByteArray> text = readWhole(folder.filePath(name));
        const Result<Json> json = text ? parseEntity(*text, name) : Result<Json>(text.error());
        if (json && memberAt(*json, "resources").is_array())
            found.append(folder.filePath(name));
    }
    if (found.size() == 1)
        return found.first();
    return Error{ErrorCode::InvalidInput,
                 found.isEmpty() ? ArmFilesText::tr("There is no ARM template in %1.").arg(folder.path())
                                 : ArmFilesText::tr("There are several ARM templates in %1; name one of: %2.")
                                       .arg(folder.path(), found.join(QStringLiteral(", "))),
                 folder.path()};
}

} // namespace

Result<ArmImport> readArmTemplate(const QString &path, const QString &parametersPath)
{
    const QFileInfo info(path);
    const bool isManifest = info.fileName().compare(u"manifest.json", Qt::CaseInsensitive) == 0;
    const Result<QString> file =
        info.isDir() || isManifest ? templateIn(info.isDir() ? QDir(path) : info.dir()) : Result<QString>(path);
    if (!file)
        return file.error();
    const Result<QByteArray> text = readWhole(*file);
    if (!text)
        return text.error();
    const QDir folder = QFileInfo(*file).dir();
    ArmSource source{*text, QFileInfo(*file).fileName(), {}, {}, {}};
    if (const Result<QByteArray> manifest = readWhole(folder.filePath(QStringLiteral("manifest.json"))))
        source.manifest = *manifest;
    if (!parametersPath.isEmpty()) {
        const Result<QByteArray> parameters = readWhole(parametersPath);
        if (!parameters)
            return parameters.error();
        source.parameters = *parameters;
    }
    source.linked = [folder](const QString &name) { return readWhole(folder.filePath(QFileInfo(name).fileName())); };
    return importArmTemplate(source);
}

Result<QStringList> writeArmImport(const ArmImport &import, const QString &folder, Existing existing)
{
    const QDir root(folder);
    QStringList taken;
    for (const ArmImport::File &file : import.files) {
        if (QFileInfo::exists(root.filePath(file.path)))
            taken.append(file.path);
    }
    if (existing == Existing::Refuse && !taken.isEmpty())
        return Error{ErrorCode::Conflict,
                     ArmFilesText::tr("%n file(s) of the import are there already, nothing was written: %1.",
                                      nullptr,
                                      int(taken.size()))
                         .arg(taken.mid(0, 5).join(QStringLiteral(", "))
                              + (taken.size() > 5 ? QStringLiteral(" …") : QString())),
                     folder};
    QStringList written;
    for (const ArmImport::File &file : import.files) {
        const QString path = root.filePath(file.path);
        QSaveFile target(path);
        const bool isDone = QDir().mkpath(QFileInfo(path).path()) && target.open(QIODevice::WriteOnly)
            && target.write(file.text) == file.text.size() && target.commit();
        if (!isDone)
            return Error{ErrorCode::Io, ArmFilesText::tr("Cannot write %1: %2").arg(path, target.errorString()), path};
        written.append(file.path);
    }
    return written;
}

} // namespace engine

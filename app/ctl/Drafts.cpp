#include "app/ctl/Drafts.h"

#include "engine/connectors/NearNames.h"
#include "engine/model/Factory.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct DraftsText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::Drafts)
};

// With its name, which a file may leave to that of the file.
template <typename Entity> Json named(const Entity &entity)
{
    Json json = entity.json;
    json["name"] = toStdString(entity.name);
    return json;
}

template <typename Entity> const Entity *find(const QMap<QString, Entity> &entities, const QString &name)
{
    for (const Entity &entity : entities) {
        if (entity.name.compare(name, Qt::CaseInsensitive) == 0)
            return &entity;
    }
    return nullptr;
}

// Why an entity is not there: perhaps its file cannot be read.
Error notFound(const QString &message, const QList<Problem> &problems, const QString &file)
{
    for (const Problem &problem : problems) {
        if (problem.severity == Problem::Severity::Error && problem.where.startsWith(file))
            return {ErrorCode::InvalidInput, problem.message, problem.where};
    }
    return {ErrorCode::NotFound, message, {}};
}

Result<Json> draftOf(const FactoryReading &reading, const QString &folder, const QString &service)
{
    const auto *found = find(reading.factory.linkedServices, service);
    if (!found)
        return notFound(DraftsText::tr("There is no linked service “%1” in this factory. %2")
                            .arg(service, suggestName(service, reading.factory.linkedServices.keys())),
                        reading.problems,
                        QStringLiteral("linkedService/%1.json").arg(service));
    return Json{{"folder", toStdString(folder)}, {"linkedService", named(*found)}};
}

} // namespace

Result<Json> linkedServiceDraft(const Session &session, const QString &name)
{
    const Result<QString> folder = session.factoryFolder();
    if (!folder)
        return folder.error();
    return draftOf(readFactory(FolderTree(*folder)), *folder, name);
}

Result<Json> datasetDraft(const Session &session, const QString &name)
{
    const Result<QString> folder = session.factoryFolder();
    if (!folder)
        return folder.error();
    const FactoryReading reading = readFactory(FolderTree(*folder));
    const auto *dataset = find(reading.factory.datasets, name);
    if (!dataset)
        return notFound(DraftsText::tr("There is no dataset “%1” in this factory. %2")
                            .arg(name, suggestName(name, reading.factory.datasets.keys())),
                        reading.problems,
                        QStringLiteral("dataset/%1.json").arg(name));
    Result<Json> draft = draftOf(reading, *folder, dataset->linkedService);
    if (draft)
        (*draft)["dataset"] = named(*dataset);
    return draft;
}

} // namespace ctl

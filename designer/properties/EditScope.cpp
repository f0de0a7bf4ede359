#include "designer/properties/EditScope.h"

#include "designer/document/ActivityTree.h"
#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/shell/Workbench.h"

namespace designer {

using namespace engine;

EditScope::EditScope(Workbench &workbench, QObject *parent) : QObject(parent), m_workbench(workbench)
{
    connect(&workbench, &Workbench::documentAboutToChange, this, [this] { clear(); });
}

FactoryDocument *EditScope::document() const { return m_document; }

void EditScope::watch()
{
    FactoryDocument *const document = m_workbench.document();
    if (document == m_document)
        return;
    if (m_document)
        disconnect(m_document, nullptr, this, nullptr);
    m_document = document;
    if (document == nullptr)
        return;
    connect(document, &FactoryDocument::filesChanged, this, [this](const QStringList &paths) {
        if (paths.contains(file()))
            reload();
        if (m_kind == Kind::Activity && paths.contains(optionsFile(m_entity.name)))
            emit changed(); // what stands beside it
    });
    connect(document, &FactoryDocument::problemsChanged, this, &EditScope::problemsChanged);
    connect(document, &FactoryDocument::entityRenamed, this, [this](const EntityRef &from, const EntityRef &to) {
        if (m_kind == Kind::File || m_entity != from)
            return;
        m_entity = to;
        reload();
    });
}

void EditScope::show(Kind kind)
{
    m_kind = kind;
    watch();
    if (m_document == nullptr)
        m_kind = Kind::Nothing;
    m_json = Json();
    m_place.clear();
    const Json file = wholeFile();
    if (m_kind == Kind::Activity) {
        m_place = activityPlace(file, m_activity);
        m_count = activityList(file, listOf(m_place)).size();
    }
    const QString part = partPath(file);
    if (!part.isEmpty())
        m_json = jsonAt(file, part);
    emit changed();
    emit problemsChanged();
}

void EditScope::showActivity(const EntityRef &pipeline, const QString &activity)
{
    m_entity = pipeline;
    m_activity = activity;
    show(Kind::Activity);
}

void EditScope::showEntity(const EntityRef &entity)
{
    m_entity = entity;
    m_activity.clear();
    show(Kind::Entity);
}

void EditScope::showFile(const QString &path, const QString &part)
{
    m_entity = {};
    m_activity.clear();
    m_file = path;
    m_part = part;
    show(Kind::File);
}

void EditScope::clear()
{
    if (m_kind == Kind::Nothing)
        return;
    m_entity = {};
    m_activity.clear();
    show(Kind::Nothing);
}

QString EditScope::file() const
{
    if (m_kind == Kind::File)
        return m_file;
    return m_document && !m_entity.isEmpty() ? m_document->path(m_entity) : QString();
}

QString EditScope::where() const
{
    if (m_kind == Kind::File)
        return m_file + u'/' + m_part;
    return m_kind == Kind::Activity ? m_entity.toString() + u"/activities/" + m_activity : m_entity.toString();
}

Json EditScope::wholeFile() const
{
    if (!m_document || m_kind == Kind::Nothing)
        return {};
    return m_kind == Kind::File ? m_document->fileJson(m_file) : m_document->json(m_entity);
}

QString EditScope::partPath(const Json &file) const
{
    switch (m_kind) {
    case Kind::Activity: {
        const QString place = activityPlace(file, m_activity);
        return place.isEmpty() ? QString() : QStringLiteral("properties.") + place;
    }
    case Kind::Entity:
        return file.is_object() ? QStringLiteral("properties") : QString();
    case Kind::File:
        return m_part;
    case Kind::Nothing:
        break;
    }
    return {};
}

void EditScope::reload()
{
    const Json file = wholeFile();
    if (m_kind == Kind::Activity) {
        QString place = activityPlace(file, m_activity);
        const QString before = m_place;
        const QString name = stringAt(activityList(file, before), "name");
        if (place.isEmpty() && !before.isEmpty() && !name.isEmpty()
            && activityList(file, listOf(before)).size() == m_count) {
            // Renamed elsewhere, or a rename was undone: the one at its place.
            place = before;
            const QString from = std::exchange(m_activity, name);
            emit activityRenamed(from, name);
        }
        m_place = place;
        m_count = activityList(file, listOf(place)).size();
    }
    const QString part = partPath(file);
    Json json = part.isEmpty() ? Json() : jsonAt(file, part);
    if (toCompact(json) == toCompact(m_json))
        return;
    m_json = std::move(json);
    emit changed();
}

const Json &EditScope::at(const QString &path) const { return jsonAt(m_json, path); }

void EditScope::set(const QString &path, const Json &value, const QString &title, const QString &mergeKey)
{
    change(
        title,
        [&](Json &part) {
            if (value.is_null())
                removeJsonAt(part, path);
            else
                setJsonAt(part, path, value);
        },
        mergeKey);
}

void EditScope::change(const QString &title, const std::function<void(Json &)> &edit, const QString &mergeKey)
{
    if (!m_document || m_kind == Kind::Nothing)
        return;
    Json file = wholeFile();
    if (file.is_null() && m_kind == Kind::File)
        file = Json::object();
    const QString part = partPath(file);
    if (part.isEmpty())
        return;
    Json changedPart = jsonAt(file, part);
    const QByteArray before = toCompact(changedPart);
    edit(changedPart);
    if (toCompact(changedPart) == before)
        return;
    setJsonAt(file, part, changedPart);
    const FileChange change =
        m_kind == Kind::File ? m_document->changedFile(m_file, file) : m_document->changed(m_entity, file);
    m_document->edit(title, {change}, mergeKey);
}

void EditScope::removePart(const QString &title)
{
    if (!m_document || m_kind != Kind::File)
        return;
    Json file = wholeFile();
    if (jsonAt(file, m_part).is_null())
        return;
    removeJsonAt(file, m_part);
    m_document->edit(title, {m_document->changedFile(m_file, file)});
}

QString EditScope::absolute(const QString &path) const
{
    if (m_kind == Kind::Activity)
        return m_place.isEmpty() ? QString() : joinedPath(m_place, path);
    return path;
}

std::optional<QString> EditScope::relative(const QString &path) const
{
    QString outer;
    if (m_kind == Kind::Activity)
        outer = m_place;
    else if (m_kind == Kind::File)
        outer = QString(m_part).replace(QStringLiteral("[\""), QStringLiteral(".")).remove(QStringLiteral("\"]"));
    if (!isWithin(path, outer))
        return std::nullopt;
    QString inner = path.mid(outer.size());
    if (inner.startsWith(u'.') && !outer.isEmpty())
        inner.remove(0, 1);
    return inner;
}

QList<Problem> EditScope::problems() const
{
    QList<Problem> found;
    if (!m_document || m_kind == Kind::Nothing)
        return found;
    const QString ownFile = file();
    for (const Problem &problem : m_document->problems()) {
        if (!problem.where.startsWith(ownFile))
            continue;
        QString rest = problem.where.mid(ownFile.size());
        if (rest.startsWith(u": "))
            rest.remove(0, 2);
        else if (!rest.isEmpty())
            continue;
        if (const auto inner = relative(rest)) {
            Problem own = problem;
            own.where = *inner;
            found.append(own);
        }
    }
    return found;
}

} // namespace designer

#include "moc_EditScope.cpp"

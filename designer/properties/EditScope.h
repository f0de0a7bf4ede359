#pragma once

#include "designer/document/Entity.h"
#include "engine/base/Json.h"
#include "engine/model/Problem.h"

#include <QObject>
#include <QPointer>

#include <functional>

namespace designer {

class FactoryDocument;
class Workbench;

// The part of one file that a form shows and edits: an activity, the "properties" of an entity, a binding. It follows
// the document: undo, renames, other views. Paths are relative to the part. GUI thread.
class EditScope final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EditScope)

public:
    explicit EditScope(Workbench &workbench, QObject *parent = nullptr);

    void showActivity(const EntityRef &pipeline, const QString &activity);
    void showEntity(const EntityRef &entity);
    // `part` of any file of the factory, made when it is first set: linkedServices["X"] of .slipway/bindings.json.
    void showFile(const QString &path, const QString &part);
    void clear();

    Workbench &workbench() const { return m_workbench; }
    FactoryDocument *document() const;
    const EntityRef &entity() const { return m_entity; } // empty for a file
    const QString &activity() const { return m_activity; }
    bool isEmpty() const { return m_kind == Kind::Nothing; }
    QString file() const;
    QString where() const; // a name of the place, for merge keys and links: "pipeline/X/activities/Copy1"

    const engine::Json &json() const { return m_json; } // null while the part is not there
    const engine::Json &at(const QString &path) const;
    // One undo step; those with the same merge key in a row are one. Null removes. No step when nothing changes.
    void set(const QString &path, const engine::Json &value, const QString &title, const QString &mergeKey = {});
    void
    change(const QString &title, const std::function<void(engine::Json &part)> &edit, const QString &mergeKey = {});
    void removePart(const QString &title);

    // Of the part, `where` relative to it; those of the whole entity have an empty one or "name".
    QList<engine::Problem> problems() const;
    // `path` of the part as links write it, below "properties": "activities[1].typeProperties.sink"; empty when the
    // part is not there.
    QString absolute(const QString &path) const;
    // `path` as a problem of the file writes it, relative to the part; nothing when it is elsewhere.
    std::optional<QString> relative(const QString &path) const;

signals:
    void changed(); // json(), also when another thing is shown, or the options beside an activity
    void problemsChanged();
    void activityRenamed(const QString &from, const QString &to); // by somebody else: undo, the JSON view

private:
    enum class Kind { Nothing, Activity, Entity, File };

    void show(Kind kind);
    void watch();
    void reload();
    engine::Json wholeFile() const;
    QString partPath(const engine::Json &file) const; // where the part is; empty when it is not there

    Workbench &m_workbench;
    QPointer<FactoryDocument> m_document;
    Kind m_kind = Kind::Nothing;
    EntityRef m_entity;
    QString m_activity;
    QString m_file;
    QString m_part;
    engine::Json m_json;
    QString m_place; // of the activity, below "properties"
    size_t m_count = 0; // of activities beside it
};

} // namespace designer

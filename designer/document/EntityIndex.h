#pragma once

#include "designer/document/DraftFile.h"
#include "designer/document/Entity.h"

#include <QHash>
#include <QList>

namespace designer {

// Which file is which entity, as engine::entityKindOf() says. A file that is no JSON counts under its own name, so that
// it is not lost from sight; one whose name another file has already is none, as in engine::readFactory. A value.
class EntityIndex
{
public:
    EntityIndex() = default;
    explicit EntityIndex(const DraftFiles &files);

    QList<EntityRef> entities(EntityKind kind) const { return m_sorted.value(int(kind)); }
    QList<EntityRef> all() const { return m_paths.keys(); }
    bool contains(const EntityRef &ref) const { return m_paths.contains(ref); }
    QString path(const EntityRef &ref) const { return m_paths.value(ref); } // empty when it is not there
    std::optional<EntityRef> at(const QString &path) const;
    // The entity whose name is this but for upper and lower case.
    std::optional<EntityRef> similar(const EntityRef &ref) const;

    static QString withoutEnding(const QString &path);

private:
    void add(const EntityRef &ref, const QString &path);

    QHash<EntityRef, QString> m_paths;
    QHash<QString, EntityRef> m_refs; // by path
    QHash<EntityRef, EntityRef> m_folded; // by the name in lower case
    QHash<int, QList<EntityRef>> m_sorted;
};

QString layoutFile(const QString &pipeline);
QString optionsFile(const QString &pipeline);

} // namespace designer

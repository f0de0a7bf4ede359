#pragma once

#include "designer/document/Entity.h"

#include <QAbstractItemModel>

#include <array>

namespace designer {

class FactoryDocument;

// The entities of the open factory in step with the document. Top rows are the kinds, empty ones too.
class FactoryTreeModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role { EntityRole = Qt::UserRole, KindRole, CountRole, DirtyRole, ProblemsRole };

    explicit FactoryTreeModel(QObject *parent = nullptr);

    void setDocument(FactoryDocument *document); // nullptr: empty groups; it outlives the model or is taken back first

    EntityRef entity(const QModelIndex &index) const; // empty for a group
    std::optional<EntityKind> group(const QModelIndex &index) const; // of a group or of an entity's
    QModelIndex indexOf(const EntityRef &ref) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override; // renames
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void renameRefused(const QString &why);

private:
    void add(const EntityRef &ref);
    void remove(const EntityRef &ref);
    void rename(const EntityRef &from, const EntityRef &to);
    void markAll();
    static int groupOf(EntityKind kind);

    FactoryDocument *m_document = nullptr;
    std::array<QList<EntityRef>, allKinds.size()> m_entities;
    QHash<QString, int> m_problems; // by file
};

} // namespace designer

#include "designer/document/Entity.h"

#include <QCoreApplication>

#include <array>

namespace designer {

namespace {

struct EntityText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Entity)
};

constexpr std::array kinds{
    EntityKind::Pipeline, EntityKind::Dataset, EntityKind::Notebook, EntityKind::LinkedService, EntityKind::Trigger};

QString word(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return QStringLiteral("pipeline");
    case EntityKind::Dataset:
        return QStringLiteral("dataset");
    case EntityKind::Notebook:
        return QStringLiteral("notebook");
    case EntityKind::LinkedService:
        return QStringLiteral("linkedService");
    case EntityKind::Trigger:
        return QStringLiteral("trigger");
    }
    return {};
}

} // namespace

QString EntityRef::toString() const { return name.isEmpty() ? QString() : word(kind) + u'/' + name; }

EntityRef EntityRef::fromString(const QString &text)
{
    const QString first = text.section(u'/', 0, 0);
    for (const EntityKind kind : kinds) {
        if (word(kind) == first)
            return {kind, text.section(u'/', 1)};
    }
    return {};
}

QString EntityRef::shownName() const { return kind == EntityKind::Notebook ? name.section(u'/', -1) : name; }

QString folderOf(EntityKind kind) { return kind == EntityKind::Notebook ? QStringLiteral("notebooks") : word(kind); }

QString titleOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return EntityText::tr("Pipeline");
    case EntityKind::Dataset:
        return EntityText::tr("Dataset");
    case EntityKind::Notebook:
        return EntityText::tr("Notebook");
    case EntityKind::LinkedService:
        return EntityText::tr("Linked service");
    case EntityKind::Trigger:
        return EntityText::tr("Trigger");
    }
    return {};
}

QString pluralTitleOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return EntityText::tr("Pipelines");
    case EntityKind::Dataset:
        return EntityText::tr("Datasets");
    case EntityKind::Notebook:
        return EntityText::tr("Notebooks");
    case EntityKind::LinkedService:
        return EntityText::tr("Linked services");
    case EntityKind::Trigger:
        return EntityText::tr("Triggers");
    }
    return {};
}

QString iconOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return QStringLiteral("workflow");
    case EntityKind::Dataset:
        return QStringLiteral("table");
    case EntityKind::Notebook:
        return QStringLiteral("notebook-text");
    case EntityKind::LinkedService:
        return QStringLiteral("plug");
    case EntityKind::Trigger:
        return QStringLiteral("calendar-clock");
    }
    return {};
}

} // namespace designer

#pragma once

#include "engine/model/EntityFile.h"

#include <QHash>
#include <QMetaType>
#include <QString>

#include <array>

namespace designer {

using engine::EntityKind;

// Those that are made and edited here, in the order they are shown in; then those that others refer to, which are shown
// and edited as JSON.
inline constexpr std::array madeKinds{
    EntityKind::Pipeline, EntityKind::Dataset, EntityKind::Notebook, EntityKind::LinkedService, EntityKind::Trigger};
inline constexpr std::array allKinds{EntityKind::Pipeline,
                                     EntityKind::Dataset,
                                     EntityKind::Notebook,
                                     EntityKind::LinkedService,
                                     EntityKind::Trigger,
                                     EntityKind::Dataflow,
                                     EntityKind::IntegrationRuntime,
                                     EntityKind::Credential,
                                     EntityKind::ManagedVirtualNetwork,
                                     EntityKind::SynapseNotebook,
                                     EntityKind::SqlScript};
constexpr bool isMadeHere(EntityKind kind) { return kind <= EntityKind::Trigger; }

// One entity of the open factory. Notebooks are known by their path below the factory folder without its ending:
// "notebooks/Shared/titanic_scoring"; all others by name.
struct EntityRef
{
    EntityKind kind = EntityKind::Pipeline;
    QString name;

    bool isEmpty() const { return name.isEmpty(); }
    QString toString() const; // "pipeline/PublishPythonSql", "notebook/notebooks/Shared/x"; as in Link::entity
    static EntityRef fromString(const QString &text); // empty when it is none
    QString shownName() const; // a notebook's is the last part of its path
    bool operator==(const EntityRef &) const = default;
    bool operator<(const EntityRef &other) const
    {
        return kind != other.kind ? kind < other.kind : QString::compare(name, other.name, Qt::CaseInsensitive) < 0;
    }
};

inline size_t qHash(const EntityRef &ref, size_t seed = 0) { return qHashMulti(seed, int(ref.kind), ref.name); }

QString titleOf(EntityKind kind); // translated, one: "Pipeline"
QString pluralTitleOf(EntityKind kind); // "Pipelines"
QString iconOf(EntityKind kind); // a name of designer/icons.txt

} // namespace designer

Q_DECLARE_METATYPE(designer::EntityRef)

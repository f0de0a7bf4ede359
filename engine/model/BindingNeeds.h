#pragma once

#include "engine/model/Factory.h"

namespace engine {

// What kind of thing of this machine a linked service can be bound to.
enum class BindingFit {
    Folder, // files: blob storage, data lake, file server …
    Database, // SQLite or PostgreSQL
    Kernel, // notebooks: Databricks, Synapse, Fabric
    Secrets, // a Key Vault: a scope of secrets
    Nothing, // it is called over HTTP: needs no binding
    Unknown // no kind of binding fits; what uses it cannot run here
};
QString toString(BindingFit fit); // folder | database | kernel | secrets | none | unknown

BindingFit fitOf(const QString &linkedServiceType); // in any case

// What an imported factory needs for one of its linked services. Notebooks that name none (Synapse without a pool,
// Fabric) need one entry called as the type of their activity.
struct BindingNeed
{
    QString linkedService;
    QString type; // of Data Factory; empty when the factory has no such linked service
    BindingFit fit = BindingFit::Unknown;
    QStringList usedBy; // "dataset People", "pipeline Load: Call", sorted; empty = nothing uses it
    std::optional<Binding> binding; // what it is bound to
    QString scope; // of a Key Vault
    QString problem; // why the binding does not fit, for a person; empty when it does, or there is none

    bool isBound() const { return binding.has_value() || !scope.isEmpty(); }
    // Whether something is left to do: used, and neither bound nor without need of it.
    bool isMissing() const;
};

// Of every linked service that is there or is named, by name. Pure, for any thread.
QList<BindingNeed> bindingNeeds(const Factory &factory);

// What usually fits, as bindings.json writes it: {"store": "folder", "root": "storage/Name"}, for a Key Vault
// {"scope": "name"}. Null when nothing fits.
Json suggestedBinding(const BindingNeed &need);

// One entry of the bindings: "linkedServices", or "keyVaults" when `fit` is Secrets.
struct BindingEntry
{
    QString name; // or pattern
    BindingFit fit = BindingFit::Unknown;
    Json json; // null: take it away
};

// The text of bindings.json with the entries changed; the rest keeps its bytes. `before` may be empty. InvalidInput
// with line and column when it is no JSON.
Result<QByteArray> withBindings(const QByteArray &before, const QString &file, const QList<BindingEntry> &entries);

// Whether the entry belongs into .slipway/local/bindings.json: it has a path of this machine only.
bool isOfThisMachine(const Json &entry);

} // namespace engine

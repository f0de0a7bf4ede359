#pragma once

#include "engine/model/Factory.h"
#include "engine/model/NameRules.h"

#include <QCoreApplication>

#include <functional>
#include <set>

namespace engine {

// One walk of the Validator over a factory. The rules are methods, in the file of what they are about.
class Validation
{
    Q_DECLARE_TR_FUNCTIONS(engine::Validation)

public:
    explicit Validation(const Factory &factory) : m_factory(factory) { }

    void checkAll();
    void checkPipelineAndNeeds(const QString &name);
    QList<Problem> takeProblems(); // sorted

private:
    // "pipeline/X.json: activities[1].typeProperties.sink"
    struct Place
    {
        QString file;
        QString property;
        Place operator/(const QString &part) const;
        Place operator[](qsizetype index) const;
        QString text() const;
    };
    struct ActivityPlace
    {
        const Pipeline &pipeline;
        const Activity &activity;
        Place place;
    };

    // NameRules.cpp
    void checkName(const QString &name, NamedThing thing, const Place &place);
    template <typename Map> void checkDuplicateNames(const Map &entities);

    // PipelineRules.cpp
    void checkPipeline(const Pipeline &pipeline);
    void checkParameters(const Json &json, const Place &place);
    void checkActivityNames(const Pipeline &pipeline);
    void checkDependencies(const Pipeline &pipeline);
    void checkCycles(const Pipeline &pipeline);
    void checkActivity(const ActivityPlace &at);
    void checkState(const ActivityPlace &at);
    void checkPolicy(const ActivityPlace &at);
    void checkUserProperties(const ActivityPlace &at);
    void checkDynamicContent(const Json &json, const Place &place);

    // NotebookRules.cpp
    void checkNotebook(const ActivityPlace &at, const NotebookActivity &notebook);
    const Binding *checkNamedKernel(const ActivityPlace &at, const Place &reference);
    const Binding *checkLinkedService(const QString &name, const Place &reference);
    void checkBindings();
    void checkKernelBinding(const QString &name, const KernelBinding &kernel);

    // CopyRules.cpp
    void checkCopy(const ActivityPlace &at, const CopyActivity &copy);
    const Dataset *checkDatasetReference(const QString &name, const char *list, const ActivityPlace &at);
    void checkDataset(const Dataset &dataset);
    void checkCopySource(const ActivityPlace &at, const CopyActivity &copy);
    void checkCopySink(const ActivityPlace &at, const CopyActivity &copy);
    void checkStoreKind(const Dataset &dataset, const QStringList &kinds, const QString &role, const Place &reference);
    void checkMapping(const ActivityPlace &at, const CopyActivity &copy);
    void checkMappingSource(const Json &source, const Dataset *dataset, const Place &place);
    void checkMappingColumn(const Json &column, const Dataset *dataset, const Place &place);
    void checkCopySettings(const ActivityPlace &at, const CopyActivity &copy);

    // TriggerRules.cpp
    void checkTrigger(const Trigger &trigger);
    void checkTriggeredPipelines(const Trigger &trigger);

    void error(const char *code, const Place &place, const QString &message, const QString &fix = {});
    void warning(const char *code, const Place &place, const QString &message, const QString &fix = {});
    void hint(const char *code, const Place &place, const QString &message, const QString &fix = {});
    // "Did you mean "X"?" with the name nearest to `name`; empty when none is near.
    static QString suggestion(const QString &name, const QStringList &known);

    const Factory &m_factory;
    QList<Problem> m_problems;
    std::set<QString> m_checkedDatasets;
    QMap<QString, std::optional<Binding>> m_bindings; // of linked services looked at
};

} // namespace engine

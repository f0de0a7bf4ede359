#pragma once

#include "engine/model/ActivityDescriptor.h"
#include "engine/model/Factory.h"
#include "engine/model/NameRules.h"
#include "engine/model/PipelineScope.h"
#include "engine/model/Validator.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <functional>
#include <set>

namespace engine {

// One walk of the Validator over a factory. The rules are methods, in the file of what they are about.
class Validation
{
    Q_DECLARE_TR_FUNCTIONS(engine::Validation)

public:
    explicit Validation(const Factory &factory, KnownMachine machine = {});

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
        const PipelineScope &scope;
        int entry; // of the scope
        bool is(QStringView type) const { return activity.type.compare(type, Qt::CaseInsensitive) == 0; }
    };
    using Parameters = QMap<QString, Parameter>;

    // What dynamic content may ask for where it stands: of an activity, a dataset, a linked service or a trigger.
    struct ContentScope
    {
        const ActivityPlace *activity = nullptr;
        const Parameters *dataset = nullptr; // its own parameters
        const Parameters *linkedService = nullptr;
        const Trigger *trigger = nullptr;
    };
    // Where a walk through JSON is, made into a Place only when there is something to say.
    struct Trail
    {
        const Trail *parent = nullptr;
        const std::string *key = nullptr; // nullptr: an index
        size_t index = 0;
    };
    struct FoundReference; // of ExpressionRules.cpp
    struct PipelineUses
    {
        QSet<QString> parameters; // folded
        QSet<QString> variables; // that are read
        QSet<QString> activities;
    };

    // NameRules.cpp
    void checkName(const QString &name, NamedThing thing, const Place &place);
    template <typename Map> void checkDuplicateNames(const Map &entities);

    // PipelineRules.cpp
    void checkPipeline(const Pipeline &pipeline);
    void checkParameters(const Json &json, const Place &place);
    void checkActivityNames(const Pipeline &pipeline, const PipelineScope &scope);
    void checkActivity(const ActivityPlace &at);
    void checkType(const ActivityPlace &at);
    void checkState(const ActivityPlace &at);
    void checkPolicy(const ActivityPlace &at);
    void checkUserProperties(const ActivityPlace &at);
    void checkTimeSpan(const Json &json, const Place &place, const QString &absent);

    // DependencyRules.cpp
    void checkDependencies(const Pipeline &pipeline, const PipelineScope &scope, const PipelineScope::List &list);
    void checkDependency(const Dependency &dependency,
                         const Json &json,
                         const Place &place,
                         const PipelineScope &scope,
                         const PipelineScope::List &list,
                         const Activity &activity);
    void checkConditions(const Activity &activity, const Place &place);
    void checkCycles(const Pipeline &pipeline, const PipelineScope &scope, const PipelineScope::List &list);
    void checkPipelineCycles(const QStringList &pipelines);

    // ActivityRules.cpp: what the descriptor of a type says
    void checkDescriptor(const ActivityPlace &at, const ActivityDescriptor &descriptor);
    void checkRequired(const ActivityPlace &at,
                       const ActivityDescriptor &descriptor,
                       const PropertyDescriptor &property,
                       const Json &value);
    void checkLiteral(const ActivityPlace &at, const PropertyDescriptor &property, const Json &value);
    void checkNumber(const Place &place, const PropertyDescriptor &property, const Json &value);
    void checkReferences(const ActivityPlace &at, const PropertyDescriptor &property, const Json &value);

    // ControlRules.cpp, StepRules.cpp: what is special about a type
    void checkControl(const ActivityPlace &at);
    void checkForEach(const ActivityPlace &at);
    void checkSwitch(const ActivityPlace &at);
    void checkVariable(const ActivityPlace &at);
    void checkVariableInLoop(const ActivityPlace &at);
    void checkExecutePipeline(const ActivityPlace &at);
    const Pipeline *executed(const QString &reference); // nullptr when there is none
    void checkStep(const ActivityPlace &at);
    void checkLookup(const ActivityPlace &at);
    void checkFields(const ActivityPlace &at); // of GetMetadata
    void checkScripts(const ActivityPlace &at);
    void checkWeb(const ActivityPlace &at);
    void checkDatabase(const ActivityPlace &at);
    // Of the values given to the parameters of something: `what` names it. Not an error when a binding replaces it.
    void checkArguments(const Parameters &declared,
                        const Json &given,
                        const Place &place,
                        const QString &what,
                        Problem::Severity severity = Problem::Severity::Error);

    // ExpressionRules.cpp
    void checkContent(const Json &json, const Place &place, const ContentScope &scope, const QStringList &skip = {});
    void walkContent(
        const Json &json, const Place &place, const Trail *trail, const ContentScope &scope, const QStringList &skip);
    void checkActivityContent(const ActivityPlace &at);
    void checkExpression(const QString &text, const Place &place, const QString &path, const ContentScope &scope);
    void checkReference(const FoundReference &found, const ContentScope &scope);
    void checkPipelineReference(const FoundReference &found, const ContentScope &scope);
    void checkActivityReference(const FoundReference &found, const ContentScope &scope);
    void checkVariableReference(const FoundReference &found, const ContentScope &scope);
    void checkItemReference(const FoundReference &found, const ContentScope &scope);
    void checkTriggerReference(const FoundReference &found, const ContentScope &scope);
    void checkParameterReference(const FoundReference &found, const Parameters *parameters, const QString &owner);
    void unknownName(const char *code,
                     const FoundReference &found,
                     const QString &name,
                     const QStringList &known,
                     const QString &message);
    void badExpression(const QString &text, const Place &place, const QString &path, const Error &fault);
    void checkSql(const QString &text, const Place &place, bool usesValues, const ContentScope &scope);
    static Place placeOf(const Place &place, const Trail *trail);

    // LintRules.cpp
    void checkSecret(const std::string &key, const std::string &text, const Place &place, const Trail *trail);
    void checkSecureString(const Json &json, const Place &place, const Trail *trail);
    void checkLimits(const Pipeline &pipeline, const PipelineScope &scope);
    void checkUses(const Pipeline &pipeline, const PipelineScope &scope);
    void checkRedundant(const Pipeline &pipeline, const PipelineScope &scope);

    // NotebookRules.cpp
    void checkNotebook(const ActivityPlace &at, const NotebookActivity &notebook);
    void checkPythonFile(const ActivityPlace &at);
    const KernelBinding *checkKernel(const ActivityPlace &at, bool isNamed); // nullptr after saying why
    const Binding *checkNamedKernel(const ActivityPlace &at, const Place &reference);
    const Binding *checkLinkedService(const QString &name, const Place &reference);
    void checkBindings();
    void checkKernelBinding(const QString &name, const KernelBinding &kernel);

    // CopyRules.cpp
    void checkCopy(const ActivityPlace &at, const CopyActivity &copy);
    void checkBinaryCopy(const ActivityPlace &at, const CopyActivity &copy);
    const Dataset *checkCopyDataset(const QString &name, const char *list, const ActivityPlace &at);
    void checkTableSource(const ActivityPlace &at, const CopyActivity &copy);
    void checkCopySource(const ActivityPlace &at, const CopyActivity &copy);
    void checkCopySink(const ActivityPlace &at, const CopyActivity &copy);
    void checkStoreKind(const Dataset &dataset, const QStringList &kinds, const QString &role, const Place &reference);
    void checkCopySettings(const ActivityPlace &at, const CopyActivity &copy);

    // FileSinkRules.cpp
    void checkFileSink(const ActivityPlace &at, const CopyActivity &copy);
    void checkWord(const Json &json, const char *key, const QStringList &words, const Place &place);

    // MappingRules.cpp
    void checkMapping(const ActivityPlace &at, const CopyActivity &copy);
    void checkMappingSource(const Json &source, const Dataset *dataset, const Place &place);
    void checkMappingColumn(const Json &column, const Dataset *dataset, const Place &place);

    // DatasetRules.cpp
    const Dataset *checkDatasetReference(const Json &reference, const Place &place);
    bool sayInlineDataset(const Json &settings, const Place &place); // false: it is none
    void checkDataset(const Dataset &dataset);
    void checkService(const LinkedService &service);
    void checkKnownType(const QString &type, const QStringList &known, const Place &place);
    void checkCloudReferences(const LinkedService &service);

    // TriggerRules.cpp
    void checkTrigger(const Trigger &trigger);
    void checkRecurrence(const Trigger &trigger);
    void checkOtherTrigger(const Trigger &trigger);
    void checkTriggeredPipelines(const Trigger &trigger);

    // The entity of that name, in any case of its letters; nullptr when there is none.
    template <typename Entity> const Entity *named(const QMap<QString, Entity> &entities, const QString &name);
    // As named(), with a hint at `place` when the letters are of another case.
    template <typename Entity>
    const Entity *spelled(const QMap<QString, Entity> &entities, const QString &name, const Place &place)
    {
        const Entity *const entity = named(entities, name);
        if (entity != nullptr && entity->name != name)
            sayOtherwise(entity->name, name, place);
        return entity;
    }
    void sayOtherwise(const QString &usual, const QString &name, const Place &place);

    // Each gives the problem to add a repair to; valid until the next one.
    Problem &
    add(Problem::Severity severity, const char *code, const Place &place, const QString &message, const QString &fix);
    Problem &error(const char *code, const Place &place, const QString &message, const QString &fix = {});
    Problem &warning(const char *code, const Place &place, const QString &message, const QString &fix = {});
    Problem &hint(const char *code, const Place &place, const QString &message, const QString &fix = {});

    // The name nearest to `name`, and whether it is the only one that can have been meant: a slip of at most two
    // letters, no digits, and no second one as near.
    struct Nearest
    {
        QString name; // empty: none is near
        bool isCertain = false;
    };
    Nearest nearest(const QString &name, const QStringList &known);
    // Adds "Did you mean "X"?" and a repair that writes it at `path`, when a name is near.
    void suggest(Problem &problem, const QString &name, const QStringList &known, const QString &path);
    static ProblemFix setting(const QString &path, const Json &value, bool isSafe = true);
    static ProblemFix removing(const QString &path, bool isSafe);

    const Factory &m_factory;
    KnownMachine m_machine;
    QList<Problem> m_problems;
    std::set<QString> m_checkedDatasets;
    std::set<QString> m_checkedServices;
    std::set<QString> m_absent; // what only Azure needs, said already
    QMap<QString, std::optional<Binding>> m_bindings; // of linked services looked at
    QHash<QString, QList<const Trigger *>> m_triggers; // by pipeline
    PipelineUses m_uses; // of the pipeline that is checked
    QHash<const void *, QHash<QString, QString>> m_folded; // names by folded name, of the maps looked into
    QStringList m_executed; // pipelines that the one that is checked executes
    qint64 m_comparisons = 0; // of names that are looked for, which are bounded
};

template <typename Entity> const Entity *Validation::named(const QMap<QString, Entity> &entities, const QString &name)
{
    auto found = entities.constFind(name);
    if (found == entities.cend() && !name.isEmpty()) {
        QHash<QString, QString> &folded = m_folded[&entities];
        if (folded.isEmpty()) {
            for (auto entity = entities.cbegin(); entity != entities.cend(); ++entity)
                folded.insert(entity.key().toCaseFolded(), entity.key());
        }
        found = entities.constFind(folded.value(name.toCaseFolded()));
    }
    return found == entities.cend() ? nullptr : &*found;
}

// Readers that several rules share.
bool isWholeNumber(const Json &json); // also "12"
bool fitsType(const Json &value, const QString &type); // of a parameter; "5" for an Int is accepted, as Azure does
QString shortened(const QString &text); // for messages
bool isDynamicValue(const Json &json); // an expression, or one in {"type":"Expression"}

} // namespace engine

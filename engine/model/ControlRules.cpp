#include "engine/model/ActivityReader.h"
#include "engine/model/Validation.h"

#include "engine/expression/Expression.h"

#include <algorithm>

namespace engine {

namespace {

constexpr int mostCases = 25; // of a Switch, in Data Factory

bool isEmptyContainer(const Activity &activity)
{
    return std::all_of(activity.branches.cbegin(), activity.branches.cend(), [](const ActivityBranch &branch) {
        return branch.activities.isEmpty();
    });
}

} // namespace

void Validation::checkControl(const ActivityPlace &at)
{
    const Place typeProperties = at.place / QStringLiteral("typeProperties");
    const auto checkCondition = [&](const char *key, bool isList) {
        const Json &written = memberAt(typePropertiesOf(at.activity), key);
        const ValueSource value = ValueSource::fromJson(written);
        if (written.is_null() || value.isExpression || value.text().isEmpty())
            return; // said already, or known when it runs
        if (isList ? value.literal.is_array() : fitsType(value.literal, QStringLiteral("Bool")))
            return;
        const Place place = typeProperties / QString::fromLatin1(key);
        Problem &problem = error("BadValue",
                                 place,
                                 isList ? tr("\"%1\" is no array.").arg(shortened(value.text()))
                                        : tr("\"%1\" is neither true nor false.").arg(shortened(value.text())),
                                 tr("Write an expression, which begins with @."));
        if (value.literal.is_string() && Expression::parse(u'@' + value.text())) {
            const QString path = written.is_object() ? (place / QStringLiteral("value")).property : place.property;
            problem.repair = setting(path, Json(toStdString(u'@' + value.text())));
        }
    };
    if (isContainer(at.activity.type) && isEmptyContainer(at.activity))
        warning("EmptyContainer",
                at.place,
                tr("There is no activity inside of \"%1\", so it does nothing.").arg(at.activity.name),
                tr("Put one into it, or remove it."));
    if (at.is(u"ForEach") || at.is(u"Filter"))
        checkCondition("items", true);
    if (at.is(u"IfCondition") || at.is(u"Until"))
        checkCondition("expression", false);
    if (at.is(u"Filter"))
        checkCondition("condition", false);
    if (at.is(u"ForEach") || at.is(u"Until"))
        checkForEach(at);
    else if (at.is(u"Switch"))
        checkSwitch(at);
    else if (at.is(u"SetVariable") || at.is(u"AppendVariable"))
        checkVariable(at);
    else if (at.is(u"ExecutePipeline"))
        checkExecutePipeline(at);
}

// Data Factory lets no loop stand directly in a ForEach.
void Validation::checkForEach(const ActivityPlace &at)
{
    const int container = at.scope.containerOf(at.entry);
    if (container >= 0
        && at.scope.entries()[size_t(container)].activity->type.compare(u"ForEach", Qt::CaseInsensitive) == 0)
        warning("NestedLoop",
                at.place,
                tr("\"%1\" is a loop directly inside of a ForEach, which Data Factory refuses.").arg(at.activity.name),
                tr("It works here; put it into a pipeline of its own and execute that if the factory is to move to "
                   "Azure."));
}

void Validation::checkSwitch(const ActivityPlace &at)
{
    const Place place = at.place / QStringLiteral("typeProperties.cases");
    const Json &cases = memberAt(typePropertiesOf(at.activity), "cases");
    if (!cases.is_array())
        return;
    if (cases.size() > mostCases)
        warning("BeyondLimit",
                place,
                tr("The Switch \"%1\" has %2 cases; Data Factory takes at most %3.")
                    .arg(at.activity.name)
                    .arg(cases.size())
                    .arg(mostCases),
                tr("It works here; put some of them into a Switch in the default way if the factory is to move to "
                   "Azure."));
    QHash<QString, size_t> seen;
    for (size_t i = 0; i < cases.size(); ++i) {
        const Place where = place[qsizetype(i)] / QStringLiteral("value");
        const Json &value = memberAt(cases[i], "value");
        const QString text = ValueSource::fromJson(value).text();
        if (value.is_null())
            error("MissingProperty",
                  where,
                  tr("This case of the Switch \"%1\" has no value.").arg(at.activity.name),
                  tr("Write the text that takes this way."));
        else if (const auto other = seen.constFind(text); other != seen.cend())
            error("DuplicateCase",
                  where,
                  tr("The value \"%1\" is that of cases[%2] already.").arg(shortened(text)).arg(*other),
                  tr("Change one of the two."));
        else
            seen.insert(text, i);
    }
}

void Validation::checkVariable(const ActivityPlace &at)
{
    const Json &typeProperties = typePropertiesOf(at.activity);
    const Place place = at.place / QStringLiteral("typeProperties");
    if (boolAt(typeProperties, "setSystemVariable"))
        return; // the return value of the pipeline
    const QString name = stringAt(typeProperties, "variableName");
    if (name.isEmpty() || name.startsWith(u'@'))
        return;
    const Place where = place / QStringLiteral("variableName");
    const auto variable = at.pipeline.variables.constFind(name);
    if (variable == at.pipeline.variables.cend()) {
        suggest(error("UnknownVariable",
                      where,
                      tr("The pipeline has no variable \"%1\".").arg(name),
                      tr("Add it to the variables of the pipeline.")),
                name,
                at.pipeline.variables.keys(),
                where.property);
        return;
    }
    const Json &value = memberAt(typeProperties, "value");
    if (at.is(u"AppendVariable") && variable->type != u"Array")
        error("WrongVariable",
              where,
              tr("The variable \"%1\" is of type %2; values are appended to an Array only.").arg(name, variable->type),
              tr("Choose a variable of type Array, or set this one."));
    else if (at.is(u"SetVariable") && !isDynamicValue(value)
             && !fitsType(ValueSource::fromJson(value).literal, variable->type))
        error("BadValue",
              place / QStringLiteral("value"),
              tr("\"%1\" is no %2, which the variable \"%3\" takes.")
                  .arg(shortened(ValueSource::fromJson(value).text()), variable->type, name),
              tr("Write a value of type %1.").arg(variable->type));
    checkVariableInLoop(at);
}

void Validation::checkVariableInLoop(const ActivityPlace &at)
{
    for (int loop = at.scope.nearestContainer(at.entry, u"ForEach"); loop >= 0;
         loop = at.scope.nearestContainer(loop, u"ForEach")) {
        const PipelineScope::Entry &entry = at.scope.entries()[size_t(loop)];
        const Json &properties = typePropertiesOf(*entry.activity);
        if (boolAt(properties, "isSequential") || intAt(properties, "batchCount", 20) == 1)
            continue;
        const QString path = entry.path + QStringLiteral(".typeProperties.isSequential");
        Problem &problem = at.is(u"SetVariable")
            ? warning("VariableInParallelLoop",
                      at.place,
                      tr("\"%1\" sets a variable that all turns of the ForEach \"%2\" share while several of them run: "
                         "one reads what another has set.")
                          .arg(at.activity.name, entry.activity->name),
                      tr("Let the ForEach run sequentially, or set the variable in a pipeline that it executes."))
            : hint("VariableInParallelLoop",
                   at.place,
                   tr("Several turns of the ForEach \"%2\" run at a time, so \"%1\" appends in an order that changes "
                      "from run to run.")
                       .arg(at.activity.name, entry.activity->name),
                   tr("Let the ForEach run sequentially when the order matters."));
        problem.repair = {tr("Let \"%1\" run sequentially").arg(entry.activity->name),
                          {{path, FixEdit::Operation::Set, true}},
                          false};
        return;
    }
}

const Pipeline *Validation::executed(const QString &reference)
{
    const bool isId = m_factory.fabricItems.contains(reference.toLower());
    return named(m_factory.pipelines, isId ? m_factory.pipelineNamed(reference) : reference);
}

void Validation::checkExecutePipeline(const ActivityPlace &at)
{
    const Json &typeProperties = typePropertiesOf(at.activity);
    const QString name = stringAt(memberAt(typeProperties, "pipeline"), "referenceName");
    const Pipeline *const pipeline = executed(name);
    if (pipeline == nullptr)
        return; // said already
    m_executed.append(pipeline->name);
    checkArguments(pipeline->parameters,
                   memberAt(typeProperties, "parameters"),
                   at.place / QStringLiteral("typeProperties.parameters"),
                   tr("The pipeline \"%1\"").arg(pipeline->name));
}

} // namespace engine

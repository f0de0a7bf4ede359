#include "engine/model/ActivityReader.h"
#include "engine/model/Validation.h"

#include <QRegularExpression>

#include <algorithm>

namespace engine {

namespace {

constexpr size_t mostActivities = 120; // of a pipeline, in Data Factory
constexpr qsizetype mostParameters = 50;

const QString anyName = QStringLiteral("*");

bool isHidden(const std::string &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](char character) { return character == '*'; });
}

bool isEqual(const std::string &key, const char *name) { return qstricmp(key.c_str(), name) == 0; }

// Quoted and joined for one hint.
QString listed(QStringList names)
{
    names.sort(Qt::CaseInsensitive);
    const qsizetype more = names.size() - 12;
    QString text = names.mid(0, 12).join(QStringLiteral(", "));
    return more > 0 ? text + QStringLiteral(" … (+%1)").arg(more) : text;
}

} // namespace

// A password where everyone who has the file can read it.
void Validation::checkSecret(const std::string &key, const std::string &text, const Place &place, const Trail *trail)
{
    static const QRegularExpression connection(
        QStringLiteral("(?:^|;)\\s*(?:password|pwd|account ?key|shared ?access ?key|shared ?access ?signature)\\s*=\\s*"
                       "(?![;\\s]|$|\\*|@\\{)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression signature(QStringLiteral("[?&]sig=[A-Za-z0-9%+/]{8,}"));
    static const QRegularExpression header(QStringLiteral("\\A(?:bearer|basic)\\s+[A-Za-z0-9+/=._~-]{8,}\\z"),
                                           QRegularExpression::CaseInsensitiveOption);
    bool isSecret = false;
    if (isEqual(key, "accountKey") || isEqual(key, "servicePrincipalKey") || isEqual(key, "password")
        || isEqual(key, "accessToken") || isEqual(key, "functionKey"))
        isSecret = !text.empty() && !isHidden(text) && text.front() != '@' && text.find("@{") == std::string::npos;
    else if (isEqual(key, "Authorization"))
        isSecret = header.match(toQString(text)).hasMatch();
    else if (text.find('=') != std::string::npos && text.size() >= 8)
        isSecret = text.find("sig=") != std::string::npos ? signature.match(toQString(text)).hasMatch()
            : text.find(';') != std::string::npos         ? connection.match(toQString(text)).hasMatch()
                                                          : false;
    if (isSecret)
        warning("PlainSecret",
                placeOf(place, trail),
                tr("A secret stands here for everyone to read who has the file."),
                tr("Change it where it is used, and name it by {\"type\": \"AzureKeyVaultSecret\", …} or bind the "
                   "linked service to a secret of this machine."));
}

void Validation::checkSecureString(const Json &json, const Place &place, const Trail *trail)
{
    const auto type = json.find("type");
    if (type == json.end() || !type->is_string() || !isEqual(type->get_ref<const std::string &>(), "SecureString"))
        return;
    const Json &value = memberAt(json, "value");
    const auto *text = value.get_ptr<const std::string *>();
    if (text == nullptr || text->empty() || isHidden(*text) || isDynamicValue(value))
        return;
    warning("PlainSecret",
            placeOf(place, trail),
            tr("A SecureString stands here for everyone to read who has the file."),
            tr("Change it where it is used, and name it by {\"type\": \"AzureKeyVaultSecret\", …} or bind the linked "
               "service to a secret of this machine."));
}

// Values put into the text of a statement can change what it does.
void Validation::checkSql(const QString &text, const Place &place, bool usesValues, const ContentScope &scope)
{
    if (!usesValues || scope.activity == nullptr)
        return;
    static const QRegularExpression statement(
        QStringLiteral("(?:\\.sqlReaderQuery|\\.query|\\.preCopyScript|\\.scripts\\[[0-9]+\\]\\.text)\\z"));
    static const QRegularExpression joined(QStringLiteral("\\A@concat\\s*\\("),
                                           QRegularExpression::CaseInsensitiveOption);
    if (!statement.match(place.property).hasMatch() || (!text.contains(u"@{") && !joined.match(text).hasMatch()))
        return;
    if (scope.activity->is(u"Script"))
        warning("SqlInterpolation",
                place,
                tr("Values are put into the text of the statement: one with a quote in it changes what it does."),
                tr("Add a parameter to the script and name it in the statement."));
    else
        hint("SqlInterpolation",
             place,
             tr("Values are put into the text of the statement: one with a quote in it changes what it does."),
             tr("Call a stored procedure, whose parameters are safe, or double the quotes: "
                "replace(value, '''', '''''')."));
}

void Validation::checkLimits(const Pipeline &pipeline, const PipelineScope &scope)
{
    const Place place{pipeline.file, {}};
    if (scope.entries().size() > mostActivities)
        warning("BeyondLimit",
                place / QStringLiteral("activities"),
                tr("The pipeline has %1 activities; Data Factory takes %2.")
                    .arg(scope.entries().size())
                    .arg(mostActivities),
                tr("It works here; put some of them into a pipeline of their own if the factory is to move to Azure."));
    if (pipeline.parameters.size() > mostParameters)
        warning("BeyondLimit",
                place / QStringLiteral("parameters"),
                tr("The pipeline has %1 parameters; Data Factory takes %2.")
                    .arg(pipeline.parameters.size())
                    .arg(mostParameters),
                tr("It works here; join some of them into an object if the factory is to move to Azure."));
}

// One hint of each kind for a pipeline, so that a list of them stays readable.
void Validation::checkUses(const Pipeline &pipeline, const PipelineScope &scope)
{
    for (const PipelineScope::Entry &entry : scope.entries()) {
        if (entry.isInactive || activityDescriptor(entry.activity->type) == nullptr)
            return; // what these use has not been looked at
    }
    const Place place{pipeline.file, {}};
    QStringList unused;
    for (const QString &name : pipeline.parameters.keys()) {
        if (!m_uses.parameters.contains(anyName) && !m_uses.parameters.contains(name.toCaseFolded()))
            unused.append(name);
    }
    if (!unused.isEmpty())
        hint("UnusedParameter",
             place / QStringLiteral("parameters"),
             tr("Nothing in the pipeline uses %n of its parameter(s): %1.", nullptr, int(unused.size()))
                 .arg(listed(unused)),
             tr("Remove them, or use them as @pipeline().parameters.name."));
    unused.clear();
    for (const QString &name : pipeline.variables.keys()) {
        if (!m_uses.variables.contains(anyName) && !m_uses.variables.contains(name))
            unused.append(name);
    }
    if (!unused.isEmpty())
        hint("UnusedVariable",
             place / QStringLiteral("variables"),
             tr("Nothing in the pipeline reads %n of its variable(s): %1.", nullptr, int(unused.size()))
                 .arg(listed(unused)),
             tr("Remove them, or read them as @variables('name')."));
}

// A waits for B and for C, which waits for B too: the first edge says nothing when all of them mean Succeeded.
void Validation::checkRedundant(const Pipeline &pipeline, const PipelineScope &scope)
{
    const auto isPlain = [](const Dependency &dependency) {
        return dependency.conditions == QList{DependencyCondition::Succeeded};
    };
    QStringList found;
    std::optional<ProblemFix> removal;
    for (const PipelineScope::List &list : scope.lists()) {
        for (const int entry : list.entries) {
            const PipelineScope::Entry &at = scope.entries()[size_t(entry)];
            const QList<Dependency> &dependencies = at.activity->dependsOn;
            QHash<QString, qsizetype> own;
            for (qsizetype i = 0; i < dependencies.size(); ++i) {
                if (isPlain(dependencies[i]))
                    own.insert(dependencies[i].activity, i);
            }
            QSet<qsizetype> implied;
            for (auto on = own.cbegin(); own.size() > 1 && on != own.cend(); ++on) {
                const int other = list.names.value(on.key(), -1);
                if (other < 0)
                    continue;
                for (const Dependency &earlier :
                     scope.entries()[size_t(list.entries[size_t(other)])].activity->dependsOn) {
                    if (isPlain(earlier) && earlier.activity != on.key() && own.contains(earlier.activity))
                        implied.insert(own.value(earlier.activity));
                }
            }
            for (const qsizetype index : std::as_const(implied)) {
                found.append(QStringLiteral("%1 → %2").arg(dependencies[index].activity, at.activity->name));
                if (!removal)
                    removal = removing(QStringLiteral("%1.dependsOn[%2]").arg(at.path).arg(index), false);
            }
        }
    }
    if (found.isEmpty())
        return;
    hint("RedundantDependency",
         Place{pipeline.file, QStringLiteral("activities")},
         tr("%n dependency(s) say nothing, for another one waits for the same: %1.", nullptr, int(found.size()))
             .arg(listed(found)),
         tr("Remove them to see the order more clearly."))
        .repair = found.size() == 1 ? removal : std::nullopt;
}

} // namespace engine

#include "engine/model/Validation.h"

#include <algorithm>
#include <numeric>

namespace engine {

namespace {

int editDistance(const QString &left, const QString &right)
{
    std::vector<int> row(size_t(right.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < left.size(); ++i) {
        int diagonal = row[0];
        row[0] = int(i) + 1;
        for (qsizetype j = 0; j < right.size(); ++j) {
            const size_t at = size_t(j) + 1;
            const int replaced = diagonal + (left[i].toCaseFolded() == right[j].toCaseFolded() ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({replaced, row[at] + 1, row[at - 1] + 1});
        }
    }
    return row.back();
}

QString digitsOf(const QString &text)
{
    QString digits;
    for (const QChar character : text) {
        if (character.isDigit())
            digits += character;
    }
    return digits;
}

} // namespace

Validation::Place Validation::Place::operator/(const QString &part) const
{
    return {file, property.isEmpty() ? part : property + u'.' + part};
}

Validation::Place Validation::Place::operator[](qsizetype index) const
{
    return {file, property + u'[' + QString::number(index) + u']'};
}

QString Validation::Place::text() const { return property.isEmpty() ? file : file + u": " + property; }

Validation::Validation(const Factory &factory, KnownMachine machine) : m_factory(factory), m_machine(std::move(machine))
{
    for (const Trigger &trigger : factory.triggers) {
        for (const TriggeredPipeline &triggered : trigger.pipelines)
            m_triggers[triggered.pipeline].append(&trigger);
    }
}

void Validation::checkAll()
{
    checkDuplicateNames(m_factory.pipelines);
    checkDuplicateNames(m_factory.datasets);
    checkDuplicateNames(m_factory.linkedServices);
    checkDuplicateNames(m_factory.triggers);
    for (const Pipeline &pipeline : m_factory.pipelines)
        checkPipeline(pipeline);
    checkPipelineCycles(m_factory.pipelines.keys());
    for (const Dataset &dataset : m_factory.datasets)
        checkDataset(dataset);
    for (const LinkedService &service : m_factory.linkedServices)
        checkService(service);
    for (const Trigger &trigger : m_factory.triggers)
        checkTrigger(trigger);
    checkBindings();
}

void Validation::checkPipelineAndNeeds(const QString &name)
{
    const Pipeline *const pipeline = named(m_factory.pipelines, name);
    if (pipeline == nullptr) {
        suggest(error("MissingPipeline",
                      Place{QStringLiteral("pipeline"), {}},
                      tr("There is no pipeline \"%1\" in this factory.").arg(name)),
                name,
                m_factory.pipelines.keys(),
                {});
        return;
    }
    QStringList needed{pipeline->name}; // grows while it is walked
    QSet<QString> known{pipeline->name};
    for (qsizetype i = 0; i < needed.size(); ++i) {
        m_executed.clear();
        checkPipeline(*m_factory.pipelines.constFind(needed[i]));
        for (const QString &executed : std::as_const(m_executed)) {
            if (!known.contains(executed) && m_factory.pipelines.contains(executed)) {
                known.insert(executed);
                needed.append(executed);
            }
        }
    }
    checkPipelineCycles(needed);
}

QList<Problem> Validation::takeProblems()
{
    sortProblems(m_problems);
    return std::move(m_problems);
}

Problem &Validation::add(
    Problem::Severity severity, const char *code, const Place &place, const QString &message, const QString &fix)
{
    m_problems.append({severity, QString::fromLatin1(code), place.text(), message, fix});
    return m_problems.last();
}

Problem &Validation::error(const char *code, const Place &place, const QString &message, const QString &fix)
{
    return add(Problem::Severity::Error, code, place, message, fix);
}

Problem &Validation::warning(const char *code, const Place &place, const QString &message, const QString &fix)
{
    return add(Problem::Severity::Warning, code, place, message, fix);
}

Problem &Validation::hint(const char *code, const Place &place, const QString &message, const QString &fix)
{
    return add(Problem::Severity::Hint, code, place, message, fix);
}

void Validation::sayOtherwise(const QString &usual, const QString &name, const Place &place)
{
    hint("SpelledOtherwise",
         place,
         tr("\"%1\" is called \"%2\" where it is made.").arg(name, usual),
         tr("It works here; write \"%1\".").arg(usual))
        .repair = setting(place.property, Json(toStdString(usual)));
}

Validation::Nearest Validation::nearest(const QString &name, const QStringList &known)
{
    constexpr qint64 mostComparisons = 2'000'000; // a second or two; what is broken in more places gets no advice
    Nearest found;
    const int far = 1 + int(std::min<qsizetype>(name.size(), 12)) / 3;
    int best = far;
    bool isTie = false;
    for (const QString &candidate : known) {
        if (std::abs(candidate.size() - name.size()) >= far || ++m_comparisons > mostComparisons)
            continue;
        const int distance = editDistance(name, candidate);
        if (distance > best || distance >= far)
            continue;
        isTie = distance == best;
        best = distance;
        found.name = candidate;
    }
    found.isCertain =
        !isTie && (best == 0 || (best <= 2 && name.size() >= 5 && digitsOf(name) == digitsOf(found.name)));
    return found;
}

void Validation::suggest(Problem &problem, const QString &name, const QStringList &known, const QString &path)
{
    const Nearest near = nearest(name, known);
    if (near.name.isEmpty())
        return;
    problem.fix = tr("Did you mean \"%1\"?").arg(near.name);
    if (!path.isEmpty())
        problem.repair = setting(path, Json(toStdString(near.name)), near.isCertain);
}

ProblemFix Validation::setting(const QString &path, const Json &value, bool isSafe)
{
    return {tr("Write %1").arg(shortened(QString::fromUtf8(toCompact(value)))),
            {{path, FixEdit::Operation::Set, value}},
            isSafe};
}

ProblemFix Validation::removing(const QString &path, bool isSafe)
{
    return {tr("Remove it"), {{path, FixEdit::Operation::Remove}}, isSafe};
}

bool isWholeNumber(const Json &json)
{
    if (json.is_number_integer())
        return true;
    bool ok = false;
    if (json.is_string())
        toQString(json.get_ref<const std::string &>()).toLongLong(&ok);
    return ok;
}

bool fitsType(const Json &value, const QString &type)
{
    if (value.is_null() || isDynamicValue(value))
        return true;
    if (type == u"Int")
        return isWholeNumber(value);
    if (type == u"Float") {
        bool ok = value.is_number();
        if (value.is_string())
            toQString(value.get_ref<const std::string &>()).toDouble(&ok);
        return ok;
    }
    if (type == u"Bool") {
        if (!value.is_string())
            return value.is_boolean();
        const QString text = toQString(value.get_ref<const std::string &>());
        return text.compare(u"true", Qt::CaseInsensitive) == 0 || text.compare(u"false", Qt::CaseInsensitive) == 0;
    }
    if (type == u"Array")
        return value.is_array();
    if (type == u"Object")
        return !value.is_array();
    return !value.is_object() && !value.is_array();
}

QString shortened(const QString &text) { return text.size() > 60 ? text.left(59) + u'…' : text; }

bool isDynamicValue(const Json &json)
{
    if (json.is_object())
        return stringAt(json, "type").compare(u"Expression", Qt::CaseInsensitive) == 0
            && isDynamicValue(memberAt(json, "value"));
    const auto *text = json.get_ptr<const std::string *>();
    return text != nullptr && text->find('@') != std::string::npos && ValueSource::fromJson(json).isExpression;
}

} // namespace engine

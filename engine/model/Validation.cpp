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

void Validation::checkAll()
{
    checkDuplicateNames(m_factory.pipelines);
    checkDuplicateNames(m_factory.datasets);
    checkDuplicateNames(m_factory.linkedServices);
    checkDuplicateNames(m_factory.triggers);
    for (const Pipeline &pipeline : m_factory.pipelines)
        checkPipeline(pipeline);
    for (const Dataset &dataset : m_factory.datasets)
        checkDataset(dataset);
    for (const LinkedService &service : m_factory.linkedServices)
        checkName(service.name, NamedThing::LinkedService, Place{service.file, {}});
    for (const Trigger &trigger : m_factory.triggers)
        checkTrigger(trigger);
    checkBindings();
}

void Validation::checkPipelineAndNeeds(const QString &name)
{
    const auto pipeline = m_factory.pipelines.constFind(name);
    if (pipeline == m_factory.pipelines.cend()) {
        error("MissingPipeline",
              Place{QStringLiteral("pipeline"), {}},
              tr("There is no pipeline \"%1\" in this factory.").arg(name),
              suggestion(name, m_factory.pipelines.keys()));
        return;
    }
    checkPipeline(*pipeline);
}

QList<Problem> Validation::takeProblems()
{
    sortProblems(m_problems);
    return std::move(m_problems);
}

void Validation::error(const char *code, const Place &place, const QString &message, const QString &fix)
{
    m_problems.append({Problem::Severity::Error, QString::fromLatin1(code), place.text(), message, fix});
}

void Validation::warning(const char *code, const Place &place, const QString &message, const QString &fix)
{
    m_problems.append({Problem::Severity::Warning, QString::fromLatin1(code), place.text(), message, fix});
}

void Validation::hint(const char *code, const Place &place, const QString &message, const QString &fix)
{
    m_problems.append({Problem::Severity::Hint, QString::fromLatin1(code), place.text(), message, fix});
}

QString Validation::suggestion(const QString &name, const QStringList &known)
{
    QString nearest;
    int best = 1 + int(std::min<qsizetype>(name.size(), 12)) / 3;
    for (const QString &candidate : known) {
        if (std::abs(candidate.size() - name.size()) > best)
            continue;
        if (const int distance = editDistance(name, candidate); distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest.isEmpty() ? QString() : tr("Did you mean \"%1\"?").arg(nearest);
}

} // namespace engine

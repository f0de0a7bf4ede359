#pragma once

#include <QHash>
#include <QString>
#include <QUuid>

#include <utility>

namespace engine {

// Ids as distinct types, so that a run id is never passed where a factory id is meant. Text is lower-case, without
// braces.
template <typename Tag> class Id
{
public:
    Id() = default;
    explicit Id(QString text) : m_text(std::move(text)) { }
    static Id create() { return Id(QUuid::createUuid().toString(QUuid::WithoutBraces)); }

    const QString &text() const { return m_text; }
    bool isEmpty() const { return m_text.isEmpty(); }

    bool operator==(const Id &) const = default;
    bool operator<(const Id &other) const { return m_text < other.m_text; }
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.m_text, seed); }

private:
    QString m_text;
};

using FactoryId = Id<struct FactoryTag>;
using RunId = Id<struct RunTag>; // a pipeline run
using RunGroupId = Id<struct RunGroupTag>; // a run and its reruns
using ActivityRunId = Id<struct ActivityRunTag>;
using LoadId = Id<struct LoadTag>; // one load into a sink: the same for every attempt of an activity run

} // namespace engine

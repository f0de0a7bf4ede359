#include "designer/document/JsonPath.h"

#include <QList>

#include <variant>

namespace designer {

using namespace engine;

namespace {

using Step = std::variant<std::string, size_t>;

QList<Step> stepsOf(const QString &path)
{
    QList<Step> steps;
    QString key;
    const auto endKey = [&] {
        if (!key.isEmpty())
            steps.append(toStdString(key));
        key.clear();
    };
    for (qsizetype at = 0; at < path.size(); ++at) {
        if (path[at] == u'.') {
            endKey();
        } else if (path[at] == u'[' && path.mid(at, 2) == u"[\"") {
            endKey();
            for (at += 2; at < path.size() && path[at] != u'"'; ++at) {
                if (path[at] == u'\\')
                    ++at;
                if (at < path.size())
                    key += path[at];
            }
            steps.append(toStdString(key));
            key.clear();
            ++at; // the closing bracket
        } else if (path[at] == u'[') {
            endKey();
            const qsizetype end = path.indexOf(u']', at);
            steps.append(size_t(path.mid(at + 1, end - at - 1).toULongLong()));
            at = end < 0 ? path.size() : end;
        } else {
            key += path[at];
        }
    }
    endKey();
    return steps;
}

const Json *next(const Json &from, const Step &step)
{
    if (const auto *index = std::get_if<size_t>(&step))
        return from.is_array() && *index < from.size() ? &from[*index] : nullptr;
    if (!from.is_object())
        return nullptr;
    const auto found = from.find(std::get<std::string>(step));
    return found == from.end() ? nullptr : &*found;
}

} // namespace

const Json &jsonAt(const Json &root, const QString &path)
{
    static const Json none;
    const Json *at = &root;
    for (const Step &step : stepsOf(path)) {
        at = next(*at, step);
        if (at == nullptr)
            return none;
    }
    return *at;
}

void setJsonAt(Json &root, const QString &path, const Json &value)
{
    Json *at = &root;
    for (const Step &step : stepsOf(path)) {
        if (const auto *index = std::get_if<size_t>(&step)) {
            if (!at->is_array())
                *at = Json::array();
            while (at->size() <= *index)
                at->push_back(Json());
            at = &(*at)[*index];
        } else {
            if (!at->is_object())
                *at = Json::object();
            at = &(*at)[std::get<std::string>(step)];
        }
    }
    *at = value;
}

void removeJsonAt(Json &root, const QString &path)
{
    QList<Step> steps = stepsOf(path);
    if (steps.isEmpty())
        return;
    const Step last = steps.takeLast();
    Json *at = &root;
    for (const Step &step : std::as_const(steps)) {
        at = const_cast<Json *>(next(*at, step));
        if (at == nullptr)
            return;
    }
    if (const auto *index = std::get_if<size_t>(&last)) {
        if (at->is_array() && *index < at->size())
            at->erase(*index);
    } else if (at->is_object()) {
        at->erase(std::get<std::string>(last));
    }
}

QString joinedPath(const QString &outer, const QString &inner)
{
    if (outer.isEmpty() || inner.isEmpty())
        return outer + inner;
    return inner.startsWith(u'[') ? QString(outer + inner) : QString(outer + u'.' + inner);
}

bool isWithin(const QString &path, const QString &outer)
{
    if (outer.isEmpty() || path == outer)
        return true;
    return path.startsWith(outer) && (path[outer.size()] == u'.' || path[outer.size()] == u'[');
}

QString quotedKey(const QString &key)
{
    QString escaped = key;
    escaped.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
    return QStringLiteral("[\"%1\"]").arg(escaped);
}

} // namespace designer

#include "engine/api/Lookup.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct LookupText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Lookup)
};

Error badValue(const char *key, const QString &message)
{
    return {ErrorCode::InvalidInput, message.arg(QLatin1String(key)), QString::fromLatin1(key)};
}

} // namespace

Result<RunRecord> findRun(const ApiParts &parts, const QString &id)
{
    const Result<std::optional<RunRecord>> run = parts.journal.run(RunId(id));
    if (!run)
        return run.error();
    if (!*run)
        return Error{ErrorCode::NotFound, LookupText::tr("There is no run %1.").arg(id), id};
    return **run;
}

Result<RunRecord> runOf(const ApiParts &parts, const ApiRequest &request)
{
    return findRun(parts, request.path.value(QStringLiteral("run")));
}

Result<FactoryRecord> factoryOf(const ApiParts &parts, const ApiRequest &request)
{
    return parts.versions.factory(request.path.value(QStringLiteral("factory")));
}

Json runJson(const RunRecord &run, const QMap<QString, QString> &names)
{
    Json json = toJson(run);
    json["factoryName"] = toStdString(names.value(run.factory.text()));
    return json;
}

Result<QMap<QString, QString>> factoryNames(const ApiParts &parts)
{
    const Result<QList<FactoryRecord>> factories = parts.journal.factories();
    if (!factories)
        return factories.error();
    QMap<QString, QString> names;
    for (const FactoryRecord &factory : *factories)
        names.insert(factory.id.text(), factory.name);
    return names;
}

Result<std::optional<Instant>> instantIn(const Json &body, const char *key)
{
    if (memberAt(body, key).is_null())
        return std::optional<Instant>();
    const std::optional<Instant> instant = instantFromIso(stringAt(body, key));
    if (!instant)
        return badValue(key, LookupText::tr("\"%1\" is no ISO 8601 time; write it like 2026-01-31T00:00:00Z."));
    return instant;
}

Result<QStringList> textsIn(const Json &body, const char *key)
{
    QStringList texts;
    const Json &list = memberAt(body, key);
    if (list.is_null())
        return texts;
    if (!list.is_array())
        return badValue(key, LookupText::tr("\"%1\" must be a list of texts."));
    for (const Json &text : list) {
        if (!text.is_string())
            return badValue(key, LookupText::tr("\"%1\" must be a list of texts."));
        texts += toQString(text.get_ref<const std::string &>());
    }
    return texts;
}

Result<int> numberIn(const Json &body, const char *key, int fallback, int least, int most)
{
    const Json &number = memberAt(body, key);
    if (number.is_null())
        return fallback;
    const qint64 value = number.is_number_integer() ? intAt(body, key) : qint64(least) - 1;
    if (value < least || value > most)
        return badValue(key,
                        LookupText::tr("\"%1\" must be a whole number from %2 to %3.")
                            .arg(QStringLiteral("%1"))
                            .arg(least)
                            .arg(most));
    return int(value);
}

Result<QMap<QString, QByteArray>> filesIn(const Json &body)
{
    const Json &files = memberAt(body, "files");
    QMap<QString, QByteArray> texts;
    if (files.is_null())
        return texts;
    const Error wrong = badValue("files", LookupText::tr("\"%1\" must be an object of texts by path."));
    if (!files.is_object())
        return wrong;
    for (const auto &item : files.items()) {
        if (!item.value().is_string())
            return wrong;
        texts.insert(toQString(item.key()), QByteArray::fromStdString(item.value().get_ref<const std::string &>()));
    }
    return texts;
}

Json occurrenceJson(const Occurrence &occurrence)
{
    const char *const adjusted[] = {"", "gap", "overlap"};
    Json json = {{"at", toStdString(toIso(occurrence.at))},
                 {"local", toStdString(occurrence.local)},
                 {"offsetMinutes", occurrence.offsetMinutes}};
    if (occurrence.adjusted != Occurrence::Adjusted::No)
        json["adjusted"] = adjusted[int(occurrence.adjusted)];
    return json;
}

} // namespace engine

#include "app/ctl/ModelKeeping.h"

#include "app/ctl/Command.h"
#include "engine/base/Clock.h"
#include "scoring/registry/ModelRegistry.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelKeepingText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelKeeping)
};

scoring::ModelRegistry registryOf(const QCommandLineParser &parser, const Session &session)
{
    const QString folder = parser.value(QStringLiteral("registry"));
    return scoring::ModelRegistry(folder.isEmpty() ? session.places().data + QStringLiteral("/models") : folder);
}

Json textsJson(const QStringList &texts)
{
    Json json = Json::array();
    for (const QString &text : texts)
        json.push_back(toStdString(text));
    return json;
}

QString qualityOf(const Json &card)
{
    const Json &metrics = memberAt(card, "metrics");
    const Json &shown = memberAt(metrics, memberAt(metrics, "test").is_object() ? "test" : "train");
    for (const char *metric : {"rocAuc", "accuracy", "r2", "rmse"}) {
        if (const Json &value = memberAt(shown, metric); value.is_number())
            return QStringLiteral("%1 %2").arg(QLatin1String(metric), QString::number(value.get<double>(), 'f', 4));
    }
    return {};
}

} // namespace

int listModels(const QCommandLineParser &parser, Session &session)
{
    const scoring::ModelRegistry registry = registryOf(parser, session);
    QList<QStringList> lines;
    if (QFileInfo(registry.folder()).isDir()) {
        const Result<QStringList> names = registry.names();
        if (!names)
            return session.fail(names.error());
        for (const QString &name : *names) {
            const Result<QList<scoring::ModelVersion>> versions = registry.versions(name);
            if (!versions)
                return session.fail(versions.error());
            for (auto version = versions->crbegin(); version != versions->crend(); ++version) {
                const Result<scoring::ModelCard> card = registry.card(*version);
                const Json json = card ? card->json : Json::object();
                session.print(Json{{"name", toStdString(name)},
                                   {"version", version->version},
                                   {"aliases", textsJson(version->aliases)},
                                   {"createdAt", toStdString(stringAt(json, "createdAt"))},
                                   {"algorithm", toStdString(stringAt(json, "algorithm"))},
                                   {"target", toStdString(stringAt(memberAt(json, "target"), "name"))},
                                   {"metrics", memberAt(json, "metrics")},
                                   {"problem", toStdString(card ? QString() : card.error().message)}});
                lines << QStringList{printable(name),
                                     QString::number(version->version),
                                     printable(version->aliases.join(QStringLiteral(", "))),
                                     printable(stringAt(json, "algorithm")),
                                     qualityOf(json),
                                     printable(stringAt(json, "createdAt")),
                                     card ? QString() : printable(card.error().message)};
            }
        }
    }
    if (lines.isEmpty())
        session.say(ModelKeepingText::tr("No model is kept in %1; “slipwayctl model train DATA --name NAME” keeps one.")
                        .arg(printable(registry.folder())));
    else
        session.say(table({ModelKeepingText::tr("Model"),
                           ModelKeepingText::tr("Version"),
                           ModelKeepingText::tr("Aliases"),
                           ModelKeepingText::tr("Algorithm"),
                           ModelKeepingText::tr("Quality"),
                           ModelKeepingText::tr("Created"),
                           QString()},
                          lines));
    return Done;
}

int aliasModel(const QStringList &words, const QCommandLineParser &parser, Session &session)
{
    bool isNumber = false;
    const int version = words.value(2).toInt(&isNumber);
    if (words.size() != 4 || !isNumber || version < 0)
        return session.failUsage(
            ModelKeepingText::tr("Usage: slipwayctl model alias NAME VERSION ALIAS; version 0 takes the alias away"));
    const Result<> moved =
        registryOf(parser, session)
            .setAlias(words.at(1), words.at(3), version, qEnvironmentVariable("USER"), toIso(SystemClock().now()));
    if (!moved)
        return session.fail(moved.error());
    session.say(version == 0 ? ModelKeepingText::tr("%1@%2 is taken away.").arg(words.at(1), words.at(3))
                             : ModelKeepingText::tr("%1@%2 is version %3.").arg(words.at(1), words.at(3)).arg(version));
    return Done;
}

} // namespace ctl

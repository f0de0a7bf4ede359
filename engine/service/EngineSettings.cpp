#include "engine/service/EngineSettings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUrl>

#include <array>
#include <mutex>

namespace engine {

namespace {

constexpr int slotsMost = 64;

// The context of this file's texts for translators.
struct EngineSettingsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::EngineSettings)
};

QString fileIn(const QString &folder) { return folder + QStringLiteral("/engine.json"); }

Error wrong(const QString &message, const QString &property) { return {ErrorCode::InvalidInput, message, property}; }

Result<int> readCount(const Json &json, const char *key, int fallback)
{
    const Json &member = memberAt(json, key);
    const qint64 value = intAt(json, key, fallback);
    const bool isNumber = member.is_null() || member.is_number_integer() || member.is_string();
    if (!isNumber || value < 1 || value > slotsMost)
        return wrong(
            EngineSettingsText::tr("\"%1\" must be a number from 1 to %2.").arg(QString::fromUtf8(key)).arg(slotsMost),
            QString::fromUtf8(key));
    return int(value);
}

// "host:3128" is taken for "http://host:3128", as most programs do.
Result<QString> readProxy(const Json &proxies, const char *key)
{
    const QString text = stringAt(proxies, key).trimmed();
    if (text.isEmpty())
        return QString();
    const QUrl url(text.contains(QStringLiteral("://")) ? text : QStringLiteral("http://") + text, QUrl::StrictMode);
    const bool isKnown = url.scheme() == u"http" || url.scheme() == u"https" || url.scheme() == u"socks5";
    if (!url.isValid() || !isKnown || url.host().isEmpty() || url.port() < 1)
        return wrong(EngineSettingsText::tr("The proxy \"%1\" is no address: write host:port, or http://host:port.")
                         .arg(text.left(200)),
                     QStringLiteral("proxies.") + QString::fromUtf8(key));
    if (!url.password().isEmpty())
        return wrong(
            EngineSettingsText::tr("The settings hold no passwords: leave user and password out of the proxy."),
            QStringLiteral("proxies.") + QString::fromUtf8(key));
    return url.toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

constexpr int mostRejectedRows = 10'000'000;

Result<QString> readExceptions(const Json &proxies)
{
    QStringList hosts;
    for (const QString &host : stringAt(proxies, "except").split(u',', Qt::SkipEmptyParts)) {
        if (!host.trimmed().isEmpty())
            hosts.append(host.trimmed());
    }
    const QString text = hosts.join(u',');
    if (text.contains(u' ') || text.contains(u'\n'))
        return wrong(EngineSettingsText::tr("Hosts without a proxy are divided by commas: localhost,.intern"),
                     QStringLiteral("proxies.except"));
    return text;
}

Result<EngineSettings> settingsFrom(const Json &json)
{
    if (!json.is_object())
        return wrong(EngineSettingsText::tr("The engine's settings must be a JSON object."), {});
    EngineSettings settings;
    for (const auto &[key, target] :
         std::array{std::pair{"kernels", &settings.kernels}, std::pair{"copies", &settings.copies}}) {
        const Result<int> count = readCount(json, key, *target);
        if (!count)
            return count.error();
        *target = *count;
    }
    settings.rejectedRows = int(intAt(json, "rejectedRows", settings.rejectedRows));
    if (settings.rejectedRows < 0 || settings.rejectedRows > mostRejectedRows)
        return wrong(EngineSettingsText::tr("The rejected rows that are kept of a copy are a number from 0 to %1.")
                         .arg(mostRejectedRows),
                     QStringLiteral("rejectedRows"));
    settings.python = stringAt(json, "python", settings.python);
    const Json &proxies = memberAt(json, "proxies");
    for (const auto &[key, target] :
         std::array{std::pair{"http", &settings.proxies.http}, std::pair{"https", &settings.proxies.https}}) {
        const Result<QString> proxy = readProxy(proxies, key);
        if (!proxy)
            return proxy.error();
        *target = *proxy;
    }
    const Result<QString> except = readExceptions(proxies);
    if (!except)
        return except.error();
    settings.proxies.except = *except;
    return settings;
}

// An empty object when there is no file.
Result<Json> readFile(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return Json::object();
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     EngineSettingsText::tr("Cannot read the engine's settings: %1").arg(file.errorString()),
                     path};
    return parseJson(file.readAll(), path);
}

Result<> checkPython(const QString &path)
{
    const QFileInfo program(path);
    if (program.isAbsolute() && program.isFile() && program.isExecutable())
        return {};
    return wrong(EngineSettingsText::tr("\"%1\" is no program that can be executed: give the full path of a Python.")
                     .arg(path.left(400)),
                 QStringLiteral("python"));
}

} // namespace

QMap<QString, QString> EngineSettings::Proxies::variables() const
{
    QMap<QString, QString> found;
    if (!http.isEmpty())
        found.insert(QStringLiteral("http_proxy"), http);
    if (!https.isEmpty())
        found.insert(QStringLiteral("https_proxy"), https);
    if (!except.isEmpty())
        found.insert(QStringLiteral("no_proxy"), except);
    return found;
}

Json toJson(const EngineSettings &settings)
{
    return {{"kernels", settings.kernels},
            {"copies", settings.copies},
            {"rejectedRows", settings.rejectedRows},
            {"python", toStdString(settings.python)},
            {"proxies",
             {{"http", toStdString(settings.proxies.http)},
              {"https", toStdString(settings.proxies.https)},
              {"except", toStdString(settings.proxies.except)}}}};
}

Result<EngineSettings> EngineSettings::read(const QString &folder)
{
    const QString path = fileIn(folder);
    const Result<Json> json = readFile(path);
    if (!json)
        return json.error();
    const Result<EngineSettings> settings = settingsFrom(*json);
    if (!settings)
        return Error{settings.error().code, settings.error().message, path + u':' + settings.error().where};
    return settings;
}

Result<EngineSettings> EngineSettings::change(const QString &folder, const Json &changes)
{
    if (!changes.is_object())
        return wrong(EngineSettingsText::tr("The engine's settings must be a JSON object."), {});
    static std::mutex oneAfterAnother; // two changes at once would lose one of them
    const std::lock_guard lock(oneAfterAnother);
    const QString path = fileIn(folder);
    Result<Json> json = readFile(path);
    if (!json)
        return json.error();
    if (!json->is_object())
        *json = Json::object();
    for (const auto &[key, value] : changes.items()) {
        if (key == "proxies" && value.is_object() && memberAt(*json, "proxies").is_object()) {
            for (const auto &[name, proxy] : value.items())
                (*json)["proxies"][name] = proxy;
        } else {
            (*json)[key] = value;
        }
    }
    const Result<EngineSettings> settings = settingsFrom(*json);
    if (!settings)
        return settings.error();
    if (changes.contains("python")) {
        if (const Result<> checked = checkPython(settings->python); !checked)
            return checked.error();
    }
    // As it was understood: "host:3128" is written as the address it means.
    const Json understood = toJson(*settings);
    for (const auto &[key, value] : understood.items()) {
        if (!json->contains(key))
            continue;
        if ((*json)[key].is_object())
            (*json)[key].update(value);
        else
            (*json)[key] = value;
    }
    QSaveFile file(path);
    if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly) || file.write(toPretty(*json)) < 0 || !file.flush()
        || !file.commit())
        return Error{ErrorCode::Io,
                     EngineSettingsText::tr("Cannot write the engine's settings: %1").arg(file.errorString()),
                     path};
    return settings;
}

} // namespace engine

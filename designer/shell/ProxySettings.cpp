#include "designer/shell/ProxySettings.h"

#include <QNetworkProxy>
#include <QSettings>
#include <QUrl>

namespace designer {

using namespace engine;

namespace {

const QString modeKey = QStringLiteral("proxies/mode");
const QString httpKey = QStringLiteral("proxies/http");
const QString httpsKey = QStringLiteral("proxies/https");
const QString exceptKey = QStringLiteral("proxies/except");

class ChosenProxies final : public QNetworkProxyFactory
{
public:
    explicit ChosenProxies(ProxySettings settings) : m_settings(std::move(settings)) { }

    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        const bool isSafe = query.protocolTag().compare(u"https", Qt::CaseInsensitive) == 0;
        const QString &text = isSafe && !m_settings.https.isEmpty() ? m_settings.https : m_settings.http;
        const auto [host, port] = proxyAddress(text);
        if (port == 0 || isExcepted(query.peerHostName(), m_settings.except))
            return {QNetworkProxy(QNetworkProxy::NoProxy)};
        return {QNetworkProxy(QNetworkProxy::HttpProxy, host, port)};
    }

private:
    ProxySettings m_settings;
};

std::string fromEnvironment(const char *name)
{
    const QString text = qEnvironmentVariable(name);
    return toStdString(text.isEmpty() ? qEnvironmentVariable(QByteArray(name).toUpper().constData()) : text);
}

} // namespace

std::pair<QString, quint16> proxyAddress(const QString &text)
{
    const QString trimmed = text.trimmed();
    const QUrl url(trimmed.contains(QStringLiteral("://")) ? trimmed : QStringLiteral("http://") + trimmed,
                   QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || url.port() < 1)
        return {QString(), quint16(0)};
    return {url.host(), quint16(url.port())};
}

bool isExcepted(const QString &host, const QString &except)
{
    for (const QString &part : except.split(u',', Qt::SkipEmptyParts)) {
        const QString name = part.trimmed();
        const QString domain = name.startsWith(u'.') ? name : u'.' + name;
        if (name == u"*" || host.compare(name, Qt::CaseInsensitive) == 0 || host.endsWith(domain, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

ProxySettings ProxySettings::read(const QSettings &settings)
{
    ProxySettings proxies;
    const QString mode = settings.value(modeKey).toString();
    proxies.mode = mode == u"none" ? Mode::None : mode == u"manual" ? Mode::Manual : Mode::System;
    proxies.http = settings.value(httpKey).toString();
    proxies.https = settings.value(httpsKey).toString();
    proxies.except = settings.value(exceptKey, QStringLiteral("localhost,127.0.0.1")).toString();
    return proxies;
}

void ProxySettings::write(QSettings &settings) const
{
    settings.setValue(modeKey,
                      mode == Mode::None         ? QStringLiteral("none")
                          : mode == Mode::Manual ? QStringLiteral("manual")
                                                 : QStringLiteral("system"));
    settings.setValue(httpKey, http);
    settings.setValue(httpsKey, https);
    settings.setValue(exceptKey, except);
}

void ProxySettings::apply() const
{
    switch (mode) {
    case Mode::System:
        QNetworkProxyFactory::setUseSystemConfiguration(true);
        break;
    case Mode::None:
        QNetworkProxyFactory::setUseSystemConfiguration(false);
        QNetworkProxy::setApplicationProxy(QNetworkProxy(QNetworkProxy::NoProxy));
        break;
    case Mode::Manual:
        QNetworkProxyFactory::setApplicationProxyFactory(new ChosenProxies(*this)); // the application owns it
        break;
    }
}

Json ProxySettings::forEngine() const
{
    switch (mode) {
    case Mode::System:
        return {{"http", fromEnvironment("http_proxy")},
                {"https", fromEnvironment("https_proxy")},
                {"except", fromEnvironment("no_proxy")}};
    case Mode::None:
        break;
    case Mode::Manual:
        return {{"http", toStdString(http.trimmed())},
                {"https", toStdString((https.trimmed().isEmpty() ? http : https).trimmed())},
                {"except", toStdString(except.trimmed())}};
    }
    return {{"http", ""}, {"https", ""}, {"except", ""}};
}

} // namespace designer

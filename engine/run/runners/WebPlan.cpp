#include "engine/model/ResolvedEntities.h"
#include "engine/run/runners/WebActivityRunner.h"

#include <QCoreApplication>
#include <QUrl>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct WebPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::WebPlan)
};

bool isType(const ActivityTask &task, const char16_t *type)
{
    return task.activity->type.compare(QStringView(type), Qt::CaseInsensitive) == 0;
}

// {"type": "AzureKeyVaultSecret", "store": {"referenceName": "Vault"}, "secretName": "x"}
Result<QString> vaultSecret(const ActivityTask &task, const Json &value, const QString &property)
{
    if (!stringAt(value, "secretVersion").isEmpty())
        return unsupportedProperty(
            task,
            property + QStringLiteral(".secretVersion"),
            WebPlanText::tr("Only the latest value of a secret is kept here: remove secretVersion."));
    const Result<QString> secret = task.plan->factory->bindings.secretOfVault(
        stringAt(memberAt(value, "store"), "referenceName"), stringAt(value, "secretName"));
    if (!secret)
        return invalidProperty(task, property, secret.error().message);
    return secret;
}

// A text that may be a secret: "x" or {"type": "SecureString", "value": "x"}.
Result<QString> secretText(const ActivityTask &task, const Json &value, const QString &property)
{
    if (stringAt(value, "type").compare(u"AzureKeyVaultSecret", Qt::CaseInsensitive) == 0)
        return vaultSecret(task, value, property);
    if (value.is_object() && value.contains("value"))
        return stringAt(value, "value");
    if (value.is_string())
        return toQString(value.get_ref<const std::string &>());
    return value.is_null() ? QString() : QString::fromUtf8(toCompact(value));
}

Result<> readHeaders(const ActivityTask &task, const Json &headers, WebRequest &request)
{
    if (!headers.is_object())
        return {};
    for (const auto &[name, value] : headers.items()) {
        const QString property = QStringLiteral("typeProperties.headers.") + toQString(name);
        const Result<QString> text = secretText(task, value, property);
        if (!text)
            return text.error();
        request.headers.append({QByteArray::fromStdString(name), text->toUtf8()});
    }
    return {};
}

void readBody(const Json &body, WebRequest &request)
{
    static const QList<QByteArray> withBody{"POST", "PUT", "PATCH", "DELETE"};
    if (body.is_null() || !withBody.contains(request.method))
        return;
    request.hasBody = true;
    request.body = body.is_string() ? QByteArray::fromStdString(body.get<std::string>()) : toCompact(body);
    if (headerOf(request.headers, "content-type").isNull())
        request.headers.append(std::pair<QByteArray, QByteArray>("Content-Type", "application/json; charset=utf-8"));
}

Result<> readAuthentication(const ActivityTask &task, const Json &authentication, WebRequest &request)
{
    const QString property = QStringLiteral("typeProperties.authentication");
    const QString type = stringAt(authentication, "type");
    if (!authentication.is_object() || type.isEmpty() || type.compare(u"None", Qt::CaseInsensitive) == 0
        || type.compare(u"Anonymous", Qt::CaseInsensitive) == 0)
        return {};
    if (type.compare(u"Basic", Qt::CaseInsensitive) == 0) {
        const Result<QString> password =
            secretText(task, memberAt(authentication, "password"), property + QStringLiteral(".password"));
        if (!password)
            return password.error();
        request.basic = std::pair(stringAt(authentication, "username"), *password);
        return {};
    }
    if (type.compare(u"ClientCertificate", Qt::CaseInsensitive) == 0)
        return unsupportedProperty(
            task,
            property,
            WebPlanText::tr("Client certificates cannot be used here: use Basic, or a header with "
                            "a token."));
    return unsupportedProperty(
        task,
        property,
        WebPlanText::tr(
            "Authentication “%1” is an identity that only exists in Azure: use Basic here, or a header with a "
            "token.")
            .arg(type));
}

// Address and key of the linked service of an Azure function.
Result<> readFunction(const ActivityTask &task, const Json &properties, WebRequest &request)
{
    const Factory &factory = *task.plan->factory;
    const QString name = task.activity->linkedService;
    const LinkedService *const service = entityNamed(factory.linkedServices, name);
    if (service == nullptr)
        return invalidProperty(
            task, QStringLiteral("linkedServiceName"), WebPlanText::tr("There is no linked service “%1”.").arg(name));
    const Json web = factory.bindings.web();
    QString address = stringAt(memberAt(web, "addresses"), name.toUtf8().constData());
    if (address.isEmpty())
        address = stringAt(service->typeProperties, "functionAppUrl");
    QString function = stringAt(properties, "functionName");
    if (function.isEmpty() || address.isEmpty())
        return invalidProperty(
            task,
            function.isEmpty() ? QStringLiteral("typeProperties.functionName") : QStringLiteral("linkedServiceName"),
            function.isEmpty() ? WebPlanText::tr("The activity names no function.")
                               : WebPlanText::tr("The linked service “%1” has no functionAppUrl: give "
                                                 "it one, or write \"web\": {\"addresses\": {\"%1\": "
                                                 "\"http://…\"}} into the bindings.")
                                     .arg(name));
    while (address.endsWith(u'/'))
        address.chop(1);
    while (function.startsWith(u'/'))
        function.remove(0, 1);
    request.url = address + QStringLiteral("/api/") + function;
    const Result<QString> key = secretText(
        task, memberAt(service->typeProperties, "functionKey"), service->file + QStringLiteral(": functionKey"));
    if (!key)
        return key.error();
    if (!key->isEmpty())
        request.headers.append({"x-functions-key", key->toUtf8()});
    return {};
}

Result<> readMethod(const ActivityTask &task, const Json &properties, WebRequest &request)
{
    static const QStringList methods{QStringLiteral("GET"),
                                     QStringLiteral("POST"),
                                     QStringLiteral("PUT"),
                                     QStringLiteral("PATCH"),
                                     QStringLiteral("DELETE"),
                                     QStringLiteral("HEAD"),
                                     QStringLiteral("OPTIONS")};
    const QString method = stringAt(properties, "method").toUpper();
    if (!methods.contains(method))
        return invalidProperty(task,
                               QStringLiteral("typeProperties.method"),
                               WebPlanText::tr("“%1” is no method that can be used; there are: %2.")
                                   .arg(method, methods.join(QStringLiteral(", "))));
    request.method = method.toLatin1();
    return {};
}

// "web": {"calls": "refused"}, as the scratch copy of a test has it: nothing leaves this machine by mistake.
Error refusedCall(const ActivityTask &task, const WebRequest &request)
{
    const QUrl url(request.url);
    return {
        ErrorCode::Unsupported,
        WebPlanText::tr("“%1” would call %2, which is not allowed here. In a test, give its outcome under \"mocks\", "
                        "or write \"allow: [network]\".")
            .arg(task.path, url.adjusted(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment).toString()),
        refusedCallPlace()};
}

} // namespace

QString refusedCallPlace() { return bindingsFile() + QStringLiteral(": web.calls"); }

Result<WebPlan> planWeb(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    WebPlan plan;
    const Json web = task.plan->factory->bindings.web();
    const Result<WebRules> rules = WebRules::read(web);
    if (!rules)
        return Error{rules.error().code,
                     rules.error().message,
                     QStringLiteral(".slipway/bindings.json: ") + rules.error().where};
    plan.rules = *rules;
    WebRequest &request = plan.request;
    if (const Result<> read = readMethod(task, properties, request); !read)
        return read.error();
    if (const Result<> read = readHeaders(task, memberAt(properties, "headers"), request); !read)
        return read.error();
    if (isType(task, u"AzureFunctionActivity")) {
        plan.needsObject = true;
        request.timeout = std::chrono::seconds(230); // as Azure gives up
        if (const Result<> read = readFunction(task, properties, request); !read)
            return read.error();
    } else {
        request.url = stringAt(properties, "url").trimmed();
        if (request.url.isEmpty())
            return invalidProperty(
                task, QStringLiteral("typeProperties.url"), WebPlanText::tr("The activity names no URL."));
    }
    if (stringAt(web, "calls") == u"refused")
        return refusedCall(task, request);
    for (const char *key : {"datasets", "linkedServices"}) {
        if (const Json &list = memberAt(properties, key); list.is_array() && !list.empty())
            return unsupportedProperty(
                task,
                QStringLiteral("typeProperties.") + QString::fromLatin1(key),
                WebPlanText::tr("Definitions are not sent along from here: write what the server "
                                "needs into the body."));
    }
    if (const Result<> read = readAuthentication(task, memberAt(properties, "authentication"), request); !read)
        return read.error();
    readBody(memberAt(properties, "body"), request);
    if (const auto timeout = durationAt(properties, "httpRequestTimeout"); timeout && timeout->count() > 0)
        request.timeout = *timeout;
    plan.followsAccepted = !boolAt(properties, "turnOffAsync");
    request.verifiesCertificate = !boolAt(properties, "disableCertValidation");
    if (!request.verifiesCertificate)
        plan.warnings.append(
            WebPlanText::tr("The server's certificate was not checked (disableCertValidation): anybody "
                            "on the way could have answered."));
    return plan;
}

Json withoutSecrets(Json properties)
{
    if (properties.is_object() && stringAt(properties, "type").compare(u"SecureString", Qt::CaseInsensitive) == 0)
        properties["value"] = "**********";
    if (!properties.is_structured())
        return properties;
    for (auto member = properties.begin(); member != properties.end(); ++member)
        *member = withoutSecrets(std::move(*member));
    if (!properties.is_object())
        return properties;
    static const QStringList secret{QStringLiteral("password"),
                                    QStringLiteral("pfx"),
                                    QStringLiteral("authorization"),
                                    QStringLiteral("proxy-authorization"),
                                    QStringLiteral("cookie"),
                                    QStringLiteral("x-functions-key"),
                                    QStringLiteral("x-api-key"),
                                    QStringLiteral("api-key"),
                                    QStringLiteral("ocp-apim-subscription-key")};
    for (auto member = properties.begin(); member != properties.end(); ++member) {
        if (secret.contains(toQString(member.key()).toLower()) && member->is_string())
            *member = "**********";
    }
    return properties;
}

} // namespace engine

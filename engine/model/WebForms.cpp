#include "engine/model/ActivityForms.h"
#include "engine/model/FormParts.h"

#include <QCoreApplication>

namespace engine {

using namespace forms;

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ActivityDescriptor)
};

const char *const method = "typeProperties.method";
const char *const authentication = "typeProperties.authentication.type";

QStringList words(const char *text) { return QString::fromLatin1(text).split(u' '); }

PropertyDescriptor url()
{
    return required(property(settings(),
                             "typeProperties.url",
                             Kind::LongText,
                             FormText::tr("URL"),
                             FormText::tr("Where the request goes: http:// or https://.")));
}

PropertyDescriptor methods(const char *choices)
{
    return required(oneOf(property(settings(),
                                   method,
                                   Kind::Choice,
                                   FormText::tr("Method"),
                                   FormText::tr("GET reads; the others send the body.")),
                          words(choices)));
}

PropertyDescriptor headers()
{
    return property(settings(),
                    "typeProperties.headers",
                    Kind::Headers,
                    FormText::tr("Headers"),
                    FormText::tr("Sent with the request, like Content-Type: application/json."));
}

PropertyDescriptor body()
{
    PropertyDescriptor text = property(settings(),
                                       "typeProperties.body",
                                       Kind::Code,
                                       FormText::tr("Body"),
                                       FormText::tr("What is sent, as text or JSON."));
    text.language = QStringLiteral("json");
    return text;
}

QList<PropertyDescriptor> authenticationProperties()
{
    return {withDefault(oneOf(property(settings(),
                                       authentication,
                                       Kind::Choice,
                                       FormText::tr("Authentication"),
                                       FormText::tr("How the request says who sends it. Managed identities are "
                                                    "Azure's: they are not known on this machine.")),
                              words("None Basic ClientCertificate MSI ServicePrincipal")),
                        "None"),
            onlyWhen(property(settings(),
                              "typeProperties.authentication.username",
                              Kind::Text,
                              FormText::tr("User name"),
                              FormText::tr("Sent with every request.")),
                     authentication,
                     words("Basic ServicePrincipal")),
            onlyWhen(literal(property(settings(),
                                      "typeProperties.authentication.pfx",
                                      Kind::Secret,
                                      FormText::tr("Certificate"),
                                      FormText::tr("The PFX file, in Base64."))),
                     authentication,
                     words("ClientCertificate")),
            onlyWhen(literal(property(settings(),
                                      "typeProperties.authentication.password",
                                      Kind::Secret,
                                      FormText::tr("Password"),
                                      FormText::tr("Better kept in a secret scope: {\"type\": \"AzureKeyVaultSecret\", "
                                                   "…} names it."))),
                     authentication,
                     words("Basic ClientCertificate ServicePrincipal")),
            onlyWhen(property(settings(),
                              "typeProperties.authentication.resource",
                              Kind::Text,
                              FormText::tr("Resource"),
                              FormText::tr("The address the token is asked for.")),
                     authentication,
                     words("MSI ServicePrincipal"))};
}

} // namespace

ActivityDescriptor webDescriptor()
{
    ActivityDescriptor web;
    web.type = QStringLiteral("WebActivity");
    web.title = FormText::tr("Web");
    web.icon = QStringLiteral("globe");
    web.group = generalGroup();
    web.namePrefix = QStringLiteral("Web");
    web.tells = QStringLiteral("typeProperties.url");
    web.initial = withPolicy("WebActivity", Json{{"method", "GET"}, {"url", ""}, {"headers", Json::object()}});
    web.properties = identityProperties() + policyProperties();
    web.properties.append(url());
    web.properties.append(methods("GET POST PUT DELETE PATCH"));
    web.properties.append(onlyWhen(body(), method, words("POST PUT PATCH DELETE")));
    web.properties.append(authenticationProperties());
    web.properties.append(
        literal(withDefault(property(settings(),
                                     "typeProperties.disableCertValidation",
                                     Kind::Boolean,
                                     FormText::tr("Disable certificate validation"),
                                     FormText::tr("Talks also to a server whose certificate is not to be trusted.")),
                            false)));
    web.properties.append(withDefault(property(settings(),
                                               "typeProperties.httpRequestTimeout",
                                               Kind::Duration,
                                               FormText::tr("Request timeout"),
                                               FormText::tr("How long one request may take, as hh:mm:ss.")),
                                      "00:01:00"));
    web.properties.append(headers());
    web.properties.append(userProperties());
    return web;
}

ActivityDescriptor webHookDescriptor()
{
    ActivityDescriptor hook;
    hook.type = QStringLiteral("WebHook");
    hook.title = FormText::tr("Webhook");
    hook.icon = QStringLiteral("webhook");
    hook.group = generalGroup();
    hook.namePrefix = QStringLiteral("Webhook");
    hook.tells = QStringLiteral("typeProperties.url");
    hook.initial = withoutPolicy(
        "WebHook", Json{{"url", ""}, {"method", "POST"}, {"headers", Json::object()}, {"timeout", "00:10:00"}});
    hook.properties = identityProperties() + securityProperties();
    hook.properties.append(url());
    hook.properties.append(methods("POST"));
    hook.properties.append(body());
    hook.properties.append(
        withDefault(property(settings(),
                             "typeProperties.timeout",
                             Kind::Duration,
                             FormText::tr("Timeout"),
                             FormText::tr("It fails when the server has not called back by then; as hh:mm:ss.")),
                    "00:10:00"));
    hook.properties.append(authenticationProperties());
    hook.properties.append(
        literal(withDefault(property(settings(),
                                     "typeProperties.reportStatusOnCallBack",
                                     Kind::Boolean,
                                     FormText::tr("Report status on callback"),
                                     FormText::tr("The call back says whether it went well; a status of 400 and more "
                                                  "makes the activity fail.")),
                            false)));
    hook.properties.append(headers());
    hook.properties.append(userProperties());
    return hook;
}

ActivityDescriptor azureFunctionDescriptor()
{
    ActivityDescriptor function;
    function.type = QStringLiteral("AzureFunctionActivity");
    function.title = FormText::tr("Azure Function");
    function.icon = QStringLiteral("zap");
    function.group = generalGroup();
    function.namePrefix = QStringLiteral("AzureFunction");
    function.tells = QStringLiteral("typeProperties.functionName");
    function.initial =
        withPolicy("AzureFunctionActivity", Json{{"functionName", ""}, {"method", "GET"}, {"headers", Json::object()}});
    function.properties = identityProperties() + policyProperties();
    function.properties.append(
        linkedService(FormText::tr("The function app: its address and key, an HTTP server here.")));
    function.properties.append(
        required(property(settings(),
                          "typeProperties.functionName",
                          Kind::Text,
                          FormText::tr("Function name"),
                          FormText::tr("Called at /api/ and this name; a query may stand behind it."))));
    function.properties.append(methods("GET POST PUT DELETE OPTIONS HEAD TRACE"));
    function.properties.append(onlyWhen(body(), method, words("POST PUT")));
    function.properties.append(headers());
    function.properties.append(userProperties());
    return function;
}

} // namespace engine

#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct MachineControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::MachineController)
};

constexpr qint64 logUsual = 65536;
constexpr qint64 logMost = 4 * 1024 * 1024;

template <typename T> Json listOf(const QList<T> &values)
{
    Json list = Json::array();
    for (const T &value : values)
        list.push_back(toJson(value));
    return list;
}

void sendLog(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    bool isNumber = true;
    const QString asked = request.http.query.value(QStringLiteral("bytes"));
    const qint64 bytes = asked.isEmpty() ? logUsual : asked.toLongLong(&isNumber);
    if (!isNumber || bytes < 1 || bytes > logMost)
        return reply.send(Error{ErrorCode::InvalidInput,
                                MachineControllerText::tr("\"bytes\" must be a number from 1 to %1.").arg(logMost),
                                QStringLiteral("bytes")});
    const Result<QByteArray> log = parts.machine.log(bytes);
    if (log)
        reply.sendText(*log, "text/plain; charset=utf-8");
    else
        reply.send(log.error());
}

void makeSample(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const QString folder = stringAt(request.body, "folder");
    if (!QDir::isAbsolutePath(folder))
        return reply.send(Error{ErrorCode::InvalidInput,
                                MachineControllerText::tr("Say which folder, by its whole path: {\"folder\": …}."),
                                QStringLiteral("folder")});
    parts.machine.makeSample(folder, [reply](const Result<MadeSample> &made) mutable {
        if (made)
            reply.send(Json{{"folder", toStdString(made->folder)}, {"passengers", made->passengers}});
        else
            reply.send(made.error());
    });
}

} // namespace

void addMachineRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/");
    router.add("GET", base + QStringLiteral("kernels"), [parts](const ApiRequest &, ApiReply reply) {
        parts.machine.kernels([reply](const QList<FoundKernel> &kernels) mutable {
            reply.send(Json{{"value", listOf(kernels)}});
        });
    });
    router.add("GET", base + QStringLiteral("setup"), [parts](const ApiRequest &, ApiReply reply) {
        parts.machine.check([reply](const QList<SetupCheck> &checks) mutable {
            reply.send(Json{{"checks", listOf(checks)}});
        });
    });
    router.add("GET", base + QStringLiteral("engine/log"), [parts](const ApiRequest &request, ApiReply reply) {
        sendLog(parts, request, std::move(reply));
    });
    router.add("POST", base + QStringLiteral("samples/titanic"), [parts](const ApiRequest &request, ApiReply reply) {
        makeSample(parts, request, std::move(reply));
    });
}

} // namespace engine

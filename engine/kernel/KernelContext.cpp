#include "engine/kernel/KernelContext.h"

#include <QCoreApplication>
#include <QFile>

namespace engine {

namespace {

struct KernelContextText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KernelContext)
};

} // namespace

Result<std::optional<KernelContext>> KernelContext::read()
{
    const QString path = qEnvironmentVariable("SLIPWAY_CONTEXT");
    if (path.isEmpty())
        return std::optional<KernelContext>();
    KernelContext context;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     KernelContextText::tr("The file %1 that SLIPWAY_CONTEXT names cannot be read: %2.")
                         .arg(path, file.errorString()),
                     path};
    const Result<Json> json = parseJson(file.readAll(), path);
    if (!json)
        return json.error();
    if (memberAt(*json, "connections").is_object())
        context.connections = memberAt(*json, "connections");
    const Json &mounts = memberAt(*json, "mounts");
    if (mounts.is_object()) {
        for (auto mount = mounts.begin(); mount != mounts.end(); ++mount)
            context.mounts.insert(toQString(mount.key()), stringAt(mounts, mount.key().c_str()));
    }
    context.exitFile = stringAt(*json, "exit");
    context.models = stringAt(*json, "models");
    const Json &lineage = memberAt(*json, "lineage");
    context.lineage = {stringAt(lineage, "pipeline"), stringAt(lineage, "run"), stringAt(lineage, "notebook")};
    return std::optional(std::move(context));
}

QString KernelContext::pathHere(const QString &path) const
{
    // The keys are sorted: the last one that fits is the longest.
    QString here = path;
    for (auto mount = mounts.cbegin(); mount != mounts.cend(); ++mount) {
        if (path == mount.key() || path.startsWith(mount.key() + u'/'))
            here = mount.value() + path.mid(mount.key().size());
    }
    return here;
}

QStringList KernelContext::services() const
{
    QStringList names;
    for (auto service = connections.begin(); service != connections.end(); ++service)
        names += toQString(service.key());
    return names;
}

} // namespace engine

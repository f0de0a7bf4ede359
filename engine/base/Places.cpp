#include "engine/base/Places.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>
#include <unistd.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PlacesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Places)
};

QString fromEnvironment(const char *name, const QString &fallback)
{
    const QString value = qEnvironmentVariable(name);
    return QDir::isAbsolutePath(value) ? QDir::cleanPath(value) : fallback;
}

Result<> makePrivate(const QString &folder)
{
    if (!QDir().mkpath(folder))
        return Error{ErrorCode::Io, PlacesText::tr("Cannot make the folder %1.").arg(folder), folder};
    const QByteArray path = QFile::encodeName(folder);
    struct stat info
    {
    };
    if (lstat(path.constData(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid())
        return Error{
            ErrorCode::Io,
            PlacesText::tr("The folder %1 does not belong to you; remove it or set XDG_RUNTIME_DIR.").arg(folder),
            folder};
    if ((info.st_mode & 077) != 0 && chmod(path.constData(), 0700) != 0)
        return Error{ErrorCode::Io, PlacesText::tr("Cannot make the folder %1 private.").arg(folder), folder};
    return {};
}

} // namespace

Places Places::standard()
{
    const QString home = QDir::homePath();
    const QString moved = fromEnvironment("SLIPWAY_HOME", {});
    Places places;
    places.data = moved.isEmpty()
        ? fromEnvironment("XDG_DATA_HOME", home + QStringLiteral("/.local/share")) + QStringLiteral("/slipway")
        : moved + QStringLiteral("/data");
    places.settings = moved.isEmpty()
        ? fromEnvironment("XDG_CONFIG_HOME", home + QStringLiteral("/.config")) + QStringLiteral("/slipway")
        : moved + QStringLiteral("/settings");
    const QString session = fromEnvironment("XDG_RUNTIME_DIR", {});
    places.runtime = !session.isEmpty() && QFileInfo(session).isWritable()
        ? session + QStringLiteral("/slipway")
        : QStringLiteral("/tmp/slipway-%1").arg(geteuid());
    const QByteArray hash = QCryptographicHash::hash(places.data.toUtf8(), QCryptographicHash::Sha256).toHex().first(8);
    places.socket = places.runtime + u'/' + QString::fromLatin1(hash) + QStringLiteral(".sock");
    places.kernels = places.runtime + u'/' + QString::fromLatin1(hash);
    places.log = places.data + QStringLiteral("/engine.log");
    return places;
}

Result<> Places::make() const
{
    for (const QString &folder : {data, settings, runtime, kernels}) {
        if (const Result<> made = makePrivate(folder); !made)
            return made;
    }
    return {};
}

QString resourcesFolder()
{
    const QString moved = qEnvironmentVariable("SLIPWAY_RESOURCES");
    if (!moved.isEmpty())
        return moved;
    const QString installed = QCoreApplication::applicationDirPath() + QStringLiteral("/../share/slipway");
    if (QFileInfo::exists(installed))
        return QDir::cleanPath(installed);
    return QStringLiteral(SLIPWAY_SOURCE_RESOURCES);
}

QString ownKernelsFolder()
{
    return QDir::cleanPath(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/jupyter/kernels"));
}

} // namespace engine

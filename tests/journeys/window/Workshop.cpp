#include "tests/journeys/window/Workshop.h"

#include "engine/sqlite/Database.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

using namespace engine;

namespace tests {

namespace {

bool copyInto(const QString &from, const QString &to)
{
    QDir().mkpath(QFileInfo(to).path());
    return QFile::copy(from, to);
}

bool copyFolder(const QString &from, const QString &to)
{
    QDirIterator each(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString path = each.next();
        if (!copyInto(path, to + path.mid(from.size())))
            return false;
    }
    return true;
}

} // namespace

Workshop::Workshop() : m_window(m_home.environment()), m_hands(m_window) { setWindow(); }

void Workshop::setWindow() const
{
    const QString settings = m_home.path(QStringLiteral("home/settings"));
    QDir().mkpath(settings);
    QFile file(settings + QStringLiteral("/window.ini"));
    if (!file.open(QIODevice::WriteOnly) || file.write("[view]\nfontFamily=Inter\nfontSize=13\ntheme=light\n") < 0)
        qFatal("cannot write %s", qPrintable(file.fileName()));
}

bool Workshop::makeSample()
{
    QDir(m_home.factory()).removeRecursively();
    setWindow();
    return did(m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), m_home.factory()}));
}

Workshop::~Workshop()
{
    m_window.kill();
    m_home.stopEngine();
}

bool Workshop::did(const EngineHome::Answer &answer)
{
    if (answer.exitCode != 0)
        m_why = answer.out + answer.err;
    return answer.exitCode == 0;
}

bool Workshop::hasDesktop()
{
    m_why = m_desktop.error();
    return m_why.isEmpty();
}

bool Workshop::prepare()
{
    if (!hasDesktop())
        return false;
    const QString sample = m_home.path(QStringLiteral("sample"));
    const auto ofSample = [&](const QStringList &arguments) {
        return did(m_home.ctl(QStringList{QStringLiteral("--factory"), sample} + arguments));
    };
    return did(m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), sample}))
        && ofSample({QStringLiteral("publish")})
        && ofSample({QStringLiteral("run"), QStringLiteral("TrainTitanicModel")})
        && ofSample({QStringLiteral("run"), QStringLiteral("PublishPythonSql")});
}

bool Workshop::putTitanicInto(const QString &folder)
{
    const QString sample = m_home.path(QStringLiteral("sample/"));
    const bool isPut = copyInto(sample + QStringLiteral("titanic.db"), folder + QStringLiteral("/titanic.db"))
        && copyFolder(sample + QStringLiteral("storage"), folder + QStringLiteral("/storage"))
        && copyFolder(sample + QStringLiteral("notebooks"), folder + QStringLiteral("/notebooks"));
    if (!isPut)
        m_why = QStringLiteral("the Titanic cannot be copied into ") + folder;
    return isPut;
}

QString Workshop::emptyFolder()
{
    QDir(m_home.factory()).removeRecursively();
    QDir().mkpath(m_home.factory());
    return m_home.factory();
}

QMap<QString, QByteArray> Workshop::files() const
{
    QMap<QString, QByteArray> files;
    const QString folder = m_home.factory();
    for (const char *const part :
         {"pipeline", "dataset", "linkedService", "trigger", "factory", "notebooks", ".slipway"}) {
        QDirIterator each(
            folder + u'/' + QString::fromLatin1(part), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = each.next().mid(folder.size() + 1);
            QFile file(folder + u'/' + path);
            if (!path.startsWith(u".slipway/local/") && file.open(QIODevice::ReadOnly))
                files.insert(path, file.readAll());
        }
    }
    return files;
}

qint64 Workshop::predictions() const
{
    Result<Database> database = Database::open(m_home.factory() + QStringLiteral("/titanic.db"));
    if (!database)
        return -1;
    Result<Statement> rows = database->prepare("SELECT count(*) FROM titanic_predictions");
    if (!rows || !rows->step())
        return -1;
    return rows->integer(0);
}

int Workshop::slowEvents(Hands &hands)
{
    const Json seen = hands.see({{"see", "slow"}});
    qInfo("The longest event: %s", qPrintable(stringAt(seen, "slowest")));
    return int(intAt(seen, "events", -1));
}

} // namespace tests

#include "designer/shell/RecentFactories.h"

#include "designer/widgets/Moment.h"
#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSettings>
#include <QThreadPool>

#include <algorithm>

namespace designer {

namespace {

const QString arrayKey = QStringLiteral("recentFactories");
constexpr int most = 20;

QString branchOf(const QString &folder)
{
    QDir dir(folder);
    do {
        QFile head(dir.filePath(QStringLiteral(".git/HEAD")));
        if (!head.open(QIODevice::ReadOnly))
            continue;
        const QString line = QString::fromUtf8(head.read(1000)).trimmed();
        const QString prefix = QStringLiteral("ref: refs/heads/");
        return line.startsWith(prefix) ? line.mid(prefix.size()) : line.left(7); // a detached head is a hash
    } while (dir.cdUp());
    return {};
}

RecentFactory looked(RecentFactory factory)
{
    const QFileInfo folder(factory.folder);
    factory.isMissing = !folder.isDir();
    if (factory.isMissing) {
        factory.pipelines = -1;
        factory.branch.clear();
        return factory;
    }
    const QDir pipelines(factory.folder + QStringLiteral("/pipeline"));
    factory.pipelines = int(pipelines.entryList({QStringLiteral("*.json")}, QDir::Files).size());
    factory.branch = branchOf(factory.folder);
    return factory;
}

} // namespace

RecentFactories::RecentFactories(QSettings &settings, QObject *parent) : QObject(parent), m_settings(settings)
{
    read();
    look();
}

void RecentFactories::read()
{
    const int count = m_settings.beginReadArray(arrayKey);
    for (int i = 0; i < count; ++i) {
        m_settings.setArrayIndex(i);
        RecentFactory factory;
        factory.folder = m_settings.value(QStringLiteral("folder")).toString();
        factory.name = m_settings.value(QStringLiteral("name")).toString();
        factory.opened =
            engine::instantFromIso(m_settings.value(QStringLiteral("opened")).toString()).value_or(engine::Instant());
        factory.isPinned = m_settings.value(QStringLiteral("pinned")).toBool();
        if (!factory.folder.isEmpty() && indexOf(factory.folder) < 0)
            m_list.append(factory);
    }
    m_settings.endArray();
    sort();
}

void RecentFactories::write()
{
    m_settings.remove(arrayKey); // an array that became shorter leaves its old entries behind
    m_settings.beginWriteArray(arrayKey, int(m_list.size()));
    for (int i = 0; i < int(m_list.size()); ++i) {
        const RecentFactory &factory = m_list.at(i);
        m_settings.setArrayIndex(i);
        m_settings.setValue(QStringLiteral("folder"), factory.folder);
        m_settings.setValue(QStringLiteral("name"), factory.name);
        m_settings.setValue(QStringLiteral("opened"), engine::toIso(factory.opened));
        m_settings.setValue(QStringLiteral("pinned"), factory.isPinned);
    }
    m_settings.endArray();
}

void RecentFactories::sort()
{
    std::stable_sort(m_list.begin(), m_list.end(), [](const RecentFactory &a, const RecentFactory &b) {
        return a.isPinned != b.isPinned ? a.isPinned : a.opened > b.opened;
    });
}

qsizetype RecentFactories::indexOf(const QString &folder) const
{
    const auto same = [&folder](const RecentFactory &factory) { return factory.folder == folder; };
    const auto found = std::find_if(m_list.cbegin(), m_list.cend(), same);
    return found == m_list.cend() ? -1 : found - m_list.cbegin();
}

void RecentFactories::add(const QString &folder, const QString &name)
{
    const QString place = QDir(folder).absolutePath();
    RecentFactory factory;
    if (const qsizetype at = indexOf(place); at >= 0)
        factory = m_list.takeAt(at);
    factory.folder = place;
    factory.name = name;
    factory.opened = presentInstant();
    factory.isMissing = false;
    m_list.append(factory);
    sort();
    while (m_list.size() > most && !m_list.last().isPinned)
        m_list.removeLast();
    write();
    emit changed();
    look();
}

void RecentFactories::setPinned(const QString &folder, bool isPinned)
{
    const qsizetype at = indexOf(folder);
    if (at < 0 || m_list.at(at).isPinned == isPinned)
        return;
    m_list[at].isPinned = isPinned;
    sort();
    write();
    emit changed();
}

void RecentFactories::remove(const QString &folder)
{
    const qsizetype at = indexOf(folder);
    if (at < 0)
        return;
    m_list.removeAt(at);
    write();
    emit changed();
}

void RecentFactories::look()
{
    const QPointer<RecentFactories> self(this);
    QThreadPool::globalInstance()->start([self, list = m_list] {
        QList<RecentFactory> seen;
        for (const RecentFactory &factory : list)
            seen.append(looked(factory));
        // The application is there as long as the pool; the list may have gone meanwhile.
        engine::postTo(QCoreApplication::instance(), [self, seen] {
            if (!self)
                return;
            bool isNew = false;
            for (const RecentFactory &factory : seen) {
                const qsizetype at = self->indexOf(factory.folder);
                if (at < 0)
                    continue;
                RecentFactory &mine = self->m_list[at];
                const RecentFactory before = mine;
                mine.isMissing = factory.isMissing;
                mine.pipelines = factory.pipelines;
                mine.branch = factory.branch;
                isNew = isNew || mine != before;
            }
            if (isNew)
                emit self->changed();
        });
    });
}

} // namespace designer

#include "moc_RecentFactories.cpp"

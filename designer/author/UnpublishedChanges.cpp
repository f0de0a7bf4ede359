#include "designer/author/UnpublishedChanges.h"

#include "designer/document/FactoryDocument.h"
#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QFileInfo>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

bool counts(const QString &path)
{
    return !path.startsWith(u".slipway/layout/") && !path.startsWith(u".slipway/local/");
}

QString hashOf(const QByteArray &content)
{
    return QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
}

QString hashOfFile(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return {};
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace

UnpublishedChanges::UnpublishedChanges(Workbench &workbench, QObject *parent) : QObject(parent), m_workbench(workbench)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(200);
    connect(&m_pause, &QTimer::timeout, this, &UnpublishedChanges::compare);
    connect(&workbench, &Workbench::documentChanged, this, &UnpublishedChanges::documentChanged);
    connect(&workbench, &Workbench::factoryChanged, this, &UnpublishedChanges::askWhatIsPublished);
    documentChanged();
    askWhatIsPublished();
}

QList<UnpublishedChanges::Change> UnpublishedChanges::between(const QHash<QString, QString> &published,
                                                              const QHash<QString, QString> &draft)
{
    QList<Change> changes;
    for (auto file = draft.begin(); file != draft.end(); ++file) {
        if (!counts(file.key()))
            continue;
        const auto before = published.constFind(file.key());
        if (before == published.cend())
            changes.append({Change::Kind::Added, file.key()});
        else if (*before != file.value())
            changes.append({Change::Kind::Edited, file.key()});
    }
    for (auto file = published.begin(); file != published.end(); ++file) {
        if (counts(file.key()) && !draft.contains(file.key()))
            changes.append({Change::Kind::Deleted, file.key()});
    }
    std::sort(changes.begin(), changes.end(), [](const Change &a, const Change &b) { return a.path < b.path; });
    return changes;
}

void UnpublishedChanges::documentChanged()
{
    ++m_round;
    m_isKnown = false;
    m_changes.clear();
    m_files.clear();
    if (FactoryDocument *const document = m_workbench.document())
        connect(document, &FactoryDocument::filesChanged, this, &UnpublishedChanges::compareLater);
    emit changed();
}

void UnpublishedChanges::askWhatIsPublished()
{
    const int version = m_workbench.publishedVersion();
    m_published.clear();
    if (m_workbench.factory().isEmpty())
        return;
    if (version == 0) {
        m_isKnown = true;
        compareLater();
        return;
    }
    const int round = ++m_round;
    m_workbench.engine().get(
        QStringLiteral("/slipway/v1/factories/%1/versions/%2").arg(m_workbench.factory().text()).arg(version),
        this,
        [this, round](const Result<Json> &answer) {
            if (!answer || round != m_round)
                return;
            m_published.clear();
            for (const auto &file : memberAt(*answer, "files").items())
                m_published.insert(toQString(file.key()), stringAt(memberAt(*answer, "files"), file.key().c_str()));
            m_isKnown = true;
            compareLater();
        });
}

void UnpublishedChanges::compareLater()
{
    if (m_isKnown)
        m_pause.start();
}

void UnpublishedChanges::compare()
{
    const FactoryDocument *const document = m_workbench.document();
    if (!document)
        return;
    QHash<QString, QString> draft;
    QHash<QString, FileState> notebooks; // to be looked at on the pool
    for (const QString &path : document->factory().files) {
        if (!counts(path))
            continue;
        if (path.startsWith(u"notebooks/"))
            notebooks.insert(path, m_files.value(path));
        else
            draft.insert(path, hashOf(document->content(path)));
    }
    const int round = m_round;
    const QPointer<UnpublishedChanges> guard(this);
    QThreadPool::globalInstance()->start([this, guard, round, draft, notebooks, folder = document->folder()]() mutable {
        for (auto file = notebooks.begin(); file != notebooks.end(); ++file) {
            const QFileInfo info(folder + u'/' + file.key());
            const qint64 modified = info.lastModified().toMSecsSinceEpoch();
            if (file->size != info.size() || file->modified != modified)
                *file = {info.size(), modified, hashOfFile(info.filePath())};
            draft.insert(file.key(), file->hash);
        }
        postTo(qApp, [this, guard, round, draft, notebooks] {
            if (!guard || round != m_round)
                return;
            m_files = notebooks;
            compared(draft);
        });
    });
}

void UnpublishedChanges::compared(const QHash<QString, QString> &draft)
{
    m_changes = between(m_published, draft);
    emit changed();
}

} // namespace designer

#include "moc_UnpublishedChanges.cpp"

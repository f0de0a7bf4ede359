#include "tests/designer/document/FactoryFolder.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

using namespace designer;

namespace tests {

FactoryFolder::FactoryFolder()
{
    const QString sample = sourceDir() + QStringLiteral("/resources/samples/titanic");
    QDirIterator each(sample, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        QFile file(each.next());
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(file.fileName()));
        write(file.fileName().mid(sample.size() + 1), file.readAll());
    }
}

FactoryFolder::FactoryFolder(const QMap<QString, QByteArray> &files)
{
    QDir(path()).mkpath(QStringLiteral("pipeline"));
    for (auto file = files.cbegin(); file != files.cend(); ++file)
        write(file.key(), *file);
}

void FactoryFolder::write(const QString &path, const QByteArray &content) const
{
    const QString whole = m_folder.filePath(path);
    QDir().mkpath(QFileInfo(whole).path());
    QFile file(whole);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(whole));
}

void FactoryFolder::remove(const QString &path) const
{
    if (!QFile::remove(m_folder.filePath(path)))
        qFatal("cannot remove %s", qPrintable(path));
}

QByteArray FactoryFolder::read(const QString &path) const
{
    QFile file(m_folder.filePath(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QMap<QString, QByteArray> FactoryFolder::files() const
{
    QMap<QString, QByteArray> files;
    QDirIterator each(path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString file = each.next().mid(path().size() + 1);
        if (!file.startsWith(u".slipway/local/"))
            files.insert(file, read(file));
    }
    return files;
}

std::unique_ptr<FactoryDocument> FactoryFolder::open() const
{
    auto draft = FactoryDocument::readDraft(path());
    if (!draft) {
        qWarning("%s", qPrintable(draft.error().message));
        return nullptr;
    }
    return std::make_unique<FactoryDocument>(*draft);
}

engine::Result<> saveNow(FactoryDocument &document)
{
    std::optional<engine::Result<>> answer;
    QObject context;
    document.save(&context, [&](const engine::Result<> &result) { answer = result; });
    (void)QTest::qWaitFor([&] { return answer.has_value(); }, 10'000);
    return answer.value_or(engine::Error{engine::ErrorCode::Timeout, QStringLiteral("no answer"), {}});
}

EntityRef pipelineRef(const QString &name) { return {EntityKind::Pipeline, name}; }
EntityRef datasetRef(const QString &name) { return {EntityKind::Dataset, name}; }

} // namespace tests

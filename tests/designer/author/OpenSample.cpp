#include "tests/designer/author/OpenSample.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

namespace tests {

using namespace engine;

OpenSample::OpenSample(int publishedVersion)
    : settings(folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat)
    , connection(engine, {}, "test")
    , workbench(connection, settings)
{
    const QString sample = sourceDir() + QStringLiteral("/resources/samples/titanic");
    QDirIterator files(sample, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString from = files.next();
        const QString to = folder.filePath(QStringLiteral("titanic/") + QDir(sample).relativeFilePath(from));
        QDir().mkpath(QFileInfo(to).path());
        QFile::copy(from, to);
    }
    engine.on(QStringLiteral("POST /slipway/v1/factories"),
              Json{{"factory", "f1"}, {"name", "titanic"}, {"publishedVersion", publishedVersion}});
    connection.start();
    const auto draft = designer::FactoryDocument::readDraft(folder.filePath(QStringLiteral("titanic")));
    if (!draft) {
        QTest::qFail(qPrintable(draft.error().message), __FILE__, __LINE__);
        return;
    }
    workbench.setDocument(std::make_unique<designer::FactoryDocument>(*draft));
    if (!QTest::qWaitFor([this] { return !workbench.factory().isEmpty(); }))
        QTest::qFail("The factory was not registered", __FILE__, __LINE__);
}

void OpenSample::write(const QString &relative, const QByteArray &content) const
{
    QFile file(path(relative));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        QTest::qFail(qPrintable(file.errorString()), __FILE__, __LINE__);
}

} // namespace tests

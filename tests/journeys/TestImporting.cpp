#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace engine;

namespace {

QString shapes(const char *name)
{
    return tests::sourceDir() + QStringLiteral("/tests/data/factories/") + QLatin1String(name);
}

QString lastLine(const QString &text) { return text.trimmed().section(u'\n', -1); }

} // namespace

// A factory from elsewhere: read, imported, bound, by the command line.
class TestImporting : public QObject
{
    Q_OBJECT

private slots:
    void writesEveryShapeBack()
    {
        const auto all = m_home.ctl({QStringLiteral("roundtrip"), shapes(""), QStringLiteral("--edit")});
        QCOMPARE(all.exitCode, 0);
        QCOMPARE(lastLine(all.out), QStringLiteral("%1 files, %2 identical, 0 differing, 10 invalid").arg(55).arg(45));
        QVERIFY2(all.out.contains(u"invalid/DuplicateKey.json:3:8"), qPrintable(all.out));
        const auto json =
            m_home.ctl({QStringLiteral("--json"), QStringLiteral("roundtrip"), shapes("DataFactory")}).json();
        QCOMPARE(intAt(json.first(), "differing", -1), 0);
        QCOMPARE(m_home.ctl({QStringLiteral("roundtrip"), QStringLiteral("/nowhere")}).exitCode, 2);
    }

    void importsBindsAndChecks()
    {
        const QString folder = m_home.path(QStringLiteral("imported"));
        const QStringList import{QStringLiteral("import"), shapes("arm/full"), folder};
        const auto imported = m_home.ctl(import);
        QVERIFY2(imported.exitCode == 0, qPrintable(imported.out + imported.err));
        QVERIFY(imported.out.contains(u"Storage_connectionString"));
        QCOMPARE(m_home.ctl(import).exitCode, 1);
        QCOMPARE(m_home.ctl(import + QStringList{QStringLiteral("--force")}).exitCode, 0);

        const auto bind = [&](const QStringList &words) {
            return m_home.ctl(QStringList{QStringLiteral("--factory"), folder, QStringLiteral("bind")} + words);
        };
        const auto open = bind({QStringLiteral("--check")});
        QCOMPARE(open.exitCode, 1);
        QVERIFY2(open.out.contains(u"missing") && open.out.contains(u"dataset People"), qPrintable(open.out));

        QCOMPARE(bind({QStringLiteral("--suggest")}).exitCode, 0);
        QVERIFY(!QFile::exists(folder + QStringLiteral("/.slipway/bindings.json")));
        QCOMPARE(bind({QStringLiteral("--suggest"), QStringLiteral("--yes")}).exitCode, 0);
        const auto bound = bind({QStringLiteral("--check")});
        QVERIFY2(bound.exitCode == 0, qPrintable(bound.out + bound.err));

        QCOMPARE(bind({QStringLiteral("Storage"), QStringLiteral("--folder"), QStringLiteral("nowhere")}).exitCode, 0);
        const auto gone = bind({QStringLiteral("--check")});
        QCOMPARE(gone.exitCode, 1);
        QVERIFY2(gone.out.contains(u"unreachable"), qPrintable(gone.out));
    }

    void keepsWhatIsOfThisMachineOutOfTheSharedFile()
    {
        const QString folder = m_home.path(QStringLiteral("apart"));
        QVERIFY(QDir().mkpath(folder + QStringLiteral("/pipeline")));
        const auto bind = [&](const QStringList &words) {
            return m_home.ctl(QStringList{QStringLiteral("--factory"), folder, QStringLiteral("bind")} + words);
        };
        const QString shared = folder + QStringLiteral("/.slipway/bindings.json");
        const QString local = folder + QStringLiteral("/.slipway/local/bindings.json");
        QCOMPARE(bind({QStringLiteral("A"), QStringLiteral("--folder"), QStringLiteral("/srv/data")}).exitCode, 0);
        QVERIFY(QFile::exists(local) && !QFile::exists(shared));
        QCOMPARE(bind({QStringLiteral("A"), QStringLiteral("--folder"), folder + QStringLiteral("/storage")}).exitCode,
                 0);
        QFile file(shared);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains(R"("root": "storage")"));
        QFile localFile(local);
        QVERIFY(localFile.open(QIODevice::ReadOnly));
        QVERIFY(!localFile.readAll().contains("srv"));
        QCOMPARE(bind({QStringLiteral("A"), QStringLiteral("--remove")}).exitCode, 0);

        QFile kernels(shared);
        QVERIFY(kernels.open(QIODevice::WriteOnly));
        kernels.write(
            R"({"linkedServices": {"K": {"compute": "kernel", "kernel": "r", "limits": {"memory": "1 GiB"}}}})");
        kernels.close();
        QCOMPARE(bind({QStringLiteral("k"), QStringLiteral("--kernel"), QStringLiteral("ir")}).exitCode, 0);
        QVERIFY(kernels.open(QIODevice::ReadOnly));
        QCOMPARE(
            kernels.readAll(),
            QByteArray(
                R"({"linkedServices": {"K": {"compute": "kernel", "kernel": "ir", "limits": {"memory": "1 GiB"}}}})"));
        QCOMPARE(bind({QStringLiteral("A"), QStringLiteral("--remove")}).exitCode, 2);
        QCOMPARE(bind({QStringLiteral("A")}).exitCode, 2);
        QCOMPARE(bind({QStringLiteral("W"), QStringLiteral("--postgresql"), QStringLiteral("nothing")}).exitCode, 2);
    }

private:
    tests::EngineHome m_home;
};

SLIPWAY_TEST(TestImporting)

#include "TestImporting.moc"

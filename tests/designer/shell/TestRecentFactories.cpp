#include "designer/shell/RecentFactories.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace designer;

class TestRecentFactories : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void listsTheLatestFirst();
    void keepsPinnedOnesOnTop();
    void remembersTheListInTheSettings();
    void forgetsTheOldestButNoPinnedOne();
    void opensAFactoryTwiceAsOne();
    void looksAtTheFolders();

private:
    QString folder(const QString &name) const { return m_folder->filePath(name); }
    QStringList names() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<RecentFactories> m_recent;
};

void TestRecentFactories::init()
{
    m_recent.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<QSettings>(folder(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_recent = std::make_unique<RecentFactories>(*m_settings);
}

QStringList TestRecentFactories::names() const
{
    QStringList all;
    for (const RecentFactory &factory : m_recent->list())
        all.append(factory.name);
    return all;
}

void TestRecentFactories::listsTheLatestFirst()
{
    const QSignalSpy changed(m_recent.get(), &RecentFactories::changed);
    m_recent->add(folder(QStringLiteral("a")), QStringLiteral("a"));
    QTest::qWait(2);
    m_recent->add(folder(QStringLiteral("b")), QStringLiteral("b"));
    QCOMPARE(names(), QStringList({QStringLiteral("b"), QStringLiteral("a")}));
    QVERIFY(changed.count() >= 2);
}

void TestRecentFactories::keepsPinnedOnesOnTop()
{
    m_recent->add(folder(QStringLiteral("a")), QStringLiteral("a"));
    m_recent->setPinned(folder(QStringLiteral("a")), true);
    QTest::qWait(2);
    m_recent->add(folder(QStringLiteral("b")), QStringLiteral("b"));
    QCOMPARE(names(), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    m_recent->setPinned(folder(QStringLiteral("a")), false);
    QCOMPARE(names(), QStringList({QStringLiteral("b"), QStringLiteral("a")}));
}

void TestRecentFactories::remembersTheListInTheSettings()
{
    m_recent->add(folder(QStringLiteral("a")), QStringLiteral("Fabrik 🚢"));
    m_recent->add(folder(QStringLiteral("b")), QStringLiteral("b"));
    m_recent->setPinned(folder(QStringLiteral("a")), true);
    m_recent->remove(folder(QStringLiteral("b")));
    const QList<RecentFactory> before = m_recent->list();
    RecentFactories again(*m_settings);
    QCOMPARE(again.list().size(), 1);
    QCOMPARE(again.list().first().folder, before.first().folder);
    QCOMPARE(again.list().first().name, QStringLiteral("Fabrik 🚢"));
    QVERIFY(again.list().first().opened == before.first().opened);
    QVERIFY(again.list().first().isPinned);
}

void TestRecentFactories::forgetsTheOldestButNoPinnedOne()
{
    m_recent->add(folder(QStringLiteral("first")), QStringLiteral("first"));
    m_recent->setPinned(folder(QStringLiteral("first")), true);
    for (int i = 0; i < 30; ++i)
        m_recent->add(folder(QString::number(i)), QString::number(i));
    QCOMPARE(m_recent->list().size(), 20);
    QCOMPARE(m_recent->list().first().name, QStringLiteral("first"));
}

void TestRecentFactories::opensAFactoryTwiceAsOne()
{
    m_recent->add(folder(QStringLiteral("a")), QStringLiteral("a"));
    m_recent->add(folder(QStringLiteral("b/../a/")), QStringLiteral("renamed"));
    QCOMPARE(names(), QStringList{QStringLiteral("renamed")});
}

void TestRecentFactories::looksAtTheFolders()
{
    QVERIFY(QDir(folder(QStringLiteral("git"))).mkpath(QStringLiteral(".git")));
    QVERIFY(QDir(folder(QStringLiteral("git"))).mkpath(QStringLiteral("factory/pipeline")));
    for (const QString &name : {QStringLiteral("git/.git/HEAD"), QStringLiteral("git/factory/pipeline/P.json")}) {
        QFile file(folder(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("ref: refs/heads/feature/x\n");
    }
    const QString place = folder(QStringLiteral("git/factory"));
    m_recent->add(place, QStringLiteral("f"));
    QTRY_COMPARE(m_recent->list().first().pipelines, 1);
    QCOMPARE(m_recent->list().first().branch, QStringLiteral("feature/x"));
    QVERIFY(!m_recent->list().first().isMissing);
    QVERIFY(QDir(place).removeRecursively());
    m_recent->look();
    QTRY_VERIFY(m_recent->list().first().isMissing);
    QCOMPARE(m_recent->list().first().pipelines, -1);
}

SLIPWAY_TEST(TestRecentFactories)

#include "TestRecentFactories.moc"

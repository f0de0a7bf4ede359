#include "designer/manage/SecretsSection.h"

#include "designer/shell/Workbench.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;

class TestSecretsSection : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void keepsSecretsWithoutShowingThem();
    void deletesSecretsWhenAsked();

private:
    void open();
    QAbstractButton *button(const char *name) { return m_section->findChild<QAbstractButton *>(QLatin1String(name)); }
    QTableView *table() { return m_section->findChild<QTableView *>(QStringLiteral("secretsTable")); }

    QTemporaryDir m_folder;
    std::unique_ptr<tests::FakeEngineClient> m_client;
    std::unique_ptr<EngineConnection> m_engine;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<SecretsSection> m_section;
};

void TestSecretsSection::init()
{
    m_client = std::make_unique<tests::FakeEngineClient>();
    m_client->on(QStringLiteral("GET /slipway/v1/engine"), Json{{"version", "0.1.0"}, {"buildId", "test"}});
    m_engine = std::make_unique<EngineConnection>(*m_client, QStringLiteral("slipwayd"), "test");
    m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_workbench = std::make_unique<Workbench>(*m_engine, *m_settings);
}

void TestSecretsSection::cleanup()
{
    m_section.reset();
    m_workbench.reset();
    m_settings.reset();
    m_engine.reset();
    m_client.reset();
}

void TestSecretsSection::open()
{
    m_engine->start();
    QTRY_VERIFY(m_engine->isRunning());
    m_section = std::make_unique<SecretsSection>(*m_workbench);
    m_section->resize(1200, 800);
    m_section->show();
}

void TestSecretsSection::keepsSecretsWithoutShowingThem()
{
    Json kept = Json::array();
    m_client->on(QStringLiteral("GET /slipway/v1/secrets"), [&kept](const auto &) {
        return Result<Json>(Json{{"value", kept}});
    });
    m_client->on(QStringLiteral("PUT /slipway/v1/secrets/dw/etl"), [&kept](const auto &call) -> Result<Json> {
        if (stringAt(call.body, "value") != u"open sesame")
            return Error{ErrorCode::InvalidInput, QStringLiteral("no"), {}};
        kept = {{{"scope", "dw"}, {"name", "etl"}, {"version", 1}, {"changed", "2024-01-31T12:00:00Z"}}};
        return kept[0];
    });
    open();
    QTRY_COMPARE(m_client->count(QStringLiteral("GET /slipway/v1/secrets")), 1);
    QVERIFY(!button("replaceSecret")->isEnabled());
    QTest::mouseClick(button("addSecret"), Qt::LeftButton);
    auto *const dialog = m_section->findChild<QDialog *>(QStringLiteral("secretDialog"));
    QVERIFY(dialog && dialog->isVisible());
    const auto field = [&](const char *name) { return dialog->findChild<QLineEdit *>(QLatin1String(name)); };
    auto *const save = dialog->findChild<QPushButton *>(QStringLiteral("saveSecret"));
    QVERIFY(!save->isEnabled());
    QTest::keyClicks(field("secretScope"), QStringLiteral("dw"));
    QTest::keyClicks(field("secretName"), QStringLiteral("etl"));
    QTest::keyClicks(field("secretValue"), QStringLiteral("wrong"));
    QCOMPARE(field("secretValue")->displayText().count(u'w'), 0);
    QTest::mouseClick(save, Qt::LeftButton);
    auto *const error = dialog->findChild<QLabel *>(QStringLiteral("secretError"));
    QTRY_VERIFY(error->isVisible());
    QCOMPARE(error->text(), QStringLiteral("no"));
    field("secretValue")->setText(QStringLiteral("open sesame"));
    QTest::mouseClick(save, Qt::LeftButton);
    QTRY_COMPARE(table()->model()->rowCount(), 1);
    QCOMPARE(table()->model()->index(0, 1).data().toString(), QStringLiteral("etl"));
    QTRY_VERIFY(!m_section->findChild<QDialog *>(QStringLiteral("secretDialog")));
    table()->selectRow(0);
    QTest::mouseClick(button("replaceSecret"), Qt::LeftButton);
    auto *const again = m_section->findChild<QDialog *>(QStringLiteral("secretDialog"));
    QVERIFY(again);
    QVERIFY(!again->findChild<QLineEdit *>(QStringLiteral("secretName"))->isEnabled());
    QVERIFY(again->findChild<QLineEdit *>(QStringLiteral("secretValue"))->text().isEmpty());
}

void TestSecretsSection::deletesSecretsWhenAsked()
{
    Json kept = {{{"scope", "dw"}, {"name", "etl"}}};
    m_client->on(QStringLiteral("GET /slipway/v1/secrets"), [&kept](const auto &) {
        return Result<Json>(Json{{"value", kept}});
    });
    m_client->on(QStringLiteral("DELETE /slipway/v1/secrets/dw/etl"), [&kept](const auto &) {
        kept = Json::array();
        return Result<Json>(Json::object());
    });
    open();
    QTRY_COMPARE(table()->model()->rowCount(), 1);
    table()->selectRow(0);
    QTest::mouseClick(button("deleteSecret"), Qt::LeftButton);
    auto *const question = m_section->findChild<QMessageBox *>(QStringLiteral("deleteSecretQuestion"));
    QVERIFY(question);
    QCOMPARE(m_client->count(QStringLiteral("DELETE ")), 0);
    QTest::mouseClick(question->findChild<QPushButton *>(QStringLiteral("deleteSecretNow")), Qt::LeftButton);
    QTRY_COMPARE(table()->model()->rowCount(), 0);
}

SLIPWAY_TEST(TestSecretsSection)
#include "TestSecretsSection.moc"

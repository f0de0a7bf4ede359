#include "tests/designer/window/Controls.h"
#include "tests/designer/window/TabWalk.h"
#include "tests/designer/window/WholeWindow.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QLineEdit>
#include <QSet>

using namespace designer;
using namespace tests;

class TestTabOrder : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_whole = std::make_unique<WholeWindow>(); }
    void cleanupTestCase() { m_whole.reset(); }

    void goesThroughPages() { walk(&WholeWindow::visitPages); }
    void goesThroughEditors() { walk(&WholeWindow::visitEditors); }
    void goesThroughDialogs() { walk(&WholeWindow::visitDialogs); }

    void goesAsExpected_data();
    void goesAsExpected();

private:
    static void look(QWidget &shown, TabWalk &walk);
    static QStringList namesOf(QWidget &shown);
    void walk(void (WholeWindow::*visitAll)(const WholeWindow::Visit &));

    std::unique_ptr<WholeWindow> m_whole;
};

void TestTabOrder::look(QWidget &shown, TabWalk &walk)
{
    shown.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&shown));
    walk = TabWalk::through(shown);
}

QStringList TestTabOrder::namesOf(QWidget &shown)
{
    TabWalk walk;
    look(shown, walk);
    return walk.names();
}

void TestTabOrder::walk(void (WholeWindow::*visitAll)(const WholeWindow::Visit &))
{
    QStringList lines;
    QSet<QString> seen;
    ((*m_whole).*visitAll)([&](const QString &place, QWidget &shown) {
        const WatchedApplication::Pause pause;
        TabWalk walk;
        look(shown, walk);
        QStringList found;
        if (walk.stops.isEmpty())
            found += QStringLiteral("nothing is come to");
        for (const QString &trap : walk.traps)
            found += QStringLiteral("no way out of ") + trap;
        for (const QWidget *const missed : walk.missed)
            found += QStringLiteral("no way to ") + placeOf(missed);
        found += walk.leaps(shown);
        for (const QString &line : found) {
            if (!seen.contains(line))
                lines += place + QStringLiteral(": ") + line;
            seen.insert(line);
        }
    });
    if (!lines.isEmpty())
        QTest::qFail(qPrintable(QStringLiteral("The Tab key goes astray:\n  ") + lines.join(QStringLiteral("\n  "))),
                     __FILE__,
                     __LINE__);
}

// From the first to the last name, what the Tab key comes to and nothing else.
void TestTabOrder::goesAsExpected_data()
{
    QTest::addColumn<QString>("place"); // a link's entity, a tab of an activity, an action that opens a dialog
    QTest::addColumn<QString>("names");
    QTest::newRow("dataset of files")
        << "dataset/FinBlobOutput"
        << "previewData testConnection datasetTabs field:type field:linkedServiceName openReference newReference "
           "field:typeProperties.location field:location.folder field:location.file browseFiles "
           "field:typeProperties.columnDelimiter field:typeProperties.rowDelimiter field:typeProperties.encodingName "
           "field:typeProperties.compressionCodec field:typeProperties.quoteChar field:typeProperties.escapeChar "
           "field:typeProperties.firstRowAsHeader field:typeProperties.nullValue";
    QTest::newRow("dataset of a table")
        << "dataset/FinSqlTable"
        << "previewData testConnection datasetTabs field:type field:linkedServiceName openReference newReference "
           "field:table.schema field:typeProperties browseTables";
    QTest::newRow("trigger") << "trigger/TriggerEveryDay"
                             << "triggerSwitch field:typeProperties.recurrence.startTime "
                                "field:typeProperties.recurrence.timeZone field:typeProperties.recurrence.frequency "
                                "field:typeProperties.recurrence.interval "
                                "field:typeProperties.recurrence.schedule.hours "
                                "field:typeProperties.recurrence.schedule.minutes hasEnd triggeredNew field:pipelines "
                                "field:name field:description annotationsNew triggerFires triggerResults";
    QTest::newRow("run list filters")
        << "monitor"
        << "runSearch runKind runSpan runStatus runPipelines runScope clearFilters showPreview "
           "runColumns refreshRuns runTable";
    QTest::newRow("settings") << "settings"
                              << "settingsPages theme fontFamily fontSize closeSettings";
    QTest::newRow("publish") << "publish"
                             << "publishChanges publishComment publishCancel publishConfirm";
    QTest::newRow("trigger now") << "triggerNow"
                                 << "parameter_day parameter_count parameter_dry triggerCancel triggerStart";
    QTest::newRow("General")
        << "Copy1/General"
        << "propertyTabs field:name field:description field:state field:policy.timeout field:policy.retry "
           "field:policy.retryIntervalInSeconds field:policy.secureOutput field:policy.secureInput";
    QTest::newRow("Source") << "Copy1/Source"
                            << "propertyTabs field:inputs[0] openReference newReference "
                               "field:typeProperties.source.storeSettings";
    QTest::newRow("Sink")
        << "Copy1/Sink"
        << "propertyTabs field:outputs[0] openReference newReference field:typeProperties.sink.writeBehavior";
    QTest::newRow("Mapping")
        << "Copy1/Mapping"
        << "propertyTabs importSchemas autoMap mappingThreshold newMapping resetMapping previewSource "
           "previewSink previewConversion conversionSettings mappingTable";
    QTest::newRow("Settings") << "Copy1/Settings"
                              << "propertyTabs field:typeProperties.enableSkipIncompatibleRow "
                                 "field:typeProperties.skipErrorFile.fileMissing";
    QTest::newRow("of a notebook") << "Notebook1/Settings"
                                   << "propertyTabs field:linkedServiceName newReference "
                                      "field:typeProperties.notebookPath newNotebook kernel baseParametersNew";
}

void TestTabOrder::goesAsExpected()
{
    QFETCH(QString, place);
    QFETCH(QString, names);
    const WatchedApplication::Pause pause;
    QStringList stops;
    const QString pipeline = WholeWindow::pipeline().toString();
    if (place.startsWith(u"dataset/") || place.startsWith(u"trigger/")) {
        m_whole->go(entityLink(place));
        stops = namesOf(*m_whole->window);
    } else if (place == u"monitor") {
        m_whole->go(Link::fromString(QStringLiteral("slipway://monitor")));
        auto *const search = m_whole->find<QLineEdit>(QStringLiteral("runSearch"));
        search->setText(QStringLiteral("Pipeline"));
        QTest::keyClick(search, Qt::Key_Return); // so that there is a filter to clear
        WholeWindow::settle();
        stops = namesOf(*m_whole->window);
    } else if (place.contains(u'/')) {
        m_whole->go(entityLink(pipeline));
        m_whole->showProperties(place.section(u'/', 0, 0), place.section(u'/', 1));
        stops = namesOf(*m_whole->window);
    } else {
        m_whole->go(entityLink(pipeline));
        m_whole->inDialog(
            place,
            [&stops](const QString &, QWidget &dialog) { stops = namesOf(dialog); },
            [this, place] { m_whole->trigger(place); });
    }
    const QStringList expected = names.split(u' ');
    const qsizetype first = stops.indexOf(expected.first());
    QVERIFY2(first >= 0, qPrintable(stops.join(u' ')));
    QCOMPARE(stops.mid(first, expected.size()).join(u' '), names);
}

SLIPWAY_TEST(TestTabOrder)

#include "TestTabOrder.moc"

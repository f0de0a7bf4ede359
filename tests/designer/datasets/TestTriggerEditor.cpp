#include "designer/datasets/TriggerEditor.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

using namespace designer;
using engine::Json;

namespace {

const EntityRef trigger{EntityKind::Trigger, QStringLiteral("TriggerEveryDay")};

struct Bench : tests::OpenFactory
{
    std::unique_ptr<TriggerEditor> editor;
    QString state = QStringLiteral("Stopped");

    explicit Bench(bool isPublished = true)
    {
        client.on(QStringLiteral("POST /slipway/v1/recurrence"),
                  tests::json(R"json({"sentence":"Every day at 22:00 (UTC)",
            "timeZone":"Europe/Berlin","next":[
            {"at":"2026-10-24T20:00:00.000Z","local":"2026-10-24T22:00:00","offsetMinutes":120},
            {"at":"2026-10-25T01:30:00.000Z","local":"2026-10-25T02:30:00","offsetMinutes":60,"adjusted":"overlap"}]})json"));
        client.on(QStringLiteral("GET /slipway/v1/triggers"), [this, isPublished](const auto &) {
            Json answer{{"value", Json::array()}};
            if (isPublished)
                answer["value"].push_back(Json{{"name", "TriggerEveryDay"},
                                               {"runtimeState", engine::toStdString(state)},
                                               {"pipelines", Json::array()}});
            return answer;
        });
        client.on(QStringLiteral("POST /subscriptions/"), [this](const tests::FakeEngineClient::Call &call) {
            if (call.path.contains(u"/start"))
                state = QStringLiteral("Started");
            return call.path.contains(u"queryTriggerRuns") ? tests::json(R"({"value":[{
                "properties":{"ScheduleTime":"2026-11-19T22:00:00Z"},"message":"",
                "triggeredPipelines":{"PublishPythonSql":"run-1"}}]})")
                                                           : Json::object();
        });
        QTest::qWait(0); // the factory is known to the engine
        editor = std::make_unique<TriggerEditor>(workbench, trigger);
        editor->resize(1100, 800);
        editor->show();
    }
    Json recurrence() { return properties(trigger)["typeProperties"]["recurrence"]; }
    QString label(const char *name) { return editor->findChild<QLabel *>(QString::fromLatin1(name))->text(); }
    QAbstractItemModel *model(const char *name)
    {
        return editor->findChild<QTableView *>(QString::fromLatin1(name))->model();
    }
};

} // namespace

class TestTriggerEditor : public QObject
{
    Q_OBJECT

private slots:
    void showsTheSentenceAndTheNextFiresWithTheirMarks()
    {
        Bench bench;
        QTRY_COMPARE(bench.label("triggerSentence"), QStringLiteral("Every day at 22:00 (UTC)"));
        QTRY_COMPARE(bench.model("triggerFires")->rowCount(), 2);
        QCOMPARE(bench.model("triggerFires")->index(0, 1).data().toString(), QStringLiteral("+02:00"));
        QVERIFY(!bench.model("triggerFires")->index(1, 2).data().toString().isEmpty());
    }

    void asksAgainWhenTheScheduleChanges()
    {
        Bench bench;
        QTRY_COMPARE(bench.model("triggerFires")->rowCount(), 2);
        auto *const hours = tests::field<QLineEdit>(*bench.editor, "typeProperties.recurrence.schedule.hours");
        QVERIFY(hours != nullptr);
        QCOMPARE(hours->text(), QStringLiteral("22"));
        hours->selectAll();
        QTest::keyClicks(hours, QStringLiteral("6, 22"));
        QTest::keyClick(hours, Qt::Key_Return);
        QCOMPARE(QString::fromUtf8(engine::toCompact(bench.recurrence()["schedule"]["hours"])),
                 QStringLiteral("[6,22]"));
        QTRY_COMPARE(bench.client.count(QStringLiteral("POST /slipway/v1/recurrence")), 2);
        bench.document().undoStack().undo();
        QVERIFY(!bench.document().isDirty());
    }

    void aBadRecurrenceIsSaidInPlaceOfTheFires()
    {
        Bench bench;
        QTRY_COMPARE(bench.model("triggerFires")->rowCount(), 2);
        bench.client.refuse(QStringLiteral("POST /slipway/v1/recurrence"),
                            {engine::ErrorCode::InvalidInput,
                             QStringLiteral("There is no time zone \"Nowhere\"."),
                             QStringLiteral("recurrence.timeZone")});
        auto *const zone = tests::field<QComboBox>(*bench.editor, "typeProperties.recurrence.timeZone");
        zone->lineEdit()->selectAll();
        QTest::keyClicks(zone->lineEdit(), QStringLiteral("Nowhere"));
        QTRY_VERIFY(bench.label("triggerFiresNote").contains(u"Nowhere"));
        QCOMPARE(bench.model("triggerFires")->rowCount(), 0);
    }

    void anotherFrequencyDropsWhatItDoesNotKnow()
    {
        Bench bench;
        auto *const box = tests::field<QComboBox>(*bench.editor, "typeProperties.recurrence.frequency");
        box->setCurrentIndex(box->findData(QStringLiteral("Minute")));
        emit box->activated(box->currentIndex());
        QCOMPARE(engine::stringAt(bench.recurrence(), "frequency"), QStringLiteral("Minute"));
        QVERIFY(!bench.recurrence().contains("schedule"));
        QVERIFY(tests::field<QLineEdit>(*bench.editor, "typeProperties.recurrence.schedule.hours") == nullptr);
        box->setCurrentIndex(box->findData(QStringLiteral("Week")));
        emit box->activated(box->currentIndex());
        auto *const monday = bench.editor->findChild<QPushButton *>(QStringLiteral("weekDay1"));
        QTRY_VERIFY(monday->isVisible());
        QTest::mouseClick(monday, Qt::LeftButton);
        QCOMPARE(QString::fromUtf8(engine::toCompact(bench.recurrence()["schedule"]["weekDays"])),
                 QStringLiteral("[\"Monday\"]"));
    }

    void weekdaysOfAMonthAreChosenInRows()
    {
        Bench bench;
        auto *const box = tests::field<QComboBox>(*bench.editor, "typeProperties.recurrence.frequency");
        box->setCurrentIndex(box->findData(QStringLiteral("Month")));
        emit box->activated(box->currentIndex());
        auto *const add =
            tests::field<QPushButton>(*bench.editor, "typeProperties.recurrence.schedule.monthlyOccurrences");
        QTRY_VERIFY(add->isVisible());
        QTest::mouseClick(add, Qt::LeftButton);
        auto *const which = bench.editor->findChild<QComboBox *>(QStringLiteral("occurrenceWhich"));
        which->setCurrentIndex(which->findData(-1));
        emit which->activated(which->currentIndex());
        const auto written = [&bench] {
            return QString::fromUtf8(engine::toCompact(bench.recurrence()["schedule"]["monthlyOccurrences"]));
        };
        QCOMPARE(written(), QStringLiteral(R"([{"day":"Monday","occurrence":-1}])"));
        QTest::mouseClick(bench.editor->findChild<QToolButton *>(QStringLiteral("removeOccurrence")), Qt::LeftButton);
        QVERIFY(!bench.recurrence()["schedule"].contains("monthlyOccurrences"));
        QTRY_VERIFY(bench.editor->findChild<QComboBox *>(QStringLiteral("occurrenceWhich")) == nullptr);
    }

    void startsThePublishedTriggerAndShowsItsLastFires()
    {
        Bench bench;
        auto *const start = bench.editor->findChild<QPushButton *>(QStringLiteral("triggerSwitch"));
        QTRY_VERIFY(start->isEnabled());
        QTRY_COMPARE(bench.model("triggerResults")->rowCount(), 1);
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_COMPARE(start->text(), QStringLiteral("Stop"));
    }

    void whatIsNotPublishedSaysSoAndCannotBeStarted()
    {
        Bench bench(false);
        QTRY_VERIFY(bench.label("triggerState").contains(u"publish"));
        QVERIFY(!bench.editor->findChild<QPushButton *>(QStringLiteral("triggerSwitch"))->isEnabled());
    }

    void pipelinesAreAddedWithTheirParameters()
    {
        Bench bench;
        const EntityRef pipeline{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};
        Json file = bench.document().json(pipeline);
        file["properties"]["parameters"] = tests::json(R"({"limit":{"type":"Int","defaultValue":5}})");
        bench.document().setJson(pipeline, file, QStringLiteral("Edit"));
        auto *const triggered = bench.editor->findChild<QTableView *>(QStringLiteral("field:pipelines"));
        QVERIFY(triggered != nullptr);
        triggered->setCurrentIndex(triggered->model()->index(0, 0));
        bench.editor->reveal(QStringLiteral("pipelines"));
        bench.document().undoStack().undo();
        bench.document().undoStack().redo();
        QTest::mouseClick(bench.editor->findChild<QWidget *>(QStringLiteral("triggeredNew")), Qt::LeftButton);
        QCOMPARE(bench.properties(trigger)["pipelines"].size(), size_t(2));
        triggered->setCurrentIndex(triggered->model()->index(0, 0));
        QAbstractItemModel *const parameters = bench.model("triggerParametersTable");
        QTRY_COMPARE(parameters->rowCount(), 1);
        QVERIFY(parameters->setData(parameters->index(0, 3), QStringLiteral("7")));
        QVERIFY(bench.properties(trigger)["pipelines"][0]["parameters"]["limit"] == Json(7));
    }
};

SLIPWAY_TEST(TestTriggerEditor)
#include "TestTriggerEditor.moc"

#include "designer/monitor/RejectsPanel.h"
#include "tests/designer/monitor/Controls.h"
#include "tests/designer/monitor/RunBook.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QUrlQuery>

using namespace designer;
using namespace engine;

namespace {

const QString base = QStringLiteral("/slipway/v1/runs/R1/activities/A1/rejects");

// An engine with rejected rows: it takes corrections that are numbers, and loads what is corrected.
struct Bench : tests::RunBook
{
    QList<Json> rows;
    Json reloads = Json::array();
    std::unique_ptr<RejectsPanel> panel = std::make_unique<RejectsPanel>(workbench);
    std::unique_ptr<QAbstractItemModelTester> tester = std::make_unique<QAbstractItemModelTester>(
        &panel->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);

    explicit Bench(int count = 37)
    {
        for (int i = 0; i < count; ++i)
            rows.append(Json{{"id", i + 1},
                             {"file", "sales.csv"},
                             {"row", 100 + i},
                             {"line", 101 + i},
                             {"column", i % 2 == 0 ? "amount" : "day"},
                             {"value", "n/a"},
                             {"code", "UserErrorInvalidDataValue"},
                             {"message", "not a Decimal(10,2)"},
                             {"original", "2024-03-02;n/a"},
                             {"fields", {"2024-03-02", "n/a"}},
                             {"values", Json::object()},
                             {"state", "Rejected"}});
        client.on(QStringLiteral("GET ") + base,
                  [this](const tests::FakeEngineClient::Call &call) { return list(call); });
        client.on(QStringLiteral("GET ") + base + QStringLiteral("/summary"),
                  [this](const tests::FakeEngineClient::Call &) { return summary(); });
        client.on(QStringLiteral("PATCH ") + base,
                  [this](const tests::FakeEngineClient::Call &call) { return correct(call); });
        client.on(QStringLiteral("POST ") + base + QStringLiteral("/reload"),
                  [this](const tests::FakeEngineClient::Call &) { return load(); });
        panel->resize(1300, 420);
        panel->show();
        panel->setCopy(RunId(QStringLiteral("R1")), ActivityRunId(QStringLiteral("A1")), QStringLiteral("fact_sales"));
    }

    qint64 countOf(const char *state) const
    {
        return std::count_if(rows.begin(), rows.end(), [state](const Json &row) {
            return stringAt(row, "state") == QLatin1String(state);
        });
    }
    Json summary() const
    {
        return Json{{"rejected", countOf("Rejected")},
                    {"corrected", countOf("Corrected")},
                    {"loading", 0},
                    {"loaded", countOf("Loaded")},
                    {"kept", rows.size()},
                    {"counted", rows.size()},
                    {"canReload", true},
                    {"reasons",
                     {{{"code", "UserErrorInvalidDataValue"}, {"column", "amount"}, {"count", 19}},
                      {{"code", "UserErrorInvalidDataValue"}, {"column", "day"}, {"count", 18}}}},
                    {"reloads", reloads}};
    }
    Json list(const tests::FakeEngineClient::Call &call) const
    {
        const QUrlQuery query(call.path.section(u'?', 1));
        const QString column = query.queryItemValue(QStringLiteral("column"));
        QList<const Json *> found;
        for (const Json &row : rows) {
            if (column.isEmpty() || stringAt(row, "column") == column)
                found.append(&row);
        }
        const qsizetype offset = query.queryItemValue(QStringLiteral("offset")).toLongLong();
        Json page = Json::array();
        for (qsizetype i = offset; i < std::min(found.size(), offset + 200); ++i)
            page.push_back(*found[i]);
        return Json{{"columns",
                     {{{"name", "day"}, {"sink", "day"}, {"sinkType", "DateTime"}},
                      {{"name", "amount"}, {"sink", "amount"}, {"sinkType", "Decimal"}}}},
                    {"value", page},
                    {"total", found.size()},
                    {"summary", summary()}};
    }
    Json correct(const tests::FakeEngineClient::Call &call)
    {
        const size_t id = call.path.section(u'/', -1).toULong();
        Json &row = rows[qsizetype(id - 1)];
        row["values"].update(call.body["values"]);
        bool isNumber = false;
        stringAt(row["values"], stringAt(row, "column").toUtf8().constData()).toDouble(&isNumber);
        row["state"] = isNumber ? "Corrected" : "Rejected";
        if (isNumber)
            row.erase("problem");
        else
            row["problem"] = Json{{"column", row["column"]}, {"message", "“x” is no number."}};
        return Json{{"row", row}, {"ok", isNumber}};
    }
    Json load()
    {
        qint64 count = 0;
        for (Json &row : rows) {
            if (stringAt(row, "state") != u"Corrected")
                continue;
            row["state"] = "Loaded";
            row["reload"] = 1;
            ++count;
        }
        reloads.push_back({{"number", 1}, {"state", "Loaded"}, {"by", "anna"}, {"rows", count}, {"loaded", count}});
        return Json{{"already", false}, {"summary", summary()}};
    }

    QTableView *view() { return panel->findChild<QTableView *>(QStringLiteral("rejectTable")); }
    template <typename T> T *child(const char *name) { return panel->findChild<T *>(QString::fromLatin1(name)); }
    QString cell(int row, int column) { return panel->model().index(row, column).data().toString(); }
    bool isReady() { return panel->model().state() == RejectsModel::State::Ready; }
    void typeInto(int row, const QString &text)
    {
        view()->setFocus();
        view()->setCurrentIndex(panel->model().index(row, RejectsModel::Row));
        QTest::keyClick(view(), Qt::Key_F2);
        auto *const line = view()->findChild<QLineEdit *>(QStringLiteral("rejectValue"));
        if (line == nullptr)
            qFatal("no editor");
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
    }
};

// Presses a button of the next question, when it is there.
void answer(const char *button, int times = 1)
{
    auto *const timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, qApp, [timer, button, times] {
        QWidget *const question = QApplication::activeModalWidget();
        if (question == nullptr)
            return;
        timer->deleteLater();
        auto *const found = question->findChild<QPushButton *>(QString::fromLatin1(button));
        for (int i = 0; i < times; ++i)
            found->click();
    });
    timer->start(10);
}

} // namespace

class TestRejectsPanel : public QObject
{
    Q_OBJECT

private slots:
    void showsWhereWhatAndWhy()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        QCOMPARE(bench.panel->model().rowCount(), 37);
        QCOMPARE(bench.cell(0, RejectsModel::File), QStringLiteral("sales.csv"));
        QCOMPARE(bench.cell(0, RejectsModel::Row), QStringLiteral("100"));
        QCOMPARE(bench.cell(0, RejectsModel::BadColumn), QStringLiteral("amount"));
        QCOMPARE(bench.cell(0, RejectsModel::Value), QStringLiteral("n/a"));
        QCOMPARE(bench.cell(0, RejectsModel::Why), QStringLiteral("not a Decimal(10,2)"));
        QCOMPARE(bench.cell(0, RejectsModel::Original), QStringLiteral("2024-03-02;n/a"));
        QCOMPARE(tests::namelessControls(*bench.panel), QStringList());
    }

    void aValueThatConvertsMakesTheRowCorrected()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        const QSignalSpy resets(&bench.panel->model(), &QAbstractItemModel::modelReset);
        QVERIFY(!bench.child<QPushButton>("loadCorrected")->isEnabled());
        bench.typeInto(0, QStringLiteral("12.50"));
        QTRY_COMPARE(bench.cell(0, RejectsModel::Status), QStringLiteral("Corrected"));
        QCOMPARE(bench.cell(0, RejectsModel::Value), QStringLiteral("12.50"));
        QTRY_VERIFY(bench.child<QPushButton>("loadCorrected")->isEnabled());
        QCOMPARE(resets.count(), 0); // the rows stay where they are
    }

    void aValueThatDoesNotSaysWhy()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        bench.typeInto(1, QStringLiteral("x"));
        QTRY_COMPARE(bench.cell(1, RejectsModel::Why), QStringLiteral("“x” is no number."));
        QCOMPARE(bench.cell(1, RejectsModel::Status), QStringLiteral("Rejected"));
        QCOMPARE(bench.cell(1, RejectsModel::Value), QStringLiteral("x"));
    }

    void theOtherValuesAreCorrectedBesideIt()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        bench.view()->selectRow(0);
        bench.child<QPushButton>("editReject")->click();
        auto *const fields = bench.child<QTableView>("rejectFields");
        QCOMPARE(fields->model()->rowCount(), 2);
        const QAbstractItemModelTester fieldsTester(fields->model());
        QVERIFY(fields->model()->setData(fields->model()->index(1, 2), QStringLiteral("7")));
        QTRY_COMPARE(bench.cell(0, RejectsModel::Status), QStringLiteral("Corrected"));
        QTRY_COMPARE(fields->model()->index(1, 2).data().toString(), QStringLiteral("7"));
        QCOMPARE(fields->model()->index(1, 1).data().toString(), QStringLiteral("n/a")); // what was read stays
    }

    void loadsOnceWhatIsCorrectedAndSaysSo()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        bench.typeInto(0, QStringLiteral("12.50"));
        auto *const button = bench.child<QPushButton>("loadCorrected");
        QTRY_VERIFY(button->isEnabled());
        answer("reloadNow");
        button->click();
        button->click(); // a double click
        QTRY_COMPARE(bench.cell(0, RejectsModel::Status), QStringLiteral("Loaded"));
        QCOMPARE(bench.client.count(QStringLiteral("POST ") + base), 1);
        const auto *result = bench.child<QLabel>("rejectResult");
        QTRY_VERIFY2(result->text().startsWith(QStringLiteral("1 row(s) were loaded")), qPrintable(result->text()));
        QVERIFY(!button->isEnabled());
    }

    void asksBeforeItLoads()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        bench.typeInto(0, QStringLiteral("12.50"));
        auto *const button = bench.child<QPushButton>("loadCorrected");
        QTRY_VERIFY(button->isEnabled());
        QTimer::singleShot(50, qApp, [] {
            auto *const question = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
            QVERIFY(question->text().contains(QStringLiteral("fact_sales")));
            question->reject();
        });
        button->click();
        QCOMPARE(bench.client.count(QStringLiteral("POST ") + base), 0);
        QVERIFY(button->isEnabled());
    }

    void filtersByColumn()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        RejectsModel::Filter filter;
        filter.column = QStringLiteral("day");
        bench.panel->model().setFilter(filter);
        QTRY_COMPARE(bench.panel->model().rowCount(), 18);
        QCOMPARE(bench.cell(0, RejectsModel::BadColumn), QStringLiteral("day"));
    }

    void holdsOnlyThePagesThatAreLookedAt()
    {
        Bench bench(3'000);
        bench.tester.reset(); // it looks at every row again and again
        QTRY_VERIFY(bench.isReady());
        QCOMPARE(bench.panel->model().rowCount(), 3'000);
        QVERIFY(bench.client.count(QStringLiteral("GET ") + base + u'?') < 4);
        QVERIFY(bench.panel->model().rowAt(2'500) == nullptr);
        bench.view()->scrollTo(bench.panel->model().index(2'500, 0));
        QTRY_VERIFY(bench.panel->model().rowAt(2'500) != nullptr);
        QCOMPARE(bench.cell(2'500, RejectsModel::Line), QLocale().toString(2'601));
        QVERIFY(bench.client.count(QStringLiteral("GET ") + base + u'?') < 8);
    }

    void newsChangeRowsInPlace()
    {
        Bench bench;
        QTRY_VERIFY(bench.isReady());
        const QSignalSpy resets(&bench.panel->model(), &QAbstractItemModel::modelReset);
        bench.view()->setCurrentIndex(bench.panel->model().index(5, RejectsModel::Value));
        bench.rows[3]["state"] = "Loaded"; // by somebody else
        bench.panel->model().refresh();
        QTRY_COMPARE(bench.cell(3, RejectsModel::Status), QStringLiteral("Loaded"));
        QCOMPARE(bench.view()->currentIndex().row(), 5);
        QCOMPARE(resets.count(), 0);
    }

    void noRejectedRowsIsSaid()
    {
        Bench bench(0);
        bench.panel->setHint(QStringLiteral("Every row that was read was written."));
        QTRY_VERIFY(bench.isReady());
        bench.panel->model().refresh();
        const QList<QLabel *> labels = bench.panel->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text() == QStringLiteral("No rejected rows");
        }));
        QVERIFY(!bench.child<QPushButton>("exportRejects")->isEnabled());
    }
};

SLIPWAY_TEST(TestRejectsPanel)
#include "TestRejectsPanel.moc"

#include "designer/charts/CurveChart.h"
#include "designer/models/ModelPage.h"
#include "designer/models/ModelsPage.h"
#include "designer/shell/Theme.h"
#include "tests/designer/models/CardJson.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QTableView>
#include <QTabWidget>
#include <QTemporaryDir>

using namespace designer;
using engine::Json;

namespace {

const QString longName =
    QStringLiteral("a_model_whose_name_is_so_long_that_no_title_bar_of_this_world_could_ever_show_the_"
                   "whole_of_it_without_cutting_it_in_the_middle");

struct Bench : tests::OpenFactory
{
    std::unique_ptr<ModelsPage> page;

    explicit Bench(const Json &card)
    {
        client.on(QStringLiteral("GET /slipway/v1/models"), tests::modelList());
        client.on(QStringLiteral("GET /slipway/v1/models/card"), card);
        page = std::make_unique<ModelsPage>(workbench);
        page->resize(1280, 860);
        page->show();
        workbench.engine().start();
    }
    ModelPage &model() { return *page->findChild<ModelPage *>(); }
    template <typename T> T *find(const char *name) { return page->findChild<T *>(QString::fromLatin1(name)); }
    // SLIPWAY_ARTIFACTS/<name>-light.png and -dark.png, when it is set: to be looked at.
    void picture(const QString &name)
    {
        const QString artifacts = qEnvironmentVariable("SLIPWAY_ARTIFACTS");
        if (artifacts.isEmpty())
            return;
        QDir().mkpath(artifacts);
        for (const auto &[theme, suffix] : {std::pair(Theme::light(), "light"), std::pair(Theme::dark(), "dark")}) {
            applyTheme(theme);
            QTest::qWait(50);
            page->grab().save(QStringLiteral("%1/%2-%3.png").arg(artifacts, name, QLatin1String(suffix)));
        }
        applyTheme(Theme::light());
    }
};

} // namespace

class TestModelsPage : public QObject
{
    Q_OBJECT

private slots:
    void listsModelsByTheirNewestVersion();
    void opensAModelAndComparesItsVersions();
    void aThresholdIsDrawnInTheScores();
    void savesAChart();
    void showsOtherKindsOfModels_data();
    void showsOtherKindsOfModels();
};

void TestModelsPage::listsModelsByTheirNewestVersion()
{
    Bench bench(tests::binaryCard(QStringLiteral("titanic"), 2));
    auto *const view = bench.find<QTableView>("modelsTable");
    QVERIFY(view != nullptr);
    QTRY_COMPARE(view->model()->rowCount(), 3);
    const QModelIndexList found =
        view->model()->match(view->model()->index(0, ModelListModel::Name), Qt::DisplayRole, QStringLiteral("titanic"));
    QCOMPARE(found.size(), 1);
    const int row = found.first().row();
    QCOMPARE(view->model()->index(row, ModelListModel::Version).data().toString(), QStringLiteral("2"));
    QCOMPARE(view->model()->index(row, ModelListModel::Aliases).data().toString(), QStringLiteral("champion → 2"));
    QCOMPARE(view->model()->index(row, ModelListModel::Quality).data().toString(), QStringLiteral("ROC AUC 0.8673"));
    bench.picture(QStringLiteral("models-list"));
}

void TestModelsPage::opensAModelAndComparesItsVersions()
{
    Bench bench(tests::binaryCard(QStringLiteral("titanic"), 2));
    auto *const view = bench.find<QTableView>("modelsTable");
    QTRY_COMPARE(view->model()->rowCount(), 3);
    bench.page->go({.kind = Link::Kind::Models, .entity = QStringLiteral("titanic"), .detail = QStringLiteral("2")});
    QTRY_VERIFY(bench.model().isVisible());
    QCOMPARE(bench.find<QLabel>("figure_accuracy")->text(), QStringLiteral("0.7957"));
    bench.picture(QStringLiteral("model-binary"));
    bench.client.on(QStringLiteral("GET /slipway/v1/models/card"),
                    tests::binaryCard(QStringLiteral("titanic"), 1, 0.05));
    auto *const compare = bench.find<QComboBox>("modelCompare");
    QCOMPARE(compare->count(), 2);
    compare->setCurrentIndex(1);
    emit compare->activated(1);
    QTRY_COMPARE(bench.find<CurveChart>("rocChart")->content().series.size(), 3);
    bench.find<QTabWidget>("modelTabs")->setCurrentIndex(2);
    const auto *const coefficients = bench.find<QTableView>("modelCoefficients")->model();
    QCOMPARE(coefficients->columnCount(), 6);
    QCOMPARE(coefficients->index(1, 5).data().toString(), QStringLiteral("-0.1500")); // age
    bench.picture(QStringLiteral("model-compared"));
    compare->setCurrentIndex(0);
    emit compare->activated(0);
    QCOMPARE(bench.find<CurveChart>("rocChart")->content().series.size(), 2);
}

void TestModelsPage::aThresholdIsDrawnInTheScores()
{
    Bench bench(tests::binaryCard(QStringLiteral("titanic"), 2));
    bench.page->go({.kind = Link::Kind::Models, .entity = QStringLiteral("titanic"), .detail = QStringLiteral("2")});
    QTRY_VERIFY(bench.model().isVisible());
    const QImage before = bench.find<CurveChart>("scoresChart")->grab().toImage();
    QTest::keyClick(bench.find<QWidget>("thresholdSlider"), Qt::Key_PageUp);
    QTRY_VERIFY(bench.find<CurveChart>("scoresChart")->grab().toImage() != before);
    QVERIFY(bench.find<QLabel>("thresholdWords")->text().contains(u"0.55"));
}

void TestModelsPage::savesAChart()
{
    Bench bench(tests::binaryCard(QStringLiteral("titanic"), 2));
    bench.page->go({.kind = Link::Kind::Models, .entity = QStringLiteral("titanic"), .detail = QStringLiteral("2")});
    QTRY_VERIFY(bench.model().isVisible());
    auto *const chart = bench.find<CurveChart>("rocChart");
    const QTemporaryDir folder;
    for (const char *suffix : {"png", "svg", "csv"})
        QVERIFY(chart->save(folder.filePath(QStringLiteral("roc.") + QLatin1String(suffix))));
    QVERIFY(!chart->save(folder.filePath(QStringLiteral("nowhere/roc.svg"))));
    const QImage picture(folder.filePath(QStringLiteral("roc.png")));
    QVERIFY(picture.width() > 300);
    QFile svg(folder.filePath(QStringLiteral("roc.svg")));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QByteArray drawn = svg.readAll();
    QVERIFY(drawn.contains("<svg") && drawn.contains("False positive rate"));
    QFile csv(folder.filePath(QStringLiteral("roc.csv")));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = csv.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 1 + 329 + 2);
    QCOMPARE(lines.first(), QByteArray("series,False positive rate,True positive rate"));
    QCOMPARE(lines.at(1), QByteArray(",0,0"));
}

void TestModelsPage::showsOtherKindsOfModels_data()
{
    QTest::addColumn<Json>("card");
    QTest::addColumn<bool>("hasMatrix");
    QTest::newRow("multinomial") << tests::multinomialCard(QStringLiteral("iris"), 3) << true;
    QTest::newRow("twenty classes") << tests::multinomialCard(QStringLiteral("digits"), 20) << true;
    QTest::newRow("200 features") << tests::wideCard(longName, 200) << true;
    QTest::newRow("regression") << tests::regressionCard(QStringLiteral("fare")) << false;
}

void TestModelsPage::showsOtherKindsOfModels()
{
    QFETCH(Json, card);
    QFETCH(bool, hasMatrix);
    Bench bench(card);
    bench.page->go(
        {.kind = Link::Kind::Models, .entity = engine::stringAt(card, "name"), .detail = QStringLiteral("1")});
    QTRY_VERIFY(bench.model().isVisible());
    QCOMPARE(bench.find<QWidget>("thresholdPanel")->isVisible(), hasMatrix);
    QVERIFY(bench.page->minimumSizeHint().width() <= 1280);
    bench.picture(QStringLiteral("model-") + QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-'));
    bench.find<QTabWidget>("modelTabs")->setCurrentIndex(3);
    bench.picture(QStringLiteral("model-features-") + QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-'));
}

SLIPWAY_TEST(TestModelsPage)
#include "TestModelsPage.moc"

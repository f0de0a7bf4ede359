#include "designer/charts/ChartWidget.h"

#include "designer/shell/Theme.h"
#include "tests/support/TestMain.h"

#include <QApplication>

using namespace designer;

namespace {

void fill(ChartWidget &chart)
{
    chart.setWords(
        QStringLiteral("Rows per second"),
        [](double value) { return QString::number(value); },
        [](double seconds) { return QStringLiteral("%1 s").arg(seconds); });
    chart.setPoints({{0, 0}, {1, 100}, {2, 50}});
}

// Whether any pixel of the picture has (nearly) the colour.
bool has(const QImage &image, const QColor &colour)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (qAbs(pixel.red() - colour.red()) + qAbs(pixel.green() - colour.green())
                    + qAbs(pixel.blue() - colour.blue())
                < 40)
                return true;
        }
    }
    return false;
}

} // namespace

class TestChartWidget : public QObject
{
    Q_OBJECT

private slots:
    void saysInWordsWhatItShows();
    void saysThatThereIsNothingYet();
    void readsItsPointsByKeyboard();
    void takesTheColoursOfTheTheme();
};

void TestChartWidget::saysInWordsWhatItShows()
{
    ChartWidget chart;
    fill(chart);
    QCOMPARE(chart.summary(), QStringLiteral("Rows per second: 50 on average, between 0 and 100, over 2 s"));
    QCOMPARE(chart.accessibleName(), QStringLiteral("Rows per second"));
    QCOMPARE(chart.accessibleDescription(), chart.summary());
}

void TestChartWidget::saysThatThereIsNothingYet()
{
    ChartWidget chart;
    fill(chart);
    chart.setPoints({});
    QCOMPARE(chart.summary(), QStringLiteral("Rows per second: no values yet"));
}

void TestChartWidget::readsItsPointsByKeyboard()
{
    ChartWidget chart;
    fill(chart);
    chart.resize(400, 150);
    chart.show();
    QTest::keyClick(&chart, Qt::Key_Home);
    QCOMPARE(chart.accessibleDescription(), QStringLiteral("0 at 0 s"));
    QTest::keyClick(&chart, Qt::Key_Right);
    QCOMPARE(chart.accessibleDescription(), QStringLiteral("100 at 1 s"));
    QTest::keyClick(&chart, Qt::Key_End);
    QTest::keyClick(&chart, Qt::Key_Left);
    QCOMPARE(chart.accessibleDescription(), QStringLiteral("100 at 1 s"));
}

void TestChartWidget::takesTheColoursOfTheTheme()
{
    ChartWidget chart;
    fill(chart);
    chart.resize(400, 150);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    QTRY_VERIFY(has(chart.grab().toImage(), Theme::light().accent));
    applyTheme(Theme::dark());
    QTRY_VERIFY(has(chart.grab().toImage(), Theme::dark().accent));
    QVERIFY(!has(chart.grab().toImage(), Theme::light().surface));
    applyTheme(Theme::light());
}

SLIPWAY_TEST(TestChartWidget)
#include "TestChartWidget.moc"
